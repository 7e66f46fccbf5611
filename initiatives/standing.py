"""How an initiative stands, worked out from its history.

Pure functions over rows of history: no queries, no clock. The answer is
stored on the initiative by `models.store_standing`, proven by
`manage.py check_history`, and recomputed for a day in the past by `as_of`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from reference.partial_dates import UNKNOWN, PartialDate

from .statuses import Status, moves


class Evidence(models.TextChoices):
    """How well the status is known."""

    OFFICIAL = "official", _("Official document")
    CORROBORATED = "corroborated", _("Independent reports")
    SINGLE_REPORT = "single_report", _("One report")
    CLAIM = "claim", _("A claim only")
    NONE = "none", _("No status recorded")

    @property
    def definition(self):
        return {
            Evidence.OFFICIAL: _("An institution's own page or a legal database states it."),
            Evidence.CORROBORATED: _("Two or more newsrooms that do not copy each other report it."),
            Evidence.SINGLE_REPORT: _("One newsroom reports it, and nobody else that we have found."),
            Evidence.CLAIM: _("It is only implied, disputed, or found on pages that repeat others."),
            Evidence.NONE: _("No dated row of its history names a status yet."),
        }[self]


class Schedule(models.TextChoices):
    """How it stands against its deadline. Worked out from the day on which it is asked, never stored."""

    ON_TIME = "on_time", _("On time")
    DUE = "due", _("Due")
    OVERDUE = "overdue", _("Overdue")
    NO_DEADLINE = "no_deadline", _("No deadline")

    @property
    def definition(self):
        return {
            Schedule.ON_TIME: _("The period named as its deadline has not begun yet."),
            Schedule.DUE: _("The period named as its deadline is running."),
            Schedule.OVERDUE: _("The deadline has passed and the work is not recorded as finished."),
            Schedule.NO_DEADLINE: _("No deadline was named, or none runs any more."),
        }[self]


# Nothing heard for longer than this makes an initiative stale (DESIGN.md, rule 6).
QUIET_AFTER = datetime.timedelta(days=365)


@dataclass(frozen=True)
class Step:
    """One change of status: the row that made it, and the best-known date of it."""

    status: Status
    since: PartialDate
    update: Any


@dataclass(frozen=True)
class Standing:
    """The answer to "how does it stand": all of it derived, none of it typed."""

    status: str = ""
    since: PartialDate = UNKNOWN
    update: Any = None
    last_heard: PartialDate = UNKNOWN
    last_checked: PartialDate = UNKNOWN
    evidence: str = Evidence.NONE.value
    evidence_sources: int = 0
    steps: tuple[Step, ...] = field(default=())

    @property
    def changing(self) -> set[int]:
        """Numbers of the rows that changed the status."""
        return {step.update.pk for step in self.steps}


def in_order(updates: Iterable[Any]) -> list[Any]:
    """Rows in the one order of a history: by date, then as recorded."""
    return sorted(updates, key=lambda update: (update.date.sort_key, update.pk))


def derive(updates: Iterable[Any], *, corrected: Set[int] = frozenset(), as_of: datetime.date | None = None) -> Standing:
    """The standing that follows from these published rows.

    `corrected` are numbers of rows that a later one corrects: they stay
    visible and count for nothing. With `as_of`, only what had certainly
    happened by that day counts: a row dated 2024 counts from 31 December 2024.
    """
    rows = [row for row in in_order(updates) if row.pk not in corrected]
    if as_of is not None:
        rows = [row for row in rows if row.date.last is not None and row.date.last <= as_of]
    steps: list[Step] = []
    current = ""
    for row in rows:
        if row.status and moves(current, row.status, step_back=bool(row.step_back_reason)):
            current = row.status
            steps.append(Step(Status(row.status), _sharpest_date(row, rows), row))
    news = [_heard(row) for row in rows if row.role != "checked"]
    checks = [_heard(row) for row in rows]
    if not steps:
        return Standing(last_heard=_latest(news), last_checked=_latest(checks))
    witnesses = [row for row in rows if row.status == current and row.date.sort_key >= steps[-1].update.date.sort_key]
    evidence, sources = weigh(witnesses)
    return Standing(
        status=current,
        since=steps[-1].since,
        update=steps[-1].update,
        last_heard=_latest(news),
        last_checked=_latest(checks),
        evidence=evidence,
        evidence_sources=sources,
        steps=tuple(steps),
    )


def weigh(rows: Sequence[Any]) -> tuple[str, int]:
    """How well rows that report one status prove it, and how many sources they cite between them."""
    firm, all_sources = {}, {}
    for row in rows:
        for citation in row.citations.all():
            all_sources[citation.source_id] = citation.source
            if row.certainty in ("stated", "inferred") and not citation.source.is_second_hand:
                firm[citation.source_id] = citation.source
    if any(source.is_official for source in firm.values()):
        evidence = Evidence.OFFICIAL
    elif len({source.newsroom for source in firm.values()}) > 1:
        evidence = Evidence.CORROBORATED
    elif firm:
        evidence = Evidence.SINGLE_REPORT
    else:
        evidence = Evidence.CLAIM
    return evidence.value, len(all_sources)


def _sharpest_date(row: Any, rows: Sequence[Any]) -> PartialDate:
    """The finest date any row gives for the same step: same status, party and meeting, within the same time.

    “October 2025” and “10 October 2025” for one memorandum are one event told twice.
    """
    same = [
        other.date
        for other in rows
        if (other.status, other.party_id, other.meeting_id) == (row.status, row.party_id, row.meeting_id) and other.date.within(row.date)
    ]
    return max(same, key=lambda date: (len(date.value), date.basis == "stated"), default=row.date)


def _heard(row: Any) -> PartialDate:
    """When the row was news: its date, or the day it went public when it tells of something still to come."""
    if row.published_at is not None and row.date.starts_after(row.published_at.date()):
        return PartialDate(row.published_at.date().isoformat(), "inferred")
    return row.date


def _latest(dates: Sequence[PartialDate]) -> PartialDate:
    """The last date in the one order of dates; unknown ones say nothing."""
    return max((date for date in dates if date), key=lambda date: date.sort_key, default=UNKNOWN)


def schedule(*, status: str, deadline: PartialDate, on: datetime.date) -> Schedule:
    """How it stands against its deadline on day `on`. A final status ends every deadline."""
    first, last = deadline.first, deadline.last
    if first is None or last is None or (status and Status(status).rung.final):
        return Schedule.NO_DEADLINE
    if last < on:
        return Schedule.OVERDUE
    return Schedule.DUE if first <= on else Schedule.ON_TIME


def is_stale(*, status: str, last_heard: PartialDate, on: datetime.date) -> bool:
    """Whether nothing was heard for over a year before day `on`. A final status is never stale."""
    last = last_heard.last
    if last is None or (status and Status(status).rung.final):
        return False
    return last < on - QUIET_AFTER
