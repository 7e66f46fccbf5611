"""The public rows of the ledger in plain words: what became public, changed or went, the newest first."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView

from .models import Change

PER_PAGE = 50
# What each verb did, in the reader's words; the first part of a verb is the kind of record.
DEEDS = {
    "created": _("Added"),
    "published": _("Published"),
    "changed": _("Changed"),
    "standing_changed": _("Status brought in step with its history"),
    "renamed": _("Moved to a new address"),
    "withdrawn": _("Withdrawn"),
    "restored": _("Brought back"),
    "deleted": _("Deleted"),
}
# Deeds of which a reader wants to know what exactly became different.
_TELLING = {"changed", "standing_changed"}
_PAGES = {
    "initiatives.initiative": "initiative",
    "meetings.series": "series",
    "meetings.meeting": "meeting",
    "meetings.document": "document",
    "reference.party": "party",
    "reference.theme": "theme",
    "reference.source": "source",
}


class ChangeList(ListView):
    """The ledger as readers may see it, newest first; `before=<serial>` pages back."""

    template_name = "editorial/changes.html"
    context_object_name = "changes"

    def get_queryset(self):
        rows = Change.objects.public().order_by("-serial")
        before = self.request.GET.get("before", "")
        if before:
            rows = rows.filter(serial__lt=_serial(before))
        return rows[: PER_PAGE + 1]

    def get_context_data(self, **kwargs):
        rows = list(self.object_list)
        shown = rows[:PER_PAGE]
        older = shown[-1].serial if len(rows) > PER_PAGE else None
        return super().get_context_data(
            changes=[Entry(change) for change in shown], older=older, paged="before" in self.request.GET, **kwargs
        )


def _serial(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII):
        raise Http404
    return int(text)


class Entry:
    """One row of the ledger, as a page shows it."""

    def __init__(self, change: Change):
        self.change = change
        self.day = change.at.date()
        self.deed_name = change.verb.rpartition(".")[2]

    @property
    def deed(self):
        """What was done, in words; a verb without words of its own is shown as it is, rather than left out."""
        return DEEDS.get(self.deed_name, self.deed_name.replace("_", " "))

    @property
    def kind(self):
        """What sort of record it was done to."""
        model = self._model
        return model._meta.verbose_name if model else self.change.type

    @property
    def address(self) -> str:
        """Where the record is shown; empty when it has no page. A withdrawn one's page says what became of it."""
        slug, code = self.change.slug, ""
        if self.deed_name == "deleted" or not slug:
            return ""
        if self.change.type == "meetings.provision":
            slug, _slash, code = slug.partition("/")
            return f"{reverse('document', args=[slug])}#{code}"
        if self.change.type == "initiatives.statusupdate":
            initiative = self.change.after.get("initiative") or self.change.before.get("initiative")
            return f"{reverse('initiative', args=[initiative])}#{slug}" if initiative else ""
        return reverse(_PAGES[self.change.type], args=[slug]) if self.change.type in _PAGES else ""

    @property
    def differences(self) -> list[dict[str, Any]]:
        """What became different: the field's name, and its value before and after where that is one of a few words."""
        if self.deed_name not in _TELLING:
            return []
        return [self._difference(name) for name in self.change.fields]

    @property
    def _model(self):
        try:
            return apps.get_model(self.change.type)
        except (LookupError, ValueError):
            return None

    def _difference(self, name: str) -> dict[str, Any]:
        try:
            field = self._model._meta.get_field(name)
        except (AttributeError, FieldDoesNotExist):
            return {"label": name.replace("_", " ")}
        if field.auto_created:
            return {"label": field.related_model._meta.verbose_name_plural}
        words = dict(field.flatchoices)
        before, after = (words.get(shot.get(name)) for shot in (self.change.before, self.change.after))
        return {"label": field.verbose_name, "before": before, "after": after}
