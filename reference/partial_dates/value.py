"""Dates as well as they are known.

A communiqué says "in 2026", "in the second half of 2026" or "on 24 October
2025". Turning the first two into a day would invent a fact, so a date here
keeps exactly the precision its source has, and says how it came to be known.

This module is the value type itself: parsing, comparing, showing.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """How the date came to be known; shown beside every date that was not stated outright."""

    STATED = "stated", _("stated in the source")
    PAGE_DATE = "page_date", _("date of the page")
    RESOLVED_RELATIVE = ("resolved_relative", _("worked out from relative words"))
    INFERRED = "inferred", _("inferred")


FIRST_YEAR, LAST_YEAR = 1900, 2199
_SHAPE = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?", re.ASCII)
# Between the date and its basis in the database column, see PartialDateField.
BASIS_MARK = "~"


def _refusal(value: object, why: str) -> ValidationError:
    return ValidationError(
        _(
            "“%(value)s” is not a date that can be kept: %(why)s. "
            "Write 2024, 2024-H2, 2024-05 or 2024-05-17, or leave it empty when the date is not known."
        ),
        code="invalid_partial_date",
        params={"value": str(value)[:60], "why": why},
    )


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, half-year, month or day, or unknown, with the basis on which it is known.

    `value` is one of `2024`, `2024-H2`, `2024-05`, `2024-05-17` or the empty
    string (unknown). Build it with `parse`, which refuses anything else with a
    ValidationError that says what is allowed.
    """

    value: str = ""
    basis: str = Basis.STATED.value

    def __post_init__(self) -> None:
        if not isinstance(self.value, str):
            raise _refusal(self.value, gettext("it is not text"))
        if self.basis not in Basis.values:
            raise ValidationError(
                _("“%(value)s” is not a basis of a date; it is one of %(allowed)s."),
                code="invalid_basis",
                params={"value": str(self.basis)[:60], "allowed": ", ".join(Basis.values)},
            )
        if not self.value:
            # How nothing is known needs no telling; an unknown date is always the one same value.
            object.__setattr__(self, "basis", Basis.STATED.value)
            return
        match = _SHAPE.fullmatch(self.value)
        if not match:
            raise _refusal(self.value, gettext("it has another shape"))
        year = int(match["year"])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise _refusal(
                self.value, gettext("the year must lie between %(first)d and %(last)d") % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        if match["month"] and not 1 <= int(match["month"]) <= 12:
            raise _refusal(self.value, gettext("months run from 01 to 12"))
        if match["day"]:
            days = monthrange(year, int(match["month"]))[1]
            if not 1 <= int(match["day"]) <= days:
                raise _refusal(self.value, gettext("that month has days 01 to %(last)d") % {"last": days})

    @classmethod
    def parse(cls, value: PartialDate | datetime.date | str | None, basis: str = Basis.STATED.value) -> PartialDate:
        """Read what an editor or a file wrote; the word `unknown` and nothing at all both mean unknown."""
        if isinstance(value, PartialDate):
            return value
        if value is None:
            return cls("", basis)
        if isinstance(value, datetime.date):
            return cls(value.strftime("%Y-%m-%d"), basis)
        if not isinstance(value, str):
            raise _refusal(value, gettext("it is not text"))
        text = value.strip()
        return cls("" if text.casefold() == "unknown" else text.replace("-h", "-H"), basis)

    @property
    def precision(self) -> str:
        """`unknown`, `year`, `half`, `month` or `day`."""
        return {0: "unknown", 4: "year", 10: "day"}.get(len(self.value)) or ("half" if "H" in self.value else "month")

    @property
    def first(self) -> datetime.date | None:
        """The first day it can have been; None when unknown. For comparing, never for showing."""
        if not self.value:
            return None
        year = int(self.value[:4])
        if self.precision == "day":
            return datetime.date.fromisoformat(self.value)
        month = {"year": 1, "half": 7 if self.value.endswith("H2") else 1}.get(self.precision) or int(self.value[5:7])
        return datetime.date(year, month, 1)

    @property
    def last(self) -> datetime.date | None:
        """The last day it can have been; None when unknown. For comparing, never for showing."""
        if self.first is None or self.precision == "day":
            return self.first
        months = {"year": 12, "half": 6, "month": 1}[self.precision]
        month = self.first.month + months - 1
        return datetime.date(self.first.year, month, monthrange(self.first.year, month)[1])

    @property
    def sort_key(self) -> str:
        """The one order of dates: by first possible day, vaguer before finer, unknown last.

        The same text as the SQL function partial_date_sort gives.
        """
        year = self.value[:4]
        match self.precision:
            case "unknown":
                return "9999-99-99"
            case "year":
                return f"{year}-00-00"
            case "half":
                return f"{year}-00-01" if self.value.endswith("H1") else f"{year}-06-99"
            case "month":
                return f"{self.value}-00"
        return self.value

    def overlaps(self, other: PartialDate) -> bool:
        """Whether the two can be the same day. Nothing overlaps an unknown date."""
        if not self.first or not self.last or not other.first or not other.last:
            return False
        return self.first <= other.last and other.first <= self.last

    def within(self, other: PartialDate) -> bool:
        """Whether every day this can be lies inside `other`."""
        if not self.first or not self.last or not other.first or not other.last:
            return False
        return other.first <= self.first and self.last <= other.last

    def starts_after(self, day: datetime.date) -> bool:
        """Whether it certainly lies after `day`."""
        return self.first is not None and self.first > day

    def as_json(self) -> dict[str, str] | None:
        """The form of the API: value, precision, basis and the words in the active language."""
        if not self.value:
            return None
        return {"value": self.value, "precision": self.precision, "basis": self.basis, "display": str(self)}

    def as_column(self) -> str:
        """The text kept in the database: the basis is written out only when it is not `stated`."""
        return self.value if self.basis == Basis.STATED else f"{self.value}{BASIS_MARK}{self.basis}"

    @classmethod
    def from_column(cls, text: str) -> PartialDate:
        value, _mark, basis = text.partition(BASIS_MARK)
        return cls(value, basis or Basis.STATED.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        """In the active language: “2024”, “second half of 2024”, “May 2024”, “17 May 2024”."""
        day = self.first
        if day is None:
            return gettext("date not known")
        match self.precision:
            case "year":
                return self.value
            case "half":
                words = gettext("second half of %(year)s") if self.value.endswith("H2") else gettext("first half of %(year)s")
                return words % {"year": self.value[:4]}
            case "month":
                return formats.date_format(day, "YEAR_MONTH_FORMAT")
        return formats.date_format(day, "DATE_FORMAT")


UNKNOWN = PartialDate()
