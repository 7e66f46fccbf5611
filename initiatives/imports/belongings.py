"""Columns that hold lists: small rows that belong to a record, and other records it names."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from editorial.workflow import write

from .cells import small_rows, small_table, tidy
from .columns import Column, Reference, Row
from .register import Register, name_of


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
        values = [self._one(position, small, register) for position, small in enumerate(rows, start=1)]
        self._refuse_repetitions(values)
        return values

    def _one(self, position: int, small: Any, register: Register) -> tuple:
        allowed = [part.key for part in self.parts]
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
        if not problems:
            problems = self._refused_by_its_fields(values)
        if problems:
            self._refuse(position, problems)
        return tuple(values)

    def _refused_by_its_fields(self, values: list) -> list[str]:
        small = self.model()
        for part, one in zip(self.parts, values, strict=True):
            part.assign(small, one)
        try:
            small.clean_fields(exclude=[self.owner, *(part.attribute for part in self.parts if isinstance(part, Reference))])
        except ValidationError as error:
            return [f"{key}: {' '.join(texts)}" for key, texts in error.message_dict.items()]
        return []

    def _refuse_repetitions(self, rows: list[tuple]) -> None:
        """What the database would refuse: two rows with the same key within one record."""
        for constraint in self.model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint) or self.owner not in constraint.fields:
                continue
            seen: dict[tuple, int] = {}
            for position, values in enumerate(rows, start=1):
                key = tuple(one for part, one in zip(self.parts, values, strict=True) if part.attribute in constraint.fields)
                if key in seen:
                    self._refuse(position, [_("It repeats row %(first)d.") % {"first": seen[key]}])
                seen[key] = position

    def _refuse(self, position: int, problems: list[str]) -> None:
        raise ValidationError({self.key: _("row %(position)d: %(problems)s") % {"position": position, "problems": " ".join(problems)}})

    def read(self, record: models.Model) -> list[tuple]:
        if record.pk is None:
            return []
        rows = sorted(getattr(record, self.attribute).all(), key=lambda small: small.pk)
        return [tuple(part.read(small) for part in self.parts) for small in rows]

    def dump(self, value: list[tuple]) -> dict[str, list[dict[str, Any]]]:
        rows = []
        for values in value:
            said = {key: one for part, part_value in zip(self.parts, values, strict=True) for key, one in part.dump(part_value).items()}
            rows.append({key: one for key, one in said.items() if one not in ("", None)})
        return {self.key: rows}

    def assign(self, record: models.Model, value: list[tuple]) -> None:
        """Written by `attach`, once the record has its number."""

    def belongings(self, record: models.Model, value: list[tuple]) -> list[models.Model]:
        rows = []
        for values in value:
            small = self.model(**{self.owner: record})
            for part, one in zip(self.parts, values, strict=True):
                part.assign(small, one)
            rows.append(small)
        return rows

    def attach(self, record: models.Model, value: list[tuple]) -> None:
        present = self.read(record)
        if value == present:
            return
        if present:
            getattr(record, self.attribute).all().delete()
        for position, small in enumerate(self.belongings(record, value), start=1):
            try:
                write(small)
            except ValidationError as error:
                self._refuse(position, error.messages)
        # What was read beforehand for the comparison is no longer true.
        getattr(record, "_prefetched_objects_cache", {}).pop(self.attribute, None)

    def to_cell(self, value: list[dict[str, Any]]) -> str:
        return small_table([[part.to_cell(small.get(part.key)) for part in self.parts] for small in value])

    def from_cell(self, cell: str) -> list[dict[str, Any]]:
        rows, allowed = [], [part.key for part in self.parts]
        for position, parts in enumerate(small_rows(cell), start=1):
            if len(parts) > len(allowed):
                message = _("%(count)d parts, and it takes at most: %(allowed)s.")
                self._refuse(position, [message % {"count": len(parts), "allowed": " | ".join(allowed)}])
            rows.append({part.key: part.from_cell(text) for part, text in zip(self.parts, parts, strict=False) if text})
        return rows


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

    def dump(self, value: set[models.Model]) -> dict[str, list[str]]:
        return {self.key: sorted(map(name_of, value))}

    def assign(self, record: models.Model, value: set[models.Model]) -> None:
        """Written by `attach`, once the record has its number."""

    def belongings(self, record: models.Model, value: set[models.Model]) -> list[models.Model]:
        field = type(record)._meta.get_field(self.attribute)
        through, ours, theirs = field.remote_field.through, field.m2m_field_name(), field.m2m_reverse_field_name()
        return [through(**{ours: record, theirs: other}) for other in value]

    def attach(self, record: models.Model, value: set[models.Model]) -> None:
        getattr(record, self.attribute).set(value)

    def to_cell(self, value: list[str]) -> str:
        return "\n".join(value)

    def from_cell(self, cell: str) -> list[str]:
        return [name for name in map(tidy, cell.split("\n")) if name]
