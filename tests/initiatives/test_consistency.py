"""The consistency report: each contradiction found in a made-up case, and not found in the nearest case that is in order."""

import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import workflow
from initiatives.consistency import CONTRADICTIONS, report
from initiatives.models import StatusUpdate
from initiatives.workflow import correct_status
from tests.desk import signed_in
from tests.factories import (
    DocumentFactory,
    InitiativeFactory,
    InitiativePartyFactory,
    InitiativeRelationFactory,
    MeetingFactory,
    PartyFactory,
    ProvisionFactory,
    ProvisionLinkFactory,
    SeriesFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2025, 6, 15)


def kinds():
    return {found.kind for found in report(on=TODAY)}


def found(kind):
    return [(finding.record, finding.sentence) for finding in report(on=TODAY) if finding.kind == kind]


@pytest.fixture
def made(record):
    """An initiative with the rows given: status and whatever else the verb takes."""

    def _made(*rows, **about):
        initiative = InitiativeFactory(**about)
        for row in rows:
            record(initiative, **({"status": row} if isinstance(row, str) else row))
        initiative.refresh_from_db()
        return initiative

    return _made


def at(meeting=None, /, **more):
    """A row at a meeting, on its day."""
    meeting = meeting or MeetingFactory()
    return {"meeting": meeting, "date": meeting.start, **more}


# Initiatives and their histories


def test_signed_nowhere_is_found(made):
    initiative = made({"status": "signed", "date": "2023"}, {"status": "signed", "date": "2024"}, {"status": "operating", "date": "2025"})
    latest = initiative.updates.get(date="2024")

    assert found("signed_without_meeting_or_document") == [(latest, "It was signed, but no meeting is named where, and no document.")]


def test_signed_nowhere_leads_to_the_row_whose_correction_clears_it(made, editor):
    row = made("signed").updates.get()
    [finding] = [finding for finding in report(on=TODAY) if finding.kind == "signed_without_meeting_or_document"]
    page = signed_in(editor).get(finding.form)

    assert "Correct this row" in page.content.decode()
    assert page.context["original"] == row

    meeting = MeetingFactory()
    correction = correct_status(
        mistaken=row, meeting=meeting, role="signed", date=meeting.start, by="made-up-user", reason="The meeting was not named."
    )
    workflow.publish(record=correction, by="made-up-reviewer")
    assert "signed_without_meeting_or_document" not in kinds()


def test_signed_at_a_meeting_or_with_a_provision_or_by_others_is_in_order(made):
    made(at(status="signed", role="signed"))
    ProvisionLinkFactory(initiative=made("signed"), provision=ProvisionFactory())
    made("signed", scope="bilateral")

    assert "signed_without_meeting_or_document" not in kinds()


def test_two_statuses_of_one_day_are_found_on_the_newest_day(made):
    initiative = made({"status": "agreed", "date": "2024-05-17"}, {"status": "suspended", "date": "2024-05-17"})

    assert found("two_statuses_on_one_day") == [
        (initiative.updates.last(), "Two rows of 17 May 2024 give it different statuses; say which of them holds.")
    ]


def test_two_statuses_of_one_day_are_in_order_once_one_corrects_the_other_or_a_later_row_decides_or_only_the_year_is_known(made):
    corrected = made({"status": "agreed", "date": "2024-05-17"})
    row = correct_status(mistaken=corrected.updates.get(), status="signed", by="made-up-user", reason="Made up.")
    workflow.publish(record=row, by="made-up-reviewer")
    made({"status": "agreed", "date": "2024-05-17"}, {"status": "signed", "date": "2024-05-17"}, {"status": "operating", "date": "2025"})
    made({"status": "agreed", "date": "2024"}, {"status": "signed", "date": "2024"})
    made({"status": "agreed", "date": "2024-05-17"}, {"status": "agreed", "date": "2024-05-17"})

    assert "two_statuses_on_one_day" not in kinds()


def test_operating_but_never_agreed_is_found(made):
    initiative = made({"status": "proposed", "date": "2020"}, {"status": "operating", "date": "2024"})

    assert [record for record, _sentence in found("operating_but_never_agreed")] == [initiative]


@pytest.mark.parametrize("before", ["agreed", "signed", "established"])
def test_operating_after_any_word_of_agreement_is_in_order(made, before):
    made({"status": before, "date": "2020"}, {"status": "operating", "date": "2024"})

    assert "operating_but_never_agreed" not in kinds()


def test_a_ratification_by_a_party_that_takes_no_part_is_found(made):
    party = PartyFactory(name="Made-up Land")
    initiative = made({"status": "ratifying", "role": "ratified", "party": party}, kind="treaty")

    [(record, sentence)] = found("ratified_by_a_party_that_takes_no_part")

    assert (record, sentence) == (initiative.updates.get(), "Made-up Land ratified it, but is not among its parties.")


def test_a_ratification_by_one_of_its_parties_is_in_order(made):
    initiative = InitiativeFactory(kind="treaty")
    part = InitiativePartyFactory(initiative=initiative)
    made_up = {"status": "ratifying", "role": "ratified", "party": part.party}
    made(made_up)
    InitiativePartyFactory(initiative=StatusUpdate.objects.get().initiative, party=part.party, role="ratifier")

    assert "ratified_by_a_party_that_takes_no_part" not in kinds()


def test_being_ratified_by_nobody_is_found(made):
    initiative = made({"status": "ratifying", "role": "reviewed"}, kind="treaty")

    assert [record for record, _sentence in found("being_ratified_by_nobody")] == [initiative]


def test_being_ratified_by_somebody_is_in_order(made):
    made({"status": "ratifying", "role": "ratification_step", "party": PartyFactory()}, kind="treaty")

    assert "being_ratified_by_nobody" not in kinds()


def test_a_status_reported_after_the_end_is_found(made):
    initiative = made({"status": "completed", "date": "2023"}, {"status": "operating", "date": "2024-05"})

    assert found("reported_after_its_end") == [
        (initiative.updates.last(), "It is reported as “Operating” (May 2024), after it had ended (“Completed”).")
    ]


def test_a_step_back_or_news_without_a_status_after_the_end_is_in_order(made):
    made({"status": "completed", "date": "2023"}, {"status": "operating", "date": "2024", "step_back_reason": "It was begun again."})
    made({"status": "completed", "date": "2023"}, {"date": "2024"}, {"status": "completed", "date": "2024-05"})
    made({"status": "operating", "date": "2023-05"}, {"status": "completed", "date": "2023"})

    assert "reported_after_its_end" not in kinds()


def test_superseded_by_nothing_is_found_and_superseded_by_a_named_one_is_in_order(made):
    lost, replaced = made("superseded"), made("superseded")
    InitiativeRelationFactory(initiative=made("agreed"), target=replaced, kind="replaces")

    assert [record for record, _sentence in found("superseded_by_nothing")] == [lost]


def test_replaced_but_going_on_is_found_and_replaced_and_ended_is_in_order(made):
    new, going_on, ended = made("agreed", name="Made-up successor"), made("operating"), made("superseded")
    for old in (going_on, ended):
        InitiativeRelationFactory(initiative=new, target=old, kind="replaces")

    assert found("replaced_but_going_on") == [
        (going_on, "“Made-up successor” replaces it, but its own history does not say that it ended.")
    ]


def test_a_deadline_before_the_first_row_is_found_and_a_later_one_is_in_order(made):
    early = made({"status": "agreed", "date": "2024-05"}, deadline="2023")
    made({"status": "agreed", "date": "2024-05"}, deadline="2024")

    assert [record for record, _sentence in found("deadline_before_its_beginning")] == [early]


def test_a_public_initiative_of_which_nothing_is_said_is_found(made, record):
    silent = InitiativeFactory()
    record(silent, "agreed", publish=False)
    made("agreed")
    InitiativeFactory(state="draft")

    assert [record for record, _sentence in found("nothing_of_its_history_is_public")] == [silent]


# Rows of history and their meetings and sources


def test_what_happened_in_the_room_on_another_day_is_found(made):
    meeting = MeetingFactory(name="Made-up summit", start="2024-05-17", end="2024-05-18")
    initiative = made({"status": "agreed", "role": "agreed", "meeting": meeting, "date": "2024-06-01"})

    assert found("dated_outside_its_meeting") == [
        (initiative.updates.get(), "It is dated 1 June 2024, which is not when “Made-up summit” was held (17 May 2024).")
    ]


def test_what_can_be_of_the_day_of_the_meeting_or_is_only_news_of_it_is_in_order(made):
    meeting = MeetingFactory(start="2024-05-17", end="2024-05-18")
    for date in ("2024", "2024-05", "2024-05-18"):
        made({"status": "agreed", "role": "agreed", "meeting": meeting, "date": date})
    made({"role": "announced", "meeting": meeting, "date": "2024-06-01"})

    assert "dated_outside_its_meeting" not in kinds()


@pytest.mark.parametrize("phase", ["planned", "cancelled", "postponed"])
def test_a_status_reached_at_a_meeting_that_was_not_held_is_found(made, phase):
    meeting = MeetingFactory(phase="held")
    initiative = made(at(meeting, status="agreed", role="agreed"))
    workflow.save(record=changed(meeting, phase=phase), by="made-up-user", before={})

    assert [record for record, _sentence in found("status_at_a_meeting_not_held")] == [initiative.updates.get()]


def test_a_status_reached_at_a_meeting_that_was_held_is_in_order(made):
    made(at(status="agreed", role="agreed"))

    assert "status_at_a_meeting_not_held" not in kinds()


def test_proof_older_than_what_it_proves_is_found(made):
    initiative = made({"status": "agreed", "date": "2024-05-17", "citations": [SourceFactory(published="2024-05-16")]})

    assert [record for record, _sentence in found("proof_older_than_what_it_proves")] == [initiative.updates.get()]


def test_proof_of_the_same_time_or_later_or_of_no_date_is_in_order(made):
    for published in ("2024-05-17", "2024", "2025", ""):
        cited = [SourceFactory(published="2020"), SourceFactory(published=published)]
        made({"status": "agreed", "date": "2024-05-17", "citations": cited})

    assert "proof_older_than_what_it_proves" not in kinds()


# Meetings and documents


def test_a_meeting_held_in_the_future_is_found_and_one_of_today_or_ahead_is_in_order():
    ahead = MeetingFactory(start="2025-06-16", phase="held")
    MeetingFactory(start="2025-06-15", phase="held")
    MeetingFactory(start="2025", phase="held")
    MeetingFactory(start="2025-06-16", phase="planned")

    assert [record for record, _sentence in found("held_in_the_future")] == [ahead]


def test_documents_of_a_meeting_that_was_not_held_are_found_and_drafts_of_them_are_in_order():
    document = DocumentFactory(meeting__phase="planned")
    DocumentFactory(meeting__phase="planned", state="draft")
    DocumentFactory()

    assert [record for record, _sentence in found("documents_of_a_meeting_not_held")] == [document.meeting]


def test_a_document_adopted_before_its_meeting_is_found_and_one_of_a_vaguer_day_is_in_order():
    early = DocumentFactory(meeting__start="2024-05-17", adopted="2024-05-16")
    for adopted in ("2024-05-17", "2024-05", "2024", ""):
        DocumentFactory(meeting__start="2024-05-17", adopted=adopted)
    DocumentFactory(meeting__start="", adopted="2024-05-17")

    assert [record for record, _sentence in found("adopted_before_its_meeting")] == [early]


def test_meetings_numbered_against_the_calendar_are_found_and_in_other_series_they_are_in_order():
    series = SeriesFactory()
    MeetingFactory(series=series, ordinal=3, start="2025-01-10")
    fourth = MeetingFactory(series=series, ordinal=4, start="2024-05-17")
    MeetingFactory(series=series, ordinal=5, start="2025")
    MeetingFactory(ordinal=9, start="2020")

    assert [record for record, _sentence in found("numbered_against_the_calendar")] == [fourth]


# The report as a whole


def test_every_contradiction_has_a_test_of_its_own():
    text = Path(__file__).read_text()

    assert not [kind for kind in CONTRADICTIONS if f'"{kind}"' not in text]


def test_every_finding_leads_to_a_form_that_opens(made, editor):
    made("signed")
    made({"status": "agreed", "date": "2024-05-17"}, {"status": "suspended", "date": "2024-05-17"})
    made("superseded")
    DocumentFactory(meeting__phase="planned")
    client = signed_in(editor)

    findings = report(on=TODAY)

    assert len(findings) >= 4
    assert {client.get(finding.form).status_code for finding in findings} == {200}


def test_drafts_and_corrected_rows_contradict_nothing(made, record):
    initiative = InitiativeFactory(state="draft")
    record(initiative, "operating", publish=False)
    MeetingFactory(start="2030-01-01", phase="held", state="draft")

    assert not report(on=TODAY)


def test_a_clean_report_takes_one_query_a_question(made):
    made(at(status="agreed", role="agreed"))

    with CaptureQueriesContext(connection) as queries:
        assert not report(on=TODAY)

    assert len(queries) == len(CONTRADICTIONS)


def test_the_command_names_what_it_found_and_fails(made):
    made("signed", name="Made-up pact")
    said = StringIO()

    with pytest.raises(CommandError, match="1 contradiction"):
        call_command("check_consistency", stdout=said)

    assert "signed_without_meeting_or_document: Made-up pact: Signed (2024) (initiatives.statusupdate" in said.getvalue()


def test_the_command_says_that_all_is_well():
    said = StringIO()

    call_command("check_consistency", stdout=said)

    assert "no contradiction found" in said.getvalue()


def changed(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    return record
