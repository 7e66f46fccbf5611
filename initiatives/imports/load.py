"""Loading files: all or nothing, row by row, in the order in which the kinds of record lean on each other."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction

from editorial import ledger, workflow

from .batch import Batch
from .files import read_ndjson
from .report import Line, Report
from .resource import ByType, Resource
from .resources import RESOURCES
from .rows import Manner, Rows, Values

# The ledger is one text for everybody: in English, whatever the language of who loads.
REASON = "Loaded from a file."
# Rows that are looked up, and new drafts that are written, together.
AT_ONCE = 200


class _Undo(Exception):
    """Leaves the transaction of a load that is not kept."""


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
    try:
        with transaction.atomic():
            # Nobody else writes from here on, so what is compared now is what is changed.
            ledger.hold()
            rows = Rows(manner)
            for resource, file, lines in files:
                yield from _File(resource, file, rows, report).load(lines)
                report.counts[file] = Counter(line.outcome for line in lines)
            if report.refusals or not keep():
                raise _Undo
    except _Undo:
        pass


class _File:
    """One file on its way into the database."""

    def __init__(self, resource: Resource | ByType, file: str, rows: Rows, report: Report) -> None:
        self.resource, self.file, self.rows, self.report = resource, file, rows, report
        self.publishes = rows.manner.publishes

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
            yield from self._kind(kind, by_kind[id(kind)])

    def _kind(self, kind: Resource, lines: list[Line]) -> Iterator[int]:
        batch = Batch(kind, self.rows, self.refuse)
        within: dict[models.Model, list] = defaultdict(list)
        by_key = kind.by_key()
        later: list[Line] = []
        for some in _together(lines):
            known, twins = kind.known(line.row for line in some), _twins(kind, some)
            for line in some:
                record = known.get(kind.identity(line.row))
                if record is not None and kind.last and not self.publishes:
                    later.append(line)  # one change, once all that it may name is there
                    continue
                with self._refusing(line):
                    values = self.rows.parsed(kind, kind.columns, line.row, record)
                    if kind.nameless and not kind.identity(line.row):
                        values = {column: value for column, value in values.items() if column.key not in kind.key}
                        alike = twins[values[by_key["initiative"]].pk, values[by_key["summary"]]]
                        record = next((twin for twin in alike if not self.rows.changed(twin, values)), None)
                    self._take(kind, line, record, values, batch, within)
                yield 1
            batch.write()
        for owner, rows in within.items():
            outcome = self.rows.edit_within(kind, owner, rows, self.refuse)
            for line, _record, _values in rows:
                line.outcome = outcome if outcome in ("proposed", "refused") else line.outcome
        if kind.last:
            yield from self._last(kind, lines, later)
        for line in lines:
            line.record = None  # thousands of records are not kept for their report

    def _take(self, kind: Resource, line: Line, record: models.Model | None, values: Values, batch: Batch, within) -> None:
        """Compare what a row says with its record and write what differs, now or with others."""
        changed = {column: values[column] for column in self.rows.changed(record, values)}
        line.record, line.found = record, record.pk if record else None
        line.outcome, line.changes = "same", self.rows.told(record, changed)
        if record is not None and not changed:
            return
        line.outcome = "changed" if record else "created"
        if kind.within:
            self.rows.check_alone(kind, values)
            owner = getattr(record, kind.within) if record else next(values[c] for c in values if c.attribute == kind.within)
            within[owner].append((line, record, values))
        elif record is not None:
            line.outcome = self.rows.edit(kind, record, values)
        elif self.publishes:
            line.record = self.rows.create(kind, values)
            self.rows.register.add(line.record)
        else:
            batch.add(line, values)

    def _last(self, kind: Resource, lines: list[Line], later: list[Line]) -> Iterator[int]:
        """The columns that name other records of the same file, now that all of them exist."""
        for line in lines:
            if line.record is not None:
                with self._refusing(line):
                    values = self.rows.parsed(kind, kind.last, line.row, line.record)
                    if self.rows.changed(line.record, values):
                        line.changes += self.rows.told(line.record, values)
                        self.rows.edit(kind, line.record, values)
                        line.outcome = "created" if line.outcome == "created" else "changed"
        for some in _together(later):
            known = kind.known(line.row for line in some)
            for line in some:
                with self._refusing(line):
                    record = known[kind.identity(line.row)]
                    values = self.rows.parsed(kind, (*kind.columns, *kind.last), line.row, record)
                    self._take(kind, line, record, values, None, None)
                yield 1

    @contextmanager
    def _refusing(self, line: Line) -> Iterator[None]:
        """Turns what is wrong with a line into refusals of the report. Whatever writes inside has a savepoint of its own."""
        try:
            yield
        except (ValidationError, DatabaseError) as error:
            self.refuse(line, error)


def _together(lines: list[Line]) -> Iterator[list[Line]]:
    for first in range(0, len(lines), AT_ONCE):
        yield lines[first : first + AT_ONCE]


def _twins(kind: Resource, lines: list[Line]) -> dict[tuple[int, str], list[models.Model]]:
    """Rows of history, by initiative and summary, that rows without a code may repeat: nothing is recorded twice."""
    twins: dict[tuple[int, str], list[models.Model]] = defaultdict(list)
    rows = [line.row for line in lines if kind.nameless and not kind.identity(line.row)]
    said = {key: {row[key] for row in rows if isinstance(row.get(key), str)} for key in ("initiative", "summary")}
    if all(said.values()):
        for record in kind.prepared().filter(initiative__slug__in=said["initiative"], summary__in=said["summary"]):
            twins[record.initiative_id, record.summary].append(record)
    return twins
