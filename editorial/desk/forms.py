"""What every change form carries besides its record: the version it was opened with, and a reason."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.models import Change

LONGEST_NUMBER = 18  # digits of a record's number; longer ones belong to no record
REASONS = [
    gettext_lazy("New record"),
    gettext_lazy("Details added"),
    gettext_lazy("A mistake corrected"),
    gettext_lazy("A better source found"),
    gettext_lazy("Translation added"),
    gettext_lazy("Wording made clearer"),
]


def edition(record: models.Model) -> int:
    """What tells two states of a record apart: its version, or its last ledger row where it has none. 0 when new."""
    if record.pk is None:
        return 0
    if hasattr(record, "version"):
        return record.version
    return Change.objects.of(record).values_list("serial", flat=True).last() or 0


def keep_readable(fields: Iterable[forms.Field]) -> None:
    """Show a choice of a record again only if it can be the number of one: the autocomplete asks the database for it."""
    for field in fields:
        if isinstance(field, forms.ModelChoiceField):
            field.bound_data = only_numbers


def only_numbers(data, initial):
    return list(filter(is_number, data)) if isinstance(data, list) else data if is_number(data) else None


def is_number(text) -> bool:
    """Whether it can be the number of a record."""
    return str(text).isascii() and str(text).isdigit() and len(str(text)) <= LONGEST_NUMBER


class LedgeredForm:
    """Mixed into the form of every record by `LedgeredAdmin.get_form`.

    `refusal` is what a verb, or the database, refused on the first try: shown
    like any other error, with everything that was typed still in place.
    """

    refusal: ValidationError | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        keep_readable(self.fields.values())
        self.edition = edition(self.instance)
        self.fields["opened_version"] = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=self.edition)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            max_length=500,
            required=False,
            initial=str(REASONS[1] if self.instance.pk else REASONS[0]),
            help_text=_("In a few words; the ledger keeps it beside the change."),
            widget=forms.TextInput(attrs={"list": "reasons", "class": "vTextField"}),
        )

    def clean(self):
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        for translation in self.instance._meta.private_fields:
            # One left empty is none at all, and no change either.
            if cleaned.get(translation.name) == "":
                cleaned[translation.name] = None
        opened = cleaned.get("opened_version")
        if self.instance.pk and opened is not None and opened != self.edition:
            self.add_error(None, self.stale_message())
            # The next save is made knowing what the other one wrote.
            self.data = self.data.copy()
            self.data[self.add_prefix("opened_version")] = str(self.edition)
        return cleaned

    def stale_message(self) -> ValidationError:
        last = Change.objects.of(self.instance).last()
        who, fields = (last.actor, ", ".join(last.fields)) if last else (_("somebody"), "")
        return ValidationError(
            _(
                "%(who)s changed this record while you were editing it (%(fields)s), so nothing was saved. What you typed is below. "
                "Compare it with the record in another window; saving again puts yours in place of theirs."
            ),
            code="stale",
            params={"who": who, "fields": fields},
        )

    def _post_clean(self):
        super()._post_clean()
        if self.refusal is not None:
            add_refusal(self, self.refusal)


def add_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Put each sentence at its field, or on top with the field named when the form does not show it."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for field, errors in refusal.error_dict.items():
        if field in form.fields or field == NON_FIELD_ERRORS:
            form.add_error(None if field == NON_FIELD_ERRORS else field, errors)
        else:
            form.add_error(None, sentences(ValidationError({field: errors}), type(form.instance)))


def sentences(refusal: ValidationError, model: type[models.Model]) -> list[str]:
    """The refusal as whole sentences, each naming its field in words."""
    if not hasattr(refusal, "error_dict"):
        return list(refusal.messages)
    names = {field.name: capfirst(str(field.verbose_name)) for field in model._meta.fields}
    found = []
    for field, messages in refusal.message_dict.items():
        label = names.get(field) or capfirst(field.replace("_", " "))
        found += messages if field == NON_FIELD_ERRORS else [f"{label}: {message}" for message in messages]
    return found


def as_refusal(error: ValidationError | DatabaseError) -> ValidationError:
    """What a verb or the database refused, as an error a form can show."""
    if isinstance(error, ValidationError):
        return error
    detail = getattr(getattr(error, "__cause__", None), "diag", None)
    said = (detail and detail.message_primary) or str(error.args[0] if error.args else error)
    return ValidationError(_("The database refused this: %(said)s."), code="database", params={"said": said})
