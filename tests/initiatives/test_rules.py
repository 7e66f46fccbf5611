"""The rules of history that never bend, each held by the database itself."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from editorial import ledger, workflow
from editorial.models import Change
from initiatives.models import Initiative, StatusCitation, StatusUpdate, Step
from initiatives.workflow import correct_status, record_status
from reference.partial_dates import PartialDate
from tests.factories import (
    InitiativeFactory,
    MeetingFactory,
    PartyFactory,
    SourceFactory,
    StatusCitationFactory,
    StatusUpdateFactory,
)


@pytest.fixture
def published(record):
    return record(InitiativeFactory(), "proposed", date="2024-05", role="proposed")


def run_sql(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


class TestNoPublishedStatusWithoutEvidence:
    def test_the_database_refuses_to_publish_a_row_without_a_citation(self, db):
        row = StatusUpdateFactory()
        with pytest.raises(DatabaseError, match="no published status without evidence"):
            run_sql("UPDATE initiatives_statusupdate SET state = 'published', published_at = now() WHERE id = %s", row.pk)

    def test_the_database_refuses_a_row_that_is_born_published(self, db):
        initiative = InitiativeFactory()
        with pytest.raises(DatabaseError, match="no published status without evidence"), transaction.atomic():
            StatusUpdateFactory(initiative=initiative, state="published", published_at=datetime.datetime.now(datetime.UTC))

    def test_the_verb_names_the_missing_citation(self, db):
        with pytest.raises(ValidationError) as refusal:
            workflow.publish(record=StatusUpdateFactory(), by="made-up-user")
        assert list(refusal.value.message_dict) == ["citations"]

    def test_recording_a_status_without_evidence_names_the_field(self, db):
        with pytest.raises(ValidationError) as refusal:
            record_status(
                initiative=InitiativeFactory(),
                status="proposed",
                date="2024",
                role="proposed",
                summary="x",
                citations=[],
                by="e",
            )
        assert list(refusal.value.message_dict) == ["citations"]
        assert not StatusUpdate.objects.exists()

    def test_a_row_with_a_citation_can_be_published(self, db):
        row = StatusCitationFactory().parent
        assert workflow.publish(record=row, by="made-up-user").is_public


class TestHistoryIsAppendOnly:
    @pytest.mark.parametrize(
        "change",
        [
            "summary = 'better words'",
            "state = 'draft'",
            "status = 'agreed'",
            "date = '2023'",
            "i18n = '{}'",
            "updated_at = now()",
        ],
    )
    def test_a_published_update_cannot_be_edited_even_with_sql(self, published, change):
        with pytest.raises(DatabaseError, match="published history is final"):
            run_sql(f"UPDATE initiatives_statusupdate SET {change} WHERE id = %s", published.pk)

    def test_a_published_update_cannot_be_edited_through_the_orm(self, published):
        with pytest.raises(DatabaseError, match="published history is final"), transaction.atomic():
            StatusUpdate.objects.filter(pk=published.pk).update(summary="better words")

    def test_a_published_update_cannot_be_deleted_even_with_sql(self, published):
        Step.objects.all().delete()
        with pytest.raises(DatabaseError, match="published history is final"):
            run_sql("DELETE FROM initiatives_statusupdate WHERE id = %s", published.pk)

    def test_a_published_update_cannot_be_deleted_through_the_orm(self, published):
        with pytest.raises(DatabaseError, match="published history is final"), transaction.atomic():
            published.delete()

    @pytest.mark.parametrize("table", ["initiatives_statusupdate", "initiatives_statuscitation"])
    def test_history_cannot_be_truncated(self, published, table):
        run_sql("SET CONSTRAINTS ALL IMMEDIATE")  # so that PostgreSQL's own refusal for pending rows is out of the way
        with pytest.raises(DatabaseError, match="published history is final"):
            run_sql(f"TRUNCATE {table} CASCADE")

    @pytest.mark.parametrize("sql", ["DELETE FROM initiatives_statuscitation", "UPDATE initiatives_statuscitation SET locator = 'p. 2'"])
    def test_the_evidence_of_a_published_update_is_as_final_as_the_update(self, published, sql):
        with pytest.raises(DatabaseError, match="published history is final"):
            run_sql(f"{sql} WHERE parent_id = %s", published.pk)

    def test_no_evidence_can_be_slipped_under_a_published_update(self, published, record):
        draft = record(InitiativeFactory(), publish=False)
        with pytest.raises(DatabaseError, match="published history is final"), transaction.atomic():
            StatusCitationFactory(parent=published)
        with pytest.raises(DatabaseError, match="published history is final"):
            run_sql("UPDATE initiatives_statuscitation SET parent_id = %s WHERE parent_id = %s", published.pk, draft.pk)

    def test_the_verb_of_saving_refuses_published_history_before_the_database_has_to(self, published):
        published.summary = "better words"
        with pytest.raises(ValidationError, match="Published history is final"):
            workflow.save(record=published, by="made-up-user")

    def test_a_published_update_cannot_be_withdrawn(self, published):
        with pytest.raises(ValidationError, match="Published history is final"):
            workflow.withdraw(record=published, by="made-up-user", reason="changed my mind")

    def test_a_draft_can_still_be_changed_and_thrown_away(self, record):
        draft = record(InitiativeFactory(), "proposed", publish=False)
        StatusUpdate.objects.filter(pk=draft.pk).update(summary="better words", version=2)
        workflow.discard(record=StatusUpdate.objects.get(pk=draft.pk), by="made-up-user")
        assert not StatusUpdate.objects.exists()


class TestCorrection:
    def test_a_mistake_is_corrected_by_a_new_row_and_both_stay(self, published):
        newer = correct_status(mistaken=published, by="made-up-user", reason="The page says June.", date="2024-06")
        workflow.publish(record=newer, by="made-up-reviewer")

        initiative = Initiative.objects.get()
        assert [str(row.date.value) for row in initiative.updates.public().in_order()] == ["2024-05", "2024-06"]
        assert initiative.status_since == PartialDate("2024-06")
        assert published.corrected_by == newer

    def test_what_is_not_said_anew_is_taken_over(self, published):
        newer = correct_status(mistaken=published, by="made-up-user", reason="Wrong month.", date="2024-06")
        assert (newer.status, newer.summary, newer.role) == (published.status, published.summary, published.role)
        assert [c.source for c in newer.citations.all()] == [c.source for c in published.citations.all()]

    def test_a_correction_needs_a_reason(self, published):
        with pytest.raises(ValidationError) as refusal:
            correct_status(mistaken=published, by="made-up-user", reason=" ", date="2024-06")
        assert list(refusal.value.message_dict) == ["reason"]

    def test_a_draft_is_edited_and_not_corrected(self, record):
        draft = record(InitiativeFactory(), "proposed", publish=False)
        with pytest.raises(ValidationError, match="not public yet"):
            correct_status(mistaken=draft, by="made-up-user", reason="x")

    def test_a_row_is_corrected_once(self, published):
        correct_status(mistaken=published, by="made-up-user", reason="x", date="2024-06")
        with pytest.raises(ValidationError, match="corrected already"):
            correct_status(mistaken=published, by="made-up-user", reason="y", date="2024-07")

    def test_a_correction_of_another_initiatives_row_is_refused_by_the_database(self, published):
        with (
            pytest.raises(DatabaseError, match="a correction names a published row of the same initiative"),
            transaction.atomic(),
        ):
            StatusUpdateFactory(corrects=published)


class TestStatusIsDerivedFromHistory:
    def test_the_current_status_follows_the_history_whatever_the_order_of_entry(self, record):
        initiative = InitiativeFactory(kind="fund")

        record(initiative, "signed", date="2023-03")
        record(initiative, "proposed", date="2015")

        initiative.refresh_from_db()
        assert initiative.status == "signed"
        assert initiative.status_since == PartialDate("2023-03")

    def test_a_draft_changes_nothing(self, record):
        initiative = InitiativeFactory()
        record(initiative, "proposed", date="2023")
        record(initiative, "agreed", date="2024", publish=False)
        initiative.refresh_from_db()
        assert initiative.status == "proposed"

    def test_a_later_report_of_a_lower_rung_is_progress_and_no_step_back(self, record):
        initiative = InitiativeFactory()
        record(initiative, "agreed", date="2023")
        record(initiative, "proposed", date="2024")
        initiative.refresh_from_db()
        assert (initiative.status, initiative.last_heard.value) == ("agreed", "2024")

    def test_a_real_step_back_needs_a_reason_and_then_counts(self, record):
        initiative = InitiativeFactory()
        record(initiative, "agreed", date="2023")
        record(initiative, "under_discussion", date="2024", step_back_reason="The agreement was reopened.")
        initiative.refresh_from_db()
        assert (initiative.status, initiative.status_since.value) == ("under_discussion", "2024")

    def test_a_reason_for_a_step_back_that_is_none_is_refused(self, record):
        initiative = InitiativeFactory()
        record(initiative, "proposed", date="2023")
        with pytest.raises(ValidationError) as refusal:
            record(initiative, "", date="2024", step_back_reason="Because.")
        assert list(refusal.value.message_dict) == ["step_back_reason"]

    def test_a_step_back_counts_whatever_the_order_of_entry(self, record):
        initiative = InitiativeFactory()
        record(initiative, "under_discussion", date="2024", step_back_reason="The agreement was reopened.")
        record(initiative, "agreed", date="2023")
        initiative.refresh_from_db()
        assert (initiative.status, initiative.status_since.value) == ("under_discussion", "2024")

    def test_a_step_back_can_be_corrected_without_being_undone(self, record):
        initiative = InitiativeFactory()
        record(initiative, "agreed", date="2023")
        mistaken = record(initiative, "under_discussion", date="2024", step_back_reason="The agreement was reopened.")
        workflow.publish(record=correct_status(mistaken=mistaken, by="e", reason="A typing error.", summary="Better words."), by="e")
        initiative.refresh_from_db()
        assert initiative.status == "under_discussion"

    def test_a_draft_of_a_correction_changes_nothing_yet(self, record):
        initiative = InitiativeFactory()
        proposal = record(initiative, "proposed", role="proposed", meeting=MeetingFactory())
        correct_status(mistaken=proposal, by="e", reason="Wrong meeting.", meeting=MeetingFactory())
        record(initiative, "", date="2025")
        initiative.refresh_from_db()
        assert initiative.proposed_at == proposal.meeting
        call_command("check_history", verbosity=0)

    def test_a_source_judged_anew_changes_the_evidence_of_what_cites_it(self, record):
        initiative, source = InitiativeFactory(), SourceFactory(kind="official")
        record(initiative, "proposed", citations=[source])
        before = ledger.snapshot(source)
        source.kind = "portal"
        workflow.save(record=source, by="e", before=before)
        initiative.refresh_from_db()
        assert initiative.evidence == "single_report"
        call_command("check_history", verbosity=0)

    def test_check_history_proves_that_stored_and_derived_agree(self, record):
        record(InitiativeFactory(), "proposed")
        call_command("check_history", verbosity=0)

    @pytest.mark.parametrize(
        "tampering",
        [
            {"status": "agreed"},
            {"last_heard": "2001"},
            {"evidence": "official"},
            {"status_since": "2001"},
        ],
    )
    def test_check_history_finds_a_stored_answer_that_was_tampered_with(self, record, tampering, capsys):
        initiative = InitiativeFactory()
        record(initiative, "proposed")
        Initiative.objects.filter(pk=initiative.pk).update(**tampering, version=F("version") + 1)
        with pytest.raises(CommandError, match="1 fault"):
            call_command("check_history")
        assert initiative.slug in capsys.readouterr().err

    def test_check_history_finds_steps_that_are_gone(self, record, capsys):
        record(InitiativeFactory(), "proposed")
        Step.objects.all().delete()
        with pytest.raises(CommandError, match="1 fault"):
            call_command("check_history")

    def test_publishing_a_row_changes_the_initiative_in_the_ledger_too(self, record):
        initiative = InitiativeFactory()
        record(initiative, "proposed")
        change = Change.objects.public().get(verb="initiative.standing_changed")
        assert (change.before["status"], change.after["status"]) == ("", "proposed")
        initiative.refresh_from_db()
        assert initiative.serial == change.serial


class TestTheLadder:
    def test_a_status_off_the_ladder_of_its_kind_is_refused_with_those_it_can_have(self, db):
        with pytest.raises(ValidationError) as refusal:
            record_status(
                initiative=InitiativeFactory(kind="event"),
                status="ratifying",
                date="2024",
                role="reviewed",
                summary="x",
                citations=[SourceFactory()],
                by="e",
            )
        assert refusal.value.message_dict["status"] == [
            "“ratifying” is not a step for this kind of initiative (event); it can be: proposed, under_discussion, agreed, signed, "
            "operating, completed, suspended, withdrawn, superseded."
        ]

    def test_the_database_refuses_it_too(self, db):
        row = StatusUpdateFactory(initiative=InitiativeFactory(kind="event"))
        with pytest.raises(DatabaseError, match="status ratifying is not a step for an initiative of kind event"):
            run_sql("UPDATE initiatives_statusupdate SET status = 'ratifying' WHERE id = %s", row.pk)

    def test_a_kind_whose_ladder_lacks_a_status_of_the_past_is_refused(self, record):
        initiative = InitiativeFactory(kind="fund")
        record(initiative, "ratifying", date="2023")
        record(initiative, "operating", date="2024")
        with pytest.raises(DatabaseError, match="cannot have had the statuses of this history"), transaction.atomic():
            Initiative.objects.filter(pk=initiative.pk).update(kind="project")

    def test_a_kind_whose_ladder_lacks_the_present_status_is_refused(self, record):
        initiative = InitiativeFactory(kind="treaty")
        record(initiative, "in_force")
        with pytest.raises(DatabaseError, match=r"initiative_status_on_its_ladder|cannot have had"), transaction.atomic():
            Initiative.objects.filter(pk=initiative.pk).update(kind="event")


class TestARowOfHistory:
    @pytest.mark.parametrize(
        ("row", "field"),
        [
            ({"date": ""}, "date"),
            ({"date": "2024-13"}, "date"),
            ({"date": "24.10.2025"}, "date"),
            ({"date": "2024-02-30"}, "date"),
            ({"date": "2031"}, "status"),
            ({"date": "2031", "status": ""}, "date"),
            ({"status": "nearly"}, "status"),
            ({"role": "danced"}, "role"),
            ({"certainty": "sure"}, "certainty"),
            ({"role": "ratified"}, "party"),
            ({"summary": ""}, "summary"),
            ({"citations": [{"locator": "p. 1"}]}, "citations"),
        ],
    )
    def test_bad_input_is_refused_by_field_and_nothing_is_half_written(self, db, row, field):
        good = {
            "status": "proposed",
            "date": "2024",
            "role": "proposed",
            "summary": "x",
            "citations": [SourceFactory()],
            "by": "e",
        }
        with pytest.raises(ValidationError) as refusal:
            record_status(initiative=InitiativeFactory(), now=datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC), **good | row)
        assert list(refusal.value.message_dict) == [field]
        assert not StatusUpdate.objects.exists()
        assert not StatusCitation.objects.exists()
        assert not Change.objects.exists()

    def test_a_day_after_today_is_possible_at_a_planned_meeting(self, db):
        planned = MeetingFactory(start="2027", phase="planned")
        now = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)
        row = {
            "date": "2027",
            "role": "announced",
            "summary": "x",
            "citations": [SourceFactory()],
            "by": "e",
            "now": now,
        }
        assert record_status(initiative=InitiativeFactory(), meeting=planned, **row).date.value == "2027"
        for elsewhere in ({"meeting": MeetingFactory()}, {"meeting": planned, "date": "2028"}, {"meeting": planned, "status": "signed"}):
            with pytest.raises(ValidationError, match="still to come"):
                record_status(initiative=InitiativeFactory(), **row | elsewhere)

    def test_the_year_that_is_running_is_not_after_today(self, db):
        now = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)
        row = {
            "date": "2026",
            "role": "reviewed",
            "summary": "x",
            "citations": [SourceFactory()],
            "by": "e",
            "now": now,
        }
        assert record_status(initiative=InitiativeFactory(), **row).pk

    def test_rows_get_codes_that_count_up(self, record):
        initiative = InitiativeFactory(slug="made-up-fund")
        assert [record(initiative).code, record(initiative).code] == ["made-up-fund-1", "made-up-fund-2"]

    def test_a_row_is_dated_and_summarised_even_for_sql(self, db):
        row = StatusUpdateFactory()
        for change, name in [("date = ''", "status_update_is_dated"), ("summary = ''", "status_update_has_a_summary")]:
            with pytest.raises(DatabaseError, match=name):
                run_sql(f"UPDATE initiatives_statusupdate SET {change} WHERE id = %s", row.pk)

    def test_it_cannot_be_published_at_a_meeting_that_is_not(self, record):
        draft = record(InitiativeFactory(), "proposed", meeting=MeetingFactory(state="draft"), publish=False)
        with pytest.raises(ValidationError) as refusal:
            workflow.publish(record=draft, by="made-up-reviewer")
        assert list(refusal.value.message_dict) == ["meeting"]

    def test_publishing_it_makes_its_source_and_party_public(self, record):
        source, party = SourceFactory(is_public=False), PartyFactory(is_public=False)
        record(InitiativeFactory(), "proposed", citations=[source], party=party)
        source.refresh_from_db()
        party.refresh_from_db()
        assert source.is_public
        assert party.is_public


def test_a_row_filed_at_the_wrong_meeting_leaves_it_once_corrected(record, client):
    wrong, right, initiative = MeetingFactory(), MeetingFactory(), InitiativeFactory()
    mistaken = record(initiative, "proposed", role="proposed", meeting=wrong)
    workflow.publish(record=correct_status(mistaken=mistaken, by="e", reason="Wrong meeting.", meeting=right), by="e")

    assert client.get(f"/api/v1/meetings/{wrong.slug}/").json()["initiatives"] == []
    assert [row["slug"] for row in client.get(f"/api/v1/meetings/{right.slug}/").json()["initiatives"]] == [initiative.slug]
    assert client.get(f"/api/v1/initiatives/?meeting={wrong.slug}").json()["results"] == []
