"""Two states of a record beside each other: field by field, list by list, the words that differ marked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from editorial.models import Revision

from .words import field_of, label, model_of, row_in_words, value_in_words

LONG = 200  # characters; a longer text is folded in a list of changes
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
# Comparing word by word takes the square of their number; nobody reads such a page word by word anyway.
MOST_WORDS = 4_000


@dataclass(frozen=True)
class Difference:
    """One field in two states, ready for a page: what went is marked `del`, what came `ins`."""

    label: str
    before: SafeString
    after: SafeString
    is_long: bool


def differences(model: type[models.Model] | None, before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Every field in which two snapshots of a record differ, in the reader's words.

    A revision is told by what it proposes, in the words of the record it would change.
    """
    if model is Revision and {**before, **after}.get("after"):
        proposed = before.get("after") or after.get("before") or {}
        return differences(model_of((after or before).get("type", "")), proposed, after.get("after") or before.get("before") or {})
    return [told for name in sorted({*before, *after}) for told in _of_field(model, name, before.get(name), after.get(name))]


def _of_field(model, name: str, before: Any, after: Any) -> Iterator[Difference]:
    before, after = _nothing(before), _nothing(after)
    if before == after:
        return
    if isinstance(before or after, dict):
        for key in sorted({*(before or {}), *(after or {})}):
            yield from _of_field(model, key, (before or {}).get(key), (after or {}).get(key))
    elif isinstance(before or after, list):
        yield _of_rows(model, name, before or [], after or [])
    else:
        texts = [value_in_words(model, name, value) for value in (before, after)]
        if texts[0] == texts[1]:  # alike in words, such as two dates known in different ways
            texts = [str(value or "") for value in (before, after)]
        yield Difference(label(model, name), *marked(*texts), is_long=sum(map(len, texts)) > LONG)


def _nothing(value: Any) -> Any:
    return None if value in ("", [], {}) else value


def _of_rows(model, name: str, before: list, after: list) -> Difference:
    field = field_of(model, name)
    old, new = ([_row(field, row) for row in rows] for rows in (before, after))
    same = [row for row in new if row in old]
    gone, come = _without(old, same), _without(new, same)
    pairs = []
    for row in list(gone):
        likest = max(come, key=lambda other: _likeness(row, other), default="")
        if likest and _likeness(row, likest) > 0.5:
            pairs.append(marked(row, likest))
            gone.remove(row)
            come.remove(likest)
    left = [*(pair[0] for pair in pairs), *(_mark("del", row) for row in gone)]
    right = [*(pair[1] for pair in pairs), *(_mark("ins", row) for row in come)]
    rest = ngettext("%d entry stays as it is.", "%d entries stay as they are.", len(same)) % len(same) if same else ""
    return Difference(label(model, name), _list(left, rest), _list(right, rest), is_long=sum(map(len, [*old, *new])) > 4 * LONG)


def _row(field, row: Any) -> str:
    if not isinstance(row, dict):
        return str(row)
    owner = field.field.name if field is not None and field.auto_created else ""
    return row_in_words(field.related_model if field is not None else None, row, owner=owner)


def _without(rows: list[str], others: list[str]) -> list[str]:
    left = list(rows)
    for row in others:
        if row in left:
            left.remove(row)
    return left


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, _WORDS.findall(one)[:MOST_WORDS], _WORDS.findall(other)[:MOST_WORDS]).ratio()


def _list(rows: list[SafeString], rest: str) -> SafeString:
    told = format_html_join("", "<li>{}</li>", ((row,) for row in rows))
    more = format_html('<p class="quiet">{}</p>', rest) if rest else ""
    return format_html("<ul>{}</ul>{}", told, more) if rows else format_html("{}{}", "–" if not rest else "", more)


def marked(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Two texts, the words that only one of them has marked."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not (old and new) or len(old) + len(new) > MOST_WORDS:
        return _mark("del", before), _mark("ins", after)
    left: list[SafeString] = []
    right: list[SafeString] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            left.append(conditional_escape("".join(old[a:b])))
            right.append(conditional_escape("".join(new[c:d])))
        else:
            left += [_mark("del", "".join(old[a:b]))] if b > a else []
            right += [_mark("ins", "".join(new[c:d]))] if d > c else []
    return mark_safe("".join(left)), mark_safe("".join(right))  # every piece is escaped above


def _mark(tag: str, text: str) -> SafeString:
    return format_html("<{0}>{1}</{0}>", mark_safe(tag), text) if text else mark_safe("–")
