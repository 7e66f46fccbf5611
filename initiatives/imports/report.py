"""What a load says about itself: every line with what became of it, and everything that was refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError

from editorial.desk.forms import as_refusal


@dataclass(frozen=True)
class Refusal:
    """One thing wrong with one line."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.field}: {self.message}" if self.field else f"{where} {self.message}"


@dataclass
class Line:
    """One line of a file: its number, what it says, and what became of it.

    `outcome` is created, changed, proposed (a change that waits for a
    reviewer), same or refused; `changes` are key, before and after of
    everything it changes, as a cell would say it; `found` is the number of the
    record it was about, if there was one.
    """

    number: int
    row: dict[str, Any]
    outcome: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    found: int | None = None


@dataclass
class Report:
    """What a load did, or would have done: counts per file, and everything that was refused."""

    counts: dict[str, Counter] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def total(self, outcome: str) -> int:
        return sum(counter[outcome] for counter in self.counts.values())

    def refuse(self, file: str, line: Line, error: ValidationError | DatabaseError) -> None:
        """Note what is wrong with a line, field by field."""
        line.outcome, line.changes = "refused", []
        self.refusals += [Refusal(file, line.number, name, text) for name, text in _problems(as_refusal(error))]


def _problems(error: ValidationError) -> list[tuple[str, str]]:
    if not hasattr(error, "error_dict"):
        return [("", " ".join(error.messages))]
    # A text is refused again as its own translation into its own language, and into the reader's.
    twins = {f"{name}_{ending}" for name in error.error_dict for ending in (settings.LANGUAGE_CODE, "i18n")}
    found = [(name, texts) for name, texts in error.message_dict.items() if name not in twins]
    return [("" if name == NON_FIELD_ERRORS else name, " ".join(texts)) for name, texts in found]
