"""One class per sort of value in an exchange row: from the row to the record, and back.

A column reads its keys from a row (`parse`), reads the same value from a
record (`read`), and sets it, before the record is saved (`assign`) or after
(`attach`, for belongings that need its number). `parse` and `read` give equal
values exactly when there is nothing to change.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from editorial.workflow import write
from reference.partial_dates import Basis, PartialDate

Row = Mapping[str, Any]


class Register:
    """Records already known, by slug or code, so that a row can name another record."""

    def __init__(self) -> None:
        self._known: dict[type[models.Model], dict[str, models.Model]] = {}

    def _of(self, model: type[models.Model]) -> dict[str, models.Model]:
        if model not in self._known:
            self._known[model] = {record.code if hasattr(record, "code") else record.slug: record for record in model.objects.all()}
        return self._known[model]

    def add(self, record: models.Model) -> None:
        """Make a record that was just created known to the rows that follow."""
        if hasattr(record, "slug") or hasattr(record, "code"):
            self._of(type(record))[record.code if hasattr(record, "code") else record.slug] = record

    def find(self, model: type[models.Model], key: Any, column: str) -> models.Model:
        """The record of that name; ValidationError on `column`, with the nearest name, when there is none."""
        known = self._of(model)
        if isinstance(key, str) and key in known:
            return known[key]
        near = difflib.get_close_matches(str(key), known, n=1)
        message = _("“%(key)s” is no known %(kind)s.") % {"key": str(key)[:80], "kind": model._meta.verbose_name}
        if near:
            message += " " + _("Did you mean “%(near)s”?") % {"near": near[0]}
        raise ValidationError({column: message})


class Column:
    """A plain value: text, number or yes/no, checked by the model field itself when the record is saved."""

    def __init__(self, key: str, attribute: str = "", *, kind: type = str, empty: Any = "") -> None:
        self.key, self.attribute, self.kind, self.empty = key, attribute or key, kind, empty

    @property
    def keys(self) -> list[str]:
        return [self.key]

    def parse(self, row: Row, register: Register) -> Any:
        value = row.get(self.key, self.empty)
        if value is None or value == "":
            return self.empty
        if not isinstance(value, self.kind) or (self.kind is int and isinstance(value, bool)):
            names = {str: _("text"), int: _("a whole number"), bool: _("true or false")}
            raise ValidationError({self.key: _("This takes %(kind)s.") % {"kind": names[self.kind]}})
        return value

    def read(self, record: models.Model) -> Any:
        return getattr(record, self.attribute)

    def assign(self, record: models.Model, value: Any) -> None:
        setattr(record, self.attribute, value)

    def attach(self, record: models.Model, value: Any) -> None:
        """Nothing to do once the record is saved."""


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
            {self.key: _("“%(value)s” is not allowed here; it is one of: %(allowed)s.") % {"value": value, "allowed": allowed}}
        )


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


class Reference(Column):
    """Another record, by slug or code."""

    def __init__(self, key: str, model: type[models.Model], attribute: str = "", *, required: bool = False) -> None:
        super().__init__(key, attribute, empty=None)
        self.model, self.required = model, required

    def parse(self, row: Row, register: Register) -> models.Model | None:
        value = row.get(self.key)
        if not value:
            if self.required:
                raise ValidationError({self.key: _("This may not be empty.")})
            return None
        return register.find(self.model, value, self.key)


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
        return {key: kept[key] for key in self.keys if kept.get(key)}

    def assign(self, record: models.Model, value: dict[str, str]) -> None:
        others = {key: text for key, text in (record.i18n or {}).items() if key not in self.keys}
        record.i18n = others | value or None


class Lines(Column):
    """A list of sentences, kept as lines of one text."""

    def parse(self, row: Row, register: Register) -> str:
        value = row.get(self.key) or []
        if not isinstance(value, list) or not all(isinstance(line, str) and "\n" not in line for line in value):
            raise ValidationError({self.key: _("This takes a list of sentences.")})
        return "\n".join(value)


class Belongings(Column):
    """A list of small rows that belong to the record: names, citations, parties, relations.

    `parts` are the columns of one small row; a list is the same when all its
    rows are, in order, and is written anew when it is not.
    """

    def __init__(self, key: str, model: type[models.Model], parts: list[Column], *, owner: str = "parent", attribute: str = "") -> None:
        super().__init__(key, attribute)
        self.model, self.parts, self.owner = model, parts, owner

    def parse(self, row: Row, register: Register) -> list[tuple]:
        rows = row.get(self.key) or []
        if not isinstance(rows, list):
            raise ValidationError({self.key: _("This takes a list.")})
        return [self._one(position, small, register) for position, small in enumerate(rows, start=1)]

    def _one(self, position: int, small: Any, register: Register) -> tuple:
        allowed = [key for part in self.parts for key in part.keys]
        problems = []
        if not isinstance(small, dict) or (unknown := set(small) - set(allowed)):
            named = ", ".join(sorted(unknown)) if isinstance(small, dict) else str(small)[:40]
            problems.append(_("“%(named)s” is not known here; it takes %(allowed)s.") % {"named": named, "allowed": ", ".join(allowed)})
            small = {}
        values = []
        for part in self.parts if not problems else ():
            try:
                values.append(part.parse(small, register))
            except ValidationError as error:
                problems += [f"{key}: {' '.join(texts)}" for key, texts in error.message_dict.items()]
        if problems:
            raise ValidationError({self.key: _("row %(position)d: %(problems)s") % {"position": position, "problems": " ".join(problems)}})
        return tuple(values)

    def read(self, record: models.Model) -> list[tuple]:
        if record.pk is None:
            return []
        return [tuple(part.read(small) for part in self.parts) for small in getattr(record, self.attribute).order_by("pk")]

    def assign(self, record: models.Model, value: list[tuple]) -> None:
        """Written by `attach`, once the record has its number."""

    def attach(self, record: models.Model, value: list[tuple]) -> None:
        if value == self.read(record):
            return
        if not record._state.adding and self.read(record):
            getattr(record, self.attribute).all().delete()
        for values in value:
            small = self.model(**{self.owner: record})
            for part, one in zip(self.parts, values, strict=True):
                part.assign(small, one)
            write(small)


class References(Column):
    """A list of other records, by slug or code, in no particular order."""

    def __init__(self, key: str, model: type[models.Model]) -> None:
        super().__init__(key)
        self.model = model

    def parse(self, row: Row, register: Register) -> set[models.Model]:
        value = row.get(self.key) or []
        if not isinstance(value, list):
            raise ValidationError({self.key: _("This takes a list.")})
        return {register.find(self.model, key, self.key) for key in value}

    def read(self, record: models.Model) -> set[models.Model]:
        return set(getattr(record, self.attribute).all()) if record.pk else set()

    def assign(self, record: models.Model, value: set[models.Model]) -> None:
        """Written by `attach`, once the record has its number."""

    def attach(self, record: models.Model, value: set[models.Model]) -> None:
        getattr(record, self.attribute).set(value)


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
