"""What goes out comes back: every record of the shipped data, and any text at all."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.desk.cells import neutral, original
from initiatives.imports.cells import small_rows, small_table, tidy
from initiatives.imports.files import read_upload
from initiatives.imports.load import load
from initiatives.imports.report import Report
from initiatives.imports.resources import RESOURCES
from initiatives.imports.rows import Manner
from initiatives.imports.write import as_table, exported
from initiatives.models import InitiativeName

# Beginnings that a spreadsheet would run, and what may stand before them.
nasty = st.text(st.sampled_from("'=+-@\t\r\n|\",;; \u00a0a1ş")) | st.text(st.characters(codec="utf-8"))

in_a_file = nasty.map(lambda text: text.replace("\0", ""))


def named(name):
    return next(resource for resource in RESOURCES if resource.name == name)


def written(resource, format, records=None):
    return "".join(exported(resource, format, records)).encode()


def imported(resource, content, *, by="made-up-editor"):
    """The report of an import that is not kept, and its lines."""
    reading, report = read_upload(content, resource, "made-up.csv"), Report()
    report.refusals += reading.refusals
    manner = Manner(by=by, reason="Imported from made-up.csv.", publishes=False)
    list(load([(resource, "made-up.csv", reading.lines)], manner, report, keep=lambda: False))
    return report, reading.lines


class TestWhatIsShipped:
    @pytest.mark.parametrize("format", ["csv", "json"])
    @pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
    def test_every_record_comes_back_the_same(self, shipped, resource, format):
        report, lines = imported(resource, written(resource, format))

        assert not report.refusals
        assert len(lines) == sum(kind.model.objects.count() for kind in resource.kinds)
        assert {line.outcome for line in lines} == {"same"}

    def test_rows_of_history_come_back_the_same_without_their_codes_too(self, shipped):
        resource = named("status-updates")
        rows = [row | {"code": ""} for row in json.loads(written(resource, "json"))]

        report, lines = imported(resource, json.dumps(rows).encode())

        assert not report.refusals
        assert {line.outcome for line in lines} == {"same"}

    def test_the_columns_of_a_table_are_the_keys_of_the_format_in_order(self, shipped):
        for resource in RESOURCES:
            rows = list(csv.reader(io.StringIO(written(resource, "csv").decode("utf-8-sig"), newline="")))
            assert rows[0] == resource.keys == list(json.loads(written(resource, "json"))[0])

    def test_names_of_all_three_kinds_are_in_one_file(self, shipped):
        rows = json.loads(written(named("names"), "json"))

        assert {row["type"] for row in rows} == {"initiative", "meeting", "party"}
        assert sum(row["type"] == "initiative" for row in rows) == InitiativeName.objects.count()

    @pytest.mark.parametrize("name", ["initiatives", "provisions", "names"])
    def test_the_number_of_questions_does_not_grow_with_the_records(self, shipped, budget, name):
        with budget(f"export: {name}"):
            written(named(name), "csv")


class TestText:
    @given(nasty)
    def test_any_text_comes_out_of_its_cell_as_it_went_in(self, text):
        assert original(neutral(text)) == text

    @given(nasty)
    def test_no_cell_is_a_formula(self, text):
        assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))

    @given(st.lists(st.lists(nasty, min_size=1, max_size=4), max_size=4))
    def test_a_small_table_comes_out_of_its_cell_as_it_went_in(self, rows):
        tidied = [[tidy(part) for part in row] for row in rows]
        trimmed = [row[: max((at for at, part in enumerate(row, start=1) if part), default=0)] for row in tidied]

        assert small_rows(small_table(tidied)) == [row for row in trimmed if row]

    @given(st.lists(st.fixed_dictionaries({"name": in_a_file, "summary": in_a_file, "name_tr": in_a_file, "notes": st.lists(in_a_file)})))
    def test_any_table_comes_back_as_it_went_out(self, texts):
        resource = named("initiatives")
        empty = {key: column.from_cell("") for key, column in resource.by_key().items()}
        rows = [empty | row | {"slug": f"made-up-{at}"} for at, row in enumerate(texts)]
        for row in rows:
            row["notes"] = [tidy(" ".join(line.split())) for line in row["notes"] if line.split()]

        reading = read_upload("".join(as_table(resource, rows)).encode(), resource, "made-up.csv")

        assert [line.row for line in reading.lines] == [
            {key: tidy(value) if isinstance(value, str) else value for key, value in row.items()} for row in rows
        ]
