"""The list of initiatives and the addresses of single ones, with made-up records."""

import datetime

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from editorial import workflow
from reference.partial_dates import PartialDate
from tests.factories import (
    InitiativeFactory,
    InitiativeNameFactory,
    MeetingFactory,
    ThemeFactory,
)

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def on_a_fixed_day_in_english(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    with translation.override("en"):  # the language of the last request stays active after it
        yield


def words(response):
    """What a reader of the page reads, white space evened out."""
    return " ".join(strip_tags(response.content.decode()).split())


def names(response):
    return [initiative.name for initiative in response.context["object_list"]]


# The list


def test_the_list_shows_what_is_public_and_no_draft(client, db):
    InitiativeFactory(name="Shown")
    InitiativeFactory(name="Hidden", state="draft")
    InitiativeFactory(name="Gone", state="withdrawn")

    assert names(client.get("/initiatives/")) == ["Shown"]


def test_a_line_says_the_status_since_when_and_how_well_it_is_known(client, record):
    record(InitiativeFactory(), "signed", date="2026-05")

    assert "Signed since May 2026 Evidence: One report Last heard of: May 2026" in words(client.get("/initiatives/"))


def test_a_line_says_how_a_date_is_known_when_nobody_stated_it(client, record):
    record(InitiativeFactory(), "signed", date=PartialDate("2026-05", "inferred"))

    assert "since May 2026 (inferred)" in words(client.get("/initiatives/"))


def test_a_line_says_that_nothing_was_heard_for_over_a_year(client, record):
    record(InitiativeFactory(), "proposed", date="2025-10-24")

    assert "Nothing heard since 24 October 2025, for over a year" in words(client.get("/initiatives/"))


@pytest.mark.parametrize("scope", ["national", "bilateral"])
def test_what_is_not_an_initiative_of_the_organization_is_marked_in_the_list_and_on_its_page(client, db, scope):
    initiative = InitiativeFactory(scope=scope)

    mark = f'<span class="tag">{scope.capitalize()}</span>'

    assert mark in client.get("/initiatives/").content.decode()
    assert mark in client.get(initiative.get_absolute_url()).content.decode()
    assert "not of the Organization of Turkic States" in words(client.get(initiative.get_absolute_url()))


def test_a_value_the_tracker_does_not_know_is_named_at_its_field_and_left_out(client, record):
    record(InitiativeFactory(name="Still listed"), "proposed")

    response = client.get("/initiatives/?status=proposed&since=soon&kind=spaceship")
    page = response.content.decode()

    assert names(response) == ["Still listed"]
    assert 'id="filter-kind-error"' in page
    assert "spaceship is not one of the available choices" in words(response)
    assert 'aria-invalid="true"' in page
    assert "Write 2024, 2024-H2, 2024-05 or 2024-05-17" in words(response)


def test_a_parameter_the_page_does_not_know_is_ignored(client, db):
    InitiativeFactory(name="Still listed")

    assert names(client.get("/initiatives/?utm_source=made-up")) == ["Still listed"]


@pytest.mark.parametrize("question", ["page=9", "page=zero", "page=-1"])
def test_a_page_of_the_list_that_does_not_exist_is_not_found(client, db, question):
    assert client.get(f"/initiatives/?{question}").status_code == 404


def test_a_question_without_an_answer_says_so_and_leads_out(client, db):
    InitiativeFactory(name="Something else")

    response = client.get("/initiatives/?q=unicorn")

    assert "No initiative matches this question." in words(response)
    assert '<a href="/initiatives/">Show all initiatives</a>' in response.content.decode()


def test_the_search_finds_an_initiative_by_its_name_in_another_language_and_keeps_the_question(client, db):
    InitiativeNameFactory(parent=InitiativeFactory(name="Made-up fund"), text="Uydurma Girişim")
    InitiativeFactory(name="Another")

    response = client.get("/initiatives/", {"q": "girisim"})

    assert names(response) == ["Made-up fund"]
    assert 'value="girisim"' in response.content.decode()


def test_what_a_reader_typed_comes_back_as_text_and_never_as_markup(client, db):
    page = client.get("/initiatives/", {"q": '"><script>alert(1)</script>', "status": "<b>"}).content.decode()

    assert "<script>" not in page
    assert "<b>" not in page


def test_one_filter_in_use_can_be_taken_away_while_the_others_stay(client, record):
    theme = ThemeFactory(slug="made-up-space", name="Made-up space")
    initiative = InitiativeFactory()
    initiative.themes.add(theme)
    record(initiative, "signed")

    page = client.get("/initiatives/?status=signed&status=agreed&theme=made-up-space&page=1").content.decode()

    assert 'href="?status=agreed&amp;theme=made-up-space">Status: Signed' in page
    assert 'href="?status=signed&amp;status=agreed">Theme: Made-up space' in page


def test_a_meeting_asked_for_stays_asked_for_when_the_form_is_sent_again(client, record):
    meeting = MeetingFactory(slug="made-up-summit")
    record(InitiativeFactory(name="Discussed there"), meeting=meeting)
    InitiativeFactory(name="Not discussed there")

    response = client.get("/initiatives/?meeting=made-up-summit")

    assert names(response) == ["Discussed there"]
    assert '<input type="hidden" name="meeting" value="made-up-summit">' in response.content.decode()


def test_looking_back_shows_the_status_of_that_day_under_a_banner(client, record):
    initiative = InitiativeFactory(name="Grown since")
    record(initiative, "proposed", date="2020")
    record(initiative, "signed", date="2024-05")
    record(InitiativeFactory(name="Not yet begun"), "proposed", date="2025")

    response = client.get("/initiatives/?as_of=2022-01-01")

    assert names(response) == ["Grown since"]
    assert "As it stood on 1 January 2022." in words(response)
    assert "Proposed since 2020" in words(response)
    assert "Signed since" not in words(response)
    assert "Last heard" not in words(response)


def test_the_list_takes_no_more_queries_for_more_rows(client, record, budget):
    for _number in range(8):
        initiative = InitiativeFactory()
        initiative.themes.add(ThemeFactory(), ThemeFactory())
        record(initiative, "proposed", meeting=MeetingFactory())
    with budget("initiatives"):
        client.get("/initiatives/")
    with budget("initiatives_filtered"):
        client.get("/initiatives/?q=made&status=proposed&sort=name&schedule=stale")


# Addresses that outlive records


def test_a_former_address_leads_to_the_present_one_for_ever(client, db):
    initiative = InitiativeFactory(slug="made-up-old")
    workflow.rename(record=initiative, slug="made-up-new", by="made-up-user")

    response = client.get("/kk/initiatives/made-up-old/")

    assert (response.status_code, response["Location"]) == (301, "/kk/initiatives/made-up-new/")


def test_a_withdrawn_initiative_is_gone_and_names_what_took_its_place(client, db):
    successor = InitiativeFactory(name="The successor")
    initiative = InitiativeFactory(name="A name nobody should read")
    workflow.withdraw(record=initiative, by="made-up-user", reason="a duplicate", replaced_by=successor)

    response = client.get(initiative.get_absolute_url())

    assert response.status_code == 410
    assert "Something else has taken its place: The successor" in words(response)
    assert "nobody should read" not in words(response)


def test_a_withdrawn_initiative_is_gone_at_its_former_address_too(client, db):
    initiative = InitiativeFactory(slug="made-up-old")
    initiative = workflow.rename(record=initiative, slug="made-up-new", by="made-up-user")
    workflow.withdraw(record=initiative, by="made-up-user", reason="a mistake")

    response = client.get("/initiatives/made-up-old/", follow=True)

    assert response.redirect_chain == [("/initiatives/made-up-new/", 301)]
    assert response.status_code == 410
    assert "Nothing has taken its place." in words(response)


def test_the_replacement_of_a_withdrawn_initiative_is_not_named_when_it_is_withdrawn_itself(client, db):
    successor = InitiativeFactory(name="The successor")
    initiative = InitiativeFactory()
    workflow.withdraw(record=initiative, by="made-up-user", reason="a duplicate", replaced_by=successor)
    workflow.withdraw(record=successor, by="made-up-user", reason="a mistake")

    assert "The successor" not in words(client.get(initiative.get_absolute_url()))


def test_a_draft_is_as_absent_as_what_never_was(client, db):
    draft = InitiativeFactory(state="draft", slug="made-up-draft")

    response = client.get(draft.get_absolute_url())

    assert response.status_code == 404
    assert "There is no page at this address" in words(response)
    assert draft.name not in words(response)
