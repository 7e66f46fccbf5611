"""Many new drafts at once are what they would be one by one, and a file of thousands costs what a file of hundreds does."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import ledger
from editorial.models import Change
from initiatives.imports import files
from initiatives.imports.load import load
from initiatives.imports.report import Report
from initiatives.imports.rows import Manner
from initiatives.imports.uploads import BY_NAME
from initiatives.models import Initiative, StatusUpdate
from reference.models import Source
from tests.conftest import FIXTURES
from tests.factories import InitiativeFactory, SourceFactory
from tests.initiatives.test_imports_of_tables import imported, table

IN_ORDER = [name for name in BY_NAME if name != "names"]


def pages(count, **more):
    page = {"publisher": "Made-up Courier", "language": "en", "kind": "agency", **more}
    return [page | {"slug": f"made-up-{number}"} for number in range(count)]


def questions(name, rows):
    with CaptureQueriesContext(connection) as asked:
        report, _lines = imported(name, table(*rows), keep=False)
    assert not report.refusals
    return len(asked)


def test_what_the_ledger_says_of_drafts_made_together_is_what_they_are(db, editor):
    manner = Manner(by=editor, reason="Imported from made-up.ndjson.", publishes=False)
    for name in IN_ORDER:
        resource, report = BY_NAME[name], Report()
        lines = files.read_upload((FIXTURES / f"{name}.ndjson").read_bytes(), resource, name).lines
        for line in lines:
            line.row.pop("corrects", None)  # what it names is a draft here, and drafts are not corrected
        list(load([(resource, name, lines)], manner, report, keep=lambda: True))

        assert not report.refusals
        for record in resource.model.objects.all() if not resource.within else ():
            told = Change.objects.of(record).last()
            assert told.after == ledger.snapshot(record), record
            assert told.actor == editor.username
            assert getattr(record, "serial", told.serial) == told.serial
    assert set(Initiative.objects.values_list("state", "created_by")) == {("draft", editor.pk)}
    assert not list(ledger.faults())


def test_one_that_the_database_refuses_does_not_take_the_others_with_it(db):
    meetings = [{"slug": f"made-up-{number}", "series": "made-up", "name": "Made-up meeting", "ordinal": number} for number in range(1, 41)]
    imported("series", table({"slug": "made-up", "name": "Made-up series"}))
    meetings[20]["ordinal"] = 7

    report, lines = imported("meetings", table(*meetings))

    assert [(refusal.line, refusal.message) for refusal in report.refusals] == [
        (22, "Constraint “meeting_ordinal_once_in_series” is violated.")
    ]
    assert [line.outcome for line in lines].count("created") == 39


@pytest.mark.parametrize("name", ["sources", "status-updates"])
def test_the_number_of_questions_hardly_grows_with_the_rows(db, name):
    source = SourceFactory()
    InitiativeFactory(slug="made-up")
    event = {"initiative": "made-up", "date": "2024", "role": "reviewed", "citations": source.slug}
    rows = pages(400) if name == "sources" else [event | {"summary": f"A made-up event, number {number}."} for number in range(400)]

    few, many = questions(name, rows[:20]), questions(name, rows[:200])

    assert many - few <= 180 * 4  # what `check` asks of each row of history; nothing for the others
    if name == "sources":
        assert many == few


def test_looking_for_the_nearest_name_is_given_up_after_many_mistakes(db, monkeypatch):
    monkeypatch.setattr("initiatives.imports.register.SUGGESTIONS", 2)
    InitiativeFactory(slug="made-up-fund")
    rows = [
        {"initiative": f"made-up-fun{number}", "date": "2024", "role": "reviewed", "summary": "A made-up event."} for number in range(4)
    ]
    report, _lines = imported("status-updates", table(*rows))
    assert ["Did you mean" in refusal.message for refusal in report.refusals if refusal.field == "initiative"] == [True, True, False, False]


def test_codes_given_to_rows_without_one_pass_over_those_taken(record):
    initiative, source = InitiativeFactory(slug="made-up"), SourceFactory()
    record(initiative, "proposed", code="made-up-2")
    record(InitiativeFactory(), "proposed", code="made-up-4")
    event = {"initiative": "made-up", "date": "2024", "role": "reviewed", "citations": source.slug}

    report, _lines = imported("status-updates", table(*(event | {"summary": f"Event {number}."} for number in range(3))))

    assert not report.refusals
    assert sorted(initiative.updates.values_list("code", flat=True)) == ["made-up-2", "made-up-3", "made-up-5", "made-up-6"]


def test_importing_a_file_again_records_nothing_twice(db):
    InitiativeFactory(slug="made-up")
    event = {"initiative": "made-up", "date": "2024", "role": "reviewed", "summary": "A made-up event.", "citations": SourceFactory().slug}
    imported("status-updates", table(event))

    _report, lines = imported("status-updates", table(event))

    assert [line.outcome for line in lines] == ["same"]
    assert StatusUpdate.objects.count() == 1


def test_a_table_and_json_make_the_same_records(db):
    rows = pages(3, published="2024-05", title="“A” | made-up; page, =1+1")
    imported("sources", table(*rows), keep=False)
    _report, lines = imported("sources", table(*rows))
    _report, again = imported("sources", json.dumps(rows))

    assert [line.outcome for line in lines] == ["created"] * 3
    assert [line.outcome for line in again] == ["same"] * 3
    assert Source.objects.first().title == "“A” | made-up; page, =1+1"
