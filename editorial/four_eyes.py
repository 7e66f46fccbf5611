"""Nobody publishes alone what they wrote: who counts as the author, and what an administrator may do."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import ledger
from .models import Change, Publishable
from .roles import PUBLISH_ALONE

# Endings of verbs that move a record and leave its text alone: whoever takes such a step has not written it.
_MOVES = ("submitted", "sent_back", "published", "withdrawn", "restored", "standing_changed")
ALONE = "Published alone by an administrator."


def authors(record: Publishable) -> set[str]:
    """Who wrote what would go out: the author of the record, and whoever last changed its text, as the ledger names them."""
    written = Change.objects.of(record)
    for move in _MOVES:
        written = written.exclude(verb__endswith=f".{move}")
    last = written.last()
    return {name for name in (record.created_by and ledger.actor_name(record.created_by), last and last.actor) if name}


def second_pair_of_eyes(record: Publishable, *, by: AbstractBaseUser | str, reason: str) -> str:
    """Refuse that somebody publishes what they wrote; return the reason for the ledger.

    An administrator may do it alone, and the reason then says so. A word such
    as `import` is no person: who runs a command answers for it.
    """
    if isinstance(by, str) or ledger.actor_name(by) not in authors(record):
        return reason
    if by.has_perm(PUBLISH_ALONE):
        return f"{ALONE} {reason}".strip()
    raise ValidationError(
        _("You wrote “%(record)s” or changed it last, so somebody else publishes it: four eyes see more than two."),
        code="four_eyes",
        params={"record": str(record)},
    )
