"""A record as plain text, field by field, and back: what the ledger keeps, revisions wait as, and a revert puts back.

Other records are named by slug or code, never by number, so that a snapshot
can be read by people and outlives what it speaks of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from .models import OldSlug

# Bookkeeping that follows from other fields and would only be noise in a history.
_SILENT_FIELDS = {"id", "serial", "version", "created_at", "updated_at", "sort_name", "folded", "password", "last_login", "parent", "form"}
# What no snapshot puts back: the steps of the workflow alone move it.
_NOT_TYPED = {"state", "is_public", "published_at", "created_by"}


def plain(value: Any) -> Any:
    """The value as JSON will give it back, so that a row hashes the same before and after storage."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def reference(target: models.Model | None) -> str | None:
    """The name by which a snapshot speaks of another record."""
    if target is None:
        return None
    name = getattr(target, "slug", "") or getattr(target, "code", "")
    if not name and hasattr(target, "natural_key"):  # accounts, groups, permissions
        name = ".".join(target.natural_key())
    return str(name or target.pk)


def snapshot(record: models.Model | None, *, only: Collection[str] | None = None) -> dict[str, Any]:
    """A record as plain text and numbers, field by field, for before and after; or only the fields named.

    Belongings that an editor edits with the record (`ledger_children`: names,
    citations, parties) are listed within it. Empty for None and for a record
    not saved yet.
    """
    if record is None or record.pk is None:
        return {}
    shot: dict[str, Any] = {}
    for field in record._meta.concrete_fields:
        if field.name in _SILENT_FIELDS or (only is not None and field.name not in only):
            continue
        if field.is_relation:
            shot[field.name] = reference(getattr(record, field.name))
        elif isinstance(field, models.JSONField):
            shot[field.name] = getattr(record, field.attname) or {}
        else:
            shot[field.name] = field.value_to_string(record) if _needs_words(field) else getattr(record, field.attname)
    if only is not None:
        return plain(shot)
    for field in record._meta.many_to_many:
        shot[field.name] = sorted(filter(None, map(reference, getattr(record, field.name).all())))
    for child in getattr(record, "ledger_children", ()):
        shot[child] = [_child(row) for row in getattr(record, child).order_by("pk")]
    return plain(shot)


def _child(row: models.Model) -> dict[str, Any]:
    return {key: value for key, value in snapshot(row).items() if value not in ("", None)}


def _needs_words(field: models.Field) -> bool:
    return not isinstance(field, models.CharField | models.TextField | models.BooleanField | models.IntegerField | models.DateTimeField)


def put_back(record: models.Model, shot: dict[str, Any]) -> Callable[[models.Model], None]:
    """Give the record the fields of a snapshot, in memory; return what writes its belongings once it is saved.

    The two halves fit `workflow.save`: the record, and its `children`. Raises
    ValidationError, by field, for a record named in the snapshot that is no more.
    """
    belongings: dict[str, Any] = {}
    for name, value in shot.items():
        field = _field(record, name)
        if field is None or field.many_to_many or field.auto_created:
            belongings[name] = value
        elif name in _NOT_TYPED or name in _SILENT_FIELDS or not (field.editable or isinstance(field, models.JSONField)):
            continue
        elif field.is_relation:
            setattr(record, name, None if value is None else _found(field.related_model, value, name))
        elif isinstance(field, models.JSONField):
            setattr(record, name, value or None)
        else:
            setattr(record, name, field.to_python(value))

    def write(saved: models.Model) -> None:
        for name, value in belongings.items():
            field = _field(saved, name)
            if field is not None and field.many_to_many and not field.auto_created:
                getattr(saved, name).set([_found(field.related_model, one, name) for one in value or ()])
            else:
                _put_back_rows(getattr(saved, name), value or [])

    return write


def _field(record: models.Model, name: str) -> Any:
    return next((field for field in record._meta.get_fields() if name in (field.name, getattr(field, "attname", ""))), None)


def _found(model: type[models.Model], name: str, field: str) -> models.Model:
    """The record that `reference` calls by this name."""
    keys = {one.name for one in model._meta.concrete_fields}
    if hasattr(model, "from_reference"):
        lookup = model.from_reference(name)
    elif "slug" in keys or "code" in keys:
        lookup = {"slug" if "slug" in keys else "code": name}
    else:
        lookup = {"pk": name}
    found = model._base_manager.filter(**lookup).first()
    if found is None and (renamed := OldSlug.objects.filter(type=model._meta.label_lower, slug=name).first()):
        found = model._base_manager.filter(pk=renamed.record_id).first()
    if found is None:
        raise ValidationError({field: _("“%(name)s” is no more, so it cannot be put back.") % {"name": name}})
    return found


class _Rewrite(Exception):
    """The rows cannot be had by changing those that are there: another order is wanted, or two have changed places."""


def _put_back_rows(manager: Any, rows: list[dict[str, Any]]) -> None:
    """Make the belongings what the snapshot lists: those that are the same stay, the nearest are changed, others go or come.

    Where that does not give the list in its order, it is written anew.
    Participants never are: each has a page and a history of its own.
    """
    owner = manager.field.name
    rows = [{name: value for name, value in row.items() if name != owner} for row in rows]
    if any(field.name == "version" for field in manager.model._meta.concrete_fields):
        _change_rows(manager, rows)
        return
    try:
        with transaction.atomic():
            _change_rows(manager, rows)
            if [said for _small, said in _said(manager)] != rows:
                raise _Rewrite
    except (ValidationError, _Rewrite):
        manager.all().delete()
        for row in rows:
            _write_row(manager.model(**{owner: manager.instance}), row, owner=owner)


def _said(manager: Any) -> list[tuple[models.Model, dict[str, Any]]]:
    """The rows that are there, each with what it says of itself."""
    owner = manager.field.name
    return [(small, {name: value for name, value in _child(small).items() if name != owner}) for small in manager.order_by("pk")]


def _change_rows(manager: Any, rows: list[dict[str, Any]]) -> None:
    for small, row in _paired(_said(manager), rows):
        _write_row(small or manager.model(**{manager.field.name: manager.instance}), row, owner=manager.field.name)


def _paired(present: list[tuple], rows: list[dict[str, Any]]) -> list[tuple]:
    """The rows to write, each with the one it changes or None; those that nothing is left of are deleted."""
    wanted, kept, pairs = list(rows), [], []
    for small, said in present:
        if said in wanted:
            wanted.remove(said)
        else:
            kept.append((small, said))
    for row in wanted:
        nearest = max(kept, key=lambda pair: _likeness(pair[1], row), default=None)
        if nearest is not None and _likeness(nearest[1], row):
            kept.remove(nearest)
            pairs.append((nearest[0], row))
        else:
            pairs.append((None, row))
    for small, _said in kept:
        small.delete()
    return pairs


def _likeness(said: dict[str, Any], row: dict[str, Any]) -> int:
    return sum(1 for key, value in row.items() if said.get(key) == value and not isinstance(value, list | dict))


def _write_row(small: models.Model, row: dict[str, Any], *, owner: str) -> None:
    """Save one row of a list; what the snapshot leaves out of it is empty."""
    left_out = [field for field in small._meta.concrete_fields if field.editable and field.name not in {owner, *row, *_SILENT_FIELDS}]
    empty = {field.name: None if field.null else "" for field in left_out if field.null or field.empty_strings_allowed}
    belongings = put_back(small, empty | row)
    if small.pk is not None and hasattr(small, "version"):
        small.version += 1
    small.full_clean()
    small.save()
    belongings(small)
