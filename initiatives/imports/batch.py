"""Many new drafts at once: the same checks, the same rows of the ledger, a fraction of the questions to the database.

Ten thousand rows through the verbs one by one would hold the ledger for
minutes. So each record is checked by itself, and the database is given many
together; when it refuses them, halves are tried, and the one that is at fault
goes through its verb, which says in words what is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from editorial import ledger
from initiatives.models import StatusUpdate
from initiatives.workflow import check

from .report import Line
from .resource import Resource
from .rows import Rows, Values
from .shots import links_of, stamp, told_of_new


@dataclass
class Draft:
    """A new record that passed every check but the database's."""

    line: Line
    values: Values
    record: models.Model

    def belongings(self) -> list[models.Model]:
        """Its small rows, not saved yet."""
        return [small for column, value in self.values.items() for small in column.belongings(self.record, value)]


class Batch:
    """Drafts of one kind that wait to be written together.

    `refuse` is told the line and the error of one that cannot be written.
    """

    def __init__(self, kind: Resource, rows: Rows, refuse: Callable[[Line, Exception], None]) -> None:
        self.kind, self.rows, self.refuse = kind, rows, refuse
        self.drafts: list[Draft] = []
        self.written, self.looks_again_at = 0, 400

    def add(self, line: Line, values: Values) -> None:
        """Check a new record and keep it for `write`. Raises ValidationError, by key, for what is wrong with it."""
        record = self.rows.built(self.kind, values)
        draft = Draft(line, values, record)
        if isinstance(record, StatusUpdate):
            # A code of its own is given when it is written.
            record.code = record.code or "not-given-yet"
            self.rows.check_correction(record)
            check(record, citations=draft.belongings(), today=(self.rows.manner.now or timezone.now()).date())
        else:
            record.clean_fields(exclude=links_of(record))
            record.clean()
        if getattr(record, "is_public", False):  # a membership between public parties: its verb knows who may
            self._create(draft)
        else:
            self.drafts.append(draft)

    def write(self) -> None:
        """Write all that waits."""
        drafts, self.drafts = self.drafts, []
        if self.kind.nameless:
            self._give_codes([draft.record for draft in drafts if not self.kind.identity(draft.line.row)])
        self._write(drafts)

    def _write(self, drafts: list[Draft]) -> None:
        if not drafts:
            return
        try:
            with transaction.atomic():
                self._insert(drafts)
        except DatabaseError:
            if len(drafts) == 1:
                self._create(drafts[0])
                return
            middle = len(drafts) // 2
            self._write(drafts[:middle])
            self._write(drafts[middle:])
            return
        for draft in drafts:
            self._created(draft.line, draft.record)
        self._tell_of_growth(len(drafts))

    def _create(self, draft: Draft) -> None:
        try:
            self._created(draft.line, self.rows.create(self.kind, draft.values))
        except (ValidationError, DatabaseError) as error:
            self.refuse(draft.line, error)

    def _created(self, line: Line, record: models.Model) -> None:
        line.outcome = "created"
        self.rows.register.add(record)

    def _insert(self, drafts: list[Draft]) -> None:
        records = [draft.record for draft in drafts]
        for record in records:  # one that a refused attempt has numbered already
            record.pk, record._state.adding = None, True
        self.kind.model.objects.bulk_create(records)
        belongings = [draft.belongings() for draft in drafts]
        together = defaultdict(list)
        for small in chain.from_iterable(belongings):
            together[type(small)].append(small)
        for model, small_rows in together.items():
            model.objects.bulk_create(small_rows)
        verb = "statusupdate.drafted" if self.kind.model is StatusUpdate else f"{self.kind.model._meta.model_name}.created"
        rows = [
            {"verb": verb, "record": record, "after": told_of_new(record, mine), "reason": self.rows.manner.reason}
            for record, mine in zip(records, belongings, strict=True)
        ]
        stamp(records, ledger.record_many(rows, by=self.rows.manner.by, now=self.rows.manner.now))

    def _tell_of_growth(self, count: int) -> None:
        """Let PostgreSQL look at a table each time it has doubled.

        What its triggers and foreign keys ask was planned when the table was
        small; without this they would read all of it for every row.
        """
        self.written += count
        if self.written >= self.looks_again_at:
            self.looks_again_at *= 2
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(self.kind.model._meta.db_table)}")

    def _give_codes(self, updates: list[models.Model]) -> None:
        """The next free codes of each initiative's history, as `record_status` gives them; the ledger is held."""
        histories = [update.initiative_id for update in updates]
        taken: dict[int, set[str]] = defaultdict(set)
        for initiative, code in StatusUpdate.objects.filter(initiative__in=histories).values_list("initiative_id", "code"):
            taken[initiative].add(code)
        for update in updates:
            codes = taken[update.initiative_id]
            number = len(codes) + 1
            while (code := f"{update.initiative.slug}-{number}") in codes:
                number += 1
            update.code = code
            codes.add(code)
