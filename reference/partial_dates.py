"""Dates as well as they are known.

A communiqué says "in 2026", "in the second half of 2026" or "on 24 October
2025". Turning the first two into a day would invent a fact, so a date here
keeps exactly the precision its source has, and says how it came to be known.

One value type (`PartialDate`), one model field, one form field, one display,
one JSON form and one sort order; nothing else in the project parses dates of
events.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """How the date came to be known; shown beside every date that was not stated outright."""

    STATED = "stated", _("stated in the source")
    PAGE_DATE = "page_date", _("date of the page")
    RESOLVED_RELATIVE = (
        "resolved_relative",
        _("worked out from words such as “next year”"),
    )
    INFERRED = "inferred", _("inferred")


FIRST_YEAR, LAST_YEAR = 1900, 2199
_SHAPE = re.compile(
    r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?",
    re.ASCII,
)
# Between the date and its basis in the database column, see PartialDateField.
_MARK = "~"


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
                params={
                    "value": str(self.basis)[:60],
                    "allowed": ", ".join(Basis.values),
                },
            )
        if not self.value:
            return
        match = _SHAPE.fullmatch(self.value)
        if not match:
            raise _refusal(self.value, gettext("it has another shape"))
        year = int(match["year"])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise _refusal(
                self.value,
                gettext("the year must lie between %(first)d and %(last)d") % {"first": FIRST_YEAR, "last": LAST_YEAR},
            )
        if match["month"] and not 1 <= int(match["month"]) <= 12:
            raise _refusal(self.value, gettext("months run from 01 to 12"))
        if match["day"]:
            days = monthrange(year, int(match["month"]))[1]
            if not 1 <= int(match["day"]) <= days:
                raise _refusal(
                    self.value,
                    gettext("that month has days 01 to %(last)d") % {"last": days},
                )

    @classmethod
    def parse(
        cls,
        value: PartialDate | datetime.date | str | None,
        basis: str = Basis.STATED.value,
    ) -> PartialDate:
        """Read what an editor or a file wrote; the word `unknown` and nothing at all both mean unknown."""
        if isinstance(value, PartialDate):
            return value
        if value is None:
            return cls("", basis)
        if isinstance(value, datetime.date):
            return cls(value.strftime("%Y-%m-%d"), basis)
        if not isinstance(value, str):
            raise _refusal(value, gettext("it is not text"))
        text = value.strip().upper()
        return cls("" if text == "UNKNOWN" else text, basis)

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
        return {
            "value": self.value,
            "precision": self.precision,
            "basis": self.basis,
            "display": str(self),
        }

    def as_column(self) -> str:
        """The text kept in the database: the basis is written out only when it is not `stated`."""
        return self.value if self.basis == Basis.STATED else f"{self.value}{_MARK}{self.basis}"

    @classmethod
    def from_column(cls, text: str) -> PartialDate:
        value, _mark, basis = text.partition(_MARK)
        return cls(value, basis or Basis.STATED.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        """In the active language: “2024”, “second half of 2024”, “May 2024”, “17 May 2024”."""
        match self.precision:
            case "unknown":
                return gettext("date not known")
            case "year":
                return self.value
            case "half":
                words = (
                    gettext("second half of %(year)s")
                    if self.value.endswith("H2")
                    else gettext("first half of %(year)s")
                )
                return words % {"year": self.value[:4]}
            case "month":
                return formats.date_format(self.first, "YEAR_MONTH_FORMAT")
        return formats.date_format(self.first, "DATE_FORMAT")


UNKNOWN = PartialDate()


class PartialDateFormField(forms.MultiValueField):
    """A date as text and its basis; refuses a malformed one with the allowed shapes and keeps what was typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("max_length", None)
        kwargs.pop("empty_value", None)
        required = kwargs.pop("required", False)
        super().__init__(
            fields=(
                forms.CharField(required=required, strip=True),
                forms.ChoiceField(choices=Basis.choices, required=False),
            ),
            widget=kwargs.pop("widget", None) or PartialDateWidget(),
            require_all_fields=False,
            required=required,
            **kwargs,
        )

    def compress(self, data_list: list[str]) -> PartialDate:
        if not data_list:
            return UNKNOWN
        return PartialDate.parse(data_list[0], data_list[1] or Basis.STATED.value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            now = self.compress([*(data or []), "", ""][:2])
        except ValidationError:
            return True
        return now != (PartialDate.parse(initial) if initial else UNKNOWN)


class PartialDateWidget(forms.MultiWidget):
    """Two small boxes: the date as known, and how it is known."""

    use_fieldset = False

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            widgets=(
                forms.TextInput(
                    attrs={
                        "placeholder": "2024-05-17",
                        "size": 12,
                        "autocomplete": "off",
                    }
                ),
                forms.Select(
                    choices=Basis.choices,
                    attrs={"aria-label": _("How the date is known")},
                ),
            ),
            attrs=attrs,
        )

    def id_for_label(self, id_: str, index: str = "0") -> str:
        """The label of the field is that of its first box; the second names itself."""
        return f"{id_}_{index}" if id_ else ""

    def decompress(self, value: PartialDate | str | None) -> list[str]:
        date = PartialDate.parse(value) if value else UNKNOWN
        return [date.value, date.basis]


class PartialDateField(models.Field):
    """A PartialDate in one text column: `2025-10`, or `2025-10~inferred` when the basis is not `stated`.

    One column, so that a date can never lose its basis. The lookups `first`,
    `last` and `sort` are SQL functions of migration reference 0001, usable in
    filters, ordering, constraints and indexes (`order_by("date__sort")`).
    Never null: an unknown date is the empty string.
    """

    description = _("Partial date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("default", UNKNOWN)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("max_length") == 30:
            del kwargs["max_length"]
        if kwargs.get("default") == UNKNOWN:
            del kwargs["default"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "CharField"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> PartialDate | None:
        return None if value is None else PartialDate.from_column(value)

    def to_python(self, value: Any) -> PartialDate:
        if isinstance(value, str) and _MARK in value:
            return PartialDate.from_column(value)
        return PartialDate.parse(value)

    def get_prep_value(self, value: Any) -> str | None:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return self.to_python(value).as_column()

    def value_to_string(self, obj: models.Model) -> str:
        return self.to_python(self.value_from_object(obj)).as_column()

    def formfield(self, **kwargs: Any) -> forms.Field:  # type: ignore[override]
        return PartialDateFormField(
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
            initial=kwargs.get("initial"),
            widget=kwargs.get("widget"),
        )

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _AlwaysPartialDate(self))


class _AlwaysPartialDate(models.query_utils.DeferredAttribute):
    """Reads as a PartialDate even right after `record.date = "2024"`, before any save.

    What cannot be parsed is kept as it is, so that `full_clean` refuses it by field.
    """

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, str) or value is None:
            with suppress(ValidationError):
                value = self.field.to_python(value)
        instance.__dict__[self.field.attname] = value


class _DatePart(models.Transform):
    output_field: models.Field = models.DateField()


@PartialDateField.register_lookup
class First(_DatePart):
    """SQL twin of PartialDate.first."""

    lookup_name = "first"
    function = "partial_date_first"


@PartialDateField.register_lookup
class Last(_DatePart):
    """SQL twin of PartialDate.last."""

    lookup_name = "last"
    function = "partial_date_last"


@PartialDateField.register_lookup
class Sort(models.Transform):
    """SQL twin of PartialDate.sort_key."""

    lookup_name = "sort"
    function = "partial_date_sort"
    output_field = models.CharField(max_length=10)


@PartialDateField.register_lookup
class IsValid(models.Transform):
    """True when the column holds a date of one of the allowed shapes; used by the check constraints."""

    lookup_name = "is_valid"
    function = "partial_date_is_valid"
    output_field = models.BooleanField()


def date_constraint(field: str, name: str) -> models.CheckConstraint:
    """The database's own check of a partial date's shape. `name` must be unique in the database."""
    return models.CheckConstraint(condition=Q(**{f"{field}__is_valid": True}), name=name)
