"""Series, the meetings in them, and who took part."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from editorial.models import Publishable, no_write_skips_the_version, retired_slugs_stay_retired
from meetings.querysets import MeetingQuerySet, SeriesQuerySet
from reference.models import CITED, Citation, Party, SlugField, Source, slug_constraint
from reference.names import Name, SortKeyField
from reference.partial_dates import PartialDateField, date_constraint


class Series(Publishable):
    """A chain of meetings: “Ministers of Industry, Science, Technology and Innovation”, “Summits”."""

    slug = SlugField(_("slug"), help_text=_("Its name in addresses; the old one redirects for ever."))
    name = models.CharField(_("name"), max_length=200, help_text=_("In English, as its members call it."))
    sort_name = SortKeyField(source="name")
    description = models.TextField(_("description"), blank=True, help_text=_("Who meets in it and what for, in a sentence."))
    order = models.PositiveSmallIntegerField(_("order"), default=100, help_text=_("Smaller numbers come first in lists."))
    i18n = TranslationField(fields=("name", "description"))

    objects = SeriesQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ["order", "sort_name", "id"]
        constraints = [*Publishable.Meta.constraints, slug_constraint("slug", "series_slug_shape")]
        triggers = [*Publishable.Meta.triggers, retired_slugs_stay_retired("meetings.series")]

    def __str__(self):
        return self.name_i18n

    def get_absolute_url(self):
        return reverse("series", args=[self.slug])


class Meeting(Publishable):
    """One meeting, past or still to come.

    A planned meeting may be known only by its year and country; it stays
    `planned` until a source says it was held, whatever the calendar says.
    `place` is the city; `country` the state it lies in; both may be unknown,
    and an online meeting may have neither.
    """

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("hybrid")

    class Phase(models.TextChoices):
        """Called `state` in the API; `state` here is the editorial one."""

        CONSIDERED = "considered", _("considered")
        PLANNED = "planned", _("planned")
        EXPECTED = "expected", _("expected")
        HELD = "held", _("held")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")

    slug = SlugField(_("slug"), help_text=_("Its name in addresses; the old one redirects for ever."))
    series = models.ForeignKey(
        Series, models.PROTECT, related_name="meetings", verbose_name=_("series"), help_text=_("The chain it belongs to.")
    )
    ordinal = models.PositiveSmallIntegerField(_("ordinal"), null=True, blank=True, help_text=_("3 for the third meeting of its series."))
    name = models.CharField(_("name"), max_length=250, help_text=_("In English, with its number: “2nd Meeting of Ministers of …”."))
    sort_name = SortKeyField(source="name")

    start = PartialDateField(_("start"), blank=True, help_text=_("The first day, as well as it is known; never a made-up day."))
    end = PartialDateField(_("end"), blank=True, help_text=_("Empty when it ended on the day it began."))
    phase = models.CharField(
        _("has it been held?"),
        max_length=12,
        choices=Phase,
        default=Phase.PLANNED,
        help_text=_("Held only when a source says that it took place."),
    )
    place = models.CharField(_("place"), max_length=120, blank=True, help_text=_("The city; empty when only the country is known."))
    country = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings_in_it",
        verbose_name=_("country"),
        help_text=_("The state it lies in; empty for an online meeting."),
    )
    host = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings_hosted",
        verbose_name=_("host"),
        help_text=_("Who invited, when it is not the country itself."),
    )
    format = models.CharField(
        _("format"), max_length=10, choices=Format, default=Format.IN_PERSON, help_text=_("In person, online or both.")
    )
    theme = models.CharField(_("motto"), max_length=250, blank=True, help_text=_("The motto the meeting was held under."))
    notes = models.TextField(_("notes"), blank=True, help_text=_("What sources disagree on; one note a line; public."))
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces", editable=False)
    i18n = TranslationField(fields=("name", "theme"))

    objects = MeetingQuerySet.as_manager()
    ledger_children = ("names", "participants", "citations")
    waits_with_it = ("documents",)

    class Meta(Publishable.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-start__sort", "-id"]
        indexes = [
            # The meetings list, latest first, and the calendar.
            models.Index(models.F("start__sort").desc(), models.F("id").desc(), name="meeting_by_start")
        ]
        constraints = [
            *Publishable.Meta.constraints,
            slug_constraint("slug", "meeting_slug_shape"),
            date_constraint("start", "meeting_start_shape"),
            date_constraint("end", "meeting_end_shape"),
            models.CheckConstraint(
                condition=Q(end="") | Q(end__last__gte=models.F("start__first")),
                name="meeting_ends_after_it_starts",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(phase__in=["considered", "planned", "expected", "held", "postponed", "cancelled"]), name="meeting_phase_known"
            ),
            models.CheckConstraint(condition=Q(format__in=["in_person", "online", "hybrid"]), name="meeting_format_known"),
            models.UniqueConstraint(
                fields=["series", "ordinal"],
                condition=Q(ordinal__isnull=False) & ~Q(state="withdrawn"),
                name="meeting_ordinal_once_in_series",
            ),
        ]
        triggers = [*Publishable.Meta.triggers, retired_slugs_stay_retired("meetings.meeting")]

    def __str__(self):
        return self.name_i18n

    def get_absolute_url(self):
        return reverse("meeting", args=[self.slug])

    @property
    def is_ahead(self) -> bool:
        """Announced, and not known to have been held."""
        return self.phase in (self.Phase.CONSIDERED, self.Phase.PLANNED, self.Phase.EXPECTED)

    @property
    def note_lines(self) -> list[str]:
        """The notes, one by one."""
        return [line for line in self.notes.splitlines() if line.strip()]

    def leans_on(self):
        parties = {party for party in (self.country, self.host) if party}
        parties |= {participant.party for participant in self.participants.select_related("party") if participant.party}
        sources = {citation.source for citation in self.citations.select_related("source")}
        sources |= {c.source for p in self.participants.all() for c in p.citations.select_related("source")}
        return [*parties, *sources]

    def obstacles(self):
        if not self.series.is_public:
            return {"series": _("Publish the series “%(series)s” first.") % {"series": self.series}}
        return {}


class MeetingName(Name):
    """A meeting's name in one language or spelling."""

    parent = models.ForeignKey(Meeting, models.CASCADE, related_name="names", verbose_name=_("meeting"))

    class Meta(Name.Meta):
        verbose_name = _("name of a meeting")
        verbose_name_plural = _("names of meetings")
        constraints = [models.UniqueConstraint(fields=["parent", "language", "text"], name="meeting_name_once")]


class MeetingCitation(Citation):
    """The proof that a meeting took or takes place as recorded."""

    parent = models.ForeignKey(Meeting, models.CASCADE, related_name="citations", verbose_name=_("meeting"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="meeting_citations", verbose_name=_("source"), help_text=CITED)

    class Meta(Citation.Meta):
        verbose_name = _("citation of a meeting")
        verbose_name_plural = _("citations of meetings")
        constraints = [models.UniqueConstraint(fields=["parent", "source", "locator", "supports"], name="meeting_citation_once")]


class Participant(models.Model):
    """A person who took part in a meeting, in the office held that day, for a party."""

    meeting = models.ForeignKey(
        Meeting,
        models.CASCADE,
        related_name="participants",
        verbose_name=_("meeting"),
        help_text=_("The meeting this person took part in."),
    )
    person = models.CharField(_("person"), max_length=150, help_text=_("As the source writes it, in Latin letters."))
    office = models.CharField(_("office"), max_length=200, blank=True, help_text=_("As held on the day of the meeting."))
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participants",
        verbose_name=_("party"),
        help_text=_("For whom they spoke."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    ledger_children = ("citations",)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="participant_once_a_meeting"),
            models.CheckConstraint(condition=~Q(person=""), name="participant_has_a_name"),
        ]
        triggers = [no_write_skips_the_version()]

    def __str__(self):
        return f"{self.person}, {self.office}" if self.office else self.person

    @property
    def is_public(self) -> bool:
        """A participant is as public as the meeting."""
        return self.meeting.is_public

    @property
    def changes_wait(self) -> bool:
        """As of the meeting: one that was withdrawn may be restored with everybody who took part."""
        return self.meeting.changes_wait

    def leans_on(self):
        """The party and the sources, which become public with the participant."""
        parties = [self.party] if self.party else []
        return [*parties, *(citation.source for citation in self.citations.select_related("source"))]


class ParticipantCitation(Citation):
    """The proof that a person took part."""

    parent = models.ForeignKey(Participant, models.CASCADE, related_name="citations", verbose_name=_("participant"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="participant_citations", verbose_name=_("source"), help_text=CITED)

    class Meta(Citation.Meta):
        verbose_name = _("citation of a participant")
        verbose_name_plural = _("citations of participants")
        constraints = [models.UniqueConstraint(fields=["parent", "source", "locator", "supports"], name="participant_citation_once")]
