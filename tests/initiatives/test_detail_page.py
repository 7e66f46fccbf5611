"""The page of one initiative, with made-up records."""

import datetime

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from editorial import workflow
from initiatives.workflow import correct_status
from tests.factories import (
    ConflictCitationFactory,
    ConflictFactory,
    InitiativeFactory,
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


def test_the_page_gives_the_three_answers_with_what_each_means(client, record):
    initiative = InitiativeFactory(deadline="2026-06", deadline_note="first capital")
    record(initiative, "agreed", date="2026-02")

    page = words(client.get(initiative.get_absolute_url()))

    assert "Agreed since February 2026" in page
    assert "The parties have adopted or decided it" in page
    assert "One report One newsroom reports it" in page
    assert "1 source cited for the status." in page
    assert "Overdue The deadline has passed" in page
    assert "Deadline: June 2026 (first capital)" in page


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


def test_a_proposal_made_after_talks_had_begun_is_not_passed_over(client, record):
    initiative = InitiativeFactory()
    record(initiative, "under_discussion", date="2024-03")
    record(initiative, date="2024-05-17", role="proposed", meeting=MeetingFactory(start="2024-05-17"))

    rungs = client.get(initiative.get_absolute_url()).content.decode().split('<ol class="ladder">')[1].split("</ol>")[0]

    assert " ".join(strip_tags(rungs).split()).startswith("Proposed 17 May 2024 Under discussion March 2024 Agreed not reached")


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
