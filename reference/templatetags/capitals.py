"""Capital letters as the reader's language writes them; in force in every template, the admin's included.

Turkish and Azerbaijani have two letters i: the capital of “i” is “İ”, and
Django's own `capfirst` would write “Imzalandı” for “imzalandı”.
"""

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.text import capfirst as plain_capfirst
from django.utils.translation import get_language

register = template.Library()
DOTTED = {"tr", "az"}


@register.filter(is_safe=True)
@stringfilter
def capfirst(text: str) -> str:
    """The text with its first letter large."""
    if text.startswith("i") and (get_language() or "").split("-")[0] in DOTTED:
        return "İ" + text[1:]
    return plain_capfirst(text)
