"""The consistency report: records that are public and cannot all be right.

One small function per contradiction. Each asks the database for the records
it concerns and nothing else, so a report without findings costs a query each,
however long the histories are. Skipping rungs, vague dates and gaps in what
is known are ordinary and not reported: an alarm that is often false is read
by nobody.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, Model, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce, Lag, Lead
from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.models import Document, Meeting
from meetings.querysets import LAST_DAY

from .models import Initiative, InitiativeRelation, StatusCitation, StatusUpdate
from .statuses import Status

# What only happens in the room. News of a meeting, ratifications and entries into force have days of their own.
AT_THE_MEETING = ["proposed", "discussed", "supported", "instructed", "agreed", "decided", "adopted", "signed", "reviewed"]
# The rungs that say that the parties wanted it.
WANTED = [Status.AGREED, Status.SIGNED, Status.RATIFYING, Status.IN_FORCE, Status.ESTABLISHED]


@dataclass(frozen=True)
class Finding:
    """One contradiction: the record it is found on, what does not fit in a sentence, and the form that mends it."""

    kind: str
    record: Model
    sentence: str
    form: str


Contradiction = Callable[[datetime.date], Iterator[tuple[Model, str, str]]]
CONTRADICTIONS: dict[str, Contradiction] = {}


def contradiction(check: Contradiction) -> Contradiction:
    """Make a function part of the report, under its own name."""
    CONTRADICTIONS[check.__name__] = check
    return check


def report(*, on: datetime.date) -> list[Finding]:
    """Every contradiction there is on day `on`."""
    return [Finding(kind, *found) for kind, check in CONTRADICTIONS.items() for found in check(on)]


# The forms that mend


def form_of(record: Model) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def correction_of(row: StatusUpdate) -> str:
    """Published history is final: the form of a row that takes the place of this one."""
    return f"{reverse('admin:initiatives_statusupdate_add')}?corrects={row.pk}"


def new_status_of(initiative: Initiative) -> str:
    return f"{reverse('admin:initiatives_statusupdate_add')}?initiative={initiative.pk}"


def rows(**wanted):
    """Rows of history that count."""
    return StatusUpdate.objects.standing().filter(**wanted).select_related("initiative", "meeting", "party").order_by("initiative", "id")


def rows_of_it(**wanted):
    """The same, of the initiative of the query around it."""
    return StatusUpdate.objects.standing().filter(initiative=OuterRef("pk"), **wanted)


# Initiatives and their histories


@contradiction
def signed_without_meeting_or_document(on):
    """Signed by OTS states at no meeting, and no provision of any document belongs to it. Others sign where they like."""
    nowhere = Initiative.objects.public().filter(Exists(rows_of_it(status=Status.SIGNED)), scope="ots", provision_links=None)
    nowhere = nowhere.exclude(Exists(rows_of_it(status=Status.SIGNED, meeting__isnull=False)))
    signed = StatusUpdate.objects.standing().filter(status=Status.SIGNED, initiative__in=nowhere)
    latest = signed.order_by("initiative_id", "-date__sort", "-id").distinct("initiative_id").select_related("initiative")
    for row in latest:
        yield row, _("It was signed, but no meeting is named where, and no document."), form_of(row)


@contradiction
def two_statuses_on_one_day(on):
    """The newest two rows give one day two statuses, so the order of entry alone decides the answer."""
    history = {"partition_by": "initiative", "order_by": [F("date__sort"), "id"]}
    newest = rows().exclude(status="").annotate(before=Window(Lag("status"), **history), after=Window(Lead("id"), **history))
    newest = newest.annotate(day=F("date__sort"), day_before=Window(Lag("date__sort"), **history))
    for row in newest.filter(after=None, day_before=F("day")).exclude(before=F("status")):
        if row.date.precision == "day":
            sentence = _("Two rows of %(date)s give it different statuses; say which of them holds.") % {"date": row.date}
            yield row, sentence, correction_of(row)


@contradiction
def operating_but_never_agreed(on):
    """At work, and nothing recorded says that anybody agreed to it."""
    working = Initiative.objects.public().filter(status=Status.OPERATING)
    for initiative in working.exclude(Exists(rows_of_it(status__in=WANTED))):
        sentence = _("It is operating, but no row says that it was agreed, signed or established.")
        yield initiative, sentence, new_status_of(initiative)


@contradiction
def ratified_by_a_party_that_takes_no_part(on):
    """A ratification by somebody who is not among the parties of the initiative."""
    parties = Initiative.parties.rel.related_model.objects.filter(initiative=OuterRef("initiative"), party=OuterRef("party"))
    for row in rows(role__in=["ratified", "ratification_step"], party__isnull=False).exclude(Exists(parties)):
        sentence = _("%(party)s ratified it, but is not among its parties.") % {"party": row.party}
        yield row, sentence, form_of(row.initiative)


@contradiction
def being_ratified_by_nobody(on):
    """The status says that a party has taken a step; no row says which."""
    ratifying = Initiative.objects.public().filter(status=Status.RATIFYING)
    for initiative in ratifying.exclude(Exists(rows_of_it(role__in=["ratified", "ratification_step"]))):
        yield initiative, _("It is being ratified, but no row says by whom."), new_status_of(initiative)


@contradiction
def reported_after_its_end(on):
    """A status that came certainly after a final one, without the reason that a step back needs: it counts for nothing."""
    ended = rows(initiative__status__in=Status.final(), step_back_reason="", date__first__gt=F("initiative__status_since__last"))
    for row in ended.exclude(status="").exclude(status=F("initiative__status")):
        sentence = _("It is reported as “%(status)s” (%(date)s), after it had ended (“%(final)s”).") % {
            "status": row.get_status_display(),
            "date": row.date,
            "final": row.initiative.get_status_display(),
        }
        yield row, sentence, correction_of(row)


@contradiction
def superseded_by_nothing(on):
    """Something has taken its place, and the tracker does not know what."""
    successors = InitiativeRelation.objects.filter(target=OuterRef("pk"), kind="replaces", initiative__state="published")
    superseded = Initiative.objects.public().filter(status=Status.SUPERSEDED)
    for initiative in superseded.exclude(Exists(successors)):
        yield initiative, _("Something else has taken its place, but no initiative is said to replace it."), form_of(initiative)


@contradiction
def replaced_but_going_on(on):
    """Another initiative replaces it, and its own history has no end."""
    replaced = InitiativeRelation.objects.filter(kind="replaces", initiative__state="published", target__state="published")
    for relation in replaced.exclude(target__status__in=Status.final()).select_related("initiative", "target").order_by("id"):
        sentence = _("“%(other)s” replaces it, but its own history does not say that it ended.") % {"other": relation.initiative}
        yield relation.target, sentence, new_status_of(relation.target)


@contradiction
def deadline_before_its_beginning(on):
    """Due before anything is known to have happened."""
    first = rows_of_it().exclude(role="checked").order_by("date__sort", "id")
    dated = Initiative.objects.public().exclude(deadline="").annotate(began=Subquery(first.values("date__first")[:1]))
    for initiative in dated.filter(deadline__last__lt=F("began")):
        sentence = _("Its deadline, %(deadline)s, lies before the first row of its history.") % {"deadline": initiative.deadline}
        yield initiative, sentence, form_of(initiative)


@contradiction
def nothing_of_its_history_is_public(on):
    """Readers find a page that answers nothing: every row that counts sets `last_checked`, a mere search too."""
    for initiative in Initiative.objects.public().filter(last_checked=""):
        yield initiative, _("It is public, but no row of its history is."), new_status_of(initiative)


# Rows of history and their meetings and sources


@contradiction
def dated_outside_its_meeting(on):
    """It happened in the room, on a day on which the meeting was certainly not held."""
    apart = Q(date__last__lt=F("meeting__start__first")) | Q(date__first__gt=Coalesce("meeting__end__last", "meeting__start__last"))
    for row in rows(role__in=AT_THE_MEETING, meeting__phase="held").filter(apart).exclude(meeting__start=""):
        sentence = _("It is dated %(date)s, which is not when “%(meeting)s” was held (%(start)s).") % {
            "date": row.date,
            "meeting": row.meeting,
            "start": row.meeting.start,
        }
        yield row, sentence, correction_of(row)


@contradiction
def status_at_a_meeting_not_held(on):
    """A status reached at a meeting that, as far as we say, never took place."""
    for row in rows(meeting__state="published", role__in=AT_THE_MEETING).exclude(status="").exclude(meeting__phase="held"):
        sentence = _("It became “%(status)s” at “%(meeting)s”, which is not recorded as held (%(phase)s).") % {
            "status": row.get_status_display(),
            "meeting": row.meeting,
            "phase": row.meeting.get_phase_display(),
        }
        yield row, sentence, form_of(row.meeting)


@contradiction
def proof_older_than_what_it_proves(on):
    """Every page it cites was published before the day on which it is said to have happened."""
    proofs = StatusCitation.objects.filter(parent=OuterRef("pk"))
    possible = proofs.filter(Q(source__published="") | Q(source__published__last__gte=OuterRef("date__first")))
    for row in rows().exclude(status="").exclude(Exists(possible)):
        sentence = _("It is dated %(date)s, but every source it cites was published before.") % {"date": row.date}
        yield row, sentence, correction_of(row)


# Meetings and documents


@contradiction
def held_in_the_future(on):
    """Said to have been held, on a day that has not come."""
    for meeting in Meeting.objects.public().held().filter(start__first__gt=on):
        yield meeting, _("It is recorded as held, but its date is still to come: %(start)s.") % {"start": meeting.start}, form_of(meeting)


@contradiction
def documents_of_a_meeting_not_held(on):
    """Something was adopted at a meeting that, as far as we say, never took place."""
    adopted = Document.objects.public().filter(meeting=OuterRef("pk"))
    for meeting in Meeting.objects.public().exclude(phase="held").filter(Exists(adopted)):
        sentence = _("It adopted documents, but is not recorded as held (%(phase)s).") % {"phase": meeting.get_phase_display()}
        yield meeting, sentence, form_of(meeting)


@contradiction
def adopted_before_its_meeting(on):
    """A document that was there before the meeting that adopted it."""
    early = Document.objects.public().filter(adopted__last__lt=F("meeting__start__first")).exclude(meeting__start="").exclude(adopted="")
    for document in early.select_related("meeting"):
        sentence = _("Its date of adoption (%(adopted)s) lies before “%(meeting)s”, which adopted it (%(start)s).") % {
            "adopted": document.adopted,
            "meeting": document.meeting,
            "start": document.meeting.start,
        }
        yield document, sentence, form_of(document)


@contradiction
def numbered_against_the_calendar(on):
    """A meeting that was over before one with a smaller number in its series began."""
    earlier = Meeting.objects.public().held().exclude(start="").filter(series=OuterRef("series"), ordinal__lt=OuterRef("ordinal"))
    numbered = Meeting.objects.public().held().exclude(start="").annotate(over=LAST_DAY)
    for meeting in numbered.filter(Exists(earlier.filter(start__first__gt=OuterRef("over")))):
        yield meeting, _("It has a higher number in its series than a meeting that was held after it."), form_of(meeting)
