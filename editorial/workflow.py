"""The verbs by which records become public, change and go.

Keyword-only; `by` says who (an account, or a word such as `import`); `reason`
goes into the ledger; `now` is given by tests. Each is one transaction with its
ledger row inside. Nothing else in the project moves a record's state.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import ledger
from .four_eyes import second_pair_of_eyes
from .models import Change, OldSlug, Publishable, State

Actor = AbstractBaseUser | str
When = datetime.datetime | None


class Stale(ValidationError):
    """Somebody changed the record since the person who acts on it saw it; nothing was written."""

    def __init__(self, record):
        last = Change.objects.of(record).last()
        super().__init__(
            _("%(who)s changed “%(record)s” meanwhile, so nothing was done. Look at it again."),
            code="stale",
            params={"who": last.actor if last else "?", "record": str(record)},
        )


def locked(record, *, opened: int | None = None):
    """The record as it stands now, held until the transaction ends; the ledger is taken first (see `ledger.hold`).

    `opened` is the version the person saw; raises Stale when it is another one now.
    """
    ledger.hold()
    held = type(record)._base_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if opened is not None and held.version != opened:
        raise Stale(held)
    return held


@transaction.atomic
def save(
    *,
    record: models.Model,
    by: Actor,
    before: dict[str, Any] | None = None,
    children=None,
    reason: str = "",
    verb: str = "",
    now: When = None,
) -> models.Model:
    """Save a new or edited record with its belongings and write the ledger row; return the record.

    `children` is a callable that writes names, citations and the like once the
    record has its number. `before` is the snapshot taken before the edit, left
    out for a new record. Raises ValidationError, by field, for what the
    record's own `clean` and constraints refuse.
    """
    ledger.hold()
    is_new = record.pk is None
    if isinstance(record, Publishable):
        _refuse_final(record)
        if is_new and not isinstance(by, str):
            record.created_by = by
    if not is_new and hasattr(record, "version"):
        record.version += 1
    refuse_retired_slug(record)
    write(record)
    if children is not None:
        children(record)
    after = ledger.snapshot(record)
    if not is_new and after == before:
        return record
    if hasattr(record, "leans_on") and record.is_public:
        _reveal(record.leans_on(), by=by, now=now)
    name = verb or f"{record._meta.model_name}.{'created' if is_new else 'changed'}"
    change = ledger.record(verb=name, record=record, by=by, before=before, after=after, reason=reason, now=now)
    _stamp(record, change.serial)
    if hasattr(record, "refresh_derived") and record.is_public:
        record.refresh_derived(by=by, now=now)
    return record


def write(record: models.Model) -> None:
    """Check the fields of a record and save it; raise ValidationError, by field, for what the database refuses.

    The database checks its constraints anyway, so Django's own walk through
    them, a query each, is only done to put a refusal into words. Nor is it
    asked whether a record exists that is at hand.
    """
    record.clean_fields(exclude=[field.name for field in record._meta.concrete_fields if field.is_relation and _at_hand(record, field)])
    record.clean()
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        record.full_clean()
        raise ValidationError(str(error).splitlines()[0], code="refused_by_the_database") from error


def _at_hand(record: models.Model, field: models.Field) -> bool:
    return field.is_cached(record) and getattr(record, field.name) is not None and not getattr(record, field.name)._state.adding


def _stamp(record: models.Model, serial: int) -> None:
    """Note the ledger row on the record, so that partners can compare serials."""
    if hasattr(record, "serial"):
        type(record)._base_manager.filter(pk=record.pk).update(serial=serial)
        record.serial = serial


def _reveal(others: list[models.Model], *, by: Actor, now: When) -> None:
    """Make reference records public because something public now leans on them."""
    for other in sorted(set(others), key=lambda other: (other._meta.label, other.pk)):
        other = locked(other)
        if other.is_public:
            continue
        other.is_public = True
        other.version += 1
        other.save(update_fields=["is_public", "version", "updated_at"])
        ledger.record(
            verb=f"{other._meta.model_name}.published",
            record=other,
            by=by,
            before={"is_public": False},
            after={"is_public": True},
            reason="Something public points at it.",
            now=now,
        )


def move(record: Publishable, to: State, *, verb: str, by: Actor, reason: str, now: When, **extra: Any) -> None:
    """Change the state, write the ledger row, and store both in a single update.

    A single one, because a published row of history accepts no second.
    """
    now = now or timezone.now()
    told = ["state", *extra, *record.ledger_context]
    before = ledger.snapshot(record, only=told)
    was_public = record.is_public
    record.state = to
    for name, value in extra.items():
        setattr(record, name, value)
    change = ledger.record(
        verb=f"{record._meta.model_name}.{verb}",
        record=record,
        by=by,
        before=before,
        after=ledger.snapshot(record, only=told),
        reason=reason,
        public=was_public or record.is_public,
        now=now,
    )
    record.serial = change.serial
    record.version += 1
    record.save(update_fields=["state", "serial", "version", "updated_at", *extra])


@transaction.atomic
def submit(*, record: Publishable, by: Actor, reason: str = "", opened: int | None = None, now: When = None) -> Publishable:
    """Hand a draft in for review."""
    record = locked(record, opened=opened)
    expect(record, State.DRAFT)
    move(record, State.IN_REVIEW, verb="submitted", by=by, reason=reason, now=now)
    return record


@transaction.atomic
def send_back(*, record: Publishable, by: Actor, reason: str, opened: int | None = None, now: When = None) -> Publishable:
    """Return a submitted record to its author with a note; the note is required."""
    record = locked(record, opened=opened)
    expect(record, State.IN_REVIEW)
    _need_reason(reason)
    move(record, State.DRAFT, verb="sent_back", by=by, reason=reason, now=now)
    return record


@transaction.atomic
def publish(*, record: Publishable, by: Actor, reason: str = "", opened: int | None = None, now: When = None) -> Publishable:
    """Make a draft or submitted record public, with the parties, themes and sources it leans on.

    Refuses (ValidationError, by field) what the record's `obstacles()` name:
    missing evidence, or a record it belongs to that is not public itself; and
    whoever wrote it (`second_pair_of_eyes`).
    """
    record = locked(record, opened=opened)
    expect(record, State.DRAFT, State.IN_REVIEW)
    reason = second_pair_of_eyes(record, by=by, reason=reason)
    if obstacles := record.obstacles():
        raise ValidationError(obstacles)
    now = now or timezone.now()
    _reveal(record.leans_on(), by=by, now=now)
    move(record, State.PUBLISHED, verb="published", by=by, reason=reason, now=now, published_at=record.published_at or now)
    record.refresh_derived(by=by, now=now)
    return record


@transaction.atomic
def withdraw(
    *, record: Publishable, by: Actor, reason: str, replaced_by: Publishable | None = None, opened: int | None = None, now=None
) -> Publishable:
    """Take a record from the public; its address stays and says what replaced it. A reason is required.

    Rows of history are never withdrawn, only corrected: the database refuses.
    """
    record = locked(record, opened=opened)
    _refuse_final(record)
    expect(record, State.PUBLISHED)
    _need_reason(reason)
    if replaced_by is not None and (replaced_by.pk == record.pk or not replaced_by.is_public):
        raise ValidationError({"replaced_by": _("What replaces a withdrawn record must be another, public record.")})
    extra = {"replaced_by": replaced_by} if hasattr(record, "replaced_by_id") else {}
    move(record, State.WITHDRAWN, verb="withdrawn", by=by, reason=reason, now=now, **extra)
    record.refresh_derived(by=by, now=now)
    return record


@transaction.atomic
def restore(*, record: Publishable, by: Actor, reason: str, opened: int | None = None, now: When = None) -> Publishable:
    """Bring a withdrawn record back to the public. A reason is required; what was changed meanwhile needs a second pair of eyes."""
    record = locked(record, opened=opened)
    expect(record, State.WITHDRAWN)
    _need_reason(reason)
    if _changed_since_withdrawal(record):
        reason = second_pair_of_eyes(record, by=by, reason=reason)
    if obstacles := record.obstacles():
        raise ValidationError(obstacles)
    extra = {"replaced_by": None} if hasattr(record, "replaced_by_id") else {}
    _reveal(record.leans_on(), by=by, now=now)
    move(record, State.PUBLISHED, verb="restored", by=by, reason=reason, now=now, **extra)
    record.refresh_derived(by=by, now=now)
    return record


def _changed_since_withdrawal(record: Publishable) -> bool:
    last = Change.objects.of(record).last()
    return last is not None and not last.verb.endswith(".withdrawn")


@transaction.atomic
def discard(*, record: models.Model, by: Actor, reason: str = "", opened: int | None = None, now: When = None) -> None:
    """Delete a record that was never public; the ledger keeps what it held. Public ones are withdrawn instead."""
    record = locked(record, opened=opened)
    if isinstance(record, Publishable) and record.published_at is not None:
        raise ValidationError(_("It has been public, so it is not deleted: withdraw it instead."), code="was_public")
    ledger.record(
        verb=f"{record._meta.model_name}.deleted", record=record, by=by, before=ledger.snapshot(record), after={}, reason=reason, now=now
    )
    record.delete()


@transaction.atomic
def rename(*, record: Publishable, slug: str, by: Actor, reason: str = "", now: When = None) -> Publishable:
    """Give a record a new slug; the old address redirects for ever.

    Refuses (ValidationError on `slug`) a malformed slug, one in use, and one
    that another record of this kind once had.
    """
    record = locked(record)
    if slug == record.slug:
        return record
    before, old = ledger.snapshot(record), record.slug
    kind = record._meta.label_lower
    record.slug = slug
    record.version += 1
    refuse_retired_slug(record)
    OldSlug.objects.filter(type=kind, slug=slug).delete()
    record.full_clean()
    record.save()
    OldSlug.objects.get_or_create(type=kind, slug=old, defaults={"record_id": str(record.pk), "retired_at": now or timezone.now()})
    change = ledger.record(verb=f"{record._meta.model_name}.renamed", record=record, by=by, before=before, reason=reason, now=now)
    _stamp(record, change.serial)
    return record


def _refuse_final(record: Publishable) -> None:
    if record.is_final and type(record)._base_manager.filter(pk=record.pk, state=State.PUBLISHED).exists():
        raise ValidationError(_("Published history is final: record a correction instead."), code="final")


def refuse_retired_slug(record: models.Model) -> None:
    slug = getattr(record, "slug", "")
    former = OldSlug.objects.filter(type=record._meta.label_lower, slug=slug).exclude(record_id=str(record.pk)).exists()
    if former:
        raise ValidationError(
            {"slug": _("“%(slug)s” is the former address of another record and redirects there for ever.") % {"slug": slug}}
        )


def expect(record: Publishable, *states: State) -> None:
    if record.state not in states:
        raise ValidationError(
            _("“%(record)s” is %(state)s; this step is only possible from: %(allowed)s."),
            code="wrong_state",
            params={"record": str(record), "state": record.get_state_display(), "allowed": ", ".join(str(state.label) for state in states)},
        )


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, in a few words; the ledger keeps it.")})
