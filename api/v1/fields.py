"""The small shapes every resource is made of: choices, texts in languages, partial dates, addresses.

Each field says how it looks in an answer (`to_representation`) and in the
schema (`shape`), side by side, so that the two cannot drift apart.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Model
from rest_framework import serializers

from reference.names import NameKind
from reference.partial_dates import Basis

from .addresses import api_path, html_path, name_of

LANGUAGES = [code for code, name in settings.LANGUAGES]
PRECISIONS = ["year", "half", "month", "day"]

PARTIAL_DATE = {
    "type": "object",
    "description": "A date as well as it is known. Compare `value` as text only within one precision; a year is not its first of January.",
    "required": ["value", "precision", "basis", "display"],
    "additionalProperties": False,
    "properties": {
        "value": {"type": "string", "pattern": r"^\d{4}(-H[12]|-\d\d(-\d\d)?)?$", "examples": ["2025", "2025-H2", "2025-10", "2025-10-24"]},
        "precision": {"type": "string", "enum": PRECISIONS},
        "basis": {"type": "string", "enum": Basis.values, "description": "How the date is known, see the vocabulary `date_basis`."},
        "display": {"type": "string", "description": "In words, in the language asked for.", "examples": ["October 2025"]},
    },
}
TEXTS = {
    "type": "object",
    "description": "A text by language; only languages in which it exists, the original (English) first.",
    "propertyNames": {"enum": LANGUAGES},
    "additionalProperties": {"type": "string"},
    "examples": [{"en": "Turkic Investment Fund", "tr": "Türk Yatırım Fonu"}],
}


class ShapedField(serializers.Field):
    """A read-only field that knows its own schema. `component` names it when it is shared."""

    component = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def shape(self) -> dict[str, Any]:
        raise NotImplementedError


class PartialDateField(ShapedField):
    """null when the date is not known."""

    component, nullable = "PartialDate", True

    def shape(self):
        return PARTIAL_DATE

    def to_representation(self, value):
        return value.as_json()


class Choice(ShapedField):
    """`{"value": ..., "label": ...}`; null where nothing was chosen."""

    def __init__(self, choices, *, nullable: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices, self.nullable = choices, nullable

    def shape(self):
        return choice_shape(self.choices, nullable=self.nullable)

    def to_representation(self, value):
        return choice(self.choices, value)


def choice(choices, value: str) -> dict[str, str] | None:
    return {"value": str(value), "label": str(choices(value).label)} if value else None


def choice_shape(choices, *, nullable: bool = False) -> dict[str, Any]:
    return {
        "type": ["object", "null"] if nullable else "object",
        "required": ["value", "label"],
        "additionalProperties": False,
        "properties": {"value": {"type": "string", "enum": [str(value) for value in choices.values]}, "label": {"type": "string"}},
    }


class Texts(ShapedField):
    """`{"en": ..., "tr": ...}` out of a translated field."""

    component, nullable = "Texts", False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", **kwargs)

    def shape(self):
        return TEXTS

    def to_representation(self, value):
        return texts(value, self.field_name)


def texts(record: Model, field: str) -> dict[str, str]:
    original, translated = getattr(record, field), record.i18n or {}
    found = {LANGUAGES[0]: original} if original else {}
    return found | {code: text for code in LANGUAGES[1:] if (text := translated.get(f"{field}_{code}"))}


class Names(ShapedField):
    """All names and spellings."""

    def shape(self):
        from_name = {"language": {"type": "string"}, "text": {"type": "string"}}
        return {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["language", "text", "kind"],
                "additionalProperties": False,
                "properties": {**from_name, "kind": choice_shape(NameKind)},
            },
        }

    def to_representation(self, value):
        return [{"language": name.language, "text": name.text, "kind": choice(NameKind, name.kind)} for name in value.all()]


class Slug(ShapedField):
    """Another record by its slug or code; null when there is none, or none that readers may see."""

    def __init__(self, *, nullable: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.nullable = nullable

    def shape(self):
        return {"type": ["string", "null"] if self.nullable else "string"}

    def get_attribute(self, instance):
        # A missing reverse one-to-one raises a kind of AttributeError: nothing is there.
        record = getattr(instance, self.source, None)
        return record if record is not None and record.is_public else None

    def to_representation(self, value):
        return name_of(value)


class NoteLines(ShapedField):
    """Notes kept one a line, as a list."""

    def shape(self):
        return {"type": "array", "items": {"type": "string"}}

    def to_representation(self, value):
        return [line for line in value.splitlines() if line.strip()]


class ApiUrl(ShapedField):
    """The record's address in this API."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", **kwargs)

    def shape(self):
        return {"type": "string", "format": "uri"}

    def to_representation(self, value):
        return self.context["base"] + api_path(value)


class HtmlUrl(ApiUrl):
    """The page people read."""

    def to_representation(self, value):
        return self.context["base"] + html_path(value)


class Instant(serializers.DateTimeField):
    """A moment: UTC, with a Z."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=datetime.UTC, read_only=True, **kwargs)
