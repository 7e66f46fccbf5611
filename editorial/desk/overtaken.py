"""Somebody saved while a form was open: what is told about it, on top, at each box and at each row."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst, get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from editorial.models import Change

from .boxes import Boxes, boxes_of, in_words, labels, names_of
from .merging import DELETE, Merge


@dataclass
class Overtaken:
    """Their change and mine, put together; nothing is saved before somebody has looked at it."""

    merge: Merge
    last: Change | None  # the change by which I was overtaken
    fields: list[str]  # what was changed, in words

    @classmethod
    def by(cls, last: Change | None, merge: Merge, form: forms.BaseForm, formsets: list[forms.BaseFormSet]) -> Overtaken:
        """`form` and `formsets` show the record as it is now; they lend their labels."""
        touched = {*merge.taken, *merge.conflicts}
        fields = [label_of(box) for box in boxes_of(form, []) if touched.intersection(names_of(box))]
        for formset in formsets:
            names = [*merge.added, *merge.deleted, *merge.revived, *touched]
            if any(name == formset.prefix or name.startswith(f"{formset.prefix}-") for name in names):
                fields.append(capfirst(str(formset.model._meta.verbose_name_plural)))
        return cls(merge, last, list(dict.fromkeys(fields)))

    @property
    def who(self) -> str:
        return self.last.actor if self.last else _("somebody")

    def sentence(self) -> ValidationError:
        when = date_format(localtime(self.last.at), "DATETIME_FORMAT") if self.last else "–"
        return ValidationError(
            _(
                "%(who)s changed this record while you were editing it (%(when)s; %(fields)s), so nothing was saved yet. "
                "Their change has been put in below. Where you both changed the same box, yours is still in it, with theirs beside it. "
                "Look it over and save again."
            ),
            code="stale",
            params={"who": self.who, "when": when, "fields": get_text_list(self.fields, _("and"))},
        )

    def tell_form(self, form: forms.BaseForm) -> None:
        form.add_error(None, self.sentence())
        self._tell_boxes(form)

    def tell_rows(self, formset: forms.BaseFormSet) -> None:
        """What became of the rows of one list."""
        if formset.prefix in self.merge.deleted:
            gone = _("%(who)s deleted a row that you had left alone; it is no longer here.") % {"who": self.who}
            formset._non_form_errors.append(gone)
        for row in formset.forms:
            if row.prefix in self.merge.added:
                row.add_error(None, ValidationError(_("%(who)s added this row."), code="added", params={"who": self.who}))
            if row.prefix in self.merge.revived:
                text = _("%(who)s deleted this row while you were changing it. Save again to keep it as a new one, or empty it.")
                row.add_error(None, ValidationError(text, code="revived", params={"who": self.who}))
            if text := self._of_deleting(f"{row.prefix}-{DELETE}"):
                row.add_error(None, ValidationError(text, code="conflict", params={"who": self.who}))
            self._tell_boxes(row)

    def _of_deleting(self, box: str) -> str:
        """What is said about the box that deletes a row; a change that waits only ticks it."""
        if self.merge.conflicts.get(box):
            return _("%(who)s deleted this row while you were changing it. Save again to keep it as you have it, or tick “Delete”.")
        if box in self.merge.conflicts:
            return _("%(who)s changed this row, which you want to delete. It shows their text; save again to delete it.")
        if box in self.merge.taken and not self.merge.taken[box]:
            return _("%(who)s deleted this row, which you had left alone. Untick “Delete” to keep it.")
        return ""

    def _tell_boxes(self, form: forms.BaseForm) -> None:
        for box in form:
            names = names_of(box)
            if box.name == DELETE:
                continue
            if any(name in self.merge.conflicts for name in names):
                form.add_error(box.name, ValidationError(self._conflict(box, names), code="conflict"))
            elif any(name in self.merge.taken for name in names):
                text = _("%(who)s changed this; before, it was: %(before)s")
                params = {"who": self.who, "before": in_words(box, self.merge.taken)}
                form.add_error(box.name, ValidationError(text, code="taken", params=params))

    def _conflict(self, box: forms.BoundField, names: list[str]) -> str:
        theirs: Boxes = {name: self.merge.conflicts[name] for name in names}
        said = _("%(who)s changed this too, to:") % {"who": self.who}
        chosen = [text for value in theirs.values() for text in (value if isinstance(value, list) else [value]) if text]
        return format_html(
            '{} <span class="theirs">{}</span> '
            '<button type="button" class="take-theirs" hidden data-theirs="{}" data-labels="{}">{}</button>',
            said,
            in_words(box, theirs),
            json.dumps(theirs),
            json.dumps(labels(box.field, chosen) if isinstance(box.field, forms.ModelChoiceField) else {}),
            _("Take theirs"),
        )


def label_of(box: forms.BoundField) -> str:
    return capfirst(str(box.label))
