"""Records as a file of the exchange format: a table or JSON, record by record, so that length costs no memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.db import models

from editorial.desk.cells import neutral

from .resource import ByType, Resource

FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
# Records read from the database at a time.
AT_ONCE = 200
# Without it spreadsheets take UTF-8 for something else.
BYTE_ORDER_MARK = "\ufeff"

Row = dict[str, Any]


def exported(resource: Resource | ByType, format: str, records: models.QuerySet | None = None) -> Iterator[str]:
    """The records (all, or those of the one kind given) in a format of FORMATS, piece by piece."""
    kinds = ((kind, kind.prepared() if records is None else kind.prepared(records)) for kind in resource.kinds)
    rows = chain.from_iterable(map(kind.row_of, found.iterator(chunk_size=AT_ONCE)) for kind, found in kinds)
    return as_table(resource, rows) if format == "csv" else as_json(rows)


def as_table(resource: Resource | ByType, rows: Iterable[Row]) -> Iterator[str]:
    """CSV as spreadsheets open it, in which nothing is a formula."""
    columns = resource.by_key()
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield BYTE_ORDER_MARK + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([neutral(column.to_cell(row[key])) for key, column in columns.items()])


def as_json(rows: Iterable[Row]) -> Iterator[str]:
    """One list, a record a line."""
    mark = "[\n"
    for row in rows:
        yield mark + json.dumps(row, ensure_ascii=False)
        mark = ",\n"
    yield "[]\n" if mark == "[\n" else "\n]\n"


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
