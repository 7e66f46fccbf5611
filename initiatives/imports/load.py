"""Loading files: all or nothing, row by row, in the order in which the kinds of record lean on each other."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction

from editorial import ledger, workflow

from .batch import Batch
from .columns import Column
from .edits import Edits
from .files import read_ndjson
from .report import Line, Report
from .resource import ByType, Resource
from .resources import RESOURCES
from .rows import Manner, Rows, Values

# The ledger is one text for everybody: in English, whatever the language of who loads.
REASON = "Loaded from a file."
# Rows that are looked up, and new drafts that are written, together.
AT_ONCE = 200


def load_folder(
    folder: Path, *, by: workflow.Actor, now: datetime.datetime | None = None, progress: Callable[[int], None] = lambda done: None
) -> Report:
    """Load every file of the folder and publish what is new; nothing is kept when anything is refused.

    Records are known by slug or code: one that is the same is left alone, so a
    second load changes nothing. `progress` is told after every line.
    """
    report, files = Report(), []
    for resource in RESOURCES:
        path = folder / resource.file
        if path.exists():
            reading = read_ndjson(path.read_bytes(), resource, resource.file)
            report.refusals += reading.refusals
            files.append((resource, resource.file, reading.lines))
    manner = Manner(by=by, reason=REASON, publishes=True, now=now)
    for done in load(files, manner, report, keep=lambda: True):
        progress(done)
    return report


def count_lines(folder: Path) -> int:
    """How many records the folder holds: the length of the progress bar."""
    paths = [folder / resource.file for resource in RESOURCES]
    return sum(1 for path in paths if path.exists() for line in path.read_bytes().split(b"\n") if line.strip())


def load(
    files: Sequence[tuple[Resource | ByType, str, list[Line]]], manner: Manner, report: Report, *, keep: Callable[[], bool]
) -> Generator[int, None, None]:
    """Load rows in one transaction, yielding 1 after each; nothing is kept when anything is refused, or `keep` says no.

    What became of every line is told by the line itself, and what was refused
    by the report.
    """
    with transaction.atomic():
        # Nobody else writes from here on, so what is compared now is what is changed.
        ledger.hold()
        rows = Rows(manner)
        for resource, file, lines in files:
            yield from _File(resource, file, rows, report).load(lines)
            report.counts[file] = Counter(line.outcome for line in lines)
        if report.refusals or not keep():
            transaction.set_rollback(True)


class _File:
    """One file on its way into the database."""

    def __init__(self, resource: Resource | ByType, file: str, rows: Rows, report: Report) -> None:
        self.resource, self.file, self.rows, self.report = resource, file, rows, report

    def refuse(self, line: Line, error: ValidationError | DatabaseError) -> None:
        self.report.refuse(self.file, line, error)

    def load(self, lines: list[Line]) -> Iterator[int]:
        by_kind: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            try:
                by_kind[id(self.resource.of(line.row))].append(line)
            except ValidationError as error:
                self.refuse(line, error)
                yield 1
        for kind in self.resource.kinds:
            yield from _Kind(kind, self.rows, self.refuse).load(by_kind[id(kind)])


class _Kind:
    """The rows of a file that are about one kind of record."""

    def __init__(self, kind: Resource, rows: Rows, refuse: Callable[[Line, ValidationError | DatabaseError], None]) -> None:
        self.kind, self.rows, self.refuse, self.publishes = kind, rows, refuse, rows.manner.publishes
        self.batch, self.edits = Batch(kind, rows, refuse), Edits(rows, refuse)
        self.within: dict[models.Model, list] = defaultdict(list)

    def load(self, lines: list[Line]) -> Iterator[int]:
        later: list[Line] = []
        for some in _together(lines):
            known, twins = self.kind.known(line.row for line in some), _twins(self.kind, some)
            for line in some:
                record = known.get(self.kind.identity(line.row))
                if record is not None and self.kind.last and not self.publishes:
                    later.append(line)  # one change, once all that it may name is there
                    continue
                with self._refusing(line):
                    self._take(line, record, self.kind.columns, twins)
                yield 1
            self.batch.write()
            self.edits.write()
        for owners in _together(list(self.within)):
            self._write_within({owner: self.within[owner] for owner in owners})
        if self.kind.last:
            self._last(lines)
        for some in _together(later):
            known = self.kind.known(line.row for line in some)
            for line in some:
                with self._refusing(line):
                    self._take(line, known[self.kind.identity(line.row)], (*self.kind.columns, *self.kind.last), {})
                yield 1
            self.edits.write()

    def _take(self, line: Line, record: models.Model | None, columns: Iterable[Column], twins: dict) -> None:
        """Compare what a row says with its record, and write what differs, now or with others."""
        values = self.rows.parsed(self.kind, columns, line.row, record)
        if self.kind.nameless and not self.kind.identity(line.row):
            values = {column: value for column, value in values.items() if column.key not in self.kind.key}
            by_key = self.kind.by_key()
            alike = twins[values[by_key["initiative"]].pk, values[by_key["summary"]]]
            record = next((twin for twin in alike if not self.rows.changed(twin, values)), None)
        changed = {column: values[column] for column in self.rows.changed(record, values)}
        line.found = record.pk if record else None
        line.outcome = "created" if record is None else "changed" if changed else "same"
        line.changes = self.rows.told(record, changed)
        if line.outcome == "same":
            return
        if self.kind.within:
            self.rows.check_alone(self.kind, values)
            owner = (
                getattr(record, self.kind.within) if record else next(values[one] for one in values if one.attribute == self.kind.within)
            )
            self.within[owner].append((line, record, changed))
        elif record is not None:
            self._edit(line, record, changed)
        elif self.publishes:
            self.rows.register.add(self.rows.create(self.kind, values))
        else:
            self.batch.add(line, values)

    def _edit(self, line: Line, record: models.Model, changed: Values) -> None:
        if self.publishes:
            self.rows.edit(self.kind, record, changed)
        else:
            self.edits.add(self.kind, line, record, changed)

    def _last(self, lines: list[Line]) -> None:
        """The columns that name other records of the same file, now that all of them exist."""
        for some in _together([line for line in lines if line.outcome in ("created", "changed", "same")]):
            known = self.kind.known(line.row for line in some)
            for line in some:
                with self._refusing(line):
                    record = known[self.kind.identity(line.row)]
                    values = self.rows.parsed(self.kind, self.kind.last, line.row, record)
                    if changed := {column: values[column] for column in self.rows.changed(record, values)}:
                        line.changes += self.rows.told(record, changed)
                        line.outcome = "created" if line.outcome == "created" else "changed"
                        self._edit(line, record, changed)
            self.edits.write()

    def _write_within(self, owners: dict[models.Model, list]) -> None:
        """Write rows that live within other records, such as names."""
        if not self.publishes:
            self.edits.add_within(self.kind, owners)
            self.edits.write()
            return
        for owner, rows in owners.items():
            self.rows.edit_within(self.kind, owner, rows, self.refuse)

    @contextmanager
    def _refusing(self, line: Line) -> Iterator[None]:
        """Turns what is wrong with a line into refusals of the report. Whatever writes inside has a savepoint of its own."""
        try:
            yield
        except (ValidationError, DatabaseError) as error:
            self.refuse(line, error)


def _together(many: list) -> Iterator[list]:
    for first in range(0, len(many), AT_ONCE):
        yield many[first : first + AT_ONCE]


def _twins(kind: Resource, lines: list[Line]) -> dict[tuple[int, str], list[models.Model]]:
    """Rows of history, by initiative and summary, that rows without a code may repeat: nothing is recorded twice."""
    twins: dict[tuple[int, str], list[models.Model]] = defaultdict(list)
    rows = [line.row for line in lines if kind.nameless and not kind.identity(line.row)]
    said = {key: {row[key] for row in rows if isinstance(row.get(key), str)} for key in ("initiative", "summary")}
    if all(said.values()):
        for record in kind.prepared().filter(initiative__slug__in=said["initiative"], summary__in=said["summary"]):
            twins[record.initiative_id, record.summary].append(record)
    return twins
