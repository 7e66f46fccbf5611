"""What every change form carries besides its record: how it was opened, and why it is saved."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict
from django.utils import translation
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .boxes import ABOUT_THE_PAGE, is_number
from .overtaken import Overtaken
from .words import label

NEW = gettext_lazy("New record")
REASONS = [
    NEW,
    gettext_lazy("Details added"),
    gettext_lazy("A mistake corrected"),
    gettext_lazy("A better source found"),
    gettext_lazy("Translation added"),
    gettext_lazy("Wording made clearer"),
]


def keep_readable(fields: Iterable[forms.Field]) -> None:
    """Show a choice of a record again only if it can be the number of one: the autocomplete asks the database for it."""
    for field in fields:
        if isinstance(field, forms.ModelChoiceField):
            field.bound_data = only_numbers


def only_numbers(data, initial):
    return list(filter(is_number, data)) if isinstance(data, list) else data if is_number(data) else None


class LedgeredForm:
    """Mixed into the form of every record by `LedgeredAdmin.get_form`.

    `refusal` is what a verb, or the database, refused on the first try: shown
    like any other error, with everything that was typed still in place.
    `overtaken` is what somebody else saved meanwhile. `waiting` is what an
    open revision of the record holds, shown in place of the record's own text.
    """

    refusal: ValidationError | None = None
    overtaken: Overtaken | None = None
    waiting: QueryDict | None = None
    edition = ""

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(self.waiting if data is None else data, *args, **kwargs)
        keep_readable(self.fields.values())
        self.fields["opened_version"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=self.edition)
        self.fields["opened_form"] = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            max_length=500,
            required=False,
            initial="" if self.instance.pk else str(NEW),
            help_text=_("In a few words; the ledger keeps it beside the change. Left empty, it says what was changed."),
            widget=forms.TextInput(attrs={"list": "reasons", "class": "vTextField"}),
        )

    def clean(self):
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        for translated in self.instance._meta.private_fields:
            # One left empty is none at all, and no change either.
            if cleaned.get(translated.name) == "":
                cleaned[translated.name] = None
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if self.refusal is not None:
            add_refusal(self, self.refusal)
        if self.overtaken is not None:
            self.overtaken.tell_form(self)


class LedgeredFormSet(BaseInlineFormSet):
    """Mixed into the rows of every list on a change form by `LedgeredAdmin.get_inline_instances`.

    Rows that somebody else deleted meanwhile come back as an error with their text, not as a crash.
    """

    overtaken: Overtaken | None = None

    def _existing_object(self, pk):
        return super()._existing_object(pk) or self.model()

    def add_fields(self, form, index):
        """In a table the column's heading is no label: each box carries its own."""
        super().add_fields(form, index)
        keep_readable(form.fields.values())
        for field in form.fields.values():
            if not field.widget.is_hidden and field.label:
                # A link to another record is drawn by a widget inside the one with the buttons.
                getattr(field.widget, "widget", field.widget).attrs.setdefault("aria-label", field.label)

    def full_clean(self):
        super().full_clean()
        if self.overtaken is not None and self.is_bound:
            self.overtaken.tell_rows(self)


def what_was_changed(form: forms.ModelForm, formsets: Iterable[BaseInlineFormSet]) -> str:
    """The reason of a change for which nobody gave one. In English, like the whole ledger."""
    with translation.override("en"):
        fields = [label(type(form.instance), name) for name in form.changed_data if name not in ABOUT_THE_PAGE]
        lists = [capfirst(str(formset.model._meta.verbose_name_plural)) for formset in formsets if formset.has_changed()]
        told = get_text_list([*fields, *lists], "and")
        return f"Changed: {told}."[:500] if told else ""


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
