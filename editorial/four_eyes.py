"""Nobody publishes alone what they wrote: who counts as the author, and what an administrator may do."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import ledger
from .models import Change, Publishable
from .roles import PUBLISH_ALONE

# Endings of verbs that move a record and leave its text alone: whoever takes such a step has not written it.
MOVES = ("submitted", "sent_back", "published", "withdrawn", "restored", "standing_changed")
ALONE = "Published alone by an administrator."


def authors_of(records: Iterable[Publishable]) -> dict[tuple[str, str], set[str]]:
    """Who wrote what would go out, by type and number of the record; one query for all of them.

    That is the author of the record, and whoever last changed its text, as the
    ledger names them.
    """
    records = list(records)
    found = {_key(record): {ledger.actor_name(record.created_by)} if record.created_by else set() for record in records}
    written = Change.objects.filter(type__in={type for type, _id in found}, record_id__in={record_id for _type, record_id in found})
    for move in MOVES:
        written = written.exclude(verb__endswith=f".{move}")
    last = written.order_by("type", "record_id", "-serial").distinct("type", "record_id")
    for type, record_id, actor in last.values_list("type", "record_id", "actor"):
        if (type, record_id) in found:
            found[type, record_id].add(actor)
    return found


def authors(record: Publishable) -> set[str]:
    """The same for one record."""
    return authors_of([record])[_key(record)]


def _key(record: Publishable) -> tuple[str, str]:
    return record._meta.label_lower, str(record.pk)


def second_pair_of_eyes(record: Publishable, *, by: AbstractBaseUser | str, reason: str) -> str:
    """Refuse that somebody publishes what they wrote; return the reason for the ledger.

    An administrator may do it alone, and the reason then says so. A word such
    as `import` is no person: who runs a command answers for it.
    """
    if isinstance(by, str) or ledger.actor_name(by) not in authors(record):
        return reason
    if by.has_perm(PUBLISH_ALONE):
        return _alone(reason)
    raise ValidationError(
        _("You wrote “%(record)s” or changed it last, so somebody else publishes it: four eyes see more than two."),
        code="four_eyes",
        params={"record": str(record)},
    )


def public_at_once(*, by: AbstractBaseUser | str, reason: str) -> str:
    """Refuse that somebody saves what readers see as soon as it is saved; return the reason for the ledger.

    Such as a participant added to a public meeting on a page of its own: on
    the meeting's form it waits with the rest. An administrator may.
    """
    if isinstance(by, str):
        return reason
    if by.has_perm(PUBLISH_ALONE):
        return _alone(reason)
    raise ValidationError(
        _("Readers would see it at once, and nobody else would have looked. Add it on the form of what it belongs to, where it waits."),
        code="public_at_once",
    )


def _alone(reason: str) -> str:
    return f"{ALONE} {reason}".strip()
