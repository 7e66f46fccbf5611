"""Text as spreadsheets keep it: tidied on the way in, and small tables within one cell."""

from __future__ import annotations

import csv
import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Blanks that do not break: pasted from pages, unseen, and enough to make two names of one.
_BLANKS = {ord(blank): " " for blank in "\u00a0\u2007\u202f"}
PART = "|"


def tidy(text: str) -> str:
    """The text with plain blanks, plain line ends, and none of either around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS).strip()


def small_table(rows: list[list[str]]) -> str:
    """A small table in one cell: a line a row, parts separated by bars; empty parts at the end are left out."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=PART, lineterminator="\n")
    for row in rows:
        filled = [number for number, part in enumerate(row, start=1) if part]
        writer.writerow(row[: max(filled, default=1)])
    return text.getvalue().removesuffix("\n")


def small_rows(cell: str) -> list[list[str]]:
    """The rows of a small table. Raises ValidationError when its quotation marks do not fit."""
    try:
        rows = list(csv.reader(io.StringIO(cell, newline=""), delimiter=PART, strict=True))
    except csv.Error as error:
        raise ValidationError(
            _(
                "The quotation marks in this cell do not fit. One line is one entry, with “|” between its parts; "
                "a part that begins with a quotation mark also ends with one, and has those inside it doubled."
            )
        ) from error
    return [[tidy(part) for part in row] for row in rows if any(map(tidy, row))]
