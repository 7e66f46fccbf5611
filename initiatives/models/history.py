"""The heart: dated, sourced rows of history, their evidence, and what follows from them."""

from __future__ import annotations

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from editorial.models import Publishable, never
from initiatives.querysets import StatusUpdateQuerySet
from initiatives.statuses import Status, allowed, ladder_in_sql
from meetings.models import Meeting
from reference.models import CITED, Citation, Party, Source
from reference.partial_dates import PartialDateField, date_constraint

from .derived import store_standing
from .initiative import Initiative

CODE = r"^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$"
code_shape = RegexValidator(CODE, _("Write letters and digits joined by single hyphens, such as “ptpo-5”."), code="invalid_code")


class Role(models.TextChoices):
    """What happened to the initiative, at the meeting if one is named. Independent of the rung reached."""

    PROPOSED = "proposed", _("proposed")
    ANNOUNCED = "announced", _("announced")
    DISCUSSED = "discussed", _("discussed")
    SUPPORTED = "supported", _("supported")
    INSTRUCTED = "instructed", _("instructed")
    AGREED = "agreed", _("agreed")
    DECIDED = "decided", _("decided")
    ADOPTED = "adopted", _("adopted")
    SIGNED = "signed", _("signed")
    RATIFICATION_STEP = "ratification_step", _("step of ratification")
    RATIFIED = "ratified", _("ratified")
    ENTERED_INTO_FORCE = "entered_into_force", _("entered into force")
    LAUNCHED = "launched", _("launched")
    HELD = "held", _("held")
    REVIEWED = "reviewed", _("reviewed")
    MENTIONED = "mentioned", _("mentioned")
    CHECKED = "checked", _("checked, nothing new")


class Certainty(models.TextChoices):
    """How plainly the source says it."""

    STATED = "stated", _("stated")
    IMPLIED = "implied", _("implied")
    INFERRED = "inferred", _("inferred")
    DISPUTED = "disputed", _("disputed")


class StatusUpdate(Publishable):
    """One dated, sourced row of an initiative's history.

    Published rows are evidence: they are never changed or deleted (see the
    triggers below), only corrected by a later row, so that a reader who cited
    one yesterday finds it today. A row without a status reports progress on
    the same rung, or that somebody looked and found nothing new.
    """

    # Capitals are allowed here: the codes of the shipped rows are those of the research notes (E016).
    code = models.CharField(
        _("code"), max_length=100, unique=True, validators=[code_shape], help_text=_("Permanent name of the row; given by itself.")
    )
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, related_name="updates", verbose_name=_("initiative"), help_text=_("Whose history it is.")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, blank=True, help_text=_("Empty: progress on the same rung."))
    date = PartialDateField(_("date"), help_text=_("When it happened, as well as it is known: 2024, 2024-H2, 2024-05 or 2024-05-17."))
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="updates",
        verbose_name=_("meeting"),
        help_text=_("Where it happened, if at a meeting."),
    )
    role = models.CharField(_("what happened"), max_length=20, choices=Role, help_text=_("What happened to it there."))
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="updates",
        verbose_name=_("party"),
        help_text=_("Whose step or claim it was."),
    )
    summary = models.CharField(_("summary"), max_length=400, help_text=_("One sentence of your own; never copied from the page."))
    certainty = models.CharField(
        _("certainty"), max_length=10, choices=Certainty, default=Certainty.STATED, help_text=_("How plainly the source says it.")
    )
    conflict = models.CharField(
        _("what another source says"), max_length=400, blank=True, help_text=_("In a sentence; both accounts stay visible.")
    )
    step_back_reason = models.CharField(
        _("reason for a step back"), max_length=300, blank=True, help_text=_("Only when the initiative really fell back to a lower rung.")
    )
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        verbose_name=_("corrects"),
        help_text=_("The mistaken row this one replaces."),
    )
    i18n = TranslationField(fields=("summary",))

    objects = StatusUpdateQuerySet.as_manager()
    is_final = True
    ledger_context = ("initiative",)
    ledger_children = ("citations",)

    class Meta(Publishable.Meta):
        verbose_name = _("status update")
        verbose_name_plural = _("status updates")
        ordering = ["initiative", "date__sort", "id"]
        indexes = [
            # The timeline of one initiative, oldest first: the detail page and the API detail.
            models.Index("initiative", F("date__sort"), "id", name="status_update_timeline"),
            # The newest events across all initiatives: home page and API list.
            models.Index(F("date__sort").desc(), F("id").desc(), name="status_update_latest"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(condition=Q(code__regex=CODE), name="status_update_code_shape"),
            date_constraint("date", "status_update_date_shape"),
            models.CheckConstraint(condition=~Q(date__startswith="~") & ~Q(date=""), name="status_update_is_dated"),
            models.CheckConstraint(condition=~Q(summary=""), name="status_update_has_a_summary"),
            models.CheckConstraint(condition=Q(status__in=["", *Status.values]), name="status_update_status_known"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="status_update_role_known"),
            models.CheckConstraint(condition=Q(certainty__in=Certainty.values), name="status_update_certainty_known"),
            models.CheckConstraint(condition=~Q(state="withdrawn"), name="status_update_is_corrected_not_withdrawn"),
            models.CheckConstraint(condition=~Q(corrects=F("id")), name="status_update_not_its_own_correction"),
            models.CheckConstraint(condition=~Q(role="ratified") | Q(party__isnull=False), name="status_update_ratified_by_someone"),
            models.CheckConstraint(condition=~Q(role="checked") | Q(status=""), name="status_update_check_changes_nothing"),
        ]
        triggers = [
            *Publishable.Meta.triggers,
            pgtrigger.Trigger(
                name="published_history_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
                func="""
                    RAISE EXCEPTION 'published history is final: row % is not changed or deleted, only corrected by a new one', OLD.code
                    USING ERRCODE = 'integrity_constraint_violation';
                """,
            ),
            never(pgtrigger.Truncate, "published history is final: it is never emptied", "published_history_no_truncate"),
            pgtrigger.Trigger(
                name="no_publication_without_evidence",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state="published"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM initiatives_statuscitation WHERE parent_id = NEW.id) THEN
                        RAISE EXCEPTION 'no published status without evidence: row % cites no source', NEW.code
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="status_on_the_ladder_of_its_kind",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=~pgtrigger.Q(new__status=""),
                declare=[("k", "text")],
                func=f"""
                    SELECT kind INTO k FROM initiatives_initiative WHERE id = NEW.initiative_id;
                    IF NOT ({ladder_in_sql("k", "NEW.status")}) THEN
                        RAISE EXCEPTION 'status % is not a step for an initiative of kind %', NEW.status, k
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="correction_within_one_initiative",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__corrects__isnull=False),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM initiatives_statusupdate
                                   WHERE id = NEW.corrects_id AND initiative_id = NEW.initiative_id AND state = 'published') THEN
                        RAISE EXCEPTION 'a correction names a published row of the same initiative' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.initiative}: {self.get_status_display() or self.get_role_display()} ({self.date})"

    def get_absolute_url(self):
        return f"{self.initiative.get_absolute_url()}#{self.code}"

    @property
    def is_public(self) -> bool:
        return super().is_public and self.initiative.is_public

    def clean(self):
        super().clean()
        if self.initiative_id and self.status and self.status not in self.initiative_statuses():
            raise ValidationError({"status": self.off_ladder_message()})

    def initiative_statuses(self) -> list[Status]:
        """The rungs this row may name: those of the ladder of its initiative's kind."""
        return allowed(self.initiative.kind)

    def off_ladder_message(self) -> str:
        """The refusal of a status that this kind of initiative cannot have, naming those it can."""
        return _("“%(status)s” is not a step for this kind of initiative (%(kind)s); it can be: %(allowed)s.") % {
            "status": self.status,
            "kind": self.initiative.get_kind_display(),
            "allowed": ", ".join(self.initiative_statuses()),
        }

    def leans_on(self):
        parties = [self.party] if self.party else []
        return [*parties, *(citation.source for citation in self.citations.select_related("source"))]

    def obstacles(self):
        found = {}
        if not self.citations.exists():
            found["citations"] = _("Name at least one source: no status goes out without evidence.")
        if not self.initiative.is_public:
            found["initiative"] = _("Publish the initiative “%(initiative)s” first.") % {"initiative": self.initiative}
        if self.meeting and not self.meeting.is_public:
            found["meeting"] = _("Publish the meeting “%(meeting)s” first.") % {"meeting": self.meeting}
        return found

    def refresh_derived(self, *, by, now):
        store_standing(self.initiative, by=by, now=now)


class StatusCitation(Citation):
    """The proof of one row of history; as final as the row itself once that is published."""

    parent = models.ForeignKey(StatusUpdate, models.CASCADE, related_name="citations", verbose_name=_("status update"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="status_citations", verbose_name=_("source"), help_text=CITED)

    class Meta(Citation.Meta):
        verbose_name = _("citation of a status")
        verbose_name_plural = _("citations of statuses")
        constraints = [models.UniqueConstraint(fields=["parent", "source", "locator", "supports"], name="status_citation_once")]
        triggers = [
            pgtrigger.Trigger(
                name="evidence_of_history_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                # FOR SHARE: a publication under way is waited for, so that its evidence cannot be pulled from under it.
                # OLD is null on INSERT and NEW on DELETE, so a citation can neither leave a published row nor join one.
                func="""
                    IF EXISTS (SELECT 1 FROM initiatives_statusupdate
                               WHERE id IN (OLD.parent_id, NEW.parent_id) AND state = 'published' FOR SHARE) THEN
                        RAISE EXCEPTION 'published history is final: its evidence is not added to, changed or deleted'
                        USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
            never(pgtrigger.Truncate, "published history is final: its evidence is never emptied", "evidence_of_history_no_truncate"),
        ]


class Step(models.Model):
    """One change of status in an initiative's history, derived from the rows, for questions about the past.

    Rewritten whenever the history changes, like `Initiative.status`;
    `manage.py check_history` proves it true. Nobody edits it.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    update = models.ForeignKey(StatusUpdate, models.CASCADE, related_name="steps")
    status = models.CharField(max_length=20, choices=Status)
    since = PartialDateField()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["initiative", "position"]
        constraints = [models.UniqueConstraint(fields=["initiative", "position"], name="step_position_once")]

    def __str__(self):
        return f"{self.initiative_id}/{self.position}: {self.status}"
