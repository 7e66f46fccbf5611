"""Loading an exchange folder: all or nothing, line by line."""

import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from editorial.models import Change
from initiatives.imports.load import count_lines, load_folder
from initiatives.models import Initiative, StatusUpdate
from meetings.models import Meeting
from reference.models import Source, Theme
from tests.conftest import FIXTURES
from tests.initiatives.conftest import edit, only

MISTAKES = [
    ("meetings", "ts-summit-1", {"start": "2024-13"}, "start", "months run from 01 to 12"),
    ("meetings", "ts-summit-2", {"start_basis": "guessed"}, "start_basis", "stated, page_date"),
    ("meetings", "ts-summit-3", {"series": "sumits"}, "series", "Did you mean “summits”?"),
    ("meetings", "ts-summit-4", {"state": "happened"}, "state", "considered, planned"),
    ("meetings", "ts-summit-5", {"ordinal": "third"}, "ordinal", "a whole number"),
    ("meetings", "ts-summit-6", {"colour": "red"}, "colour", "There is no such field here; known are: slug, series"),
    (
        "meetings",
        "ts-summit-7",
        {"citations": [{"sauce": "x"}]},
        "citations",
        "row 1: “sauce” is not known here; it takes source",
    ),
    (
        "meetings",
        "ts-summit-8",
        {"citations": [{"locator": "2"}]},
        "citations",
        "row 1: source: This may not be empty.",
    ),
    ("meetings", "cfm-extra-1", {"notes": "one note"}, "notes", "a list of sentences"),
    ("meetings", "cfm-extra-2", {"end": "1990"}, "", "It ends before it starts."),
    (
        "meetings",
        "cfm-extra-3",
        {"names": [{"language": "xx-long", "text": "x"}]},
        "names",
        "at most 3 characters",
    ),
    ("sources", "academy_alpha", {"url": "gopher://x"}, "url", "valid URL"),
    ("parties", "eco", {"code": "Not A Code"}, "code", "small Latin letters"),
    ("initiatives", "ots-flag", {"name": ...}, "name", "This may not be empty."),
    ("initiatives", "perm-reps", {"kind": "festival"}, "kind", "agreement, treaty"),
    ("initiatives", "charter", {"themes": ["nope"]}, "themes", "“nope” is no known theme."),
    (
        "initiatives",
        "green-vision",
        {"relations": [{"to": "tiff", "kind": "related"}]},
        "relations",
        "Did you mean “tif”?",
    ),
    ("status-updates", "E001", {"citations": []}, "citations", "no status goes out without evidence"),
    ("status-updates", "E002", {"status": "in_force"}, "status", "is not a step for this kind of initiative"),
    ("status-updates", "E003", {"date": "2031"}, "status", "still to come"),
    ("status-updates", "E009", {"role": "ratified", "party": ...}, "party", "Say who ratified it."),
]


def line_of(folder, file, name):
    rows = [json.loads(line) for line in (folder / f"{file}.ndjson").read_text().splitlines()]
    return 1 + next(at for at, row in enumerate(rows) if name in (row.get("slug"), row.get("code")))


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory, django_db_setup, django_db_blocker):
    """The report of one load of the shipped data with every mistake in it, and what it left in the database."""
    folder = tmp_path_factory.mktemp("spoilt") / "set"
    shutil.copytree(FIXTURES, folder)
    for file, name, changes, _field, _words in MISTAKES:
        edit(folder, file, line_of(folder, file, name), **changes)
    with django_db_blocker.unblock(), transaction.atomic():
        report = load_folder(folder, by="import")
        left = [model.objects.count() for model in (Source, Meeting, Initiative, StatusUpdate, Change)]
        transaction.set_rollback(True)
    return report, left


class TestRefusals:
    @pytest.mark.parametrize(("file", "name", "changes", "field", "words"), MISTAKES)
    def test_each_mistake_is_named_by_line_and_field(self, spoilt, file, name, changes, field, words):
        report, _left = spoilt
        at = (f"{file}.ndjson", line_of(FIXTURES, file, name))
        found = {refusal.field: refusal.message for refusal in report.refusals if (refusal.file, refusal.line) == at}
        assert words in found[field]

    def test_and_nothing_at_all_is_written(self, spoilt):
        _report, left = spoilt
        assert left == [0, 0, 0, 0, 0]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("{not json", "This line is not JSON"),
            ("[1, 2]", "A line is one record in braces"),
            ('{"slug": "a\\u0000b"}', "without NUL characters"),
            ('{"slug": "made-up-2", "name": "Half \\ud800"}', "This line is not JSON: \\ud800 is half a character."),
            ('{"slug": "made-up-2", "\\udfff": 1}', "\\udfff is half a character"),
        ],
    )
    def test_a_line_that_cannot_be_read_is_named(self, db, folder, text, words):
        only(folder, "themes")
        (folder / "themes.ndjson").write_text(f'{{"slug": "made-up", "name": "Made-up"}}\n{text}\n')
        report = load_folder(folder, by="import")
        assert [(refusal.line, words in refusal.message) for refusal in report.refusals] == [(2, True)]
        assert not Theme.objects.exists()

    def test_a_duplicate_slug_in_a_file_names_both_lines(self, db, folder):
        only(folder, "themes")
        (folder / "themes.ndjson").write_text('{"slug": "made-up", "name": "A"}\n\n{"slug": "made-up", "name": "B"}\n')
        report = load_folder(folder, by="import")
        assert str(report.refusals[0]) == "themes.ndjson:3 slug: “made-up” stands in line 1 already."

    def test_a_file_in_another_encoding_is_named(self, db, folder):
        only(folder, "themes")
        (folder / "themes.ndjson").write_bytes('{"slug": "made-up", "name": "Тема"}'.encode("windows-1251"))
        assert str(load_folder(folder, by="import").refusals[0]) == "themes.ndjson This file is not written in UTF-8."

    def test_the_command_names_a_file_in_another_encoding_too(self, db, folder, capsys):
        only(folder, "themes")
        (folder / "themes.ndjson").write_bytes('{"slug": "made-up", "name": "Тема"}'.encode("windows-1251"))
        with pytest.raises(CommandError, match="Nothing was loaded"):
            call_command("load_dataset", str(folder))
        assert "themes.ndjson This file is not written in UTF-8." in capsys.readouterr().err

    def test_the_command_fails_with_the_report_and_a_number_of_problems(self, db, folder, capsys):
        only(folder, "themes", "sources")
        edit(folder, "sources", 1, kind="gossip")
        edit(folder, "themes", 1, name=...)
        with pytest.raises(CommandError, match=r"Nothing was loaded: 2 problem\(s\)"):
            call_command("load_dataset", str(folder))
        said = capsys.readouterr()
        assert "sources.ndjson:1 kind: “gossip” is not allowed here" in said.err
        assert "themes.ndjson:1 name: This may not be empty." in said.err

    @pytest.mark.parametrize("path", ["no-such-folder", "."])
    def test_a_folder_without_files_is_refused(self, db, tmp_path, path):
        with pytest.raises(CommandError, match=r"initiatives\.ndjson"):
            call_command("load_dataset", str(tmp_path / path))


class TestWhatIsKept:
    def test_a_line_ends_where_the_file_says_and_not_at_a_separator_inside_a_text(self, db, folder):
        only(folder, "themes")
        names = ["Two\u2028lines", "Next\x85line", "Two \U0001f30d halves"]
        rows = [{"slug": f"made-up-{at}", "name": name} for at, name in enumerate(names)]
        text = "\r\n".join([json.dumps(rows[0], ensure_ascii=False), json.dumps(rows[1], ensure_ascii=False), json.dumps(rows[2])])
        (folder / "themes.ndjson").write_bytes(text.encode())

        report = load_folder(folder, by="import")

        assert not report.refusals
        assert list(Theme.objects.order_by("slug").values_list("name", flat=True)) == names
        assert count_lines(folder) == 3

    def test_the_ledger_says_why_in_english_whatever_the_language(self, db, folder):
        only(folder, "themes")
        with translation.override("ru"):
            load_folder(folder, by="import")
        assert set(Change.objects.values_list("reason", flat=True)) == {"Loaded from a file."}
