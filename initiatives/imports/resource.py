"""What one kind of record is to an exchange file: its keys, how a row finds its record, and how records are read in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from .belongings import Belongings, References
from .columns import Column, Fixed, Reference, Row


@dataclass(frozen=True)
class Resource:
    """One file of the exchange format.

    `key` names the keys of a row that say which record it is; `last` are
    columns that may name records of the same file, and are therefore set in a
    second pass once all of them exist. `within` is the link to the record a
    row is edited with, where it has no editorial life of its own. A row of a
    `nameless` kind may leave its key empty and is then given one.
    """

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    last: tuple[Column, ...] = ()
    within: str = ""
    nameless: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.ndjson"

    @property
    def keys(self) -> list[str]:
        return list(self.by_key())

    @property
    def kinds(self) -> list[Resource]:
        """The kinds of record its rows may be about: itself."""
        return [self]

    def by_key(self) -> dict[str, Column]:
        return {key: column for column in (*self.columns, *self.last) for key in column.keys}

    def of(self, row: Row) -> Resource:
        """The kind of record this row is about."""
        return self

    def identity(self, row: Row) -> tuple[str, ...]:
        """What the row says about which record it is; empty when it says nothing."""
        said = tuple(str(row.get(key) or "") for key in self.key)
        return said if any(said) else ()

    def identity_of(self, record: models.Model) -> tuple[str, ...]:
        columns = self.by_key()
        return tuple(str(columns[key].dump(columns[key].read(record))[key]) for key in self.key)

    def row_of(self, record: models.Model) -> dict[str, Any]:
        """The record as a row, all keys included."""
        return {key: one for column in (*self.columns, *self.last) for key, one in column.dump(column.read(record)).items()}

    def prepared(self, records: models.QuerySet | None = None) -> models.QuerySet:
        """Records (all, or those given) with everything a row says of them, in a number of questions that does not grow with theirs."""
        columns = (*self.columns, *self.last)
        links = [column.attribute for column in columns if isinstance(column, Reference)]
        lists = [column.attribute for column in columns if isinstance(column, Belongings | References)]
        lists += [
            f"{column.attribute}__{part.attribute}"
            for column in columns
            if isinstance(column, Belongings)
            for part in column.parts
            if isinstance(part, Reference)
        ]
        records = self.model.objects.order_by("pk") if records is None else records
        records = records.prefetch_related(*lists)
        return records.select_related(*links) if links else records

    def known(self, rows: Iterable[Row]) -> dict[tuple[str, ...], models.Model]:
        """The records these rows are about, as far as they exist, each held until the transaction ends."""
        key = next(key for key in self.key if not isinstance(self.by_key()[key], Fixed))
        said = {row.get(key) for row in rows if isinstance(row.get(key), str)}
        records = self.whole().filter(**{f"{self.by_key()[key].lookup}__in": said})
        return {self.identity_of(record): record for record in records}

    def whole(self) -> models.QuerySet:
        """Records to be changed: held until the transaction ends, with everything the ledger says of them at hand."""
        links = [field.name for field in self.model._meta.concrete_fields if field.is_relation]
        lists = []
        for name in getattr(self.model, "ledger_children", ()):
            owner = getattr(self.model, name).rel.field
            fields = getattr(self.model, name).rel.related_model._meta.concrete_fields
            lists += [name, *(f"{name}__{field.name}" for field in fields if field.is_relation and field != owner)]
        records = self.prepared().prefetch_related(*lists).select_for_update(of=("self",))
        return records.select_related(*links) if links else records


@dataclass(frozen=True)
class ByType:
    """A file whose rows are about records of several kinds; the key `type` says which."""

    name: str
    types: dict[str, Resource]

    @property
    def file(self) -> str:
        return f"{self.name}.ndjson"

    @property
    def kinds(self) -> list[Resource]:
        return list(self.types.values())

    @property
    def key(self) -> tuple[str, ...]:
        return self.kinds[0].key

    @property
    def nameless(self) -> bool:
        return False

    @property
    def keys(self) -> list[str]:
        return self.kinds[0].keys

    def by_key(self) -> dict[str, Column]:
        return self.kinds[0].by_key()

    def of(self, row: Row) -> Resource:
        try:
            return self.types[row.get("type")]
        except (KeyError, TypeError):
            message = _("“%(value)s” is not allowed here; it is one of: %(allowed)s.")
            raise ValidationError({"type": message % {"value": str(row.get("type", ""))[:80], "allowed": ", ".join(self.types)}}) from None

    def identity(self, row: Row) -> tuple[str, ...]:
        return self.kinds[0].identity(row)
