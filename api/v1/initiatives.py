"""What is promised, who takes part, how it stands and how it stood."""

from __future__ import annotations

from django.db.models import Prefetch, Q
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative, InitiativeParty, InitiativeRelation, ProvisionLink, Scope, put_back, standings_on
from initiatives.standing import Evidence, Schedule
from initiatives.statuses import Kind, Status
from meetings.models import Provision

from .briefs import Brief, Citation, MeetingBrief, ProvisionBrief
from .fields import ApiUrl, Choice, HtmlUrl, Instant, Names, NoteLines, PartialDateField, ShapedField, Slug, Texts
from .meetings import ConflictSerializer, conflicts
from .resources import ResourceSerializer, ResourceViewSet
from .updates import StatusUpdateSerializer, timeline


class Part(ShapedField):
    """The value or the label of a choice, where the two stand among other things."""

    def __init__(self, choices, which: str, *, nullable: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.choices, self.which, self.nullable = choices, which, nullable

    def shape(self):
        kind = ["string", "null"] if self.nullable else "string"
        if self.which == "label":
            return {"type": kind}
        return {"type": kind, "enum": [*map(str, self.choices.values), *([None] if self.nullable else [])]}

    def to_representation(self, value):
        if not value:
            return None
        return str(self.choices(value).label if self.which == "label" else value)


class OnDay(Part):
    """A part of the schedule, which follows from the day."""

    def to_representation(self, value):
        return super().to_representation(value.schedule(on=self.context["day"]))


class IsStale(ShapedField):
    def shape(self):
        return {"type": "boolean"}

    def to_representation(self, value):
        return value.is_stale(on=self.context["day"])


class StandingSerializer(Brief):
    """What the parties have declared or done, so far as it is recorded. `value` is null while no status is."""

    value = Part(Status, "value", nullable=True, source="status")
    label = Part(Status, "label", nullable=True, source="status")
    since = PartialDateField(source="status_since")
    meeting = MeetingBrief(source="status_meeting", allow_null=True)


class EvidenceSerializer(Brief):
    """How well the status is known."""

    value = Part(Evidence, "value", source="evidence")
    label = Part(Evidence, "label", source="evidence")
    sources = serializers.IntegerField(source="evidence_sources", read_only=True, help_text="How many sources are cited for the status.")


class ScheduleSerializer(Brief):
    """How it stands against its deadline today (or on the day of `as_of`), and whether anything has been heard."""

    value = OnDay(Schedule, "value", source="*")
    label = OnDay(Schedule, "label", source="*")
    due = PartialDateField(source="deadline")
    stale = IsStale(source="*", help_text="Nothing was heard for a year.")
    last_heard = PartialDateField()


class PartyInRole(Brief):
    """A party's part in an initiative."""

    code = Slug(source="party", nullable=False)
    role = Choice(InitiativeParty.PartyRole)


class Relations(serializers.ListSerializer):
    """The relations of an initiative and those others have to it."""

    def to_representation(self, data):
        return super().to_representation([*data.relations.all(), *data.relations_to_it.all()])


class RelationSerializer(Brief):
    """How one initiative relates to another, read from the first: `rdi-fund` is distinct from `tif`."""

    initiative = Slug(nullable=False)
    kind = Choice(InitiativeRelation.RelationKind)
    to = Slug(source="target", nullable=False)

    class Meta:
        list_serializer_class = Relations


class ProvisionOfInitiative(Brief):
    """A provision that started or touched the initiative."""

    relation = Choice(ProvisionLink.LinkKind)
    provision = ProvisionBrief()


class Slugs(ShapedField):
    """Related records, by slug."""

    def shape(self):
        return {"type": "array", "items": {"type": "string"}}

    def to_representation(self, value):
        return [record.slug for record in value.all() if record.is_public]


class InitiativeSerializer(ResourceSerializer):
    """What was promised, and the answer to “where does it stand”: status, evidence and schedule, never mixed."""

    url = ApiUrl()
    html_url = HtmlUrl()
    kind = Choice(Kind)
    scope = Choice(Scope)
    name = Texts()
    names = Names()
    status = StandingSerializer(source="*")
    proposed_at = MeetingBrief(allow_null=True, help_text="The meeting at which it was first proposed.")
    evidence = EvidenceSerializer(source="*")
    schedule = ScheduleSerializer(source="*")
    themes = Slugs()
    parties = PartyInRole(many=True)
    replaced_by = Slug()
    created_at = Instant()
    updated_at = Instant()
    summary = Texts()
    notes = NoteLines(help_text="What a reader should beware of.")
    deadline = PartialDateField()
    last_checked = PartialDateField(help_text="When somebody last looked, whether or not there was news.")
    status_updates = StatusUpdateSerializer(many=True, read_only=True, source="timeline", help_text="The history, earliest first.")
    relations = RelationSerializer(many=True, source="*")
    provisions = ProvisionOfInitiative(many=True, source="provision_links")
    conflicts = ConflictSerializer(many=True)
    citations = Citation(many=True)

    class Meta:
        model = Initiative
        detail = (
            "summary", "notes", "deadline", "deadline_note", "last_checked", "status_updates", "relations", "provisions",
            "conflicts", "citations",
        )  # fmt: skip
        fields = [
            "id", "slug", "url", "html_url", "kind", "scope", "name", "names", "status", "proposed_at", "evidence", "schedule",
            "themes", "parties", "replaced_by", "created_at", "updated_at", "serial", *detail,
        ]  # fmt: skip
        read_only_fields = fields


class InitiativeViewSet(ResourceViewSet):
    """What was promised, and where it stands.

    With `as_of`, `status`, `evidence` and `schedule` tell how it stood on that
    day, and the history ends there; everything else is as it is known today.
    """

    serializer_class = InitiativeSerializer
    filterset_class = InitiativeFilter
    detail_filters = ("as_of",)
    withdrawn = Q(state="withdrawn")
    # How the one record of a detail stood on the day of `as_of`; a list asks its filter set.
    then = None

    @property
    def as_of(self):
        """The day asked for; None for today."""
        return self.filterset.as_of_day

    def public(self):
        return Initiative.objects.public().for_list()

    def get_object(self):
        # `as_of` is the one filter a detail takes; the filter set reads and checks it.
        self.filter_queryset(Initiative.objects.public())
        found = self.fetching(self.public()).filter(self.called(self.kwargs["slug"]))
        record = found.first()
        if record is None:
            self.look_further(self.kwargs["slug"])
        if self.as_of:
            self.then = standings_on(self.as_of, [record])
            if not self.then:
                raise NotFound(f"Its history begins after {self.as_of}.")
        return record

    def needs(self, field):
        return {
            "status_updates": [Prefetch("updates", queryset=self._rows(), to_attr="timeline")],
            "relations": self._relations(),
            "provisions": [Prefetch("provision_links", queryset=_links())],
            "conflicts": [Prefetch("conflicts", queryset=conflicts())],
            "citations": ["citations__source"],
        }.get(field, [])

    def _rows(self):
        rows = timeline()
        return rows.filter(date__last__lte=self.as_of) if self.as_of else rows

    def _relations(self):
        public = Initiative.objects.public()
        rows = InitiativeRelation.objects.filter(initiative__in=public, target__in=public).select_related("initiative", "target")
        return [Prefetch("relations", queryset=rows), Prefetch("relations_to_it", queryset=rows)]

    def complete(self, rows):
        """The day the answer speaks of; with `as_of`, the records answer as they stood on it."""
        if self.as_of:
            put_back(rows, self.then or self.filterset.then)
        return {"day": self.as_of or self.today}


def _links():
    """Provisions of an initiative, document by document."""
    found = Provision.objects.public()
    return ProvisionLink.objects.filter(provision__in=found).select_related("provision__document__meeting")
