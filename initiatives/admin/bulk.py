"""Many initiatives at once: a theme or a party added to each, or taken away. Drafts change; what is public waits for review."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from editorial import revisions, workflow
from editorial.desk.forms import keep_readable
from editorial.models import State
from editorial.snapshots import snapshot
from initiatives.models import Initiative, InitiativeParty
from reference.models import Party, Theme


def change_belongings(*, record: Initiative, by, reason: str, write: Callable[[Initiative], None], present: bool, wanted: bool):
    """Change what belongs to an initiative, by `write`: at once in a draft, as a revision handed in for review in public.

    `present` is whether it has it, `wanted` whether it should. Refuses
    (ValidationError): what is so already, a withdrawn initiative, and one with
    a revision under way, which this would put in its place.
    """
    if present == wanted:
        raise ValidationError(_("It is so already; nothing was changed."), code="same")
    if record.state == State.WITHDRAWN:
        raise ValidationError(_("It was withdrawn; restore it first."), code="withdrawn")
    if not record.changes_wait:
        return workflow.save(record=record, by=by, before=snapshot(record), children=write, reason=reason)
    if revisions.pending(record):
        raise ValidationError(_("Another change to it waits already; publish or discard that one first."), code="waiting")
    revision = revisions.propose(record=record, by=by, children=write, reason=reason)
    return workflow.submit(record=revision, by=by, reason=reason)


def change_theme(*, record: Initiative, theme: Theme, wanted: bool, **given):
    def write(initiative):
        (initiative.themes.add if wanted else initiative.themes.remove)(theme)

    present = record.themes.filter(pk=theme.pk).exists()
    return change_belongings(record=record, write=write, present=present, wanted=wanted, **given)


def add_party(*, record: Initiative, party: Party, role: str, **given):
    def write(initiative):
        initiative.parties.create(party=party, role=role)

    present = record.parties.filter(party=party, role=role).exists()
    return change_belongings(record=record, write=write, present=present, wanted=True, **given)


class BulkChanges(admin.ModelAdmin):
    """The actions on a list of initiatives; each asks why, changes record by record and names what was refused."""

    def _change_many(self, request, queryset, verb, *, label, action, fields, **given):
        form = self.why_form(**fields)(request.POST if "confirmed" in request.POST else None)
        form.fields["reason"].help_text = _("In a few words; the ledger keeps it. What is public changes only after review.")
        form.use_required_attribute = False  # the browser's own complaint would point at a box that the autocomplete has hidden
        keep_readable(form.fields.values())
        if not form.is_valid():
            return self.asking_page(request, label=label, form=form, records=queryset, action=action)
        done = ngettext_lazy(
            "%d initiative changed, or its change handed in for review.", "%d initiatives changed, or their changes handed in for review."
        )
        self.for_each(request, queryset, verb, done=lambda n: done, **given, **form.cleaned_data)
        return None

    @admin.action(description=gettext_lazy("Add a theme …"), permissions=["change"])
    def add_theme(self, request, queryset):
        theme = forms.ModelChoiceField(label=_("Theme"), queryset=Theme.objects.all())
        label = _("Add a theme")
        return self._change_many(request, queryset, change_theme, label=label, action="add_theme", fields={"theme": theme}, wanted=True)

    @admin.action(description=gettext_lazy("Remove a theme …"), permissions=["change"])
    def remove_theme(self, request, queryset):
        theme = forms.ModelChoiceField(label=_("Theme"), queryset=Theme.objects.filter(initiatives__in=queryset).distinct())
        label = _("Remove a theme")
        return self._change_many(request, queryset, change_theme, label=label, action="remove_theme", fields={"theme": theme}, wanted=False)

    @admin.action(description=gettext_lazy("Add a party …"), permissions=["change"])
    def add_party(self, request, queryset):
        widget = AutocompleteSelect(InitiativeParty._meta.get_field("party"), self.admin_site)
        fields = {
            "party": forms.ModelChoiceField(label=_("Party"), queryset=Party.objects.all(), widget=widget),
            "role": forms.ChoiceField(label=_("Role"), choices=InitiativeParty.PartyRole.choices),
        }
        return self._change_many(request, queryset, add_party, label=_("Add a party"), action="add_party", fields=fields)
