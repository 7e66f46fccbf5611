"""One row at a time: what it says, what that changes, and by which verb it is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from editorial import ledger, revisions, workflow
from editorial.four_eyes import public_at_once
from editorial.models import Publishable, State
from initiatives.models import StatusUpdate
from initiatives.workflow import CITATION_FIELDS, change_draft, record_status

from .columns import Column, Translated
from .files import Broken
from .register import Register
from .report import Line
from .resource import Resource
from .shots import links_of

Values = dict[Column, Any]


@dataclass(frozen=True)
class Manner:
    """Who loads, why, and what becomes of what is loaded.

    `publishes`: it is public at once, and a key left out of a row is empty, as
    for the shipped data. Otherwise new records are drafts, changes of public
    ones wait as revisions, and a key left out leaves what the record has.
    """

    by: workflow.Actor
    reason: str
    publishes: bool
    now: datetime.datetime | None = None

    @property
    def told(self) -> dict[str, Any]:
        """What every verb is told."""
        return {"by": self.by, "reason": self.reason, "now": self.now}


class Rows:
    """Reads, compares and writes rows in one manner; refuses (ValidationError, by key) what is wrong with one."""

    def __init__(self, manner: Manner) -> None:
        self.manner, self.register = manner, Register()

    # What a row says

    def parsed(self, kind: Resource, columns: Iterable[Column], row: dict[str, Any], record: models.Model | None) -> Values:
        """The row's values by column; one ValidationError with everything that is wrong with it."""
        values, problems = {}, {}
        allowed = kind.keys
        for key in sorted(set(row) - set(allowed)):
            problems[key] = [_("There is no such field here; known are: %(allowed)s.") % {"allowed": ", ".join(allowed)}]
        for column in columns:
            said = {key: row[key] for key in column.keys if key in row}
            if broken := {key: one.messages for key, one in said.items() if isinstance(one, Broken)}:
                problems |= broken
                continue
            if record is not None and not self.manner.publishes:
                if not said:
                    continue
                said = column.dump(column.read(record)) | said
            try:
                values[column] = column.parse(said, self.register)
            except ValidationError as error:
                problems |= error.message_dict
        if problems:
            raise ValidationError(problems)
        return values

    def changed(self, record: models.Model | None, values: Values) -> list[Column]:
        return [column for column, value in values.items() if record is None or column.read(record) != value]

    def told(self, record: models.Model | None, values: Values) -> list[tuple[str, str, str]]:
        """Key, before and after of everything that these values change, as cells."""
        found = []
        for column, value in values.items():
            before = column.dump(column.read(record)) if record is not None else {}
            for key, after in column.dump(value).items():
                one, other = column.to_cell(before.get(key)) if before else "", column.to_cell(after)
                if one != other:
                    found.append((key, one, other))
        return found

    # New records

    def built(self, kind: Resource, values: Values) -> models.Model:
        """A new record that holds the values, not saved and not checked yet."""
        record = kind.model()
        for column, value in values.items():
            column.assign(record, value)
        if isinstance(record, Publishable) and not isinstance(self.manner.by, str):
            record.created_by = self.manner.by
        return record

    @transaction.atomic
    def create(self, kind: Resource, values: Values) -> models.Model:
        """A new record through the verb that editors use."""
        if kind.model is StatusUpdate:
            record = record_status(**as_the_verb_takes(values), **self.manner.told)
        else:
            record = self.built(kind, values)
            told = self.manner.told
            if getattr(record, "is_public", False):
                told |= {"reason": public_at_once(by=self.manner.by, reason=self.manner.reason)}
            self._reveal(record)
            record = workflow.save(record=record, children=partial(attach, values=values), **told)
        return self._published(record)

    def check_correction(self, row: StatusUpdate) -> None:
        """Say in words what the database would refuse of a row that corrects another."""
        mistaken = row.corrects
        if mistaken is None:
            return
        if mistaken.state != State.PUBLISHED:
            raise ValidationError({"corrects": _("This row is not public yet: edit it instead of correcting it.")})
        if mistaken.initiative_id != row.initiative_id:
            raise ValidationError({"corrects": _("It belongs to the history of another initiative.")})
        if StatusUpdate.objects.filter(corrects=mistaken).exclude(pk=row.pk).exists():
            raise ValidationError({"corrects": _("This row has been corrected already; correct the newer row.")})

    def check_alone(self, kind: Resource, values: Values) -> None:
        """Refuse what is wrong with a row by itself, before it is written together with others."""
        record = self.built(kind, values)
        record.clean_fields(exclude=links_of(record))

    # Changes

    @transaction.atomic
    def edit(self, kind: Resource, record: models.Model, values: Values) -> str:
        """Write changed values into a record by the verb its state asks for; return the outcome."""
        if isinstance(record, StatusUpdate):
            self.refuse_final(record, values)
            whole = {column: values.get(column, column.read(record)) for column in kind.columns}
            self._published(change_draft(update=record, **as_the_verb_takes(whole), **self.manner.told))
            return "changed"
        before, waits = ledger.snapshot(record), record.changes_wait
        for column, value in values.items():
            column.assign(record, value)
        self._reveal(record)
        return self.keep(record, before, partial(attach, values=values), waits=waits)

    def keep(self, record: models.Model, before: dict[str, Any], children, *, waits: bool) -> str:
        """Save an edited record: at once, or as a revision where changes wait; return the outcome."""
        if self.manner.publishes or not waits:
            self._published(workflow.save(record=record, before=before, children=children, **self.manner.told))
            return "changed"
        if waiting := revisions.pending(record):
            raise self.waits_already(waiting.label)
        return "proposed" if revisions.propose(record=record, children=children, **self.manner.told) else "same"

    def edit_within(self, kind: Resource, owner: models.Model, rows: list[tuple[Line, models.Model | None, Values]], refuse) -> str:
        """Write rows that live within another record, such as its names, as one edit of that; return the outcome.

        `refuse` is told the line and the error of a row that cannot be written.
        """
        owner = workflow.locked(owner)
        before = ledger.snapshot(owner)
        current: list[Line] = []

        children = partial(self.write_within, kind=kind, rows=rows, at=current.append)
        try:
            with transaction.atomic():
                return self.keep(owner, before, children, waits=owner.changes_wait)
        except ValidationError as error:
            refuse(current[-1] if current else rows[0][0], error)
            return "refused"

    def write_within(self, saved: models.Model, *, kind: Resource, rows: list[tuple], at=lambda line: None) -> None:
        """Write rows that belong to a record; `at` is told the line of each before it is written."""
        for line, found, values in rows:
            at(line)
            record = kind.model(**{kind.within: saved}) if found is None else kind.model._base_manager.get(pk=found.pk)
            for column, value in values.items():
                column.assign(record, value)
            if found is not None and hasattr(record, "version"):
                record.version += 1
            workflow.write(record)
            attach(record, values)
        # What was read of them beforehand is no longer true.
        accessor = kind.model._meta.get_field(kind.within).remote_field.get_accessor_name()
        getattr(saved, "_prefetched_objects_cache", {}).pop(accessor, None)

    def waits_already(self, label: str) -> ValidationError:
        """The refusal of a change to a record for which one waits: nobody has seen the two together."""
        message = _("A change of “%(record)s” waits already; publish or discard that one first.")
        return ValidationError(message, code="waiting", params={"record": label})

    def refuse_final(self, record: StatusUpdate, values: Values) -> None:
        """Refuse a row about published history that differs from it."""
        if record.state != State.PUBLISHED:
            return
        changed = self.changed(record, values)
        raise ValidationError(
            {
                changed[0].key: _("Published history is final; this row differs in: %(fields)s. Add a row with “corrects” instead.")
                % {"fields": ", ".join(column.key for column in changed)}
            }
        )

    def _reveal(self, record: models.Model) -> None:
        """A reference record of the shipped data is public by itself; an editor's becomes so with what points at it."""
        if self.manner.publishes and hasattr(type(record), "is_public") and not isinstance(type(record).is_public, property):
            record.is_public = True

    def _published(self, record: models.Model) -> models.Model:
        if self.manner.publishes and isinstance(record, Publishable) and record.state in (State.DRAFT, State.IN_REVIEW):
            return workflow.publish(record=record, **self.manner.told)
        return record


def attach(record: models.Model, values: Values) -> None:
    """Write the belongings among the values, now that the record has its number."""
    for column, value in values.items():
        column.attach(record, value)


def as_the_verb_takes(values: Values) -> dict[str, Any]:
    """The values of a row of history under the names of `record_status` and `change_draft`."""
    given = {column.key: value for column, value in values.items() if not isinstance(column, Translated)}
    given["citations"] = [dict(zip(("source", *CITATION_FIELDS), proof, strict=True)) for proof in given["citations"]]
    translations = next(value for column, value in values.items() if isinstance(column, Translated))
    given["translations"] = {key.removeprefix("summary_"): text for key, text in translations.items()}
    return given
