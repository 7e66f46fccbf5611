"""What templates need to show records honestly: dates as known, texts in their language, filters in use."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from reference.partial_dates import Basis, PartialDate

register = template.Library()


@register.filter
def dated(date: PartialDate) -> str:
    """The date in words, as finely as it is known, with how it is known when nobody stated it."""
    if date.precision in ("unknown", "half"):  # HTML has no machine form for these
        words = format_html("<span>{}</span>", date)
    else:
        words = format_html('<time datetime="{}">{}</time>', date.value, date)
    if not date or date.basis == Basis.STATED:
        return words
    return format_html('{} <small class="basis">({})</small>', words, Basis(date.basis).label)


@register.simple_tag
def period(start: PartialDate, end: PartialDate) -> str:
    """From one date to another, or one date alone when it ended on the day it began."""
    if not end or end.value == start.value:
        return dated(start)
    return format_html("{} – {}", dated(start), dated(end))


@register.simple_tag
def content(record, field: str) -> str:
    """A field of a record in the language of the page, or its English original, marked as such."""
    text = getattr(record, f"{field}_i18n") or ""
    language = get_language()
    translated = language == settings.LANGUAGE_CODE or (record.i18n or {}).get(f"{field}_{language}")
    return text if translated or not text else original(text)


@register.filter
def original(text: str) -> str:
    """Text that exists in English only, marked as such on pages in other languages."""
    if not text or get_language() == settings.LANGUAGE_CODE:
        return text
    return format_html(
        '<span lang="{0}">{1}</span>&nbsp;<small class="in-language" title="{2}"><span aria-hidden="true">{0}</span>'
        '<span class="visually-hidden">({2})</span></small>',
        settings.LANGUAGE_CODE,
        text,
        _("in English"),
    )


@register.filter
def language_name(code: str) -> str:
    """The name of a language in the language of the page, or its code when we have no name for it.

    English and Turkish write it with a capital; the others, inside a sentence, do not.
    """
    try:
        name = get_language_info(code)["name_translated"]
    except KeyError:
        return code
    if get_language() in ("en", "tr"):
        return name
    if get_language() == "az":  # “İ” is the capital of “i” and “I” that of “ı”; Python would leave a loose dot behind
        name = name.translate({ord("İ"): "i", ord("I"): "ı"})
    return name.lower()


@register.simple_tag
def share(number: int, of: int) -> str:
    """A length of a bar, in percent of the longest."""
    return f"{100 * number / of:.1f}%" if of else "0%"


@register.simple_tag(takes_context=True)
def filters_in_use(context, filterset) -> list[dict[str, str]]:
    """The filters that shape a list, each with its words and the address of the list without it."""
    asked = context["request"].GET
    found = []
    for name, field in filterset.form.fields.items():
        if name == "sort" or name in filterset.form.errors or not filterset.form.cleaned_data.get(name):
            continue
        for value in dict.fromkeys(asked.getlist(name)):
            rest = asked.copy()
            rest.setlist(name, [other for other in asked.getlist(name) if other != value])
            for place in ("page", "after"):  # where in the old list one was
                rest.pop(place, None)
            words = _words_of(field, value, filterset.form.cleaned_data[name])
            found.append({"name": name, "label": field.label, "words": words, "url": f"?{rest.urlencode()}"})
    return found


def _words_of(field, value: str, cleaned) -> str:
    """How a reader would say the value: the label of a choice, the name of a record, a date in words."""
    if hasattr(field, "queryset"):
        key = field.to_field_name
        return next((str(record) for record in cleaned if str(getattr(record, key)) == value), value)
    if hasattr(field, "choices"):
        return next((str(label) for choice, label in field.choices if choice == value), value)
    return value if isinstance(cleaned, str) else str(PartialDate.parse(value))


@register.filter
def supporting(citations, what: str) -> list:
    """The citations that support this part of a claim."""
    return [citation for citation in citations if citation.supports == what]


@register.filter
def other_names(record) -> list:
    """The names of a record beside the one the page already shows."""
    return [name for name in record.names.all() if name.text != record.name_i18n]
