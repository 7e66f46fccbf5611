"""The ledger as a table for spreadsheets: one line for each field that changed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from editorial.models import Change

from .cells import neutral

COLUMNS = ["serial", "at", "actor", "verb", "type", "slug", "label", "reason", "field", "before", "after"]
# Spreadsheets read UTF-8 as such only when the file begins with it.
BOM = "\ufeff"


class _Echo:
    """A file that hands every line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def ledger_as_csv(changes: QuerySet[Change]) -> StreamingHttpResponse:
    """The rows as a file that is written while it is sent."""
    response = StreamingHttpResponse(lines(changes), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ledger.csv"'
    return response


def lines(changes: QuerySet[Change]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow(COLUMNS)
    for change in changes.iterator(chunk_size=500):
        who = [change.serial, f"{change.at:%Y-%m-%dT%H:%M:%SZ}", change.actor, change.verb, change.type, change.slug, change.label]
        for name in change.fields or [""]:
            cells = [*who, change.reason, name, _cell(change.before.get(name)), _cell(change.after.get(name))]
            yield writer.writerow([neutral(str(cell)) for cell in cells])


def _cell(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
