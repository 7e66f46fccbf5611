"""The one ledger: who changed what, when and why, in the order in which it became true.

Everything that has to know about change reads it: history pages, the change
feed, ETags, the page cache. Nothing is pushed from here.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models, transaction
from django.utils import timezone, translation

from .models import Change
from .snapshots import plain, reference, snapshot

# Any number will do, as long as nothing else in the database takes it.
LEDGER_LOCK = 7_074_001
_NO_HASH = ""


def actor_name(by: AbstractBaseUser | str) -> str:
    """The actor as the ledger keeps it: the account's name, or the word given (`import`, `system`)."""
    return by if isinstance(by, str) else by.get_username()


def label(record: models.Model) -> str:
    """What the ledger calls a record."""
    # In English whatever the editor's language: the ledger is one text for everybody.
    with translation.override("en"):
        return str(record)[:300]


def _hash_of(row: dict[str, Any]) -> str:
    text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _content(change: Change) -> dict[str, Any]:
    """What a row's hash covers: everything but the hash itself."""
    names = ("serial", "actor", "verb", "type", "record_id", "slug", "label", "before", "after", "reason", "public", "previous_hash")
    at = change.at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return {**{name: getattr(change, name) for name in names}, "at": at}


def hold() -> None:
    """Take the ledger until the transaction ends; every verb begins with this.

    Verbs then run one after another, in commit order, and can wait for each
    other but never deadlock: whoever locks a row holds the ledger already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])


def record(
    *,
    verb: str,
    record: models.Model,
    by: AbstractBaseUser | str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    public: bool | None = None,
    now: datetime.datetime | None = None,
) -> Change:
    """Write one row and return it. Must run inside the transaction of the change it tells of.

    `before` and `after` are snapshots; `after` is taken now when left out.
    `public` tells whether readers may see the row; left out, it follows the
    record's `is_public`.
    """
    row = {"verb": verb, "record": record, "before": before, "after": after, "reason": reason, "public": public}
    return record_many([row], by=by, now=now)[0]


def record_many(rows: Iterable[dict[str, Any]], *, by: AbstractBaseUser | str, now: datetime.datetime | None = None) -> list[Change]:
    """Write rows that tell of changes made together, one after the other; each is what `record` takes."""
    changes: list[Change] = []
    with transaction.atomic():
        # Before the insert, so that serials are handed out in commit order: a partner
        # who polls `after=<serial>` must never skip a row that commits late.
        hold()
        last = Change.objects.order_by("-serial").values("serial", "hash").first() or {"serial": 0, "hash": _NO_HASH}
        serial, previous = last["serial"], last["hash"]
        for row in rows:
            serial += 1
            changes.append(_change(serial=serial, previous_hash=previous, by=by, now=now or timezone.now(), **row))
            previous = changes[-1].hash
        Change.objects.bulk_create(changes)
    return changes


def _change(*, serial, previous_hash, by, now, verb, record, before=None, after=None, reason="", public=None) -> Change:
    change = Change(
        serial=serial,
        at=now,
        actor=actor_name(by)[:150],
        verb=verb,
        type=record._meta.label_lower,
        record_id=str(record.pk),
        slug=reference(record) or "",
        label=label(record),
        before=plain(before or {}),
        after=plain(snapshot(record) if after is None else after),
        reason=reason[:500],
        public=bool(getattr(record, "is_public", False)) if public is None else public,
        previous_hash=previous_hash,
    )
    change.hash = _hash_of(_content(change))
    return change


def public_serial() -> int:
    """The serial of the newest public change: the version of everything readers see. 0 before the first."""
    return Change.objects.public().order_by("-serial").values_list("serial", flat=True).first() or 0


def faults() -> Iterator[str]:
    """Walk the whole chain and say what does not fit, one sentence per fault; nothing when all is well."""
    expected_serial, expected_hash = 1, _NO_HASH
    for change in Change.objects.order_by("serial").iterator(chunk_size=1000):
        if change.serial != expected_serial:
            yield f"Rows {expected_serial} to {change.serial - 1} are missing."
        if change.previous_hash != expected_hash:
            yield f"Row {change.serial} does not follow the row before it: the hash it carries is another one."
        if _hash_of(_content(change)) != change.hash:
            yield f"Row {change.serial} was altered after it was written."
        expected_serial, expected_hash = change.serial + 1, change.hash
