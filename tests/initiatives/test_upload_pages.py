"""Upload, plan, confirm: what an editor sees, and what is written when."""

import csv
import io
import json

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from editorial import revisions, workflow
from editorial.models import Change, Revision
from initiatives.admin import uploads
from initiatives.imports.uploads import apply, receive
from initiatives.models import Initiative, StatusUpdate, Upload
from reference.models import Source, Theme
from tests.desk import list_of, signed_in
from tests.factories import (
    DocumentFactory,
    InitiativeFactory,
    MeetingFactory,
    PartyFactory,
    ProvisionFactory,
    SourceFactory,
    UserFactory,
)

FORM = "admin:initiatives_upload_add"


def table(*rows):
    """Rows as the bytes of a CSV; the keys of the first are the columns."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def fund(number=1, **more):
    return {"slug": f"made-up-fund-{number}", "kind": "fund", "name": f"Made-up fund {number}", **more}


def uploaded(client, resource, content, name="made-up.csv"):
    """The upload that a file sent through the form became."""
    response = client.post(reverse(FORM), {"resource": resource, "file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.context["form"].errors
    return Upload.objects.get()


def plan_of(client, upload, **query):
    return client.get(reverse("admin:initiatives_upload_change", args=[upload.pk]), query)


def confirmed(client, upload):
    """The whole text of the page that grows while a file is imported."""
    response = client.post(reverse("admin:initiatives_upload_apply", args=[upload.pk]))
    return b"".join(response.streaming_content).decode()


def permissions(*names):
    return Permission.objects.filter(codename__in=names)


@pytest.fixture
def desk(editor):
    return signed_in(editor)


class TestThePlan:
    def test_shows_what_a_file_would_do_and_writes_nothing(self, desk):
        InitiativeFactory(slug="made-up-fund-1", name="Made-up fund 1")
        draft = InitiativeFactory(slug="made-up-fund-2", name="Made-up fund two", state="draft")
        InitiativeFactory(slug="made-up-fund-3", name="Made-up fund three")
        ledger = Change.objects.count()

        upload = uploaded(desk, "initiatives", table(fund(1), fund(2), fund(3), fund(4)))
        page = plan_of(desk, upload)

        assert upload.stage == "planned"
        assert [(row["row"], row["outcome"]) for row in page.context["rows"]] == [
            (4, "proposed"),
            (3, "changed"),
            (5, "created"),
            (2, "same"),
        ]
        assert page.context["rows"][1]["changes"] == [["name", "Made-up fund two", "Made-up fund 2"]]
        assert page.context["rows"][1]["url"] == reverse("admin:initiatives_initiative_change", args=[draft.pk])
        assert "1 change for review, 1 draft changed, 1 new draft, 1 row the same" in " ".join(page.content.decode().split())
        assert Initiative.objects.count() == 3
        assert Change.objects.count() == ledger
        assert not Revision.objects.exists()

    def test_names_every_mistake_by_row_and_column_and_offers_no_import(self, desk):
        upload = uploaded(desk, "initiatives", table(fund(1), fund(2, kind="festival"), fund(3, kind="fund")))
        page = plan_of(desk, upload)

        assert upload.stage == "refused"
        assert page.context["rows"][0]["row"] == 3
        assert page.context["rows"][0]["problems"][0][0] == "kind"
        assert "agreement, treaty" in page.context["rows"][0]["problems"][0][1]
        assert reverse("admin:initiatives_upload_apply", args=[upload.pk]) not in page.content.decode()

    def test_says_when_it_took_a_file_for_windows_1251(self, desk):
        upload = uploaded(desk, "initiatives", table(fund(1, name_ru="Фонд")).decode().encode("windows-1251"))

        page = plan_of(desk, upload)

        assert ["name_ru", "", "Фонд"] in page.context["rows"][0]["changes"]
        assert "read as Windows-1251" in page.content.decode()

    def test_shows_two_hundred_rows_at_a_time_mistakes_first(self, desk):
        rows = [fund(number, kind="fund" if number != 250 else "festival") for number in range(1, 302)]
        upload = uploaded(desk, "initiatives", table(*rows))

        first, second = plan_of(desk, upload), plan_of(desk, upload, p=2)

        assert first.context["rows"][0]["row"] == 251
        assert (len(first.context["rows"]), len(second.context["rows"])) == (200, 101)
        assert '<a href="?p=2">2</a>' in first.content.decode()

    @pytest.mark.parametrize("rows", [5, 150])
    def test_needs_as_many_questions_for_many_rows_as_for_few(self, desk, budget, rows):
        upload = uploaded(desk, "initiatives", table(*(fund(number) for number in range(rows))))
        with budget("import: plan"):
            plan_of(desk, upload)

    def test_lists_the_imports_with_what_they_hold(self, desk, budget):
        uploaded(desk, "initiatives", table(fund(1), fund(2)))
        with budget("import: list"):
            page = desk.get(list_of(Upload)).content.decode()
        assert "2 new drafts" in page
        assert "waits for confirmation" in page

    def test_offers_exports_of_all_that_a_person_may_see(self, desk, budget):
        with budget("import: form"):
            page = desk.get(reverse(FORM)).content.decode()
        assert reverse("admin:initiatives_upload_export", args=["names", "csv"]) in page


class TestTheFile:
    def test_larger_than_ten_megabytes_is_refused_with_both_sizes(self, desk, monkeypatch):
        monkeypatch.setattr(uploads, "LARGEST_FILE", 1024)
        response = desk.post(reverse(FORM), {"resource": "initiatives", "file": SimpleUploadedFile("made-up.csv", b"x" * 2048)})
        assert "The file has 2.0\xa0KB, and at most 1.0\xa0KB can be imported" in response.context["form"].errors["file"][0]
        assert not Upload.objects.exists()

    def test_that_is_empty_is_told_so(self, desk):
        upload = uploaded(desk, "initiatives", b"")
        assert plan_of(desk, upload).context["rows"][0]["problems"] == [["", "The file holds no records."]]

    def test_can_be_thrown_away_until_it_is_imported(self, desk):
        upload = uploaded(desk, "initiatives", table(fund(1)))
        desk.post(reverse("admin:initiatives_upload_discard", args=[upload.pk]))
        assert not Upload.objects.exists()

        upload = uploaded(desk, "initiatives", table(fund(1)))
        confirmed(desk, upload)
        page = desk.post(reverse("admin:initiatives_upload_discard", args=[upload.pk]), follow=True)
        assert "has been imported already" in page.content.decode()
        assert Upload.objects.exists()

    @pytest.mark.parametrize("button", ["apply", "discard"])
    def test_is_not_touched_by_following_a_link(self, desk, button):
        upload = uploaded(desk, "initiatives", table(fund(1)))
        desk.get(reverse(f"admin:initiatives_upload_{button}", args=[upload.pk]))
        assert Upload.objects.get().stage == "planned"
        assert not Initiative.objects.exists()


class TestConfirming:
    def test_writes_drafts_by_the_person_with_the_file_as_reason(self, desk, editor):
        upload = uploaded(desk, "initiatives", table(fund(1)), name="fonlar.csv")

        page = confirmed(desk, upload)

        made = Initiative.objects.get()
        assert (made.state, made.created_by, made.name) == ("draft", editor, "Made-up fund 1")
        told = Change.objects.get(type="initiatives.initiative")
        assert (told.actor, told.verb, told.reason) == (editor.username, "initiative.created", "Imported from fonlar.csv.")
        assert made.serial == told.serial
        assert "Imported: 1 new draft" in " ".join(page.split())
        upload.refresh_from_db()
        assert upload.stage == "applied"
        assert bytes(upload.content) == b""

    def test_a_change_of_what_is_public_waits_for_a_reviewer(self, desk, editor):
        public = InitiativeFactory(slug="made-up-fund-1", name="Made-up fund one")

        confirmed(desk, uploaded(desk, "initiatives", table(fund(1))))

        public.refresh_from_db()
        waiting = revisions.pending(public)
        assert public.name == "Made-up fund one"
        assert waiting.after == {"name": "Made-up fund 1"}
        assert waiting.created_by == editor

    def test_a_draft_is_changed_at_once(self, desk):
        draft = InitiativeFactory(slug="made-up-fund-1", name="Made-up fund one", state="draft")

        confirmed(desk, uploaded(desk, "initiatives", table(fund(1))))

        draft.refresh_from_db()
        assert (draft.name, draft.version) == ("Made-up fund 1", 2)

    def test_a_second_change_of_what_waits_already_is_a_mistake(self, desk):
        InitiativeFactory(slug="made-up-fund-1", name="Made-up fund one")
        confirmed(desk, uploaded(desk, "initiatives", table(fund(1))))
        Upload.objects.all().delete()

        upload = uploaded(desk, "initiatives", table(fund(1, name="Made-up fund, first")))

        assert "waits already" in upload.plan[0][0]["problems"][0][1]

    def test_a_row_of_published_history_that_differs_is_a_mistake(self, desk, record):
        row = record(InitiativeFactory(), "proposed")
        upload = uploaded(desk, "status-updates", table({"code": row.code, "summary": "Better words."}))
        assert upload.plan[0][0]["problems"][0][1].startswith("Published history is final; this row differs in: summary.")

    def test_a_draft_of_history_takes_only_the_columns_that_are_there(self, desk, record):
        row = record(InitiativeFactory(), "proposed", publish=False)
        confirmed(desk, uploaded(desk, "status-updates", table({"code": row.code, "summary": "Better words."})))
        row.refresh_from_db()
        assert (row.summary, row.status, row.citations.count()) == ("Better words.", "proposed", 1)

    def test_a_row_of_history_without_a_code_is_given_one(self, desk):
        initiative, source = InitiativeFactory(slug="made-up"), SourceFactory()
        row = {"initiative": "made-up", "date": "2024-05", "role": "reviewed", "summary": "A made-up event.", "citations": source.slug}

        confirmed(desk, uploaded(desk, "status-updates", table(row, row | {"summary": "Another made-up event."})))

        assert sorted(StatusUpdate.objects.values_list("code", "state")) == [("made-up-1", "draft"), ("made-up-2", "draft")]
        assert initiative.updates.first().citations.get().source == source

    def test_happens_once(self, desk, editor):
        upload = uploaded(desk, "initiatives", table(fund(1)))
        confirmed(desk, upload)

        assert "has been imported already" in confirmed(desk, upload)
        assert Initiative.objects.count() == 1

    def test_shows_the_new_plan_when_the_data_changed_meanwhile(self, desk, editor):
        draft = InitiativeFactory(slug="made-up-fund-1", name="Made-up fund one", state="draft")
        upload = uploaded(desk, "initiatives", table(fund(1)))
        draft.name = "Made-up fund I"
        workflow.save(record=draft, by="made-up-colleague", before={})

        said = confirmed(desk, upload)
        page = plan_of(desk, upload)

        draft.refresh_from_db()
        assert draft.name == "Made-up fund I"
        assert "The data changed since you looked, so nothing was imported." in said
        assert page.context["rows"][0]["changes"] == [["name", "Made-up fund I", "Made-up fund 1"]]
        assert "The data changed since you looked" in page.content.decode()
        assert "Imported: 1 draft changed" in " ".join(confirmed(desk, upload).split())

    def test_writes_nothing_when_a_mistake_has_come_up_meanwhile(self, desk):
        theme = Theme.objects.create(slug="made-up-theme", name="Made-up theme")
        upload = uploaded(desk, "initiatives", table(fund(1, themes="made-up-theme")))
        theme.delete()

        confirmed(desk, upload)

        upload.refresh_from_db()
        assert upload.stage == "refused"
        assert not Initiative.objects.exists()

    def test_cannot_be_forced_on_a_file_with_mistakes(self, desk):
        upload = uploaded(desk, "initiatives", table(fund(1, kind="festival"), fund(2)))
        confirmed(desk, upload)
        upload.refresh_from_db()
        assert upload.stage == "refused"
        assert not Initiative.objects.exists()

    def test_tells_how_far_it_is(self, desk):
        upload = uploaded(desk, "initiatives", table(*(fund(number) for number in range(250))))
        page = confirmed(desk, upload)
        assert page.count("<progress") == 101
        assert '<progress max="250" value="250">' in page
        assert page.rstrip().endswith("</html>")

    def test_goes_on_when_nobody_listens_any_more(self, desk, editor):
        upload = uploaded(desk, "initiatives", table(*(fund(number) for number in range(5))))
        pieces = uploads.to_the_end(uploads.work(upload, editor, "head", "tail"))
        next(pieces), next(pieces)

        pieces.close()

        assert Initiative.objects.count() == 5
        assert Upload.objects.get().stage == "applied"

    def test_says_so_when_something_breaks_and_keeps_nothing(self, desk, monkeypatch):
        upload = uploaded(desk, "initiatives", table(fund(1)))
        monkeypatch.setattr("initiatives.imports.load.Batch.write", lambda batch: 1 / 0)

        page = confirmed(desk, upload)

        assert "Something went wrong that should not; nothing was imported." in page
        assert not Initiative.objects.exists()
        assert Upload.objects.get().stage == "planned"


class TestWhoConfirms:
    def test_a_file_is_confirmed_by_whoever_uploaded_it(self, editor, reviewer):
        upload = receive(
            resource="sources", file_name="made-up.csv", content=b"slug,publisher,language,kind\nmade-up,A,en,agency\n", by=reviewer
        )
        with pytest.raises(ValidationError, match="Whoever uploaded"):
            list(apply(upload=upload, by=editor))
        assert not Source.objects.exists()


class TestWhoMayWhat:
    def test_somebody_without_a_role_sees_no_imports(self, db):
        client = signed_in(UserFactory())
        assert client.get(reverse(FORM)).status_code == 403
        assert client.get(list_of(Upload)).status_code == 403
        assert client.get(reverse("admin:initiatives_upload_export", args=["parties", "csv"])).status_code == 403

    def test_a_visitor_is_asked_to_sign_in(self, client, db):
        assert client.get(reverse("admin:initiatives_upload_export", args=["parties", "csv"])).status_code == 302

    def test_only_kinds_that_can_be_added_and_changed_by_hand_are_offered(self, db):
        somebody = UserFactory()
        somebody.user_permissions.set(permissions("add_upload", "view_upload", "add_source", "change_source", "add_theme"))
        client = signed_in(somebody)
        page = client.get(reverse(FORM))
        assert [name for name, _title in page.context["form"].fields["resource"].choices] == ["", "sources"]
        assert page.context["exports"] == []

    def test_a_file_of_a_kind_that_is_not_mine_is_not_mine_to_see(self, db, desk):
        upload = uploaded(desk, "initiatives", table(fund(1)))
        somebody = UserFactory()
        somebody.user_permissions.set(permissions("add_upload", "view_upload", "add_source", "change_source"))
        client = signed_in(somebody)
        assert client.post(reverse("admin:initiatives_upload_apply", args=[upload.pk])).status_code == 404
        assert plan_of(client, upload).status_code == 302
        assert "made-up.csv" not in client.get(list_of(Upload)).content.decode()


class TestExports:
    def test_an_export_of_all_holds_drafts_too(self, desk):
        InitiativeFactory(slug="made-up-draft", state="draft", name="=1+1")
        response = desk.get(reverse("admin:initiatives_upload_export", args=["initiatives", "csv"]))
        rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
        assert [(row["slug"], row["name"]) for row in rows] == [("made-up-draft", "'=1+1")]
        assert response["Content-Disposition"].startswith('attachment; filename="initiatives-')

    @pytest.mark.parametrize(("name", "format"), [("initiatives", "xlsx"), ("users", "csv")])
    def test_there_is_no_export_of_anything_else(self, desk, name, format):
        assert desk.get(f"/admin/initiatives/upload/export/{name}.{format}").status_code == 404

    @pytest.mark.parametrize("action", ["export_as_csv", "export_as_json"])
    @pytest.mark.parametrize("make", [InitiativeFactory, MeetingFactory, SourceFactory, PartyFactory, DocumentFactory, ProvisionFactory])
    def test_a_list_exports_what_is_selected(self, desk, make, action):
        model, chosen = make._meta.model, [make(), make()]
        make()

        response = desk.post(list_of(model), {"action": action, "_selected_action": [record.pk for record in chosen]})

        text = b"".join(response.streaming_content).decode("utf-8-sig")
        rows = json.loads(text) if action.endswith("json") else list(csv.DictReader(io.StringIO(text)))
        assert {row.get("slug") or row["code"] for row in rows} == {getattr(record, "code", "") or record.slug for record in chosen}

    def test_the_list_of_history_exports_what_is_selected(self, desk, record):
        rows = [record(InitiativeFactory(), "proposed", publish=False) for _number in range(2)]
        response = desk.post(list_of(StatusUpdate), {"action": "export_as_json", "_selected_action": [rows[0].pk]})
        assert [row["code"] for row in json.loads(b"".join(response.streaming_content))] == [rows[0].code]
