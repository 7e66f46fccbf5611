"""Loading an exchange folder: all or nothing, with a report that names every line and field."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from editorial import ledger, workflow
from editorial.models import Publishable, State
from initiatives.models import StatusUpdate
from initiatives.workflow import CITATION_FIELDS, record_status

from .columns import Column, Register
from .resources import RESOURCES, Resource

# The ledger is one text for everybody: in English, whatever the language of who loads.
REASON = "Loaded from a file."


@dataclass(frozen=True)
class Refusal:
    """One thing wrong with one line."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.field}: {self.message}" if self.field else f"{where} {self.message}"


@dataclass
class Report:
    """What a load did, or would have done: counts per file, and everything that was refused."""

    counts: dict[str, Counter] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def total(self, outcome: str) -> int:
        return sum(counter[outcome] for counter in self.counts.values())


@dataclass
class Line:
    """One line of a file: its number, what it says, and the record it became."""

    number: int
    row: dict[str, Any]
    record: models.Model | None = None
    outcome: str = ""


class _Undo(Exception):
    """Leaves the transaction of a refused load."""


def load_folder(
    folder: Path, *, by: workflow.Actor, now: datetime.datetime | None = None, progress: Callable[[int], None] = lambda done: None
) -> Report:
    """Load every file of the folder and publish what is new; nothing is kept when anything is refused.

    Records are known by slug or code: one that is the same is left alone, so a
    second load changes nothing. `progress` is told after every line.
    """
    report = Report()
    files = {resource: list(_lines(folder / resource.file, resource, report)) for resource in RESOURCES}
    try:
        with transaction.atomic():
            register = Register()
            for resource, lines in files.items():
                _load_file(resource, lines, register, report, by=by, now=now, progress=progress)
                report.counts[resource.file] = Counter(line.outcome for line in lines)
            if report.refusals:
                raise _Undo
    except _Undo:
        pass
    return report


def count_lines(folder: Path) -> int:
    """How many records the folder holds: the length of the progress bar."""
    paths = [folder / resource.file for resource in RESOURCES]
    return sum(1 for path in paths if path.exists() for line in path.read_bytes().split(b"\n") if line.strip())


def _lines(path: Path, resource: Resource, report: Report) -> Iterator[Line]:
    """The readable lines of a file; what cannot be read, or says who it is twice, is refused."""
    if not path.exists():
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        report.refusals.append(Refusal(resource.file, 0, "", _("This file is not written in UTF-8.")))
        return
    seen: dict[tuple, int] = {}
    # Not splitlines(): it also splits at U+2028 and its like, which may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            _refuse_half_characters(row)
        except (ValueError, RecursionError) as error:
            report.refusals.append(Refusal(resource.file, number, "", _("This line is not JSON: %(error)s.") % {"error": error}))
            continue
        if not isinstance(row, dict) or "\\u0000" in line:
            report.refusals.append(Refusal(resource.file, number, "", _("A line is one record in braces, without NUL characters.")))
            continue
        identity = resource.identity(row)
        if identity in seen:
            message = _("“%(name)s” stands in line %(line)d already.") % {"name": " / ".join(identity), "line": seen[identity]}
            report.refusals.append(Refusal(resource.file, number, resource.key[-1], message))
            continue
        seen[identity] = number
        yield Line(number, row)


def _refuse_half_characters(row: Any) -> None:
    """A surrogate without its other half ("\\ud800") passes as JSON, and no database can store it."""
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = ord(error.object[error.start])
        raise ValueError(f"\\u{half:04x} is half a character") from None


def _load_file(resource: Resource, lines: list[Line], register: Register, report: Report, *, by, now, progress) -> None:
    known = {resource.identity_of(record): record for record in resource.model.objects.all()}
    for line in lines:
        with _refusing(line, resource, report):
            _load_line(resource, line, known.get(resource.identity(line.row)), register, by=by, now=now)
            register.add(line.record)
        progress(1)
    for line in lines if resource.last else ():
        if line.record is not None:
            with _refusing(line, resource, report):
                _load_last(resource, line, register, by=by, now=now)


class _refusing:
    """Runs one line in a savepoint and turns what goes wrong into refusals of the report."""

    def __init__(self, line: Line, resource: Resource, report: Report) -> None:
        self.line, self.resource, self.report = line, resource, report
        self.savepoint = transaction.atomic()

    def __enter__(self) -> None:
        self.savepoint.__enter__()

    def __exit__(self, kind, error, trace) -> bool:
        self.savepoint.__exit__(kind, error, trace)
        if error is None:
            return False
        if not isinstance(error, ValidationError | DatabaseError):
            return False
        self.line.outcome = "refused"
        for name, text in _problems(error):
            self.report.refusals.append(Refusal(self.resource.file, self.line.number, name, text))
        return True


def _problems(error: ValidationError | DatabaseError) -> list[tuple[str, str]]:
    if isinstance(error, DatabaseError):
        return [("", str(error).splitlines()[0])]
    if not hasattr(error, "error_dict"):
        return [("", " ".join(error.messages))]
    return [("" if name == NON_FIELD_ERRORS else name, " ".join(texts)) for name, texts in error.message_dict.items()]


def _parsed(columns: tuple[Column, ...], row: dict[str, Any], register: Register, allowed: list[str]) -> dict[Column, Any]:
    """The row's values by column; one ValidationError with everything that is wrong with it."""
    values, problems = {}, {}
    for key in sorted(set(row) - set(allowed)):
        problems[key] = [_("There is no such field here; known are: %(allowed)s.") % {"allowed": ", ".join(allowed)}]
    for column in columns:
        try:
            values[column] = column.parse(row, register)
        except ValidationError as error:
            problems |= error.message_dict
    if problems:
        raise ValidationError(problems)
    return values


def _load_line(resource: Resource, line: Line, record: models.Model | None, register: Register, *, by, now) -> None:
    values = _parsed(resource.columns, line.row, register, resource.keys)
    changed = [column for column, value in values.items() if record is None or column.read(record) != value]
    if record is not None and not changed:
        line.record, line.outcome = record, "same"
    elif resource.model is StatusUpdate:
        line.record, line.outcome = _new_row_of_history(record, values, changed, by=by, now=now), "created"
    else:
        line.outcome = "created" if record is None else "changed"
        line.record = _saved(record or resource.model(), values, by=by, now=now)


def _load_last(resource: Resource, line: Line, register: Register, *, by, now) -> None:
    """The columns that name other records of the same file, now that all of them exist."""
    values = _parsed(resource.last, line.row, register, resource.keys)
    if all(column.read(line.record) == value for column, value in values.items()):
        return
    line.outcome = "created" if line.outcome == "created" else "changed"
    line.record = _saved(line.record, values, by=by, now=now)


def _saved(record: models.Model, values: dict[Column, Any], *, by, now) -> models.Model:
    before = ledger.snapshot(record)
    for column, value in values.items():
        column.assign(record, value)
    if hasattr(type(record), "is_public") and not isinstance(type(record).is_public, property):
        record.is_public = True

    def belongings(saved: models.Model) -> None:
        for column, value in values.items():
            column.attach(saved, value)

    record = workflow.save(record=record, by=by, before=before or None, children=belongings, reason=REASON, now=now)
    if isinstance(record, Publishable) and record.state in (State.DRAFT, State.IN_REVIEW):
        record = workflow.publish(record=record, by=by, reason=REASON, now=now)
    return record


def _new_row_of_history(existing: StatusUpdate | None, values: dict[Column, Any], changed: list[Column], *, by, now) -> StatusUpdate:
    """A new row through the verb that editors use; an existing one is never changed."""
    if existing is not None:
        raise ValidationError(
            {
                changed[0].key: _("Published history is final; this row differs in: %(fields)s. Add a row with “corrects” instead.")
                % {"fields": ", ".join(column.key for column in changed)}
            }
        )
    given = {column.key: value for column, value in values.items() if column.key != "summary" or isinstance(value, str)}
    translations = next(value for column, value in values.items() if column.key == "summary" and isinstance(value, dict))
    given["translations"] = {key.removeprefix("summary_"): text for key, text in translations.items()}
    given["citations"] = [dict(zip(("source", *CITATION_FIELDS), values, strict=True)) for values in given["citations"]]
    row = record_status(**given, by=by, reason=REASON, now=now)
    return workflow.publish(record=row, by=by, reason=REASON, now=now)
