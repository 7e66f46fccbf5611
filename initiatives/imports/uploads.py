"""The verbs of an uploaded file: made a plan of, applied as planned or not at all, thrown away.

The plan is what the import itself would have done, rolled back: whatever it
shows has passed every check, the database's included.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Generator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial import ledger
from initiatives.models import Upload

from .files import Reading, read_upload
from .load import load
from .report import Line, Report
from .resource import ByType, Resource
from .resources import RESOURCES
from .rows import Manner

# What is wrong stands first, then what is seen, then what is new; rows that change nothing are last.
ORDER = ["refused", "proposed", "changed", "created", "same"]
ROWS_A_PAGE = 200

BY_NAME: dict[str, Resource | ByType] = {resource.name: resource for resource in RESOURCES}


def receive(*, resource: str, file_name: str, content: bytes, by: AbstractBaseUser, now: datetime.datetime | None = None) -> Upload:
    """Keep a file with the plan of what importing it would do; nothing else is written."""
    upload = Upload(resource=resource, file_name=file_name[:200], content=content, uploaded_by=by)
    for _done in _plan(upload, by=by, now=now, keep=lambda digest: False):
        pass
    upload.save()
    return upload


def apply(*, upload: Upload, by: AbstractBaseUser, now: datetime.datetime | None = None) -> Generator[int, None, None]:
    """Import a file exactly as planned, in one transaction, yielding 1 after each row.

    When the plan made now is another than the one shown, nothing is written,
    and the new one waits to be confirmed. Raises ValidationError for a file
    that does not wait. The upload given is brought up to date.
    """
    with transaction.atomic():
        ledger.hold()
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        if held.stage == Upload.Stage.APPLIED:
            raise ValidationError(_("“%(file)s” has been imported already.") % {"file": held.file_name}, code="applied")
        if held.uploaded_by_id != by.pk:
            # Who confirms is told as the author, and an author's text is published by somebody else.
            raise ValidationError(_("Whoever uploaded “%(file)s” confirms it, too.") % {"file": held.file_name}, code="of_another")
        shown = held.summary["digest"]
        yield from _plan(held, by=by, now=now, keep=lambda digest: digest == shown)
        held.summary["moved_on"] = held.summary["digest"] != shown
        if held.stage == Upload.Stage.PLANNED and not held.summary["moved_on"]:
            held.stage, held.applied_at, held.content = Upload.Stage.APPLIED, now or timezone.now(), b""
        held.save()
    upload.__dict__.update(held.__dict__)


def discard(*, upload: Upload) -> None:
    """Throw a file away that was not imported. What an imported one did stays to be read."""
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        if held.stage == Upload.Stage.APPLIED:
            raise ValidationError(_("“%(file)s” has been imported already.") % {"file": held.file_name}, code="applied")
        held.delete()


def _plan(upload: Upload, *, by: AbstractBaseUser, now, keep) -> Generator[int, None, None]:
    """Run the import and write into the upload what it did; it is kept when `keep` says so of the plan's digest."""
    resource = BY_NAME[upload.resource]
    reading, report = read_upload(bytes(upload.content), resource, upload.file_name), Report()
    report.refusals += reading.refusals
    # In English: the ledger is one text for everybody.
    manner = Manner(by=by, reason=f"Imported from {upload.file_name}.", publishes=False, now=now)

    def as_shown() -> bool:
        return keep(_digest(reading.lines, report))

    yield from load([(resource, upload.file_name, reading.lines)], manner, report, keep=as_shown)
    entries = _entries(resource, reading.lines, report)
    upload.stage = Upload.Stage.REFUSED if report.refusals else Upload.Stage.PLANNED
    upload.plan = [entries[first : first + ROWS_A_PAGE] for first in range(0, len(entries), ROWS_A_PAGE)]
    upload.summary = _summary(reading, entries) | {"digest": _digest(reading.lines, report)}


def _entries(resource: Resource | ByType, lines: list[Line], report: Report) -> list[dict[str, Any]]:
    """The rows of the plan: number, name, outcome, what changes and what is wrong."""
    problems: dict[int, list] = defaultdict(list)
    for refusal in report.refusals:
        problems[refusal.line].append([refusal.field, refusal.message])
    named = {line.number: line for line in lines}
    entries = [
        {"row": number, "name": _name(resource, named[number]) if number in named else "", "outcome": "refused", "problems": found}
        for number, found in problems.items()
    ]
    entries += [
        {
            "row": line.number,
            "name": _name(resource, line),
            "outcome": line.outcome,
            "changes": line.changes,
            "record": line.found if not resource.kinds[0].within else None,
        }
        for line in lines
        if line.number not in problems
    ]
    return sorted(entries, key=lambda entry: (ORDER.index(entry["outcome"]), entry["row"]))


def _name(resource: Resource | ByType, line: Line) -> str:
    said = resource.identity(line.row) or (str(line.row.get("initiative") or ""), str(line.row.get("date") or ""))
    return " / ".join(filter(None, said))[:200]


def _summary(reading: Reading, entries: list[dict[str, Any]]) -> dict[str, Any]:
    counts = Counter(entry["outcome"] for entry in entries)
    return {
        "counts": {outcome: counts[outcome] for outcome in ORDER},
        "mistakes": sum(len(entry["problems"]) for entry in entries if "problems" in entry),
        "rows": len(reading.lines),
        "encoding": reading.encoding,
        "separator": reading.separator,
    }


def _digest(lines: list[Line], report: Report) -> str:
    """What two plans agree on when they do the same, in whatever language they were made."""
    told = [[line.number, line.outcome, line.changes] for line in lines]
    wrong = sorted((refusal.line, refusal.field) for refusal in report.refusals)
    return hashlib.sha256(json.dumps([told, wrong]).encode()).hexdigest()
