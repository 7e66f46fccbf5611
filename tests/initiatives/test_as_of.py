"""`as_of`: the world as it stood on a day, for lists and for single records."""

import datetime

import pytest
from django.http import QueryDict

from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative, put_back, standings_on
from tests.factories import InitiativeFactory, MeetingFactory, SourceFactory


@pytest.fixture
def fund(record):
    """Proposed in 2015 on one report, signed in 2023 on an official page, due in 2020."""
    fund = InitiativeFactory(slug="made-up-fund", deadline="2020")
    record(fund, "proposed", date="2015-09-11", role="proposed", meeting=MeetingFactory())
    record(fund, "signed", date="2023-03", citations=[SourceFactory(kind="official")])
    return fund


def found(query):
    return [initiative.slug for initiative in InitiativeFilter(QueryDict(query), Initiative.objects.public().for_list()).qs]


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("as_of=2015-09-10", False),
        ("as_of=2015-09-11", True),
        ("as_of=2016-01-01&status=proposed", True),
        ("as_of=2016-01-01&status=signed", False),
        ("as_of=2023-03-30&status=signed", False),
        ("as_of=2023-03-31&status=signed", True),
        ("as_of=2016-01-01&evidence=single_report", True),
        ("as_of=2016-01-01&evidence=official", False),
        ("as_of=2024-01-01&evidence=official", True),
        ("as_of=2019-12-31&schedule=on_time", True),
        ("as_of=2020-06-01&schedule=due", True),
        ("as_of=2021-01-01&schedule=overdue", True),
        ("as_of=2016-09-10&schedule=stale", False),
        ("as_of=2016-09-11&schedule=stale", True),
        ("as_of=2016-01-01&since=2016", False),
        ("as_of=2016-01-01&until=2015", True),
        ("as_of=2024-01-01&since=2023-03-31", True),
        ("as_of=2024-01-01&until=2023-02", False),
    ],
)
def test_every_filter_speaks_of_that_day(fund, query, there):
    assert found(query) == (["made-up-fund"] if there else [])


def test_a_record_put_back_answers_as_it_stood(fund):
    fund.refresh_from_db()
    put_back([fund], standings_on(datetime.date(2016, 1, 1), [fund]))
    assert (fund.status, fund.status_since.value, fund.evidence, fund.last_heard.value) == (
        "proposed",
        "2015-09-11",
        "single_report",
        "2015-09-11",
    )
    assert Initiative.objects.get(pk=fund.pk).status == "signed"


def test_all_standings_of_a_day_take_a_fixed_number_of_queries(fund, record, django_assert_num_queries):
    for _ in range(3):
        record(InitiativeFactory(), "proposed", date="2014")
    with django_assert_num_queries(4):
        assert len(standings_on(datetime.date(2014, 12, 31))) == 3


def test_the_page_shows_the_status_of_that_day(fund, client):
    page = client.get("/initiatives/?as_of=2016-01-01").text
    assert "As it stood on 1 January 2016" in page
    assert "Signed</span>" not in page.partition("<main")[2].partition('class="record-line"')[0]
    assert "11 September 2015" in page
