"""Many changes at once: of drafts, and of public records as revisions.

As in `batch`: every change is checked by itself, the database is asked about
many together, and what it refuses goes through its verb, which says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from editorial import ledger
from editorial.models import Revision, differing
from editorial.revisions import OPEN
from initiatives.models import StatusUpdate
from initiatives.workflow import check

from .report import Line
from .resource import Resource
from .resources import RESOURCES
from .rows import Rows, Values, attach
from .shots import links_of, stamp, told

KIND_OF = {kind.model: kind for resource in RESOURCES for kind in resource.kinds}


@dataclass
class Edit:
    """A change of one record, in memory; `children` writes its belongings, `by_verb` does all of it the ordinary way."""

    record: models.Model
    before: dict[str, Any]
    label: str
    lines: list[Line]
    children: Callable[[models.Model], None]
    by_verb: Callable[[], str]
    waits: bool  # as the record stood before the values were put in: they may take it from the public
    opened: int = 0

    def __post_init__(self) -> None:
        self.opened = self.record.version


class Edits:
    """Changes that wait to be written together.

    `refuse` is told the line and the error of one that cannot be written.
    """

    def __init__(self, rows: Rows, refuse: Callable[[Line, Exception], None]) -> None:
        self.rows, self.refuse = rows, refuse
        self.edits: list[Edit] = []

    def add(self, kind: Resource, line: Line, record: models.Model, values: Values) -> None:
        """Check the change of a record and keep it for `write`. Raises ValidationError, by key, for what is wrong with it."""
        before, label, waits = told(record), ledger.label(record), record.changes_wait
        if isinstance(record, StatusUpdate):
            self.rows.refuse_final(record, values)
        for column, value in values.items():
            column.assign(record, value)
        if isinstance(record, StatusUpdate):
            citations = next(column for column in kind.columns if column.key == "citations")
            proofs = citations.belongings(record, values.get(citations, citations.read(record)))
            self.rows.check_correction(record)
            check(record, citations=proofs, today=(self.rows.manner.now or timezone.now()).date())
        else:
            record.clean_fields(exclude=links_of(record))
            record.clean()

        def by_verb() -> str:
            return self.rows.edit(kind, kind.whole().get(pk=record.pk), values)

        self.edits.append(Edit(record, before, label, [line], partial(attach, values=values), by_verb, waits))

    def add_within(self, kind: Resource, owners: dict[models.Model, list[tuple[Line, models.Model | None, Values]]]) -> None:
        """Keep rows that live within other records, such as names: all of one record are one change of that."""
        model = type(next(iter(owners)))
        for owner in KIND_OF[model].whole().filter(pk__in=[owner.pk for owner in owners]):
            rows = owners[owner]
            children = partial(self.rows.write_within, kind=kind, rows=rows)
            by_verb = partial(self.rows.edit_within, kind, owner, rows, self.refuse)
            lines = [line for line, _found, _values in rows]
            self.edits.append(Edit(owner, told(owner), ledger.label(owner), lines, children, by_verb, owner.changes_wait))

    def write(self) -> None:
        """Write all that waits."""
        edits, self.edits = self.edits, []
        waiting = self._waiting(edits)
        self._write([edit for edit in edits if not self._waits_already(edit, waiting)])

    def _waiting(self, edits: list[Edit]) -> set[tuple[str, str]]:
        """Type and number of the records among them for which a revision is open."""
        public = [str(edit.record.pk) for edit in edits if edit.waits]
        found = Revision.objects.filter(record_id__in=public, state__in=OPEN) if public else Revision.objects.none()
        return set(found.values_list("type", "record_id"))

    def _waits_already(self, edit: Edit, waiting: set[tuple[str, str]]) -> bool:
        if not edit.waits or (edit.record._meta.label_lower, str(edit.record.pk)) not in waiting:
            return False
        for line in edit.lines:
            self.refuse(line, self.rows.waits_already(edit.label))
        return True

    def _write(self, edits: list[Edit]) -> None:
        if not edits:
            return
        try:
            with transaction.atomic():
                self._try(edits)
        except (ValidationError, DatabaseError):
            middle = len(edits) // 2
            if middle:
                self._write(edits[:middle])
                self._write(edits[middle:])
            else:
                self._by_verb(edits[0])

    def _by_verb(self, edit: Edit) -> None:
        try:
            outcome = edit.by_verb()
        except (ValidationError, DatabaseError) as error:
            self.refuse(edit.lines[0], error)
        else:
            self._happened(edit, outcome)

    def _happened(self, edit: Edit, outcome: str) -> None:
        for line in edit.lines:
            # What is new in a draft stays new in the plan, and what was refused refused.
            line.outcome = line.outcome if outcome == "changed" or line.outcome == "refused" else outcome

    def _try(self, edits: list[Edit]) -> None:
        manner, rows, revisions = self.rows.manner, [], []
        for edit in edits:
            if edit.waits:
                after, outcome = self._undone(edit), "proposed"
                fields = differing(edit.before, after)
                if fields:
                    revisions.append(self._revision(edit, after, fields))
            else:
                after, outcome = self._done(edit), "changed"
                verb = f"{edit.record._meta.model_name}.changed"
                rows.append({"verb": verb, "record": edit.record, "before": edit.before, "after": after, "reason": manner.reason})
                fields = differing(edit.before, after)
            self._happened(edit, outcome if fields else "same")
        Revision.objects.bulk_create(revisions)
        rows += [{"verb": "revision.created", "record": one, "after": ledger.snapshot(one), "reason": manner.reason} for one in revisions]
        stamp([row["record"] for row in rows], ledger.record_many(rows, by=manner.by, now=manner.now))

    def _done(self, edit: Edit) -> dict[str, Any]:
        """Save the record with its belongings; return what it is then."""
        edit.record.version = edit.opened + 1
        edit.record.save()
        edit.children(edit.record)
        return told(edit.record)

    def _undone(self, edit: Edit) -> dict[str, Any]:
        """What the record would be, as `revisions.propose` finds it out; nothing stays written."""
        with transaction.atomic():
            after = self._done(edit)
            transaction.set_rollback(True)
        return after

    def _revision(self, edit: Edit, after: dict[str, Any], fields: list[str]) -> Revision:
        by = self.rows.manner.by
        return Revision(
            type=edit.record._meta.label_lower,
            record_id=str(edit.record.pk),
            label=edit.label,
            before={name: edit.before.get(name) for name in fields},
            after={name: after.get(name) for name in fields},
            created_by=None if isinstance(by, str) else by,
        )
