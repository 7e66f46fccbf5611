"""The ledger in the reader's language: what was done, to which field, and what it holds; never the raw row."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.changes import DEEDS

from .boxes import Boxes, words_of

TRANSLATIONS = "i18n"  # the field in which a record keeps its texts in other languages
# What is done to drafts and accounts is seen on the desk alone.
VERBS = DEEDS | {
    "drafted": gettext_lazy("Drafted"),
    "submitted": gettext_lazy("Handed in for review"),
    "sent_back": gettext_lazy("Sent back"),
    "reverted": gettext_lazy("Earlier text put back"),
    "password_changed": gettext_lazy("Password changed"),
    "synced": gettext_lazy("Permissions brought in step"),
}


def verb_in_words(verb: str) -> str:
    """What a verb of the ledger did; one without words of its own as it is."""
    deed = verb.rpartition(".")[2]
    return str(VERBS.get(deed, deed.replace("_", " ")))


def model_of(type: str) -> type[models.Model] | None:
    """The model that a row of the ledger or a revision names; None for one that is no more."""
    try:
        return apps.get_model(type)
    except (LookupError, ValueError):
        return None


def kind_in_words(type: str) -> str:
    model = model_of(type)
    return capfirst(str(model._meta.verbose_name)) if model else type


def field_of(model: type[models.Model] | None, name: str) -> Any:
    """The field that a snapshot calls by this name; rows of a list are named by how the record reaches them."""
    if model is None:
        return None
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return next((one for one in model._meta.related_objects if one.get_accessor_name() == name), None)


def label(model: type[models.Model] | None, name: str) -> str:
    """What the reader calls a field."""
    if name == TRANSLATIONS:
        return _("In other languages")
    field = field_of(model, name)
    if field is None:
        return capfirst(name.replace("_", " "))
    return capfirst(str(field.related_model._meta.verbose_name_plural if field.auto_created else field.verbose_name))


def value_in_words(model: type[models.Model] | None, name: str, value: Any) -> str:
    """A plain value of a snapshot: choices by their label, days as people write them, nothing as nothing."""
    if value in (None, "", [], {}):
        return ""
    field = field_of(model, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field is None or field.is_relation or isinstance(value, list | dict):
        return str(value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    try:
        found = field.to_python(value)
    except ValidationError:
        return str(value)
    if isinstance(field, models.DateTimeField) and found:
        return date_format(localtime(found), "DATETIME_FORMAT")
    return str(found)


def row_in_words(model: type[models.Model] | None, row: dict[str, Any], *, owner: str = "") -> str:
    """One row of a list, its fields named; without the record it belongs to."""
    told = []
    for name, value in row.items():
        if name == owner:
            continue
        if isinstance(value, dict):
            told += [f"{label(model, key)}: {text}" for key, text in value.items() if text]
        elif isinstance(value, list):
            small = field_of(model, name)
            texts = [row_in_words(small.related_model, one) if small and isinstance(one, dict) else str(one) for one in value]
            told += [f"{label(model, name)}: {' / '.join(texts)}"] if texts else []
        elif said := value_in_words(model, name, value):
            told.append(f"{label(model, name)}: {said}")
    return "; ".join(told)


def boxes_in_words(model: type[models.Model], boxes: Boxes) -> list[tuple[str, str]]:
    """Boxes of a form that cannot be shown any more, as a list of what was typed into what."""
    found = []
    for name, value in boxes.items():
        owner, row, rest = model, "", name
        parts = name.split("-", 2)
        if len(parts) == 3:
            small = field_of(model, parts[0])
            if small is None or parts[2] in ("id", small.field.name):
                continue
            owner, rest = small.related_model, parts[2]
            row = f"{capfirst(str(owner._meta.verbose_name))} {int(parts[1]) + 1 if parts[1].isdigit() else parts[1]}: "
        elif len(parts) == 2:  # counts of rows
            continue
        field = field_of(owner, rest) or field_of(owner, rest.rpartition("_")[0])
        box = field.formfield() if field is not None and hasattr(field, "formfield") and field.name == rest else None
        said = words_of(box, value) if box else ", ".join(value) if isinstance(value, list) else value
        if said:
            found.append((row + label(owner, field.name if field is not None else rest), said))
    return found
