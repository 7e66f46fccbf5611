"""The initiative itself: what it is, who takes part, and the stored answer to how it stands."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from editorial.models import Publishable, retired_slugs_stay_retired
from initiatives import standing
from initiatives.querysets import InitiativeQuerySet
from initiatives.standing import Evidence
from initiatives.statuses import Kind, Status, kinds_with, ladder_in_sql
from meetings.models import Meeting
from reference.models import CITED, Citation, Party, SlugField, Source, Theme, slug_constraint
from reference.names import Name, SortKeyField
from reference.partial_dates import PartialDateField, date_constraint


class Scope(models.TextChoices):
    """Whose initiative it is. National and bilateral ones are kept because OTS articles mention them."""

    OTS = "ots", _("OTS")
    BILATERAL = "bilateral", _("bilateral")
    NATIONAL = "national", _("national")


class Initiative(Publishable):
    """What is promised: an organisation, a fund, a platform, an agreement.

    The answer to "where does it stand" (`status` to `evidence_sources` below)
    is derived from the history by `store_standing`, in the transaction
    that changed the history, and typed by nobody.
    """

    slug = SlugField(_("slug"), help_text=_("Its name in addresses; the old one redirects for ever."))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, help_text=_("Decides which steps it can take."))
    scope = models.CharField(
        _("scope"), max_length=10, choices=Scope, default=Scope.OTS, help_text=_("Whose it is: the OTS’s, of two states, or of one.")
    )
    name = models.CharField(_("name"), max_length=250, help_text=_("In English, as the official documents call it."))
    sort_name = SortKeyField(source="name")
    summary = models.TextField(_("summary"), blank=True, help_text=_("What it is meant to be, in a sentence or two; not how it stands."))
    notes = models.TextField(_("notes"), blank=True, help_text=_("What a reader should beware of; one note a line; public."))
    themes = models.ManyToManyField(
        Theme, related_name="initiatives", blank=True, verbose_name=_("themes"), help_text=_("All that apply; readers filter by them.")
    )

    deadline = PartialDateField(_("deadline"), blank=True, help_text=_("Only one that a source names for the initiative itself."))
    deadline_note = models.CharField(_("what is due"), max_length=200, blank=True, help_text=_("What is to be done by then."))
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces", editable=False)

    status = models.CharField(_("status"), max_length=20, choices=Status, blank=True, editable=False)
    status_since = PartialDateField(_("since"), blank=True, editable=False)
    status_meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    proposed_at = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    last_heard = PartialDateField(_("last heard"), blank=True, editable=False)
    last_checked = PartialDateField(_("last checked"), blank=True, editable=False)
    evidence = models.CharField(_("evidence"), max_length=15, choices=Evidence, default=Evidence.NONE, editable=False)
    evidence_sources = models.PositiveSmallIntegerField(_("sources for the status"), default=0, editable=False)
    i18n = TranslationField(fields=("name", "summary"))

    objects = InitiativeQuerySet.as_manager()
    ledger_children = ("names", "parties", "relations", "provision_links", "citations")
    waits_with_it = ("updates",)

    class Meta(Publishable.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["sort_name", "id"]
        indexes = [
            # The list and the API sorted by name.
            models.Index(fields=["sort_name", "id"], name="initiative_by_name"),
            # The list and the API sorted by last change (the default of both).
            models.Index(fields=["-updated_at", "-id"], name="initiative_by_update"),
            # The list sorted by the date of the present status, and `since` / `until`.
            models.Index(F("status_since__sort").desc(), F("id").desc(), name="initiative_by_since"),
            # The list filtered by status.
            models.Index(fields=["status"], name="initiative_status"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            slug_constraint("slug", "initiative_slug_shape"),
            date_constraint("deadline", "initiative_deadline_shape"),
            date_constraint("status_since", "initiative_since_shape"),
            date_constraint("last_heard", "initiative_heard_shape"),
            date_constraint("last_checked", "initiative_checked_shape"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="initiative_kind_known"),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="initiative_scope_known"),
            models.CheckConstraint(condition=Q(evidence__in=Evidence.values), name="initiative_evidence_known"),
            models.CheckConstraint(
                condition=Q(status="") | ~Q(status_since="") & ~Q(evidence="none"), name="initiative_status_has_a_date_and_evidence"
            ),
            models.CheckConstraint(
                condition=Q(status="") | models.Q(*[Q(kind__in=kinds_with(status), status=status) for status in Status], _connector=Q.OR),
                name="initiative_status_on_its_ladder",
            ),
        ]
        triggers = [
            *Publishable.Meta.triggers,
            retired_slugs_stay_retired("initiatives.initiative"),
            pgtrigger.Trigger(
                name="kind_fits_the_whole_history",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("kind"),
                func=f"""
                    IF EXISTS (SELECT 1 FROM initiatives_statusupdate AS row
                               WHERE row.initiative_id = NEW.id AND row.status <> ''
                               AND NOT ({ladder_in_sql("NEW.kind", "row.status")})) THEN
                        RAISE EXCEPTION 'a % cannot have had the statuses of this history', NEW.kind USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.name_i18n

    def get_absolute_url(self):
        return reverse("initiative", args=[self.slug])

    @property
    def note_lines(self) -> list[str]:
        """The notes, one by one."""
        return [line for line in self.notes.splitlines() if line.strip()]

    def leans_on(self):
        sources = {citation.source for citation in self.citations.select_related("source")}
        return [*self.themes.all(), *(row.party for row in self.parties.select_related("party")), *sources]

    def schedule(self, *, on):
        """on_time, due, overdue or no_deadline, on day `on`."""
        return standing.schedule(status=self.status, deadline=self.deadline, on=on)

    def is_stale(self, *, on) -> bool:
        """Whether nothing was heard for over a year before day `on`."""
        return standing.is_stale(status=self.status, last_heard=self.last_heard, on=on)


class InitiativeName(Name):
    """An initiative's name in one language or spelling."""

    parent = models.ForeignKey(Initiative, models.CASCADE, related_name="names", verbose_name=_("initiative"))

    class Meta(Name.Meta):
        verbose_name = _("name of an initiative")
        verbose_name_plural = _("names of initiatives")
        constraints = [models.UniqueConstraint(fields=["parent", "language", "text"], name="initiative_name_once")]


class InitiativeParty(models.Model):
    """A party's part in an initiative."""

    class PartyRole(models.TextChoices):
        PROPOSER = "proposer", _("proposer")
        PARTICIPANT = "participant", _("participant")
        SIGNATORY = "signatory", _("signatory")
        RATIFIER = "ratifier", _("ratifier")
        HOST = "host", _("host")
        OPERATOR = "operator", _("operator")
        OTHER = "other", _("other")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="parties", verbose_name=_("initiative"))
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="initiatives", verbose_name=_("party"), help_text=_("A state, body, institution or company.")
    )
    role = models.CharField(_("role"), max_length=12, choices=PartyRole, help_text=_("What it does in it."))

    class Meta:
        verbose_name = _("party to an initiative")
        verbose_name_plural = _("parties to initiatives")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "party", "role"], name="initiative_party_once_in_a_role"),
            models.CheckConstraint(
                condition=Q(role__in=["proposer", "participant", "signatory", "ratifier", "host", "operator", "other"]),
                name="initiative_party_role_known",
            ),
        ]

    def __str__(self):
        return f"{self.party}: {self.get_role_display()}"


class InitiativeRelation(models.Model):
    """How one initiative relates to another, read from the first: “rdi-fund is distinct from tif”."""

    class RelationKind(models.TextChoices):
        REPLACES = "replaces", _("replaces")
        PART_OF = "part_of", _("is part of")
        DISTINCT_FROM = "distinct_from", _("is not the same as")
        RELATED = "related", _("is related to")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="relations", verbose_name=_("initiative"))
    kind = models.CharField(
        _("kind"),
        max_length=15,
        choices=RelationKind,
        help_text=_("Read from this initiative: it replaces, is part of, is not the same as."),
    )
    target = models.ForeignKey(
        Initiative, models.CASCADE, related_name="relations_to_it", verbose_name=_("other initiative"), help_text=_("The other one.")
    )

    class Meta:
        verbose_name = _("relation between initiatives")
        verbose_name_plural = _("relations between initiatives")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "target", "kind"], name="initiative_relation_once"),
            models.CheckConstraint(condition=~Q(initiative=F("target")), name="initiative_not_related_to_itself"),
            models.CheckConstraint(
                condition=Q(kind__in=["replaces", "part_of", "distinct_from", "related"]), name="initiative_relation_kind_known"
            ),
        ]

    def __str__(self):
        return f"{self.initiative} – {self.get_kind_display()} – {self.target}"


class InitiativeCitation(Citation):
    """The proof of what an initiative is said to be, of its deadline, or of a caution about a source."""

    parent = models.ForeignKey(Initiative, models.CASCADE, related_name="citations", verbose_name=_("initiative"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="initiative_citations", verbose_name=_("source"), help_text=CITED)

    class Meta(Citation.Meta):
        verbose_name = _("citation of an initiative")
        verbose_name_plural = _("citations of initiatives")
        constraints = [models.UniqueConstraint(fields=["parent", "source", "locator", "supports"], name="initiative_citation_once")]
