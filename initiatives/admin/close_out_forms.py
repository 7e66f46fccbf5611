"""The boxes of a close-out: one form for each initiative, and one for what concerns the whole page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.desk.forms import keep_readable
from initiatives.agenda import Item
from initiatives.models import CloseOut, CloseOutLine, Initiative
from initiatives.statuses import Status, allowed
from initiatives.workflow import ROLE_AT_A_MEETING
from reference.admin import source_in_full

from .new_source import NewSourceBoxes

NOTHING_DECIDED = gettext_lazy("Undecided")
OUTCOMES = {
    CloseOutLine.NO_CHANGE: gettext_lazy("Reviewed, no change"),
    CloseOutLine.NOT_MENTIONED: gettext_lazy("Not mentioned"),
}


def outcomes(initiative: Initiative) -> list:
    """What a meeting can have done for it, what usually comes next before the rest; each with what the history will say happened."""
    rungs = allowed(initiative.kind)
    usual = [rung for rung in (Status(initiative.status).rung.next if initiative.status else (Status.PROPOSED,)) if rung in rungs]
    others = [rung for rung in rungs if rung not in usual]
    groups = [(_("Usually next"), usual), (_("Other statuses"), others)]
    return [("", NOTHING_DECIDED), *OUTCOMES.items()] + [
        (name, [(rung.value, f"{rung.label} → {ROLE_AT_A_MEETING[rung].label}") for rung in group]) for name, group in groups if group
    ]


class PickedAutocomplete(AutocompleteSelect):
    """An autocomplete that is told what it may hold already, so that forty of them on a page need not ask the database."""

    def __init__(self, *args, known: Mapping[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known

    def optgroups(self, name, value, attrs=None):
        if not set(value) - {"", *self.known}:
            chosen = [self.create_option(name, one, self.known[one], True, place) for place, one in enumerate(value) if one]
            return [(None, [self.create_option(name, "", "", False, 0), *chosen], 0)]
        return super().optgroups(name, value, attrs)


def source_box(model, known: Mapping[str, str], **more) -> forms.ModelChoiceField:
    link = model._meta.get_field("source")
    box = link.formfield(required=False, widget=PickedAutocomplete(link, admin.site, known=known), **more)
    box.label_from_instance = source_in_full
    return box


class LineForm(forms.Form):
    """What an editor says of one initiative. Nothing is required: what lacks something is kept for later."""

    outcome = forms.ChoiceField(label=gettext_lazy("What the meeting did"), required=False)
    summary = CloseOutLine._meta.get_field("summary").formfield(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    locator = CloseOutLine._meta.get_field("locator").formfield(required=False, help_text="")
    # The edition of the draft that the page shows.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, item: Item, known: Mapping[str, str], usual, data=None):
        super().__init__(data, prefix=f"line-{item.initiative.pk}", initial=held(item, usual) | {"seen": item.edition})
        self.item = item
        self.fields["outcome"].choices = outcomes(item.initiative)
        self.fields["source"] = source_box(CloseOutLine, known, label=_("Another source"))
        keep_readable(self.fields.values())


def held(item: Item, usual) -> dict[str, Any]:
    """What is recorded for a line: by its draft, which may have been changed elsewhere, or as typed."""
    draft, line = item.draft, item.line
    if draft is None:
        return {name: getattr(line, name) if line else "" for name in ("outcome", "summary", "locator")} | {
            "source": line.source_id if line else None
        }
    proof = next(iter(draft.citations.all()), None)
    own = proof is not None and (usual is None or proof.source_id != usual.pk)
    return {
        "outcome": draft.status or CloseOutLine.NO_CHANGE,
        "summary": draft.summary,
        "locator": proof.locator if proof else "",
        "source": proof.source_id if own else None,
    }


class HeadForm(NewSourceBoxes):
    """What concerns the whole page: the usual source, and one more initiative."""

    opened = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, required=False, widget=forms.TextInput(attrs={"class": "vTextField"})
    )

    def __init__(self, *args, known: Mapping[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        link = CloseOutLine._meta.get_field("initiative")
        self.fields["source"] = source_box(CloseOut, known, label=_("Source of every line that names no other"))
        self.fields["initiative"] = link.formfield(
            required=False, label=_("Another initiative"), widget=AutocompleteSelect(link, admin.site)
        )
        keep_readable(self.fields.values())

    def clean(self):
        cleaned = super().clean()
        self.settle_source()
        return cleaned
