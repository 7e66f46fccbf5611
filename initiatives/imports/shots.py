"""What the ledger says of records that are written many at a time: told from what is at hand, without asking for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models

from editorial import ledger
from editorial.models import Change


def told(record: models.Model) -> dict[str, Any]:
    """`ledger.snapshot` of a record whose belongings were read beforehand (`Resource.whole`); what was not is asked for."""
    rows = {name: sorted(getattr(record, name).all(), key=lambda small: small.pk) for name in _children(record)}
    others = {field.name: list(getattr(record, field.name).all()) for field in record._meta.many_to_many}
    return _shot(record, rows, others)


def told_of_new(record: models.Model, belongings: Sequence[models.Model]) -> dict[str, Any]:
    """`ledger.snapshot` of a record just made, with the small rows just written."""
    rows = {name: [one for one in belongings if type(one) is related(type(record), name)] for name in _children(record)}
    others = {
        field.name: [getattr(one, field.m2m_reverse_field_name()) for one in belongings if isinstance(one, field.remote_field.through)]
        for field in record._meta.many_to_many
    }
    return _shot(record, rows, others)


def related(model: type[models.Model], accessor: str) -> type[models.Model]:
    """The model of the small rows behind a reverse accessor."""
    return getattr(model, accessor).rel.related_model


def _children(record: models.Model) -> tuple[str, ...]:
    return getattr(record, "ledger_children", ())


def _shot(record: models.Model, rows: dict[str, list], others: dict[str, list]) -> dict[str, Any]:
    shot = ledger.snapshot(record, only=[field.name for field in record._meta.concrete_fields])
    shot |= {name: sorted(filter(None, map(ledger.reference, named))) for name, named in others.items()}
    for name, small in rows.items():
        shot[name] = [{key: value for key, value in ledger.snapshot(one).items() if value not in ("", None)} for one in small]
    return shot


def stamp(records: Sequence[models.Model], changes: Sequence[Change]) -> None:
    """Note on each record the ledger row that last changed it."""
    by_model = defaultdict(list)
    for record, change in zip(records, changes, strict=True):
        if hasattr(record, "serial"):
            record.serial = change.serial
            by_model[type(record)].append(record)
    for model, stamped in by_model.items():
        model._base_manager.bulk_update(stamped, ["serial"])


def links_of(record: models.Model) -> list[str]:
    """Its links to other records: those were found by name a moment ago, and the database holds them anyway."""
    return [field.name for field in record._meta.concrete_fields if field.is_relation]
