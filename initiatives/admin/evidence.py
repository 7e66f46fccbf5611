"""The proof of a row of history: a source that is recorded, or one that is met now."""

from __future__ import annotations

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from editorial.desk.forms import is_number
from initiatives.models import StatusCitation, StatusUpdate
from initiatives.workflow import CITATION_FIELDS
from reference.admin import CitationInline

from .new_source import NewSourceBoxes


class EvidenceForm(forms.ModelForm, NewSourceBoxes):
    """One citation; its source may be described instead of chosen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "source" in self.fields:  # not when it is only read
            self.fields["source"].required = False

    def clean(self):
        cleaned = super().clean()
        self.settle_source()
        if not cleaned.get("source") and not any(self.new_source.values()) and "source" not in self.errors:
            self.add_error("source", _("Choose a source from the list, or describe a new one below."))
        return cleaned

    def as_citation(self, *, by) -> dict:
        """What the verbs take; a new source is added for it."""
        return {"source": self.found_source(by=by)} | {name: self.cleaned_data[name] for name in CITATION_FIELDS}


class EvidenceFormSet(BaseInlineFormSet):
    """At least one source, said beside the sources and not only after everything else is right."""

    def clean(self):
        super().clean()
        if not any(form.cleaned_data and not form.cleaned_data.get("DELETE") for form in self.forms if hasattr(form, "cleaned_data")):
            raise forms.ValidationError(_("Citations: name at least one source; no status goes out without evidence."), code="no_evidence")


class EvidenceInline(CitationInline):
    model = StatusCitation
    form = EvidenceForm
    formset = EvidenceFormSet
    fields = None
    fieldsets = [
        (None, {"fields": CitationInline.fields}),
        (
            _("The source is not recorded yet: add it here"),
            {
                "fields": ["new_url", ("new_publisher", "new_title"), ("new_language", "new_kind", "new_published")],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        """What was typed about a new source is not folded away when the form comes back."""
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if request.method == "GET" else [(name, options | {"classes": []}) for name, options in fieldsets]

    def get_extra(self, request, obj=None, **kwargs):
        """One empty line for a new row; as many as the mistaken row has for a correction."""
        if obj is not None and obj.pk:
            return 0
        return len(proofs_of(mistaken_row(request))) or 1


def mistaken_row(request) -> StatusUpdate | None:
    """The published row that the address asks to correct."""
    number = request.GET.get("corrects", "")
    return StatusUpdate.objects.select_related("initiative").filter(pk=number, state="published").first() if is_number(number) else None


def proofs_of(update: StatusUpdate | None) -> list[dict]:
    return [] if update is None else list(update.citations.values("source", *CITATION_FIELDS))
