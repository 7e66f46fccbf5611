"""Names in many languages and spellings, and the folded form in which they are sorted and found."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Letters that do not come apart into a base letter and an accent, as readers type them on a plain keyboard.
_PLAIN = str.maketrans({"ı": "i", "ə": "e", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "ʻ": "", "ʼ": "", "’": "", "'": ""})

language_code = RegexValidator(
    r"^[a-z]{2,3}$", _("Write the language as two or three small letters, such as en, tr or kk."), code="invalid_language"
)


def fold(text: str) -> str:
    """The text without case and accents, for sorting and finding: “Türkiye” and “TURKIYE” are one word.

    Done here and not by the database, because the embedded server has neither
    ICU nor unaccent. Cyrillic й and ё lose their marks too, in both the stored
    key and the question, so they still meet.
    """
    # Twice, because some letters only show their case once they are taken apart.
    decomposed = text
    for _step in range(2):
        decomposed = unicodedata.normalize("NFKD", decomposed.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_PLAIN)
    return " ".join(plain.split())


class SortKeyField(models.CharField):
    """The folded form of another field of the same record, kept in step at every save."""

    def __init__(self, *args: Any, source: str = "name", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", 400)
        kwargs["editable"] = False
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        kwargs.pop("editable", None)
        kwargs.pop("blank", None)
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = fold(getattr(model_instance, self.source) or "")[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


class NameKind(models.TextChoices):
    """What sort of name it is."""

    USUAL = "usual", _("usual name")
    ALIAS = "alias", _("also called")
    ACRONYM = "acronym", _("acronym")
    SPELLING = "spelling", _("other spelling")
    FORMER = "former", _("former name")


class Name(models.Model):
    """One name of a record in one language; concrete for each kind of record that has many.

    Outlets translate and spell the same thing differently; a reader who met
    one of these names must find the record by it.
    """

    language = models.CharField(_("language"), max_length=3, validators=[language_code], help_text=_("Its code: en, ru, tr, kk."))
    text = models.CharField(_("name"), max_length=300, help_text=_("As it is written there, letter for letter."))
    kind = models.CharField(
        _("kind of name"),
        max_length=10,
        choices=NameKind,
        default=NameKind.ALIAS,
        help_text=_("Usual name, acronym, another spelling, a former name."),
    )
    folded = SortKeyField(source="text")

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.text} ({self.language})"
