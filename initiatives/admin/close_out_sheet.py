"""The page of a close-out as it is recorded, as it was sent, and as two editors' work is put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from editorial.desk.boxes import as_query, held_by, in_words, is_number, packed, typed_in, unpacked
from editorial.desk.merging import merge
from editorial.models import Change
from initiatives.agenda import Item, agenda, usual_source
from initiatives.models import CloseOut, CloseOutLine, Initiative
from initiatives.workflow import version_of
from meetings.models import Meeting
from reference.admin import source_in_full

from .close_out_forms import OUTCOMES, HeadForm, LineForm


@dataclass
class Row:
    """One initiative on the page."""

    item: Item
    form: LineForm | None  # None when there is nothing left to type
    notes: list[str] = field(default_factory=list)  # what somebody else put in boxes that this editor changed

    @property
    def state(self) -> tuple[str, str]:
        """How far the line has come: a word for the style sheet, and one for the editor."""
        item = self.item
        row = item.draft or next(iter(item.settled), None)
        if row is not None:
            return row.state, row.get_state_display()
        if item.is_decided:
            return "decided", str(OUTCOMES[CloseOutLine.NOT_MENTIONED])
        if item.line is not None and item.line.holds_something:
            return "begun", _("begun")
        return "undecided", _("undecided")

    @property
    def lacks(self) -> str:
        """What keeps a decided line from being a draft, in a sentence; empty when nothing does."""
        line = self.item.line
        if self.item.is_decided or line is None or not line.outcome:
            return ""
        if not line.summary:
            return _("It becomes a draft when it has a sentence that says what happened.")
        return _("It becomes a draft when it has a source.")


class Sheet:
    """The page of one close-out, as it is recorded, or as it was sent."""

    def __init__(self, meeting: Meeting, *, data=None, also: tuple[int, ...] = ()):
        self.meeting, self.data = meeting, data
        self.posted = [int(number) for number in data.getlist("line") if is_number(number)] if data is not None else []
        self.close_out = CloseOut.objects.select_related("source").filter(meeting=meeting).first()
        self.usual = (self.close_out and self.close_out.source) or usual_source(meeting)
        self.items = agenda(meeting, also=(*self.posted, *also))
        known = {source.pk: source for source in (self.usual, *(item.line.source for item in self.items if item.line)) if source}
        known |= {proof.source_id: proof.source for item in self.items if item.draft for proof in item.draft.citations.all()}
        self.known = {str(number): source_in_full(source) for number, source in known.items()}
        self.head = HeadForm(
            data,
            known=self.known,
            initial={"source": self.usual and self.usual.pk, "opened": version_of(self.close_out), "reason": _("Close-out of the meeting")},
        )

    @cached_property
    def rows(self) -> list[Row]:
        return [Row(item, self._form(item)) for item in self.items]

    @property
    def parts(self) -> list[tuple[str, list[Row]]]:
        """What is left to do, and under a heading what is decided; each by name."""
        undecided, decided = ([row for row in self.rows if row.item.is_decided is wanted] for wanted in (False, True))
        return [("", undecided), (_("Decided already"), decided)]

    def _form(self, item: Item) -> LineForm | None:
        sent = item.initiative.pk in self.posted
        if not item.is_open and not sent:
            return None
        return LineForm(item, self.known, self.usual, self.data if sent else None)

    @property
    def forms(self) -> list[forms.BaseForm]:
        return [self.head, *(row.form for row in self.rows if row.form is not None)]

    @property
    def opened_form(self) -> str:
        """What the boxes held when the page was opened, sent along so that two editors' work can be put together."""
        return self.data.get("opened_form", "") if self.data is not None else packed(held_on(self))

    def decided(self) -> list[Mapping[str, Any]]:
        """What was sent, as the verb takes it, with the initiative added last."""
        lines = []
        for row in self.rows:
            if row.form is not None and row.form.is_bound:
                typed = row.form.cleaned_data
                lines.append({**typed, "initiative": row.item.initiative, "opened": typed["seen"]})
        if added := self.head.cleaned_data["initiative"]:
            lines.append({"initiative": added})
        return lines

    def is_valid(self) -> bool:
        """Whether the verb can be asked; wrong boxes say so themselves."""
        wrong = [form for form in self.forms if form.is_bound and not form.is_valid()]
        if (added := self.head.cleaned_data.get("initiative")) and added in [item.initiative for item in self.items]:
            self.head.add_error("initiative", _("It is on the list already."))
            return False
        return not wrong

    def add_errors(self, refusal: ValidationError) -> None:
        """Put each sentence of the verb at the line and the box it is about."""
        if not hasattr(refusal, "error_dict"):
            self.head.add_error(None, refusal)
            return
        forms_of = {str(row.item.initiative.pk): row.form for row in self.rows}
        for name, errors in refusal.error_dict.items():
            number, _dot, box = name.partition(".")
            form = forms_of.get(number)
            if form is None:
                box = next((box for box in (name, f"new_{name}") if box in self.head.fields), None)
                self.head.add_error(box, errors)
            else:
                form.add_error(None if box == NON_FIELD_ERRORS else box, errors)


def held_on(sheet: Sheet) -> dict:
    held_in = {}
    for form in sheet.forms:
        held_in |= held_by(form, [])
    return held_in


def put_together(request, sheet: Sheet) -> Sheet:
    """Somebody else saved meanwhile: theirs where this editor changed nothing, and beside it where both did."""
    theirs = Sheet(sheet.meeting, also=tuple(sheet.posted))
    mine = {name: value for name, value in typed_in(request.POST).items() if name != "line"}
    merged = merge(unpacked(request.POST.get("opened_form", "")), mine, held_on(theirs), together=["new_published"])
    data = as_query(merged.boxes | {"opened": str(version_of(theirs.close_out)), "reason": request.POST.get("reason", "")})
    data["opened_form"] = packed(held_on(theirs))
    # A line that is settled there has no boxes any more; where this editor typed something, all of theirs come back.
    open_there = {str(row.item.initiative.pk) for row in theirs.rows if row.form is not None}
    touched = {name.split("-")[1] for name in merged.conflicts if name.startswith("line-")}
    for name, value in mine.items():
        if name.startswith("line-") and name.split("-")[1] in touched - open_there:
            data[name] = value
    data.setlist("line", sorted(open_there | touched))
    for item in theirs.items:
        data[f"line-{item.initiative.pk}-seen"] = item.edition
    together = Sheet(sheet.meeting, data=data)
    for row in together.rows:
        for box in row.form or ():
            if box.html_name in merged.conflicts and box.name != "seen":
                there = in_words(box, merged.conflicts)
                row.notes.append(_("%(box)s, as saved meanwhile: %(text)s") % {"box": box.label, "text": there})
    last = Change.objects.of(theirs.close_out).last() if theirs.close_out else None
    together.head.add_error(
        None,
        _(
            "%(who)s worked on this meeting while you were typing, so nothing of yours was saved yet. Their lines are shown below, and "
            "yours wherever you typed. Look at them and save again."
        )
        % {"who": last.actor if last else _("Somebody")},
    )
    return together


def with_one_more(sheet: Sheet) -> Sheet:
    """The page with one more initiative; nothing is saved, and everything typed stays."""
    added = sheet.data.get("initiative", "")
    found = Initiative.objects.filter(pk=added).first() if is_number(added) else None
    if found is None or found in [item.initiative for item in sheet.items]:
        sheet.head.add_error("initiative", _("It is on the list already.") if found else _("Choose an initiative from the list."))
        return sheet
    data = sheet.data.copy()
    data["initiative"] = ""
    return Sheet(sheet.meeting, data=data, also=(found.pk,))
