"""What may stand behind the question mark: checked in one place, described in one place.

A misspelt filter that is silently ignored gives the whole list and looks like
an answer, so anything unknown is refused with what exists.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django_filters.fields import ModelMultipleChoiceField
from rest_framework.filters import BaseFilterBackend

from .errors import Refused, entry
from .pagination import DEFAULT_LIMIT, LARGEST_LIMIT
from .v1.addresses import WORDS, list_path

LANGUAGES = [code for code, name in settings.LANGUAGES]


@dataclass(frozen=True)
class Parameter:
    """One parameter as the schema and the documentation describe it."""

    name: str
    description: str
    schema: Mapping[str, Any]
    repeatable: bool = False


@dataclass
class Asked:
    """The parameters every resource has, read and found good."""

    limit: int = DEFAULT_LIMIT
    cursor: str = ""
    count: bool = False
    fields: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    after: int = 0


LANG = Parameter(
    "lang",
    "Language of labels and of the words of dates; goes before the header `Accept-Language`.",
    {"type": "string", "enum": LANGUAGES},
)
LIMIT = Parameter(
    "limit",
    "How many records a page holds.",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
)
CURSOR = Parameter("cursor", "Where the page begins; taken from `next` or `previous`, never made up.", {"type": "string"})
COUNT = Parameter("count", "`true` adds `count`, the number of all records that match.", {"type": "boolean", "default": False})
PAGING = (LIMIT, CURSOR, COUNT)


def fields_parameter(names: Iterable[str]) -> Parameter:
    return Parameter("fields", "Give only these fields, separated by commas.", _list_of(names))


def include_parameter(names: Iterable[str]) -> Parameter:
    return Parameter("include", "Add these fields, separated by commas, which are otherwise left out.", _list_of(names))


def _list_of(names: Iterable[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(names)}, "minItems": 1}


def read(query: QueryDict, accepted: Iterable[Parameter]) -> Asked:
    """The common parameters; raises Refused with every fault that can be told without a look at the database."""
    known = {parameter.name: parameter for parameter in accepted}
    faults, asked = [], Asked()
    for name, values in query.lists():
        if name not in known:
            faults.append(_unknown(name, list(known)))
        elif len(values) > 1 and not known[name].repeatable:
            faults.append(entry(name, "repeated", f"`{name}` takes one value and was given {len(values)}."))
        elif hasattr(asked, name) or name == "lang":
            value, fault = _value(known[name], values[-1])
            faults.extend([fault] if fault else [])
            if not fault and name != "lang":
                setattr(asked, name, value)
    if faults:
        raise Refused(*faults)
    return asked


def _unknown(name: str, known: list[str]) -> dict[str, Any]:
    near = difflib.get_close_matches(name, known, 1)
    guess = f" Did you mean `{near[0]}`?" if near else ""
    sentence = f"There is no parameter `{name[:60]}`.{guess} There are: {', '.join(known)}."
    return entry(name[:60], "unknown_parameter", sentence, allowed=known)


def _value(parameter: Parameter, text: str) -> tuple[Any, dict[str, Any] | None]:
    """The value as its schema wants it, or what is wrong with it."""
    name, schema = parameter.name, parameter.schema
    match schema["type"]:
        case "integer":
            low, high = schema["minimum"], schema["maximum"]
            # No more digits than the largest has: int() takes its time with thousands of them.
            if text.isascii() and text.isdigit() and len(text) <= len(str(high)) and low <= int(text) <= high:
                return int(text), None
            return None, entry(name, "invalid", f"`{name}` takes a whole number from {low} to {high}.")
        case "boolean":
            if text in ("true", "false"):
                return text == "true", None
            return None, entry(name, "invalid", f"`{name}` takes true or false.", allowed=["true", "false"])
        case "array":
            allowed = schema["items"]["enum"]
            parts = tuple(part.strip() for part in text.split(","))
            if wrong := [part for part in parts if part not in allowed]:
                return None, _not_among(name, wrong[0], allowed)
            return parts, None
    if "enum" in schema and text not in schema["enum"]:
        return None, _not_among(name, text, schema["enum"])
    return text, None


def _not_among(name: str, value: str, allowed: list[str], *, listed: str = "") -> dict[str, Any]:
    near = difflib.get_close_matches(value, allowed, 1)
    guess = f" Did you mean `{near[0]}`?" if near else ""
    choices = listed or f"Allowed: {', '.join(allowed)}."
    more = {} if listed else {"allowed": allowed}
    return entry(name, "invalid_choice", f"`{name}` has no value `{value[:60]}`.{guess} {choices}", **more)


# Filters


def filter_parameters(filterset: type[django_filters.FilterSet]) -> list[Parameter]:
    """The parameters of a filter set, with the values they take."""
    names = sorted(filterset.base_filters, key="sort".__eq__)  # the filters as declared, the order last
    return [_described(name, filterset.base_filters[name]) for name in names]


def _described(name: str, declared: django_filters.Filter) -> Parameter:
    label = str(declared.label or name.replace("_", " "))
    repeatable = isinstance(declared, django_filters.MultipleChoiceFilter)
    schema: dict[str, Any] = {"type": "string"}
    if choices := _choices(declared):
        schema["enum"] = choices
        if name == "sort":
            words = [f"`{value}` {text}" for value, text in declared.extra["choices"]]
            return Parameter(name, f"{label}: {', '.join(words)}.", schema)
    more = {
        "TextFilter": " Words of its names, whatever their case, accents and language.",
        "PartialDateFilter": " A year, half-year, month or day: `2024`, `2024-H2`, `2024-05`, `2024-05-17`. "
        "A vaguer date counts when any of its days does; an unknown one never.",
        "DayFilter": " A day: `2024-05-17`. Only what had happened by then counts.",
    }.get(type(declared).__name__, "")
    if isinstance(declared, django_filters.ModelMultipleChoiceFilter):
        more = f" By its {declared.extra['to_field_name']}."
    if isinstance(declared, django_filters.BooleanFilter):
        schema["enum"] = ["true", "false"]
    if limit := declared.extra.get("max_length"):
        schema["maxLength"] = limit
    again = " Repeat it for “or”." if repeatable else ""
    if repeatable:
        schema = {"type": "array", "items": schema}
    return Parameter(name, f"{label}.{more}{again}", schema, repeatable)


def _choices(declared: django_filters.Filter) -> list[str]:
    choices = declared.extra.get("choices") or ()
    # A callable looks into the database; the description must not depend on what is there today.
    return [] if callable(choices) else [str(value) for value, label in choices if value != ""]


class FilterBackend(BaseFilterBackend):
    """The filter set of the pages, strict: what it refuses is a 400 that names what is allowed."""

    def filter_queryset(self, request, queryset, view):
        chosen = view.filterset_class(request.query_params, queryset, request=request, today=view.today)
        with translation.override("en"):  # the language of errors
            if not chosen.is_valid():
                raise Refused(*_faults(chosen))
        view.filterset = chosen
        return chosen.qs


def _faults(chosen: django_filters.FilterSet) -> list[dict[str, Any]]:
    faults = []
    for name, errors in chosen.form.errors.as_data().items():
        field = chosen.form.fields[name]
        for error in errors:
            if error.code not in ("invalid_choice", "invalid_pk_value") or not hasattr(field, "choices"):
                faults.append(entry(name, error.code or "invalid", " ".join(map(str, error.messages))))
                continue
            given = chosen.form.data.getlist(name)
            if isinstance(field, ModelMultipleChoiceField):
                allowed = [str(value) for value in field.queryset.values_list(field.to_field_name, flat=True)[:5000]]
                word = WORDS[field.queryset.model._meta.label_lower]
                listed = f"They are listed at {list_path(word)}."
            else:
                allowed, listed = [str(value) for value, label in field.choices if value != ""], ""
            wrong = [value for value in given if value not in allowed] or given
            faults.append(_not_among(name, wrong[0], allowed, listed=listed))
    return faults
