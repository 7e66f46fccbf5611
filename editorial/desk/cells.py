"""Cells of a CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def neutral(text: str) -> str:
    """The text as it may stand in a cell: one that would be computed, or was made harmless before, gets a `'` in front."""
    return f"'{text}" if _FORMULA.match(text) else text


def original(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
