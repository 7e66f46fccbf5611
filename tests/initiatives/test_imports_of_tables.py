"""Tables as editors have them: every mistake named, every spreadsheet's habit understood, and nothing written half."""

import csv
import io
import json

import pytest

from editorial import revisions, workflow
from editorial.models import Change
from initiatives.imports import files
from initiatives.imports.load import load
from initiatives.imports.report import Report
from initiatives.imports.rows import Manner
from initiatives.imports.uploads import BY_NAME
from initiatives.models import Initiative, InitiativeName, StatusUpdate
from meetings.models import Document, Meeting
from reference.models import Membership, Source
from tests.factories import (
    DocumentFactory,
    InitiativeFactory,
    InitiativeNameFactory,
    MeetingFactory,
    MeetingNameFactory,
    MembershipFactory,
    OldSlugFactory,
    ParticipantFactory,
    PartyFactory,
    ProvisionFactory,
    SeriesFactory,
    SourceFactory,
)

FILE = "made-up.csv"


def table(*rows, delimiter=","):
    """Rows as the text of a CSV; the columns are those of all of them."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def imported(name, content, *, by="made-up-editor", keep=True):
    """Import a file; the report, and its lines."""
    content = content.encode() if isinstance(content, str) else content
    resource, report = BY_NAME[name], Report()
    reading = files.read_upload(content, resource, FILE)
    report.refusals += reading.refusals
    manner = Manner(by=by, reason="Imported from made-up.csv.", publishes=False)
    list(load([(resource, FILE, reading.lines)], manner, report, keep=lambda: keep))
    return report, reading.lines


def said(report):
    return [str(refusal).removeprefix(f"{FILE}:") for refusal in report.refusals]


def read(content, name="initiatives"):
    return files.read_upload(content if isinstance(content, bytes) else content.encode(), BY_NAME[name], FILE)


class TestMistakes:
    """Each row of the first file has one mistake, and each is another one."""

    EVENT = {
        "code": "",
        "initiative": "made-up-fund",
        "status": "",
        "date": "2024-05",
        "date_basis": "",
        "meeting": "",
        "role": "reviewed",
        "party": "",
        "summary": "A made-up event.",
        "certainty": "",
        "step_back_reason": "",
        "corrects": "",
        "citations": "made-up-source",
    }
    MISTAKES = [
        ({"code": "x y"}, "code", "Write letters and digits joined by single hyphens"),
        ({"initiative": "made-up-fun"}, "initiative", "“made-up-fun” is no known initiative. Did you mean “made-up-fund”?"),
        ({"initiative": ""}, "initiative", "This may not be empty."),
        ({"status": "happened"}, "status", "“happened” is not allowed here; it is one of: proposed, under_discussion"),
        ({"status": "ratifying", "initiative": "made-up-plan"}, "status", "“ratifying” is not a step for this kind of initiative (plan)"),
        ({"status": "signed", "date": "2031"}, "status", "2031 is still to come, so nothing can have this status yet."),
        ({"date": "17.05.2024"}, "date", "“17.05.2024” is not a date that can be kept: it has another shape. Write 2024, 2024-H2"),
        ({"date": "2024-02-30"}, "date", "that month has days 01 to 29"),
        ({"date": ""}, "date", "Say when it happened, as well as it is known"),
        ({"date_basis": "guessed"}, "date_basis", "“guessed” is not a basis of a date; it is one of stated, page_date"),
        ({"meeting": "nowhere"}, "meeting", "“nowhere” is no known meeting."),
        ({"role": "danced"}, "role", "“danced” is not allowed here; it is one of: proposed, announced"),
        ({"role": "checked", "status": "proposed"}, "status", "A check that found nothing new changes no status"),
        ({"role": "ratified"}, "party", "Say who ratified it."),
        ({"party": "atlantis"}, "party", "“atlantis” is no known party."),
        ({"summary": ""}, "summary", "This may not be empty."),
        ({"summary": "x" * 401}, "summary", "Ensure this value has at most 400 characters (it has 401)."),
        ({"certainty": "surely"}, "certainty", "it is one of: stated, implied, inferred, disputed."),
        ({"step_back_reason": "It fell."}, "step_back_reason", "Name the status it fell back to, or leave the reason empty."),
        ({"corrects": "made-up-fund-1"}, "corrects", "This row is not public yet: edit it instead of correcting it."),
        ({"citations": ""}, "citations", "Name at least one source: no status goes out without evidence."),
        ({"citations": "no-such-page"}, "citations", "row 1: source: “no-such-page” is no known source."),
        ({"citations": 'made-up-source|"p. 3'}, "citations", "The quotation marks in this cell do not fit."),
        ({"citations": "made-up-source|a|b|c|d|e"}, "citations", "row 1: 6 parts, and it takes at most: source | locator | supports"),
        ({"citations": "made-up-source\nmade-up-source"}, "citations", "row 2: It repeats row 1."),
        (
            {"code": "made-up-fund-2", "status": "proposed", "summary": "Better words."},
            "summary",
            "Published history is final; this row differs in: summary.",
        ),
        ({"code": "made-up-7"}, None, None),
        ({"code": "made-up-7"}, "code", "“made-up-7” stands in line 28 already."),
    ]

    def test_a_file_with_many_mistakes_yields_each_by_row_and_column_and_no_write(self, record):
        fund = InitiativeFactory(slug="made-up-fund", kind="fund")
        InitiativeFactory(slug="made-up-plan", kind="plan")
        SourceFactory(slug="made-up-source")
        record(fund, "proposed", publish=False, code="made-up-fund-1")
        record(
            fund, "proposed", code="made-up-fund-2", date="2024-05", role="reviewed", citations=[Source.objects.get(slug="made-up-source")]
        )
        before = Change.objects.count(), StatusUpdate.objects.count()
        columns = [*self.EVENT, "colour"]
        rows = [[(self.EVENT | row).get(column, "") for column in columns] for row, _field, _words in self.MISTAKES]
        text = io.StringIO(newline="")
        csv.writer(text).writerows([columns, *rows, [*rows[0], "one", "too many"]])

        report, _lines = imported("status-updates", text.getvalue())

        wanted = [(number, field, words) for number, (_row, field, words) in enumerate(self.MISTAKES, start=2) if field]
        wanted += [(1, "colour", "There is no such column here"), (30, "", "This row has 16 cells, and the first row names 14 columns.")]
        found = {(refusal.line, refusal.field): refusal.message for refusal in report.refusals}
        assert {(number, field) for number, field, _words in wanted} == set(found)
        assert len(report.refusals) == len(wanted) == 29
        for number, field, words in wanted:
            assert words in found[number, field]
        assert (Change.objects.count(), StatusUpdate.objects.count()) == before

    def test_other_kinds_of_records_have_mistakes_of_their_own(self, db):
        SeriesFactory(slug="made-up-series")
        meeting = {"slug": "made-up-1", "series": "made-up-series", "name": "Made-up meeting"}
        report, _lines = imported(
            "meetings",
            table(
                meeting | {"start": "2024", "end": "2023", "ordinal": ""},
                meeting | {"slug": "Made Up", "ordinal": ""},
                meeting | {"slug": "made-up-3", "ordinal": "third"},
                meeting | {"slug": "made-up-4", "ordinal": "-4"},
                meeting | {"slug": "made-up-5", "ordinal": "7"},
                meeting | {"slug": "made-up-6", "ordinal": "7"},
                meeting | {"slug": "12345"},
                meeting | {"slug": "x" * 81},
            ),
        )
        assert said(report) == [
            "3 slug: Write small Latin letters and digits, joined by single hyphens, such as “rdi-fund”.",
            "4 ordinal: This takes a whole number.",
            "5 ordinal: Ensure this value is greater than or equal to 0.",
            "9 slug: Ensure this value has at most 80 characters (it has 81).",
            "2 It ends before it starts.",
            "7 Constraint “meeting_ordinal_once_in_series” is violated.",
            "8 Constraint “meeting_slug_shape” is violated.",
        ]
        assert not Meeting.objects.exists()

    def test_a_retired_slug_and_a_relation_to_itself_are_mistakes(self, db):
        OldSlugFactory(slug="made-up-old", record_id="0")
        fund = {"kind": "fund", "name": "Made-up fund", "relations": ""}
        report, _lines = imported(
            "initiatives", table(fund | {"slug": "made-up-old"}, fund | {"slug": "made-up-new", "relations": "made-up-new|related"})
        )
        assert [(refusal.line, refusal.field) for refusal in report.refusals] == [(2, "slug"), (3, "relations")]
        assert "is the former address of another record" in report.refusals[0].message
        assert not Initiative.objects.exists()

    def test_a_source_with_a_wrong_address_is_a_mistake(self, db):
        page = {"slug": "made-up", "publisher": "Made-up Courier", "language": "en", "kind": "agency"}
        report, _lines = imported("sources", table(page | {"url": "gopher://x"}, page | {"slug": "made-up-2", "url": "https://x y"}))
        assert {(refusal.line, refusal.field) for refusal in report.refusals} == {(2, "url"), (3, "url")}

    def test_a_text_where_true_or_false_belongs_is_a_mistake(self, db):
        meeting = MeetingFactory()
        row = {"meeting": meeting.slug, "kind": "declaration", "title": "Made-up declaration"}
        answers = ["yes", "NO", "1", "0", "True", "perhaps"]
        report, lines = imported(
            "documents", table(*({**row, "slug": f"made-up-{at}", "text_known": text} for at, text in enumerate(answers)))
        )
        assert said(report) == ["7 text_known: This takes true or false."]
        assert [line.row["text_known"] for line in lines] == [True, False, True, False, True, "perhaps"]

    def test_a_correction_stays_within_its_initiative_and_happens_once(self, record):
        one, other, source = InitiativeFactory(slug="made-up"), InitiativeFactory(), SourceFactory()
        elsewhere, corrected = record(other, "proposed"), record(one, "proposed")
        record(one, "agreed", corrects=corrected)
        row = {"initiative": "made-up", "date": "2024", "role": "reviewed", "summary": "A made-up event.", "citations": source.slug}
        report, _lines = imported(
            "status-updates", table(row | {"corrects": elsewhere.code}, row | {"corrects": corrected.code, "date": "2023"})
        )
        assert said(report) == [
            "2 corrects: It belongs to the history of another initiative.",
            "3 corrects: This row has been corrected already; correct the newer row.",
        ]


class TestSpreadsheets:
    """What programs make of a table between its export and its import."""

    FUND = {"slug": "made-up", "kind": "fund", "name": 'Şahin, «Фонд»; "quoted"', "summary": "Two\nlines"}

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_a_table_is_read_whatever_its_separator_and_encoding(self, delimiter, encoding):
        reading = read(table(self.FUND, delimiter=delimiter).encode(encoding))
        assert [line.row for line in reading.lines] == [self.FUND]
        assert (reading.encoding, reading.separator) == (encoding.removesuffix("-sig"), files.SEPARATORS[delimiter])

    def test_what_is_not_utf_8_is_taken_for_windows_1251_and_says_so(self):
        reading = read(table({"slug": "made-up", "name_ru": "Фонд"}, delimiter=";").encode("windows-1251"))
        assert reading.lines[0].row == {"slug": "made-up", "name_ru": "Фонд"}
        assert reading.encoding == "windows-1251"

    @pytest.mark.parametrize(
        "text",
        [
            "slug,name\r\nmade-up,A fund\r\n",
            "SLUG ,\u00a0Name\nmade-up\u00a0, A\u00a0fund \n",
            "slug,name,,,\nmade-up,A fund,,,\n,,,,\n\n",
            "\n\nslug,name\n\nmade-up,A fund",
            '"slug";"name"\r\n"made-up";"A fund"\r\n',
            "slug\tname\nmade-up\tA fund\n",
            "slug,name\rmade-up,A fund\r",
        ],
    )
    def test_blanks_empty_rows_and_line_ends_change_nothing(self, text):
        assert [line.row for line in read(text).lines] == [{"slug": "made-up", "name": "A fund"}]

    def test_a_line_end_inside_a_cell_is_a_plain_one(self):
        assert read('slug,summary\nmade-up,"one\r\ntwo\rthree"\n').lines[0].row["summary"] == "one\ntwo\nthree"

    def test_a_row_is_numbered_as_the_spreadsheet_does(self):
        reading = read('slug,summary\none,"two\nlines"\n\nfour,\n')
        assert [(line.number, line.row["slug"]) for line in reading.lines] == [(2, "one"), (4, "four")]

    def test_a_row_cut_short_has_empty_cells(self):
        assert read("slug,name,summary\nmade-up\n").lines[0].row == {"slug": "made-up", "name": "", "summary": ""}

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "The file holds no records."),
            (b"slug,name\n", "The file holds no records."),
            (b"PK\x03\x04xlsx", "This is a workbook and not a table"),
            (b"slug,name\nmade-up,\0", "The file holds NUL characters"),
            ("slug,name\nmade-up,A".encode("utf-16-le"), "The file holds NUL characters"),
            (b"slug,name\nmade-up,\xff\x98", "neither in UTF-8 nor in Windows-1251"),
            (b"this,that\nx,y\n", "1 The first row names no column of this kind of records; it takes: slug, kind"),
            (b",".join(b"c%d" % n for n in range(999)), "1 The first row names no column of this kind of records"),
            (b"slug,name,slug\nx,y,z\n", "1 slug: This column stands here twice."),
            (b"slug,,name\nx,y,z\n", "1 Column 2 has no name."),
            (b"name,kind\nx,y\n", "1 slug: This column is missing: it says which record a row is about."),
            (b"slug,nam\nx,y\n", "1 nam: There is no such column here"),
            (b"slug,nam\nx,y\n", "Did you mean “name”?"),
            (b"slug,name\nx,y,z\n", "2 This row has 3 cells, and the first row names 2 columns."),
            (b'slug,name\nx,y\nv,"w\nz,z\n', "3 A quotation mark is opened in this row and never closed"),
            (b'slug,name\nx,"y"y\n', "2 The quotation marks in this row do not fit"),
            (b"slug,name\nx," + b"y" * 200_000, "2 A cell of this row is longer than any text here may be."),
            (b"slug,name\nx,y\nx,z\n", "3 slug: “x” stands in line 2 already."),
            (b'[{"slug": "x"}', "This file is not JSON"),
            (b'[{"slug": "x", "slug": "y"}]', "“slug” stands in it twice"),
            (b'[{"slug": "x\\u0000"}]', "1 A line is one record in braces, without NUL characters."),
            (b'[{"slug": "x", "a\\u0000b": 1}]', "1 A line is one record in braces, without NUL characters."),
            (b'[{"names": [{"a\\u0000b": 1}]}]', "1 A line is one record in braces, without NUL characters."),
            (b'[{"a\\u0000b": 1, "a\\u0000b": 2}]', "stands in it twice"),
            (b"[1]", "1 A line is one record in braces"),
            (b"[" * 100_000, "This file is not JSON"),
        ],
    )
    def test_a_file_that_cannot_be_understood_says_why(self, content, words):
        assert words in "\n".join(said_of(read(content)))

    def test_a_file_with_too_many_rows_is_to_be_cut(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_ROWS", 3)
        for content in (
            "slug\n" + "\n".join(f"x{n}" for n in range(9)),
            json.dumps([{"slug": f"x{n}"} for n in range(9)]),
            "\n".join(json.dumps({"slug": f"x{n}"}) for n in range(9)),
        ):
            reading = read(content)
            assert said_of(reading) == [f"{FILE} The file holds more than 3 records; cut it into several."]
            assert len(reading.lines) == 3

    def test_a_list_of_json_and_lines_of_json_say_the_same(self):
        rows = [{"slug": "one", "name": "A"}, {"slug": "two", "themes": ["x"]}]
        assert [line.row for line in read(json.dumps(rows)).lines] == rows
        assert [line.row for line in read("\n".join(map(json.dumps, rows))).lines] == rows


def said_of(reading):
    return [str(refusal).removeprefix(f"{FILE}:") for refusal in reading.refusals]


class TestWhatIsWritten:
    def test_a_column_that_is_missing_leaves_what_is_there_and_an_empty_cell_empties_it(self, db):
        fund = InitiativeFactory(
            slug="made-up",
            state="draft",
            summary="A summary.",
            notes="A note.",
            deadline="2030~inferred",
            i18n={"name_tr": "Fon", "name_ru": "Фонд"},
        )
        InitiativeNameFactory(parent=fund)

        imported("initiatives", table({"slug": "made-up", "summary": "", "deadline": "2031", "name_ru": ""}))

        fund.refresh_from_db()
        assert (fund.summary, fund.notes, fund.deadline.as_column()) == ("", "A note.", "2031~inferred")
        assert fund.i18n == {"name_tr": "Fon"}
        assert fund.names.count() == 1

    def test_a_key_that_is_missing_from_json_likewise(self, db):
        InitiativeFactory(slug="made-up", state="draft", summary="A summary.")
        imported("initiatives", json.dumps([{"slug": "made-up", "name": "Made-up fund"}]))
        assert Initiative.objects.get().summary == "A summary."

    def test_texts_that_differ_in_blanks_alone_are_the_same(self, db):
        InitiativeFactory(slug="made-up", name="A\u00a0fund ", notes="one\r\ntwo", kind="fund")
        _report, lines = imported("initiatives", table({"slug": "made-up", "name": "A fund", "notes": "one\ntwo"}))
        assert lines[0].outcome == "same"

    def test_relations_may_name_rows_further_down(self, db):
        fund = {"kind": "fund", "name": "Made-up fund"}
        report, lines = imported(
            "initiatives",
            table(fund | {"slug": "made-up-1", "relations": "made-up-2|replaces"}, fund | {"slug": "made-up-2", "relations": ""}),
        )
        assert not report.refusals
        assert Initiative.objects.get(slug="made-up-1").relations.get().target.slug == "made-up-2"
        assert ("relations", "", "made-up-2|replaces") in lines[0].changes

    def test_a_relation_of_a_public_record_waits_with_its_other_changes(self, db, editor):
        public = InitiativeFactory(slug="made-up-1")
        new = {"slug": "made-up-2", "kind": "fund", "name": "Made-up fund", "relations": ""}
        _report, lines = imported("initiatives", table({**new, "slug": "made-up-1", "relations": "made-up-2|replaces"}, new), by=editor)
        assert [line.outcome for line in lines] == ["proposed", "created"]
        assert not public.relations.exists()
        waiting = revisions.pending(public).after
        assert (waiting["name"], waiting["relations"][0]["target"]) == ("Made-up fund", "made-up-2")

    def test_new_sources_stay_unseen_until_something_public_cites_them(self, db):
        imported("sources", table({"slug": "made-up", "publisher": "Made-up Courier", "language": "en", "kind": "agency"}))
        assert not Source.objects.get().is_public

    def test_names_are_added_and_changed_and_the_others_left(self, db, editor):
        draft, public = InitiativeFactory(slug="made-up", state="draft"), MeetingFactory(slug="made-up-meeting")
        party = PartyFactory(code="made-up-party", is_public=False)
        InitiativeNameFactory(parent=draft, language="tr", text="Fon", kind="alias")
        InitiativeNameFactory(parent=draft, language="ru", text="Фонд", kind="usual")
        MeetingNameFactory(parent=public, text="Toplantı")
        row = {"type": "initiative", "record": "made-up", "language": "tr", "text": "Fon", "kind": "usual"}

        report, lines = imported(
            "names",
            table(
                row,
                row | {"text": "Uydurma Fon"},
                row | {"language": "ru", "text": "Фонд"},
                row | {"type": "meeting", "record": "made-up-meeting", "text": "Uydurma Toplantı"},
                row | {"type": "party", "record": "made-up-party", "text": "Uydurma Taraf", "kind": ""},
            ),
            by=editor,
        )

        assert not report.refusals
        assert [line.outcome for line in lines] == ["changed", "created", "same", "proposed", "created"]
        assert sorted(draft.names.values_list("text", "kind")) == [("Fon", "usual"), ("Uydurma Fon", "usual"), ("Фонд", "usual")]
        assert party.names.get().kind == "alias"
        assert public.names.count() == 1
        assert [name["text"] for name in revisions.pending(public).after["names"]] == ["Toplantı", "Uydurma Toplantı"]
        assert Change.objects.of(draft).last().verb == "initiative.changed"

    def test_a_mistaken_name_is_named_and_so_is_a_mistaken_type(self, db):
        InitiativeFactory(slug="made-up")
        row = {"type": "initiative", "record": "made-up", "language": "tr", "text": "Fon", "kind": "usual"}
        report, _lines = imported(
            "names",
            table(
                row | {"type": "country"},
                row | {"language": "turkish"},
                row | {"record": "made-upp"},
                row | {"kind": "nick"},
                row | {"text": ""},
            ),
        )
        assert [(refusal.line, refusal.field) for refusal in report.refusals] == [
            (2, "type"), (3, "language"), (4, "record"), (5, "kind"), (6, "text"),
        ]  # fmt: skip
        assert "it is one of: initiative, meeting, party." in report.refusals[0].message
        assert not InitiativeName.objects.exists()

    def test_a_participant_of_a_public_meeting_waits_with_the_meeting(self, db, editor):
        draft, public = MeetingFactory(slug="made-up-draft", state="draft"), MeetingFactory(slug="made-up-public")
        source = SourceFactory()
        ParticipantFactory(meeting=public, person="Made-up Minister", office="Minister of Examples", party=None)
        row = {"meeting": "made-up-draft", "person": "Made-up Envoy", "office": "Envoy", "citations": source.slug}

        report, lines = imported(
            "participants",
            table(row, row | {"meeting": "made-up-public"}, {**row, "meeting": "made-up-public", "person": "Made-up Minister"}),
            by=editor,
        )

        assert not report.refusals
        assert [line.outcome for line in lines] == ["created", "proposed", "proposed"]
        assert draft.participants.get().citations.get().source == source
        assert public.participants.get().office == "Minister of Examples"
        told = revisions.pending(public).after["participants"]
        assert [(one["person"], one["office"]) for one in told] == [("Made-up Minister", "Envoy"), ("Made-up Envoy", "Envoy")]
        other = workflow.locked(revisions.pending(public))
        assert revisions.publish(revision=other, by="made-up-reviewer").participants.count() == 2

    def test_a_public_document_is_not_taken_from_the_public_by_its_new_meeting(self, db, editor):
        document, draft = DocumentFactory(), MeetingFactory(state="draft")

        _report, lines = imported("documents", table({"slug": document.slug, "meeting": draft.slug}), by=editor)

        assert [line.outcome for line in lines] == ["proposed"]
        assert Document.objects.get().meeting != draft

    def test_the_initiatives_of_a_provision_wait_with_the_rest(self, db, editor):
        provision, initiative = ProvisionFactory(), InitiativeFactory()
        row = {"document": provision.document.slug, "code": provision.code, "initiatives": f"{initiative.slug}|started"}

        _report, lines = imported("provisions", table(row), by=editor)

        assert [line.outcome for line in lines] == ["proposed"]
        assert not provision.initiative_links.exists()
        revisions.publish(revision=revisions.pending(provision), by="made-up-reviewer")
        assert provision.initiative_links.get().relation == "started"

    def test_a_membership_between_public_parties_is_saved_by_those_who_may_publish_alone(self, db, reviewer, administrator):
        body, member = PartyFactory(code="made-up-body"), PartyFactory(code="made-up-state")
        content = table({"body": body.code, "member": member.code, "role": "member", "since": "2009"})

        report, _lines = imported("memberships", content, by=reviewer)
        assert [line.startswith("2 Readers would see it at once") for line in said(report)] == [True]

        report, _lines = imported("memberships", content, by=administrator)
        assert not report.refusals
        assert Membership.objects.get().since.value == "2009"

    def test_two_periods_of_one_membership_are_told_apart_by_their_beginning(self, db, reviewer):
        first = MembershipFactory(since="2009", until="2012")
        MembershipFactory(body=first.body, member=first.member, role=first.role, since="2020")
        row = {"body": first.body.code, "member": first.member.code, "role": "member"}
        periods = row | {"since": "2009", "until": "2013"}, row | {"since": "2020", "until": ""}
        _report, lines = imported("memberships", table(*periods), by=reviewer)
        assert [line.outcome for line in lines] == ["proposed", "same"]
