"""The shipped data set: all of it is there, it says what its sources say, and it can be loaded again and again."""

import json

import pytest
from django.core.management import call_command

from editorial import ledger
from editorial.models import Change
from initiatives.imports.load import count_lines, load_folder
from initiatives.models import Conflict, Initiative, StatusUpdate
from meetings.models import Document, Meeting, Participant, Provision, Series
from reference.models import Party, Source
from tests.conftest import FIXTURES
from tests.initiatives.conftest import edit

pytestmark = pytest.mark.usefixtures("shipped", "db")


class TestTheShippedData:
    def test_all_of_it_is_there(
        self,
    ):
        assert Initiative.objects.public().count() == 45
        assert Meeting.objects.public().count() == 87
        assert Series.objects.public().count() == 27
        assert StatusUpdate.objects.public().count() == 104
        assert Source.objects.public().count() == 156
        assert Conflict.objects.public().count() == 28
        assert Participant.objects.count() == 6
        assert Provision.objects.public().filter(document__slug="isti-2-declaration", reported=True).count() == 5

    def test_loading_it_again_changes_nothing(
        self,
    ):
        rows = Change.objects.count()
        report = load_folder(FIXTURES, by="import")
        assert (report.total("created"), report.total("changed"), report.total("refused")) == (0, 0, 0)
        assert report.total("same") == count_lines(FIXTURES)
        assert Change.objects.count() == rows

    def test_its_history_and_ledger_are_whole(
        self,
    ):
        call_command("check_history", verbosity=0)
        assert list(ledger.faults()) == []

    @pytest.mark.parametrize(
        ("slug", "status", "since", "meeting"),
        [
            ("ptpo", "under_discussion", "2025-08", "ip-1"),
            ("rdi-fund", "under_discussion", "2024-10", "isti-1"),
            ("tech-platform", "proposed", "2025-10-24", "isti-2"),
            ("kg-technohub", "signed", "2025-10-10", None),
            ("tif", "established", "2024-05-18", "tif-bog-1"),
            ("scc", "in_force", "2024-11-29", None),
        ],
    )
    def test_it_says_where_the_well_known_ones_stand(self, slug, status, since, meeting):
        initiative = Initiative.objects.get(slug=slug)
        assert (initiative.status, initiative.status_since.value) == (status, since)
        assert (initiative.status_meeting.slug if initiative.status_meeting else None) == meeting

    def test_ptpo_was_proposed_at_the_second_ministers_meeting(
        self,
    ):
        assert Initiative.objects.get(slug="ptpo").proposed_at.slug == "isti-2"

    def test_both_origin_claims_of_the_investment_fund_are_kept(
        self,
    ):
        claims = StatusUpdate.objects.filter(initiative__slug="tif", status="proposed").in_order()
        assert [(row.party.code, row.date.value, bool(row.conflict)) for row in claims] == [
            ("kz", "2015-09-11", True),
            ("az", "2021-03", True),
        ]

    def test_national_and_bilateral_items_are_marked_as_such(
        self,
    ):
        assert list(Initiative.objects.exclude(scope="ots").order_by("slug").values_list("slug", "scope")) == [
            ("az-tr-pta", "bilateral"),
            ("kg-technohub", "national"),
        ]

    def test_the_third_ministers_meeting_is_known_by_year_and_country_only(
        self,
    ):
        meeting = Meeting.objects.get(slug="isti-3")
        assert (meeting.start.value, meeting.country.code, meeting.place, meeting.phase) == (
            "2026",
            "kz",
            "",
            "planned",
        )

    def test_every_row_of_history_cites_a_source_and_every_ratification_names_its_party(
        self,
    ):
        assert not StatusUpdate.objects.filter(citations__isnull=True).exists()
        assert not StatusUpdate.objects.filter(role="ratified", party__isnull=True).exists()

    def test_every_initiative_has_a_theme(
        self,
    ):
        assert not Initiative.objects.filter(themes__isnull=True).exists()


class TestChanges:
    def test_a_changed_line_changes_its_record_and_the_ledger_says_so(self, folder):
        edit(folder, "themes", 1, name="Made-up new name")
        report = load_folder(folder, by="import")
        assert report.total("changed") == 1
        assert Change.objects.order_by("-serial").first().fields == ["name"]

    def test_a_changed_row_of_published_history_is_refused(self, folder):
        edit(folder, "status-updates", 5, summary="Better words.")
        report = load_folder(folder, by="import")
        assert [(refusal.line, refusal.field) for refusal in report.refusals] == [(5, "summary")]
        assert "Published history is final" in report.refusals[0].message

    def test_a_new_row_of_history_moves_the_status(self, folder):
        row = {
            "code": "made-up-1",
            "initiative": "ptpo",
            "status": "agreed",
            "date": "2026-11",
            "role": "agreed",
            "summary": "Made up.",
        }
        with (folder / "status-updates.ndjson").open("a") as file:
            file.write(json.dumps(row | {"citations": [{"source": "report_251024"}]}) + "\n")
        assert load_folder(folder, by="import").total("created") == 1
        assert Initiative.objects.get(slug="ptpo").status == "agreed"

    def test_names_taken_out_of_a_line_are_taken_out_of_the_record(self, folder):
        edit(folder, "initiatives", 1, names=[{"language": "en", "text": "Only name", "kind": "usual"}])
        load_folder(folder, by="import")
        first = json.loads((folder / "initiatives.ndjson").read_text().splitlines()[0])["slug"]
        assert [name.text for name in Initiative.objects.get(slug=first).names.all()] == ["Only name"]


def test_documents_with_one_name_are_kept_apart():
    found = Document.objects.filter(title__icontains="Gabala Declaration").order_by("adopted__sort")
    assert [document.adopted.value[:4] for document in found] == ["2013", "2025"]


def test_parties_of_the_data_carry_the_codes_partners_expect():
    assert set(Party.objects.filter(kind="member_state").values_list("code", flat=True)) == {
        "az",
        "kz",
        "kg",
        "tr",
        "uz",
    }
    assert set(Party.objects.filter(kind="observer_state").values_list("code", flat=True)) == {"hu", "tm", "trnc"}
