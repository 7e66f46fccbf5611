"""One class per sort of value in an exchange row: from the row to the record, and back.

A column reads its keys from a row (`parse`), reads the same value from a
record (`read`), and sets it, before the record is saved (`assign`) or after
(`attach`, for belongings that need its number). `parse` and `read` give equal
values exactly when there is nothing to change. `dump` turns a value into what
a row says, and `to_cell` and `from_cell` are the spelling of that in a table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from reference.partial_dates import Basis, PartialDate

from .cells import tidy
from .register import Register, name_of

Row = Mapping[str, Any]
# What people and spreadsheets write for true and false, in any case.
_YES_OR_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Column:
    """A plain value: text, number or yes/no, checked by the model field itself when the record is saved."""

    def __init__(self, key: str, attribute: str = "", *, kind: type = str, empty: Any = "") -> None:
        self.key, self.attribute, self.kind, self.empty = key, attribute or key, kind, empty

    @property
    def keys(self) -> list[str]:
        return [self.key]

    @property
    def lookup(self) -> str:
        """How a query asks for what the row says."""
        return self.attribute

    def parse(self, row: Row, register: Register) -> Any:
        value = row.get(self.key, self.empty)
        if value is None or value == "":
            return self.empty
        if not isinstance(value, self.kind) or (self.kind is int and isinstance(value, bool)):
            names = {str: _("text"), int: _("a whole number"), bool: _("true or false")}
            raise ValidationError({self.key: _("This takes %(kind)s.") % {"kind": names[self.kind]}})
        return value

    def read(self, record: models.Model) -> Any:
        value = getattr(record, self.attribute)
        return tidy(value) if isinstance(value, str) else value

    def dump(self, value: Any) -> dict[str, Any]:
        """The value as a row says it, by key."""
        return {self.key: value}

    def assign(self, record: models.Model, value: Any) -> None:
        setattr(record, self.attribute, value)

    def belongings(self, record: models.Model, value: Any) -> list[models.Model]:
        """The small rows, not saved yet, that the value means for a record that has none."""
        return []

    def attach(self, record: models.Model, value: Any) -> None:
        """Nothing to do once the record is saved."""

    def to_cell(self, value: Any) -> str:
        """What `dump` gave for one key, as the text of a cell."""
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    def from_cell(self, cell: str) -> Any:
        """The text of a cell as a row says it; what cannot be read stays text, which `parse` then refuses."""
        if self.kind is int and re.fullmatch(r"-?[0-9]{1,18}", cell):
            return int(cell)
        if self.kind is bool:
            return _YES_OR_NO.get(cell.casefold(), cell)
        return cell


class Choice(Column):
    """One of a fixed list of words."""

    def __init__(
        self, key: str, attribute: str = "", *, choices: type[models.TextChoices], empty: str = "", optional: bool = False
    ) -> None:
        super().__init__(key, attribute, empty=empty)
        self.choices, self.optional = choices, optional

    def parse(self, row: Row, register: Register) -> str:
        value = super().parse(row, register)
        if value in self.choices.values or (self.optional and not value):
            return value
        allowed = ", ".join(self.choices.values)
        raise ValidationError(
            {self.key: _("“%(value)s” is not allowed here; it is one of: %(allowed)s.") % {"value": value[:80], "allowed": allowed}}
        )


class Fixed(Column):
    """The same word in every row of its kind."""

    def __init__(self, key: str, value: str) -> None:
        super().__init__(key)
        self.value = value

    def parse(self, row: Row, register: Register) -> str:
        return self.value

    def read(self, record: models.Model) -> str:
        return self.value

    def assign(self, record: models.Model, value: str) -> None:
        """No record keeps it."""


class Date(Column):
    """A partial date: `<key>` and `<key>_basis`."""

    @property
    def keys(self) -> list[str]:
        return [self.key, f"{self.key}_basis"]

    def parse(self, row: Row, register: Register) -> PartialDate:
        try:
            date = PartialDate.parse(row.get(self.key))
        except ValidationError as error:
            raise ValidationError({self.key: error.messages}) from error
        try:
            return PartialDate(date.value, row.get(f"{self.key}_basis") or Basis.STATED.value)
        except ValidationError as error:
            raise ValidationError({f"{self.key}_basis": error.messages}) from error

    def dump(self, value: PartialDate) -> dict[str, str]:
        return {self.key: value.value, f"{self.key}_basis": "" if value.basis == Basis.STATED else value.basis}


class Reference(Column):
    """Another record, by slug or code."""

    def __init__(self, key: str, model: type[models.Model], attribute: str = "", *, required: bool = False) -> None:
        super().__init__(key, attribute, empty=None)
        self.model, self.required = model, required

    @property
    def lookup(self) -> str:
        keys = {field.name for field in self.model._meta.concrete_fields}
        return f"{self.attribute}__{'code' if 'code' in keys else 'slug'}"

    def parse(self, row: Row, register: Register) -> models.Model | None:
        value = row.get(self.key)
        if not value:
            if self.required:
                raise ValidationError({self.key: _("This may not be empty.")})
            return None
        return register.find(self.model, value, self.key)

    def dump(self, value: models.Model | None) -> dict[str, str | None]:
        return {self.key: None if value is None else name_of(value)}


class Translated(Column):
    """The translations of a text: `<key>_tr`, `<key>_ru` and so on, for every language of the site."""

    @property
    def keys(self) -> list[str]:
        return [f"{self.key}_{language}" for language, _name in settings.LANGUAGES if language != settings.LANGUAGE_CODE]

    def parse(self, row: Row, register: Register) -> dict[str, str]:
        found = {key: row[key] for key in self.keys if row.get(key)}
        for key, value in found.items():
            if not isinstance(value, str):
                raise ValidationError({key: _("This takes %(kind)s.") % {"kind": _("text")}})
        return found

    def read(self, record: models.Model) -> dict[str, str]:
        kept = record.i18n or {}
        return {key: tidy(kept[key]) for key in self.keys if kept.get(key)}

    def dump(self, value: dict[str, str]) -> dict[str, str]:
        return {key: value.get(key, "") for key in self.keys}

    def assign(self, record: models.Model, value: dict[str, str]) -> None:
        others = {key: text for key, text in (record.i18n or {}).items() if key not in self.keys}
        record.i18n = others | value or None


class Lines(Column):
    """A list of sentences, kept as lines of one text."""

    def parse(self, row: Row, register: Register) -> str:
        value = row.get(self.key) or []
        if not isinstance(value, list) or not all(isinstance(line, str) and "\n" not in line for line in value):
            raise ValidationError({self.key: _("This takes a list of sentences.")})
        return "\n".join(value).strip("\n")

    def read(self, record: models.Model) -> str:
        return "\n".join(map(tidy, super().read(record).split("\n")))

    def dump(self, value: str) -> dict[str, list[str]]:
        return {self.key: value.split("\n") if value else []}

    def to_cell(self, value: list[str]) -> str:
        return "\n".join(value)

    def from_cell(self, cell: str) -> list[str]:
        return [tidy(line) for line in cell.split("\n")] if cell else []


def required(column: Column) -> Column:
    """The same column, refusing an empty value."""
    parse: Callable = column.parse

    def insisting(row: Row, register: Register) -> Any:
        value = parse(row, register)
        if not value:
            raise ValidationError({column.key: _("This may not be empty.")})
        return value

    column.parse = insisting  # type: ignore[method-assign]
    return column
