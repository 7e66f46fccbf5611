"""The list of initiatives and the page of one, with made-up records."""

import datetime

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from editorial import workflow
from initiatives.workflow import correct_status
from reference.partial_dates import PartialDate
from tests.factories import (
    ConflictCitationFactory,
    ConflictFactory,
    InitiativeFactory,
    InitiativeNameFactory,
    InitiativePartyFactory,
    InitiativeRelationFactory,
    MeetingFactory,
    PartyFactory,
    ProvisionLinkFactory,
    SourceFactory,
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


# The page of one


def test_the_page_gives_the_three_answers_with_what_each_means(client, record):
    initiative = InitiativeFactory(deadline="2026-06", deadline_note="first capital")
    record(initiative, "agreed", date="2026-02")

    page = words(client.get(initiative.get_absolute_url()))

    assert "Agreed since February 2026" in page
    assert "The parties have adopted or decided it" in page
    assert "One report One newsroom reports it" in page
    assert "1 source cited for the status." in page
    assert "Overdue The deadline has passed" in page
    assert "Deadline: June 2026 (first capital)." in page


def test_the_page_names_the_meetings_where_it_was_proposed_and_where_it_reached_its_status(client, record):
    initiative = InitiativeFactory()
    first = MeetingFactory(name="Made-up council", place="Oldtown", start="2023-02")
    second = MeetingFactory(name="Made-up summit (Newtown)", place="Newtown", start="2024-05-17")
    record(initiative, "proposed", date="2023-02", role="proposed", meeting=first)
    record(initiative, "signed", date="2024-05-17", role="signed", meeting=second)

    response = client.get(initiative.get_absolute_url())

    assert "Proposed at: Made-up council, Oldtown, February 2023" in words(response)
    assert "Reached at: Made-up summit (Newtown), 17 May 2024" in words(response)
    assert first.get_absolute_url() in response.content.decode()


def test_an_initiative_without_a_history_says_so(client, db):
    page = words(client.get(InitiativeFactory().get_absolute_url()))

    assert "No status recorded" in page
    assert "Nothing dated and sourced has been recorded yet." in page


def test_the_history_is_dated_sourced_and_latest_first(client, record):
    initiative = InitiativeFactory()
    source = SourceFactory(publisher="Made-up Gazette", language="ru", published="2024-05-18")
    record(initiative, "proposed", date="2023", summary="It was put forward.")
    record(initiative, "signed", date="2024-05", summary="It was signed.", role="signed", citations=[source])

    page = words(client.get(initiative.get_absolute_url()))
    history = page[page.index("History, latest first") :]

    assert history.index("It was signed.") < history.index("It was put forward.")
    assert "May 2024 Signed Signed" in history
    assert "Made-up Gazette, 18 May 2024, Russian, news agency about this source" in history


def test_a_source_is_linked_where_it_can_be_read_and_where_it_is_described(client, record):
    initiative = InitiativeFactory()
    source = SourceFactory(slug="made-up-gazette", url="https://gazette.example/1")
    record(initiative, "proposed", citations=[source])

    page = client.get(initiative.get_absolute_url()).content.decode()

    assert '<a href="https://gazette.example/1" rel="external noopener"' in page
    assert 'href="/sources/made-up-gazette/"' in page


def test_a_row_that_changed_the_status_is_told_from_one_that_repeats_it(client, record):
    initiative = InitiativeFactory()
    first = record(initiative, "signed", date="2023")
    second = record(initiative, "signed", date="2024")

    page = client.get(initiative.get_absolute_url()).content.decode()

    assert f'<li class="event event-changing" id="{first.code}">' in page
    assert f'<li class="event" id="{second.code}">' in page
    assert "Status reported: Signed (no change)" in page


def test_a_corrected_row_stays_struck_and_the_two_rows_link_to_each_other(client, record):
    initiative = InitiativeFactory()
    wrong = record(initiative, "signed", date="2023", summary="It was signed.")
    right = correct_status(mistaken=wrong, by="made-up-user", reason="misread", status="proposed", summary="It was not.")
    right = workflow.publish(record=right, by="made-up-user")

    page = client.get(initiative.get_absolute_url()).content.decode()

    assert f'<li class="event event-corrected" id="{wrong.code}">' in page
    assert "<s>It was signed.</s>" in page
    assert f'<a href="#{right.code}">The entry of 2023</a> corrects it.' in page
    assert f'This entry corrects <a href="#{wrong.code}">the entry of 2023</a>' in page


def test_a_correction_that_is_still_a_draft_does_not_show(client, record):
    initiative = InitiativeFactory()
    wrong = record(initiative, "signed", date="2023", summary="It was signed.")
    correct_status(mistaken=wrong, by="made-up-user", reason="misread", summary="Not yet to be seen.")

    page = client.get(initiative.get_absolute_url()).content.decode()

    assert "Not yet to be seen." not in page
    assert "event-corrected" not in page


def test_what_another_source_says_and_how_certain_a_row_is_stands_beside_it(client, record):
    initiative = InitiativeFactory()
    record(initiative, "proposed", certainty="disputed", conflict="Another paper names another day.")

    page = words(client.get(initiative.get_absolute_url()))

    assert "How plainly the source says it: disputed" in page
    assert "Another source says: Another paper names another day." in page


def test_two_accounts_stand_side_by_side_with_their_sources_and_a_draft_of_one_does_not(client, db):
    initiative = InitiativeFactory()
    known = ConflictFactory(version_a="It was on Monday", version_b="It was on Tuesday")
    known.initiatives.add(initiative)
    ConflictCitationFactory(parent=known, source=SourceFactory(publisher="Monday Post"), supports="a")
    ConflictCitationFactory(parent=known, source=SourceFactory(publisher="Tuesday Post"), supports="b")
    ConflictFactory(version_a="Not yet to be seen", state="draft").initiatives.add(initiative)

    page = words(client.get(initiative.get_absolute_url()))

    assert page.index("It was on Monday") < page.index("Monday Post") < page.index("It was on Tuesday") < page.index("Tuesday Post")
    assert "Not yet to be seen" not in page


def test_relations_read_right_from_both_sides(client, db):
    fund, platform = InitiativeFactory(name="Made-up fund"), InitiativeFactory(name="Made-up platform")
    InitiativeRelationFactory(initiative=fund, target=platform, kind="replaces")
    InitiativeRelationFactory(initiative=fund, target=platform, kind="distinct_from")

    assert "Replaces Made-up platform Is not the same as Made-up platform" in words(client.get(fund.get_absolute_url()))
    assert "Is replaced by Made-up fund Is not the same as Made-up fund" in words(client.get(platform.get_absolute_url()))


def test_the_ladder_shows_when_each_rung_was_reached_and_where_it_stands(client, record):
    initiative = InitiativeFactory()
    record(initiative, "proposed", date="2023")
    record(initiative, "signed", date="2024-05")

    rungs = client.get(initiative.get_absolute_url()).content.decode().split('<ol class="ladder">')[1].split("</ol>")[0]

    assert " ".join(strip_tags(rungs).split()) == (
        "Proposed 2023 Under discussion passed over Agreed passed over Signed May 2024 "
        "Being ratified not reached Established not reached Operating not reached Completed not reached"
    )
    assert rungs.index('aria-current="step"') > rungs.index("Agreed")


def test_after_a_final_status_nothing_is_shown_as_still_to_come(client, record):
    initiative = InitiativeFactory()
    record(initiative, "proposed", date="2023")
    record(initiative, "withdrawn", date="2024")

    rungs = client.get(initiative.get_absolute_url()).content.decode().split('<ol class="ladder">')[1].split("</ol>")[0]

    assert " ".join(strip_tags(rungs).split()) == "Proposed 2023 Withdrawn 2024"


def test_a_page_in_another_language_marks_what_it_has_only_in_english(client, db):
    initiative = InitiativeFactory(name="Made-up fund", name_tr="Uydurma fon", summary="It would pay.")

    turkish = client.get(f"/tr/initiatives/{initiative.slug}/").content.decode()
    english = client.get(f"/initiatives/{initiative.slug}/").content.decode()

    assert "<h1>Uydurma fon</h1>" in turkish
    assert '<span lang="en">It would pay.</span>' in turkish
    assert "in-language" not in english


def test_text_written_by_an_editor_is_never_markup(client, record):
    initiative = InitiativeFactory(name="<i>Fund</i>", summary="<script>", notes="<u>", deadline="2030", deadline_note="<s>")
    record(initiative, "proposed", summary="<b>bold</b>", conflict="<em>", citations=[SourceFactory(publisher="<tt>")])

    for prefix in ("", "/ru"):
        page = client.get(f"{prefix}/initiatives/{initiative.slug}/").content.decode()
        for markup in ("<i>", "<script", "<u>", "<s>", "<b>", "<em>", "<tt>"):
            assert markup not in page


def test_the_page_takes_no_more_queries_for_a_longer_history(client, record, budget):
    initiative = InitiativeFactory()
    initiative.themes.add(ThemeFactory(), ThemeFactory())
    for number in range(6):
        row = record(initiative, "proposed", date=f"20{10 + number}", meeting=MeetingFactory(), party=PartyFactory())
        InitiativePartyFactory(initiative=initiative)
        InitiativeRelationFactory(initiative=initiative)
        InitiativeRelationFactory(target=initiative)
        ProvisionLinkFactory(initiative=initiative)
        conflict = ConflictFactory()
        conflict.initiatives.add(initiative)
        ConflictCitationFactory(parent=conflict)
    workflow.publish(record=correct_status(mistaken=row, by="made-up-user", reason="misread"), by="made-up-user")
    with budget("initiative"):
        client.get(initiative.get_absolute_url())


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

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert words(client.get(draft.get_absolute_url())) == words(client.get("/initiatives/made-up-nothing/"))
