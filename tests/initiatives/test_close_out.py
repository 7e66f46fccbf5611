"""Closing a meeting out: what is listed, what becomes of each line, and what two editors do to one page."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from editorial import workflow
from editorial.models import Change
from initiatives.agenda import agenda, usual_source
from initiatives.models import CloseOut, StatusUpdate
from initiatives.workflow import change_draft, close_out_meeting
from tests.factories import (
    DocumentCitationFactory,
    DocumentFactory,
    InitiativeFactory,
    MeetingCitationFactory,
    MeetingFactory,
    ProvisionFactory,
    ProvisionLinkFactory,
    SeriesFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def series():
    return SeriesFactory()


@pytest.fixture
def meeting(series):
    return MeetingFactory(series=series, start="2024-05-16", end="2024-05-17")


@pytest.fixture
def communique():
    return SourceFactory(kind="official", publisher="Made-up Secretariat")


@pytest.fixture
def fund():
    return InitiativeFactory(name="Made-up fund", kind="fund")


@pytest.fixture
def close(editor, meeting, communique):
    """Saves lines through the verb: initiative to what was typed."""

    def _close(lines, **more):
        typed = [{"initiative": initiative, **line} for initiative, line in lines.items()]
        return close_out_meeting(**{"meeting": meeting, "lines": typed, "by": editor, "source": communique} | more)

    return _close


def listed(meeting, **more):
    return {str(item.initiative): item.reasons for item in agenda(meeting, **more)}


class TestWhatIsListed:
    def test_what_has_a_row_at_the_meeting_is_listed_published_or_not(self, meeting, record):
        for name, publish in (("A", True), ("B", False)):
            record(InitiativeFactory(name=name), "proposed", meeting=meeting, publish=publish)

        assert listed(meeting) == {"A": ["Something is recorded of it at this meeting."], "B": ["A draft names this meeting."]}

    def test_what_a_provision_of_its_documents_names_is_listed_with_the_provision(self, meeting, fund):
        provision = ProvisionFactory(document=DocumentFactory(meeting=meeting, slug="made-up-declaration"), code="p7")
        ProvisionLinkFactory(initiative=fund, provision=provision)

        assert listed(meeting) == {"Made-up fund": ["Provisions of its documents name it: made-up-declaration/p7."]}

    def test_what_was_seen_in_the_series_before_is_listed_with_the_last_such_meeting_while_it_is_unfinished(self, series, meeting, record):
        for year in ("2022", "2023"):
            earlier = MeetingFactory(series=series, name=f"Made-up meeting of {year}", start=year)
            record(fund := InitiativeFactory.create(name=f"Seen in {year}"), "proposed", date=year, meeting=earlier)
        record(fund, "agreed", date="2022", meeting=MeetingFactory(series=series, start="2021"))
        record(InitiativeFactory(name="Done"), "completed", date="2022", meeting=earlier)
        record(InitiativeFactory(name="Elsewhere"), "proposed", date="2022", meeting=MeetingFactory(start="2022"))

        assert listed(meeting) == {
            "Seen in 2022": ["Last seen in this series at: Made-up meeting of 2022."],
            "Seen in 2023": ["Last seen in this series at: Made-up meeting of 2023."],
        }

    def test_what_only_a_corrected_row_names_is_not_listed(self, meeting, fund, record):
        mistaken = record(fund, "proposed", meeting=meeting)
        record(fund, "proposed", corrects=mistaken)

        assert listed(meeting) == {}

    def test_withdrawn_initiatives_are_not_listed(self, meeting, record):
        record(gone := InitiativeFactory(), "proposed", meeting=meeting, publish=False)
        workflow.withdraw(record=gone, by="made-up-reviewer", reason="A duplicate.")

        assert listed(meeting) == {}

    def test_an_editor_adds_another(self, meeting, fund, close):
        assert listed(meeting, also=[fund.pk]) == {"Made-up fund": ["Added by an editor."]}

        close({fund: {}})

        assert listed(meeting) == {"Made-up fund": ["Added by an editor."]}

    def test_the_usual_source_is_the_one_official_one_that_the_meeting_and_its_documents_cite(self, meeting, communique):
        MeetingCitationFactory(parent=meeting)
        assert usual_source(meeting) is None

        DocumentCitationFactory(parent=DocumentFactory(meeting=meeting, kind="roadmap"), source=communique)
        DocumentCitationFactory(parent=DocumentFactory(meeting=meeting))
        MeetingCitationFactory(parent=meeting, source=communique)
        assert usual_source(meeting) == communique

    def test_among_several_official_sources_or_none_it_is_the_one_of_the_communique(self, meeting):
        told = DocumentCitationFactory(
            parent=DocumentFactory(meeting=meeting, kind="communique"), source=SourceFactory(kind="agency")
        ).source
        assert usual_source(meeting) == told

        for kind in ("official", "legal"):
            MeetingCitationFactory(parent=meeting, source=SourceFactory(kind=kind))
        assert usual_source(meeting) == told

        DocumentCitationFactory(parent=DocumentFactory(meeting=meeting, kind="declaration"))
        assert usual_source(meeting) is None


class TestWhatBecomesOfALine:
    def test_a_complete_one_becomes_a_draft_at_the_meeting_with_its_date_and_the_fitting_role(
        self, close, meeting, editor, fund, communique
    ):
        close({fund: {"outcome": "agreed", "summary": " They agreed. ", "locator": "para 4"}})

        draft = StatusUpdate.objects.get()
        assert (draft.status, draft.role, draft.date.value, draft.meeting) == ("agreed", "adopted", "2024-05-17", meeting)
        assert (draft.summary, draft.state, draft.created_by) == ("They agreed.", "draft", editor)
        assert [(proof.source, proof.locator) for proof in draft.citations.all()] == [(communique, "para 4")]

    def test_a_meeting_known_by_its_year_gives_its_year(self, close, series, fund):
        close({fund: {"outcome": "agreed", "summary": "They agreed."}}, meeting=MeetingFactory(series=series, start="2023"))

        assert StatusUpdate.objects.get().date.value == "2023"

    def test_a_review_without_change_is_a_row_without_a_status(self, close, fund):
        close({fund: {"outcome": "no_change", "summary": "They heard a report."}})

        draft = StatusUpdate.objects.get()
        assert (draft.status, draft.role) == ("", "reviewed")

    def test_not_mentioned_is_remembered_and_makes_no_row(self, close, meeting, fund):
        close({fund: {"outcome": "not_mentioned"}})

        assert not StatusUpdate.objects.exists()
        assert [item.is_decided for item in agenda(meeting)] == [True]

    @pytest.mark.parametrize("typed", [{"outcome": "agreed"}, {"outcome": "agreed", "summary": "x", "no_source": True}, {"summary": "x"}])
    def test_an_incomplete_one_is_kept_as_typed_and_is_no_error(self, close, fund, typed):
        more = {"source": None} if typed.pop("no_source", False) else {}

        done = close({fund: typed}, **more)

        assert not StatusUpdate.objects.exists()
        assert {name: getattr(done.lines.get(), name) for name in typed} == typed
        assert done.done_at is None

    def test_it_goes_on_another_day(self, close, fund):
        close({fund: {"outcome": "agreed"}})

        done = close({fund: {"outcome": "agreed", "summary": "They agreed."}})

        assert done.lines.get().update == StatusUpdate.objects.get()
        assert done.done_at is not None

    def test_a_source_of_its_own_takes_the_place_of_the_usual_one(self, close, fund):
        other = SourceFactory()

        close({fund: {"outcome": "agreed", "summary": "They agreed.", "source": other}})

        assert StatusUpdate.objects.get().citations.get().source == other

    def test_all_drafts_are_handed_in_at_once(self, close, fund):
        others = [InitiativeFactory() for _number in range(2)]
        typed = {"outcome": "agreed", "summary": "They agreed."}

        close({fund: typed, others[0]: typed, others[1]: {"outcome": "agreed"}}, hand_in=True)

        assert [row.state for row in StatusUpdate.objects.all()] == ["in_review"] * 2

    def test_the_ledger_tells_the_whole_close_out(self, close, fund, editor):
        done = close({fund: {"outcome": "not_mentioned"}}, reason="From the communiqué.")

        change = Change.objects.of(done).get()
        assert (change.verb, change.actor, change.reason, change.public) == (
            "closeout.created",
            editor.username,
            "From the communiqué.",
            False,
        )
        assert change.after["lines"][0]["initiative"] == fund.slug

    def test_a_meeting_without_anything_to_say_is_closed_out_too(self, close):
        assert close({}).done_at is not None


class TestChangingOnesMind:
    @pytest.fixture
    def begun(self, close, fund):
        close({fund: {"outcome": "agreed", "summary": "They agreed."}})
        return StatusUpdate.objects.get()

    def test_another_outcome_changes_the_draft_and_leaves_what_only_the_full_form_says(self, close, begun, fund, communique):
        other = {"source": SourceFactory(), "locator": "page 2"}
        change_draft(update=begun, by="made-up", certainty="implied", citations=[communique, other], translations={"tr": "Anlaştılar."})

        close({fund: {"outcome": "signed", "summary": "They signed."}})

        begun.refresh_from_db()
        assert (begun.status, begun.role, begun.summary, begun.certainty) == ("signed", "signed", "They signed.", "implied")
        assert begun.summary_tr == "Anlaştılar."
        assert begun.citations.count() == 2

    def test_the_same_again_changes_nothing(self, close, begun, fund):
        close({fund: {"outcome": "agreed", "summary": "They agreed."}})

        version = begun.version
        begun.refresh_from_db()
        assert begun.version == version
        assert not Change.objects.filter(verb="statusupdate.changed").exists()

    def test_no_change_after_all_drops_the_reason_of_a_step_back(self, close, begun, fund, communique):
        change_draft(update=begun, by="made-up", citations=[communique], step_back_reason="It fell back.")

        close({fund: {"outcome": "no_change", "summary": "They heard a report."}})

        begun.refresh_from_db()
        assert (begun.status, begun.role, begun.step_back_reason) == ("", "reviewed", "")

    @pytest.mark.parametrize("outcome", ["", "not_mentioned"])
    def test_taken_back_the_draft_is_deleted_and_the_words_stay(self, close, begun, fund, outcome):
        done = close({fund: {"outcome": outcome, "summary": "They agreed."}})

        assert not StatusUpdate.objects.exists()
        assert (done.lines.get().summary, done.lines.get().update) == ("They agreed.", None)
        assert Change.objects.filter(verb="statusupdate.deleted").exists()
        assert bool(done.done_at) == bool(outcome)

    @pytest.mark.parametrize(("typed", "field"), [({"outcome": "agreed"}, "summary"), ({"outcome": "agreed", "summary": "x"}, "source")])
    def test_a_draft_does_not_lose_its_words_or_its_source_in_passing(self, close, begun, fund, typed, field):
        with pytest.raises(ValidationError) as refusal:
            close({fund: typed}, source=None)

        assert f"{fund.pk}.{field}" in refusal.value.message_dict
        assert StatusUpdate.objects.get().summary == "They agreed."

    def test_a_draft_made_elsewhere_is_taken_up(self, close, meeting, fund, record):
        draft = record(fund, "proposed", meeting=meeting, publish=False)

        done = close({fund: {"outcome": "agreed", "summary": "They agreed."}})

        draft.refresh_from_db()
        assert (draft.status, done.lines.get().update) == ("agreed", draft)

    def test_what_was_handed_in_is_not_touched(self, close, begun, fund, meeting):
        edition = agenda(meeting)[0].edition
        workflow.submit(record=begun, by="made-up-user")

        with pytest.raises(ValidationError) as refusal:
            close({fund: {"outcome": "", "opened": edition}})

        assert [error.code for error in refusal.value.error_dict[f"{fund.pk}.__all__"]] == ["stale"]
        assert StatusUpdate.objects.get().state == "in_review"


class TestRefusals:
    @pytest.mark.parametrize("changes", [{"phase": "planned"}, {"phase": "cancelled"}, {"start": "", "end": ""}])
    def test_a_meeting_not_known_to_have_been_held_is_not_closed_out(self, close, series, fund, changes):
        with pytest.raises(ValidationError, match="Say so on its page first"):
            close({fund: {}}, meeting=MeetingFactory(series=series, **changes))

    def test_one_wrong_line_keeps_all_from_being_saved_and_is_named(self, close, fund):
        treaty = InitiativeFactory(kind="treaty")
        typed = {"outcome": "established", "summary": "They founded it."}

        with pytest.raises(ValidationError) as refusal:
            close({fund: typed, treaty: typed})

        assert list(refusal.value.message_dict) == [f"{treaty.pk}.outcome"]
        assert not StatusUpdate.objects.exists()
        assert not CloseOut.objects.exists()

    def test_a_meeting_dated_in_the_future_by_mistake_is_said_at_the_line(self, close, series, fund):
        with pytest.raises(ValidationError, match="still to come") as refusal:
            close({fund: {"outcome": "agreed", "summary": "x"}}, meeting=MeetingFactory(series=series, start="2199"))

        assert list(refusal.value.message_dict) == [f"{fund.pk}.outcome"]

    def test_a_second_editor_who_saw_an_older_version_is_stopped(self, close, fund):
        close({fund: {"outcome": "not_mentioned"}}, opened=0)

        with pytest.raises(workflow.Stale):
            close({fund: {"outcome": "agreed"}}, opened=0)

        assert CloseOut.objects.get().lines.get().outcome == "not_mentioned"

    def test_a_day_later_the_day_of_the_close_out_stays(self, close, fund):
        first = close({fund: {"outcome": "not_mentioned"}}, now=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)).done_at

        assert close({fund: {"outcome": "not_mentioned"}}).done_at == first
        assert close({fund: {}}).done_at is None


def test_the_page_is_reached_from_the_meeting(editor, client, meeting):
    client.force_login(editor)

    assert (
        reverse("admin:close_out", args=[meeting.pk])
        in client.get(reverse("admin:meetings_meeting_change", args=[meeting.pk])).content.decode()
    )
