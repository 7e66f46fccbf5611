"""What the records themselves ask for: silence to be broken, meetings to be closed out, gaps and contradictions to be mended."""

from __future__ import annotations

from functools import cached_property

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from initiatives import consistency
from initiatives.models import Initiative
from meetings.models import Document, Meeting
from reference.models import Source
from reference.templatetags.tracker import language_name

from .section import Line, Listed, Section, form_of, sentences


class OfInitiatives(Listed):
    """A list of initiatives whose cure may be a new row of history."""

    def recording(self, initiative) -> list[tuple[str, str]]:
        """The link to the form of such a row, for those who may record one."""
        address = f"{reverse('admin:initiatives_statusupdate_add')}?initiative={initiative.pk}"
        return [(_("Record a status"), address)] if self.desk.may_record else []


class GoneQuiet(OfInitiatives):
    slug = "quiet"
    title = gettext_lazy("Gone quiet")
    about = gettext_lazy("Unfinished, and nothing heard or searched for in over a year; the longest silence first.")
    nothing = gettext_lazy("Of every unfinished initiative something was heard within a year, or somebody looked.")
    seen_with = Initiative
    is_searched = True
    query = "needs=quiet"

    def queryset(self):
        return Initiative.objects.public().quiet(on=self.desk.today)

    def line(self, initiative):
        why = _("Last heard: %(date)s. Status: %(status)s.") % {
            "date": initiative.last_heard,
            "status": initiative.get_status_display() or pgettext("status", "none"),
        }
        also = self.recording(initiative)
        return Line(str(initiative), form_of(initiative), why, also=also, search=reverse("admin:searched", args=[initiative.pk]))


class Overdue(OfInitiatives):
    slug = "overdue"
    title = gettext_lazy("Overdue")
    about = gettext_lazy("The deadline has passed, and nothing says that it was done; the earliest deadline first.")
    nothing = gettext_lazy("No deadline has passed unmet.")
    seen_with = Initiative
    query = "needs=overdue"

    def queryset(self):
        return Initiative.objects.public().overdue(on=self.desk.today).order_by("deadline__last", "sort_name", "id")

    def line(self, initiative):
        why = _("Due: %(date)s. Status: %(status)s.") % {
            "date": initiative.deadline,
            "status": initiative.get_status_display() or pgettext("status", "none"),
        }
        also = self.recording(initiative)
        return Line(str(initiative), form_of(initiative), why, also=also)


class HeldMeetings(Listed):
    slug = "held"
    title = gettext_lazy("Meetings to be closed out")
    about = gettext_lazy("Held, and what they adopted or did for each initiative is not all recorded; the newest first.")
    nothing = gettext_lazy("Every meeting that was held has its documents and is closed out.")
    seen_with = Meeting
    query = "needs=close-out"

    def queryset(self):
        bare, open = Meeting.objects.without_documents(), Meeting.objects.without_close_out()
        held = Meeting.objects.public().annotate(
            is_bare=Exists(bare.filter(pk=OuterRef("pk"))),
            is_open=Exists(open.filter(pk=OuterRef("pk"))),
            is_begun=Exists(open.filter(pk=OuterRef("pk"), close_out__isnull=False)),
        )
        return held.filter(Q(is_bare=True) | Q(is_open=True)).latest_first()

    def line(self, meeting):
        closing = _("Its close-out is begun.") if meeting.is_begun else _("Not closed out.") if meeting.is_open else ""
        closing_out = meeting.is_open and self.desk.may_record and reverse("admin:close_out", args=[meeting.pk])
        adding = meeting.is_bare and self.desk.may_add(Document) and f"{reverse('admin:meetings_document_add')}?meeting={meeting.pk}"
        return Line(
            text=_("%(meeting)s (%(date)s)") % {"meeting": meeting, "date": meeting.start},
            url=closing_out or adding or form_of(meeting),
            why=sentences([closing, _("No document.") if meeting.is_bare else ""]),
            also=[(_("Add a document"), adding)] if closing_out and adding else [],
        )


class PassedMeetings(Listed):
    slug = "passed"
    title = gettext_lazy("Planned meetings whose date has passed")
    about = gettext_lazy("The whole time for which they were announced is over. Say whether they were held.")
    nothing = gettext_lazy("No planned meeting is past its date.")
    seen_with = Meeting
    query = "needs=news"

    def queryset(self):
        return Meeting.objects.public().overdue_for_news(on=self.desk.today).latest_first()

    def line(self, meeting):
        why = _("Announced for: %(date)s (%(phase)s).") % {"date": meeting.start, "phase": meeting.get_phase_display()}
        return Line(str(meeting), form_of(meeting), why)


class Contradictions(Section):
    """The consistency report (`initiatives.consistency`), as far as the person may see the records."""

    slug = "contradictions"
    title = gettext_lazy("Contradictions")
    about = gettext_lazy("Public records that cannot all be right, or that leave out what must have been.")
    nothing = gettext_lazy("No record contradicts another.")

    @property
    def is_allowed(self):
        return self.desk.may_see(Initiative)

    @cached_property
    def findings(self) -> list[consistency.Finding]:
        return [found for found in consistency.report(on=self.desk.today) if self.desk.may_see(type(found.record))]

    @cached_property
    def number(self):
        return len(self.findings)

    def lines(self, start, stop):
        mending = self.desk.may_record
        return [
            Line(str(found.record), found.form if mending else form_of(found.record), found.sentence) for found in self.findings[start:stop]
        ]


class WithoutSummary(Listed):
    """In the language of the desk: each editor fills the gaps of their own readers."""

    slug = "summaries"
    about = gettext_lazy("What it is meant to be, in a sentence or two, for readers of the language you work in.")
    nothing = gettext_lazy("Every initiative has a summary in your language.")
    seen_with = Initiative
    query = "needs=summary"

    @property
    def title(self):
        return _("No summary in your language (%(language)s)") % {"language": language_name(get_language())}

    def queryset(self):
        return Initiative.objects.public().without_summary(get_language()).order_by("sort_name", "id")

    def line(self, initiative):
        return Line(str(initiative), form_of(initiative), initiative.get_kind_display())


class DeadLinks(Listed):
    slug = "links"
    title = gettext_lazy("Dead links")
    about = gettext_lazy("The pages of these sources no longer answer where they were read, or have moved.")
    nothing = gettext_lazy("No source is known to have lost its page.")
    seen_with = Source
    query = "health__exact=dead"

    def queryset(self):
        dead_first = Case(When(health=Source.Health.DEAD, then=Value(0)), default=Value(1), output_field=IntegerField())
        lost = Source.objects.filter(health__in=[Source.Health.DEAD, Source.Health.MOVED])
        return lost.order_by(dead_first, F("checked_at").desc(nulls_last=True), "slug")

    def line(self, source):
        health, day = source.get_health_display(), source.checked_at
        why = _("Link: %(health)s.") % {"health": health}
        if day is not None:
            why = _("Link: %(health)s (%(day)s).") % {"health": health, "day": date_format(localtime(day), "DATE_FORMAT")}
        return Line(" – ".join(filter(None, [str(source), source.title])), form_of(source), why)
