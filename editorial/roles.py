"""Who may do what in the admin: three roles as data, written into the database by `manage.py sync_roles`.

An Editor writes and submits; a Reviewer also makes public what somebody else
wrote: publishes, sends back, withdraws, restores; an Administrator also
manages accounts, and may publish alone. Every change of state asks for PUBLISH, whatever the
kind of record: it is a permission on the ledger, as publishing concerns all of
them alike.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from . import ledger
from .models import Change

PUBLISH = "editorial.publish_record"
# To publish what one wrote oneself; the ledger says that it was done alone.
PUBLISH_ALONE = "editorial.publish_alone"

_SPECIAL = {"publish": PUBLISH, "publish_alone": PUBLISH_ALONE}
VIEW, WRITE, ALL = ("view",), ("view", "add", "change"), ("view", "add", "change", "delete")

# What editors write. Deleting takes only what was never public: the admin and the verbs refuse the rest.
_RECORDS = {
    "reference": "party partyname membership membershipcitation theme source",
    "meetings": "series meeting meetingname meetingcitation participant participantcitation"
    " document documentcitation provision provisioncitation",
    "initiatives": "initiative initiativename initiativeparty initiativerelation initiativecitation"
    " provisionlink statusupdate statuscitation conflict conflictcitation closeout closeoutline upload",
    "editorial": "revision",
}
_WRITTEN = {f"{app}.{model}": ALL for app, models in _RECORDS.items() for model in models.split()}
_LEDGER = {"editorial.change": VIEW, "editorial.oldslug": VIEW}
# Accounts are switched off, not deleted: the ledger keeps their names.
_ACCOUNTS = {"auth.user": WRITE, "auth.group": VIEW}

ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "Editor": _WRITTEN | _LEDGER,
    "Reviewer": _WRITTEN | _LEDGER | {"editorial.change": ("view", "publish")},
    "Administrator": _WRITTEN | _LEDGER | _ACCOUNTS | {"editorial.change": ("view", "publish", "publish_alone")},
}


def permissions_of(role: str) -> Iterator[str]:
    """The permissions of a role as Django names them: `meetings.add_meeting`."""
    for model, actions in ROLES[role].items():
        app, name = model.split(".")
        yield from (_SPECIAL.get(action) or f"{app}.{action}_{name}" for action in actions)


@transaction.atomic
def sync() -> list[str]:
    """Give the three groups exactly these permissions; return the names of the groups that were changed."""
    # Not declared on a model, so that roles stay data of this file; made here when they are missing.
    for permission, name in {
        PUBLISH: "Can publish, send back, withdraw and restore records",
        PUBLISH_ALONE: "Can publish what they wrote themselves",
    }.items():
        Permission.objects.get_or_create(
            content_type=ContentType.objects.get_for_model(Change), codename=permission.partition(".")[2], defaults={"name": name}
        )
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    changed = []
    for role in ROLES:
        group, _made = Group.objects.get_or_create(name=role)
        wanted = sorted(set(permissions_of(role)))
        held = sorted(f"{app}.{code}" for app, code in group.permissions.values_list("content_type__app_label", "codename"))
        if held == wanted:
            continue
        group.permissions.set([known[name] for name in wanted])
        ledger.record(
            verb="group.synced", record=group, by="sync_roles", before={"permissions": held}, after={"permissions": wanted}, public=False
        )
        changed.append(role)
    return changed
