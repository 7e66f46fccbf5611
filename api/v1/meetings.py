"""Meetings and the series they belong to."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q
from rest_framework import serializers

from initiatives.models import Conflict, Role, StatusUpdate
from initiatives.statuses import Status
from meetings.filters import MeetingFilter
from meetings.models import Document, Meeting, Participant, Series

from .addresses import api_path
from .briefs import Brief, Citation, DocumentBrief, MeetingBrief
from .documents import ProvisionSerializer, provisions
from .fields import (
    ApiUrl,
    Choice,
    HtmlUrl,
    Instant,
    Names,
    NoteLines,
    PartialDateField,
    ShapedField,
    Slug,
    Texts,
    choice,
    choice_shape,
    texts,
)
from .filters import SeriesFilter
from .resources import ResourceSerializer, ResourceViewSet
from .updates import StatusUpdateSerializer, timeline


class ConflictSerializer(Brief):
    """Two accounts that cannot both be right; citations say which of them they support, a or b."""

    slug = serializers.CharField(read_only=True)
    topic = Texts()
    version_a = Texts()
    version_b = Texts()
    citations = Citation(many=True)


def conflicts():
    return Conflict.objects.public().prefetch_related("citations__source")


class ParticipantSerializer(Brief):
    """Who took part, in the office held that day."""

    person = serializers.CharField(read_only=True)
    office = serializers.CharField(read_only=True)
    party = Slug()
    citations = Citation(many=True)


class InitiativesOfMeeting(ShapedField):
    """What came up, what happened to it there, and where it stands today."""

    def shape(self):
        status = choice_shape(Status, nullable=True)
        status["description"] = "Where it stands today, not what this meeting made of it."
        return {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["slug", "url", "name", "role", "status"],
                "properties": {
                    "slug": {"type": "string"},
                    "url": {"type": "string", "format": "uri"},
                    "name": {"$ref": "#/components/schemas/Texts"},
                    "role": choice_shape(Role),
                    "status": status,
                },
            },
        }

    def to_representation(self, value):
        seen = {(row.initiative.slug, row.role): row for row in value if not row.is_corrected}
        return [
            {
                "slug": slug,
                "url": self.context["base"] + api_path(row.initiative),
                "name": texts(row.initiative, "name"),
                "role": choice(Role, role),
                "status": choice(Status, row.initiative.status),
            }
            for (slug, role), row in seen.items()
        ]


class MeetingSerializer(ResourceSerializer):
    """One meeting, past or still to come."""

    url = ApiUrl()
    html_url = HtmlUrl()
    series = Slug()
    name = Texts()
    names = Names()
    start = PartialDateField()
    end = PartialDateField(help_text="null when it ended on the day it began, or when that is not known.")
    country = Slug()
    host = Slug()
    format = Choice(Meeting.Format)
    theme = Texts(help_text="The motto it was held under.")
    state = Choice(Meeting.Phase, source="phase", help_text="Whether it was held; a planned meeting stays planned until a source says so.")
    documents = DocumentBrief(many=True)
    participants = ParticipantSerializer(many=True)
    initiatives = InitiativesOfMeeting(source="rows")
    previous = MeetingBrief(source="previous_in_series", allow_null=True, help_text="The one before in its series.")
    next_in_series = MeetingBrief(allow_null=True)
    notes = NoteLines()
    conflicts = ConflictSerializer(many=True, help_text="Accounts of it that cannot both be right.")
    citations = Citation(many=True)
    replaced_by = Slug()
    created_at = Instant()
    updated_at = Instant()
    status_updates = StatusUpdateSerializer(many=True, read_only=True, source="rows")
    provisions = serializers.SerializerMethodField(help_text="Provisions of all documents it adopted.")

    class Meta:
        model = Meeting
        fields = [
            "id", "slug", "url", "html_url", "series", "ordinal", "name", "names", "start", "end", "place", "country", "host",
            "format", "theme", "state", "documents", "participants", "initiatives", "previous", "next_in_series", "citations",
            "notes", "conflicts", "replaced_by", "created_at", "updated_at", "serial", "status_updates", "provisions",
        ]  # fmt: skip
        extra = ("status_updates", "provisions")
        read_only_fields = fields

    def get_provisions(self, meeting) -> ProvisionSerializer(many=True):
        rows = [provision for document in meeting.documents.all() for provision in document.provisions.all()]
        return ProvisionSerializer(rows, many=True, context=self.context).data


class MeetingViewSet(ResourceViewSet):
    """Who met, when and where, what was adopted, and what came of it."""

    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter
    withdrawn = Q(state="withdrawn")

    def public(self):
        return Meeting.objects.public().for_list()

    def needs(self, field):
        whole = "status_updates" in self.wanted
        rows = timeline() if whole else StatusUpdate.objects.public().in_order().select_related("initiative")
        rows = rows.annotate(is_corrected=Exists(StatusUpdate.objects.public().filter(corrects=OuterRef("pk"))))
        documents = Document.objects.public().order_by("adopted__sort", "id")
        if "provisions" in self.wanted:
            documents = documents.prefetch_related(Prefetch("provisions", queryset=provisions()))
        people = Participant.objects.select_related("party").prefetch_related("citations__source")
        rows_of_meeting = [Prefetch("updates", queryset=rows, to_attr="rows")]
        return {
            "names": ["names"],
            "documents": [Prefetch("documents", queryset=documents)],
            "provisions": [] if "documents" in self.wanted else [Prefetch("documents", queryset=documents)],
            "participants": [Prefetch("participants", queryset=people)],
            "initiatives": rows_of_meeting,
            "status_updates": [] if "initiatives" in self.wanted else rows_of_meeting,
            "conflicts": [Prefetch("conflicts", queryset=conflicts())],
            "citations": ["citations__source"],
            "replaced_by": ["replaced_by"],
        }.get(field, [])

    def complete(self, rows):
        """Stands each meeting between its neighbours: one query for all series of the page."""
        if {"previous", "next_in_series"} & self.wanted:
            chains: dict[int, list[Meeting]] = {}
            for meeting in Meeting.objects.public().filter(series__in={row.series_id for row in rows}).in_order():
                chains.setdefault(meeting.series_id, []).append(meeting)
            for row in rows:
                chain = chains[row.series_id]
                place = chain.index(row)
                row.previous_in_series = chain[place - 1] if place else None
                row.next_in_series = chain[place + 1] if place + 1 < len(chain) else None
        return {}


class SeriesSerializer(ResourceSerializer):
    """A chain of meetings."""

    url = ApiUrl()
    html_url = HtmlUrl()
    name = Texts()
    description = Texts()
    meetings = MeetingBrief(many=True, help_text="Earliest first.")
    created_at = Instant()
    updated_at = Instant()

    class Meta:
        model = Series
        fields = ["id", "slug", "url", "html_url", "name", "description", "order", "created_at", "updated_at", "serial", "meetings"]
        detail = ("meetings",)
        read_only_fields = fields


class SeriesViewSet(ResourceViewSet):
    """Chains of meetings."""

    serializer_class = SeriesSerializer
    filterset_class = SeriesFilter
    withdrawn = Q(state="withdrawn")

    def needs(self, field):
        return {"meetings": [Prefetch("meetings", queryset=Meeting.objects.public().in_order())]}.get(field, [])
