"""How an initiative stands: pure rules over rows of history, without a database."""

import datetime
from dataclasses import dataclass, field
from itertools import count, permutations
from types import SimpleNamespace

import pytest

from initiatives import standing
from initiatives.standing import Evidence, Schedule, derive, is_stale, schedule
from reference.partial_dates import UNKNOWN, PartialDate

_numbers = count(1)


@dataclass
class Row:
    """A stand-in for a StatusUpdate."""

    status: str = ""
    date: PartialDate = UNKNOWN
    role: str = "reviewed"
    certainty: str = "stated"
    step_back_reason: str = ""
    published_at: datetime.datetime | None = None
    party_id: int | None = None
    meeting_id: int | None = None
    sources: tuple = ()
    pk: int = field(default_factory=lambda: next(_numbers))

    @property
    def citations(self):
        made = [SimpleNamespace(source_id=id(source), source=source) for source in self.sources]
        return SimpleNamespace(all=lambda: made)


def row(status, date, **more):
    return Row(status=status, date=PartialDate(date), **more)


def source(newsroom="Courier", *, official=False, second_hand=False):
    return SimpleNamespace(newsroom=newsroom, is_official=official, is_second_hand=second_hand)


def day(text):
    return datetime.date.fromisoformat(text)


def test_no_history_gives_no_status():
    assert derive([]).status == ""
    assert derive([]).evidence == Evidence.NONE


def test_the_highest_rung_reached_counts_whatever_the_order_of_rows():
    rows = [row("proposed", "2015"), row("agreed", "2021-11-12"), row("signed", "2023-03")]
    assert {derive(order).status for order in permutations(rows)} == {"signed"}


def test_a_rung_repeated_keeps_its_first_date():
    found = derive([row("agreed", "2021"), row("agreed", "2022", meeting_id=4)])
    assert found.since == PartialDate("2021")


def test_one_step_told_twice_takes_the_finer_date():
    found = derive([row("signed", "2025-10", party_id=1), row("signed", "2025-10-10", party_id=1)])
    assert found.since == PartialDate("2025-10-10")


def test_steps_of_different_parties_keep_their_own_dates():
    found = derive([row("ratifying", "2025", party_id=1), row("ratifying", "2025-06-26", party_id=2)])
    assert found.since == PartialDate("2025")


def test_a_status_aside_of_the_ladder_always_counts_and_can_be_left():
    assert derive([row("operating", "2020"), row("suspended", "2021")]).status == "suspended"
    assert derive([row("operating", "2020"), row("suspended", "2021"), row("operating", "2022")]).status == "operating"


def test_a_final_status_is_not_undone_by_a_later_report():
    assert derive([row("withdrawn", "2020"), row("proposed", "2021")]).status == "withdrawn"


def test_corrected_rows_count_for_nothing():
    mistaken = row("in_force", "2020")
    assert derive([row("signed", "2019"), mistaken], corrected={mistaken.pk}).status == "signed"


def test_as_of_a_day_only_what_had_certainly_happened_by_then_counts():
    rows = [row("proposed", "2015"), row("signed", "2023-03"), row("established", "2024-05-18")]
    assert derive(rows, as_of=day("2015-12-30")).status == ""
    assert derive(rows, as_of=day("2015-12-31")).status == "proposed"
    assert derive(rows, as_of=day("2023-03-30")).status == "proposed"
    assert derive(rows, as_of=day("2023-03-31")).status == "signed"
    assert derive(rows, as_of=day("2024-05-17")).status == "signed"


def test_last_heard_counts_progress_but_not_a_check_that_found_nothing():
    found = derive([row("proposed", "2024"), row("", "2025-02"), row("", "2025-09-01", role="checked")])
    assert found.last_heard == PartialDate("2025-02")
    assert found.last_checked == PartialDate("2025-09-01")


def test_a_row_about_the_future_is_news_on_the_day_it_went_public():
    told = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)
    found = derive([row("proposed", "2024"), row("", "2027", published_at=told)])
    assert found.last_heard == PartialDate("2026-11-21", "inferred")


def test_steps_name_the_rows_that_changed_the_status():
    first, repeat, second = row("proposed", "2024"), row("proposed", "2025"), row("agreed", "2026")
    assert derive([first, repeat, second]).changing == {first.pk, second.pk}


@pytest.mark.parametrize(
    ("sources", "certainty", "expected"),
    [
        ([source(official=True)], "stated", Evidence.OFFICIAL),
        ([source("A"), source("B")], "stated", Evidence.CORROBORATED),
        ([source("A"), source("A")], "stated", Evidence.SINGLE_REPORT),
        ([source("A")], "stated", Evidence.SINGLE_REPORT),
        ([source("A", second_hand=True), source("B", second_hand=True)], "stated", Evidence.CLAIM),
        ([source("A"), source("B")], "implied", Evidence.CLAIM),
        ([source("A"), source("B")], "disputed", Evidence.CLAIM),
    ],
)
def test_evidence_is_weighed_by_independent_newsrooms(sources, certainty, expected):
    found = derive([row("proposed", "2024", sources=tuple(sources), certainty=certainty)])
    assert found.evidence == expected
    assert found.evidence_sources == len(sources)


def test_only_rows_that_report_the_present_status_are_its_witnesses():
    found = derive([row("proposed", "2023", sources=(source(official=True),)), row("agreed", "2024", sources=(source(),))])
    assert found.evidence == Evidence.SINGLE_REPORT


@pytest.mark.parametrize(
    ("deadline", "on", "expected"),
    [
        ("", "2026-01-01", Schedule.NO_DEADLINE),
        ("2026", "2025-12-31", Schedule.ON_TIME),
        ("2026", "2026-01-01", Schedule.DUE),
        ("2026", "2026-12-31", Schedule.DUE),
        ("2026", "2027-01-01", Schedule.OVERDUE),
        ("2026-03-31", "2026-04-01", Schedule.OVERDUE),
    ],
)
def test_the_schedule_follows_from_deadline_and_day(deadline, on, expected):
    assert schedule(status="agreed", deadline=PartialDate(deadline), on=day(on)) == expected


@pytest.mark.parametrize("status", ["completed", "withdrawn", "superseded"])
def test_a_final_status_is_never_overdue_nor_stale(status):
    assert schedule(status=status, deadline=PartialDate("2001"), on=day("2026-01-01")) == Schedule.NO_DEADLINE
    assert not is_stale(status=status, last_heard=PartialDate("2001"), on=day("2026-01-01"))


def test_it_is_stale_once_nothing_was_heard_for_more_than_a_year():
    heard = PartialDate("2025-10-24")
    assert not is_stale(status="proposed", last_heard=heard, on=heard.last + standing.QUIET_AFTER)
    assert is_stale(status="proposed", last_heard=heard, on=heard.last + standing.QUIET_AFTER + datetime.timedelta(days=1))


def test_a_year_is_only_stale_when_its_last_day_is():
    assert not is_stale(status="proposed", last_heard=PartialDate("2024"), on=day("2025-12-31"))
    assert is_stale(status="proposed", last_heard=PartialDate("2024"), on=day("2026-01-01"))
