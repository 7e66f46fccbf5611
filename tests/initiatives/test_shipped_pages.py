"""What a reader must find on the pages of the shipped initiatives, on the day the tracker opened."""

import datetime

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from initiatives.models import Initiative

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def on_a_fixed_day_in_english(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    with translation.override("en"):  # the language of the last request stays active after it
        yield


@pytest.fixture
def read(client, shipped):
    """The words of a page, white space evened out."""
    return lambda address: " ".join(strip_tags(client.get(address).content.decode()).split())


def history_of(page):
    return page[page.index("History, latest first") : page.index("The OTS tracker records")]


def test_the_patent_organisation_is_under_discussion_since_august_2025_and_nothing_was_heard_for_a_year(read):
    page = read("/initiatives/ptpo/")

    assert "Under discussion since August 2025" in page
    assert "Reached at: 1st Meeting of Heads of IP Institutions (Bishkek), August 2025" in page
    assert "Proposed at: 2nd Meeting of OTS ISTI Ministers (Baku), 24 October 2025" in page
    assert "Nothing has been heard since 24 October 2025, for over a year." in page


def test_both_meetings_of_the_patent_organisation_are_linked(client, shipped):
    page = client.get("/initiatives/ptpo/").content.decode()

    assert 'href="/meetings/ip-1/"' in page
    assert 'href="/meetings/isti-2/"' in page


def test_the_patent_organisation_is_found_by_its_russian_name_and_by_the_other_acronym(read):
    for question in ("Общетюркская", "ctpo", "umumturk"):
        assert "Pan-Turkic Patent Organization" in read(f"/initiatives/?q={question}")


def test_the_joint_research_fund_is_told_from_the_investment_fund(read):
    page = read("/initiatives/rdi-fund/")

    assert "Is not the same as Turkic Investment Fund" in page
    assert "Not to be confused with the Turkic Investment Fund." in page


def test_the_technology_platform_is_told_from_the_startup_platform(read):
    assert "Is not the same as" in read("/initiatives/tech-platform/")
    assert "Distinct from the startup platform proposed at the same meeting." in read("/initiatives/tech-platform/")


def test_the_kyrgyz_techno_hub_is_marked_national_and_signed_on_10_october_2025(read):
    page = read("/initiatives/kg-technohub/")

    assert "National" in page
    assert "A national initiative of one state, not of the Organization of Turkic States." in page
    assert "Signed since 10 October 2025" in page


def test_both_claims_to_the_origin_of_the_investment_fund_are_shown_with_their_sources(read):
    page = read("/initiatives/tif/")

    assert "Kazinform: proposed by Nazarbayev on 11 September 2015. Kazinform" in page
    assert "Trend: proposed by Azerbaijan in March 2021. Trend News Agency" in page


def test_each_state_has_its_own_step_in_the_ratification_of_the_investment_fund(read):
    history = history_of(read("/initiatives/tif/"))

    for state in ("Kazakhstan", "Kyrgyzstan", "Türkiye"):
        assert state in history


def test_every_row_of_every_history_is_dated_and_cites_a_source(client, shipped):
    for initiative in Initiative.objects.public():
        page = client.get(f"/initiatives/{initiative.slug}/").content.decode()
        rows = page.split('<li class="event')[1:]

        assert len(rows) == initiative.updates.public().count()
        for row in rows:
            assert '<span class="event-date"><time' in row or '<span class="event-date"><span>' in row
            assert '<li class="citation">' in row


def test_the_front_page_counts_every_shipped_initiative_once(client, shipped):
    context = client.get("/").context

    assert context["total"] == Initiative.objects.public().count() == 45
    assert sum(number for _status, number in context["standings"]) + context["without_status"] == 45
