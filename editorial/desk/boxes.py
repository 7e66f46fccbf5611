"""What the boxes of a form hold, by the names under which a browser sends them and in the words people read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _

Boxes = dict[str, str | list[str]]
# Boxes that say how the page was opened and why it is saved: no part of the record.
ABOUT_THE_PAGE = {"opened_version", "opened_form", "reason"}
LONGEST_NUMBER = 18  # digits of a record's number; longer ones belong to no record


def is_number(text) -> bool:
    """Whether it can be the number of a record."""
    return str(text).isascii() and str(text).isdigit() and len(str(text)) <= LONGEST_NUMBER


def boxes_of(form: forms.BaseForm, formsets: Iterable[forms.BaseFormSet]) -> Iterator[forms.BoundField]:
    """Every box of a change form and of its rows that can be filled in, but those about the page."""
    for part in (form, *(part for formset in formsets for part in (formset.management_form, *formset.forms))):
        yield from (box for box in part if box.html_name not in ABOUT_THE_PAGE and not box.field.disabled)


def first_error(form: forms.BaseForm, formsets: Iterable[forms.BaseFormSet]) -> dict[str, str] | None:
    """Where on the page the first error is, and what it is at: the anchor and the label of a box, a row or a list."""
    if found := _first_box(form):
        return found
    for formset in formsets:
        words = formset.model._meta
        if formset.non_form_errors():
            return {"anchor": f"{formset.prefix}-group", "label": capfirst(str(words.verbose_name_plural))}
        for row in formset.forms:
            if found := _first_box(row):
                return found
            if row.non_field_errors():
                return {"anchor": row.prefix, "label": capfirst(str(words.verbose_name))}
    return None


def _first_box(form: forms.BaseForm) -> dict[str, str] | None:
    found = (box for box in form if box.errors)
    return next(({"anchor": box.id_for_label or box.auto_id, "label": capfirst(str(box.label))} for box in found), None)


def held_by(form: forms.BaseForm, formsets: Iterable[forms.BaseFormSet]) -> Boxes:
    """Everything the boxes hold, as a browser would send it back untouched."""
    return {name: value for box in boxes_of(form, formsets) for name, value in _as_sent(box).items()}


def _as_sent(box: forms.BoundField) -> Boxes:
    value = box.value()
    if isinstance(box.field, forms.MultiValueField):
        parts = value if isinstance(value, list) else box.field.widget.decompress(value)
        return {name: _shown_in(widget, part) for name, widget, part in zip(names_of(box), box.field.widget.widgets, parts, strict=False)}
    if isinstance(box.field, forms.BooleanField):
        return {box.html_name: "on"} if value else {}
    if isinstance(box.field, forms.ModelMultipleChoiceField):
        return {box.html_name: [str(item) for item in box.field.prepare_value(value or [])]}
    return {box.html_name: _shown_in(box.field.widget, value)}


def _shown_in(widget: forms.Widget, value: Any) -> str:
    shown = widget.format_value(value)
    if isinstance(shown, list):
        shown = shown[0] if shown else ""
    return "" if shown is None else str(shown)


def names_of(box: forms.BoundField) -> list[str]:
    """The names under which one box is sent: several for one made of parts."""
    if isinstance(box.field, forms.MultiValueField):
        return [f"{box.html_name}_{number}" for number in range(len(box.field.fields))]
    return [box.html_name]


def together(form: forms.BaseForm, formsets: Iterable[forms.BaseFormSet]) -> set[str]:
    """The boxes made of parts, as `merging.merge` wants them named: those of rows without the row's number."""
    parts = {name for name, field in form.fields.items() if isinstance(field, forms.MultiValueField)}
    for formset in formsets:
        fields = formset.empty_form.fields.items()
        parts |= {f"{formset.prefix}-{name}" for name, field in fields if isinstance(field, forms.MultiValueField)}
    return parts


def typed_in(sent: QueryDict) -> Boxes:
    """What was sent, without what only steers the page."""
    steering = {"csrfmiddlewaretoken", *ABOUT_THE_PAGE}
    return {
        name: values[0] if len(values) == 1 else values
        for name, values in sent.lists()
        if name not in steering and not name.startswith("_") and "__prefix__" not in name
    }


def as_query(boxes: Boxes) -> QueryDict:
    """The boxes as Django takes what a browser sends."""
    query = QueryDict(mutable=True)
    for name, value in boxes.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


def packed(boxes: Boxes) -> str:
    """The boxes as one text, for a hidden box."""
    return json.dumps(boxes, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> Boxes | None:
    """The boxes that such a text holds; None when it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and all(map(_is_value, found.values())) else None


def _is_value(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def in_words(box: forms.BoundField, boxes: Boxes) -> str:
    """What a box holds among these boxes, as people read it: the name of a record instead of its number."""
    values = [boxes.get(name, "") for name in names_of(box)]
    if isinstance(box.field, forms.MultiValueField):
        said = [words_of(field, value) for field, value in zip(box.field.fields, values, strict=True)] if values[0] else []
        return ", ".join(filter(None, said)) or "–"
    return words_of(box.field, values[0]) or "–"


def words_of(field: forms.Field, value: str | list[str]) -> str:
    texts = [text for text in (value if isinstance(value, list) else [value]) if text]
    if isinstance(field, forms.BooleanField):
        return _("yes") if texts else _("no")
    known = labels(field, texts)
    return ", ".join(str(known.get(text, text)) for text in texts)


def labels(field: forms.Field, texts: list[str]) -> dict[str, str]:
    """The labels of choices: names of records, words of a list."""
    if isinstance(field, forms.ModelChoiceField):
        return {str(one.pk): field.label_from_instance(one) for one in field.queryset.filter(pk__in=filter(is_number, texts))}
    return {str(value): strip_tags(str(label)) for value, label in _choices(getattr(field.widget, "choices", ()))}


def _choices(choices: Iterable) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _choices(label)
        else:
            yield value, label
