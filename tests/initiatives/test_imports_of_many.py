"""Many new drafts at once are what they would be one by one, and a file of thousands costs what a file of hundreds does."""

import json

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from editorial import ledger, workflow
from editorial.models import Change, Revision
from initiatives.imports import files, shots
from initiatives.imports.edits import Edits
from initiatives.imports.load import load
from initiatives.imports.report import Report
from initiatives.imports.rows import Manner
from initiatives.imports.uploads import BY_NAME
from initiatives.models import Initiative, StatusUpdate
from reference.models import Source
from tests.conftest import FIXTURES
from tests.factories import InitiativeFactory, PartyFactory, SourceFactory, ThemeFactory
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


def test_a_record_read_with_others_is_told_as_one_read_alone(shipped):
    for resource in BY_NAME.values():
        for kind in resource.kinds:
            for record in kind.whole():
                assert shots.told(record) == ledger.snapshot(kind.model._base_manager.get(pk=record.pk)), record


def drafts_of_every_sort(count):
    """Initiatives with a name, a party and a proof each, as rows and as drafts."""
    source, party, theme = SourceFactory(slug="made-up-page"), PartyFactory(code="made-up-party"), ThemeFactory(slug="made-up-theme")
    row = {"kind": "fund", "names": "tr|Fon", "themes": theme.slug, "parties": f"{party.code}|proposer", "citations": source.slug}
    rows = [row | {"slug": f"made-up-{number}", "name": f"Made-up fund {number}"} for number in range(count)]
    imported("initiatives", table(*rows), by="made-up-colleague")
    return rows


CHANGES = {
    "name": "A made-up fund, renamed",
    "names": "tr|Fon|usual\nru|Фонд|alias",
    "themes": "",
    "parties": "made-up-party|host",
    "citations": "made-up-page|p. 3",
    "relations": "made-up-0|related",
}


@pytest.mark.parametrize("key", CHANGES)
def test_drafts_changed_together_are_told_as_drafts_changed_one_by_one(db, editor, key):
    rows = drafts_of_every_sort(3)
    content = table(*({"slug": row["slug"], key: CHANGES[key]} for row in rows[1:]))

    _report, lines = imported("initiatives", content, by=editor)

    assert [line.outcome for line in lines] == ["changed", "changed"]
    for line in lines:
        draft = Initiative.objects.get(slug=line.row["slug"])
        told = Change.objects.of(draft).last()
        assert (told.verb, told.actor, told.fields) == ("initiative.changed", editor.username, [key])
        assert (draft.version, draft.serial) == (2, told.serial)
        assert told.after == ledger.snapshot(draft)
        assert told.before == Change.objects.of(draft).first().after
    assert not list(ledger.faults())


@pytest.mark.parametrize("key", CHANGES)
def test_a_revision_made_with_others_is_the_one_that_the_desk_would_make(db, editor, key, monkeypatch):
    rows = drafts_of_every_sort(3)
    for draft in Initiative.objects.all():
        workflow.publish(record=draft, by="made-up-reviewer")
    content = table(*({"slug": row["slug"], key: CHANGES[key]} for row in rows[1:]))

    _report, lines = imported("initiatives", content, by=editor)
    made = {one.record_id: (one.before, one.after, one.label, one.created_by) for one in Revision.objects.all()}
    told = list(Change.objects.filter(type="editorial.revision").values_list("verb", "reason", "after__record_id"))
    Revision.objects.all().delete()
    monkeypatch.setattr(Edits, "_try", _refused)
    imported("initiatives", content, by=editor)
    by_verb = {one.record_id: (one.before, one.after, one.label, one.created_by) for one in Revision.objects.all()}

    assert {line.outcome for line in lines} == {"proposed"}
    assert len(made) == 2
    assert made == by_verb
    assert sorted(told) == [("revision.created", "Imported from made-up.csv.", number) for number in sorted(made)]


def _refused(edits, some):
    raise DatabaseError


def test_a_change_that_the_database_refuses_does_not_take_the_others_with_it(db):
    drafts_of_every_sort(20)
    event = {"initiative": "made-up-7", "date": "2024", "citations": "made-up-page", "summary": "A made-up event."}
    imported("status-updates", table(event | {"status": "ratifying", "role": "agreed"}))

    report, lines = imported("initiatives", table(*({"slug": f"made-up-{number}", "kind": "event"} for number in range(20))))

    assert [str(refusal) for refusal in report.refusals] == ["made-up.csv:9 a event cannot have had the statuses of this history"]
    assert [line.outcome for line in lines].count("changed") == 19


def test_the_number_of_questions_for_names_hardly_grows_with_the_records(db):
    drafts_of_every_sort(60)
    rows = [
        {"type": "initiative", "record": f"made-up-{number}", "language": "ru", "text": "Фонд", "kind": "usual"} for number in range(60)
    ]

    assert questions("names", rows) - questions("names", rows[:10]) <= 50 * 8
