"""A change to a public record waits here until somebody else has looked at it.

What waits is told in the words of the ledger (`editorial.snapshots`), so it
can be compared, published and previewed without the form it was typed in.
Submitting, sending back and discarding a revision are the common verbs of
`editorial.workflow`; proposing and publishing one are below.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import ledger, workflow
from .four_eyes import second_pair_of_eyes
from .models import Revision, State, differing
from .snapshots import put_back, snapshot

OPEN = (State.DRAFT, State.IN_REVIEW)


def pending(record: models.Model) -> Revision | None:
    """The open revision of a record, if there is one."""
    return Revision.objects.filter(type=record._meta.label_lower, record_id=str(record.pk), state__in=OPEN).first()


def subject(revision: Revision) -> models.Model:
    """The record a revision would change, as it is now."""
    return apps.get_model(revision.type)._base_manager.get(pk=revision.record_id)


@transaction.atomic
def propose(
    *,
    record: models.Model,
    by: workflow.Actor,
    children=None,
    reason: str = "",
    form: dict[str, Any] | None = None,
    opened: int | None = None,
    now: datetime.datetime | None = None,
) -> Revision | None:
    """Keep an edit of a public record as its open revision; return that, or None when nothing differs.

    Takes what `workflow.save` takes: `record` edited in memory, and `children`,
    which writes its belongings. Both are tried, so that the database has its
    say, and rolled back. `form` is what the boxes held. An open revision is
    replaced if `opened` says which version of it the editor had before their
    eyes, and refused otherwise. Raises ValidationError, by field, for what the
    record itself refuses.
    """
    live = workflow.locked(record)
    live.ledger_children = getattr(record, "ledger_children", ())
    waiting = pending(record)
    if waiting is not None and opened is None:
        raise ValidationError(
            _("A change of “%(record)s” waits already. Open it and go on with that one, or have it published first."),
            code="waits_already",
            params={"record": str(live)},
        )
    if waiting is not None:
        waiting = workflow.locked(waiting, opened=opened)
    before = snapshot(live)
    after = _tried(record, live, children)
    fields = differing(before, after)
    if not fields:
        if waiting is not None:
            workflow.discard(record=waiting, by=by, reason=reason, now=now)
        return None
    revision = waiting or Revision(type=record._meta.label_lower, record_id=str(record.pk))
    known = snapshot(revision)
    revision.label = ledger.label(live)
    revision.before = {name: before.get(name) for name in fields}
    revision.after = {name: after.get(name) for name in fields}
    revision.form = form or {}
    return workflow.save(record=revision, by=by, before=known or None, reason=reason, now=now)


def _tried(record: models.Model, live: models.Model, children) -> dict[str, Any]:
    """What the record would be after the edit; nothing stays written."""
    with transaction.atomic():
        record.version = live.version + 1
        workflow.refuse_retired_slug(record)
        workflow.write(record)
        if children is not None:
            children(record)
        after = snapshot(record)
        transaction.set_rollback(True)
    return after


@transaction.atomic
def publish(
    *, revision: Revision, by: workflow.Actor, reason: str = "", opened: int | None = None, now: datetime.datetime | None = None
) -> models.Model:
    """Put a revision into its record; return the record.

    Refuses whoever wrote it (`four_eyes`), and, naming the fields, a record
    whose same fields have been changed since.
    """
    revision = workflow.locked(revision, opened=opened)
    workflow.expect(revision, *OPEN)
    reason = second_pair_of_eyes(revision, by=by, reason=reason)
    author = revision.created_by and ledger.actor_name(revision.created_by)
    told = f"Revision {revision.pk} by {author}. {reason}" if author else f"Revision {revision.pk}. {reason}"
    record = apply(revision, by=by, reason=told.strip(), now=now)
    workflow.move(revision, State.PUBLISHED, verb="published", by=by, reason=reason, now=now, published_at=now or timezone.now())
    return record


def apply(revision: Revision, *, by: workflow.Actor, reason: str, now: datetime.datetime | None = None) -> models.Model:
    """Write what a revision says into its record, as `publish` and a preview do."""
    record = workflow.locked(subject(revision))
    before = snapshot(record)
    if overtaken := moved_on(revision, before):
        raise ValidationError(
            _("“%(record)s” was changed since this revision was written (%(fields)s). Open the revision, compare and save it again."),
            code="overtaken",
            params={"record": str(record), "fields": ", ".join(overtaken)},
        )
    wanted = {name: revision.after.get(name) for name in revision.fields}
    slug = wanted.pop("slug", None)
    rows = put_back(record, wanted)
    record = workflow.save(record=record, by=by, before=before, children=rows, reason=reason, now=now)
    if slug:
        record = workflow.rename(record=record, slug=slug, by=by, reason=reason, now=now)
    return record


def moved_on(revision: Revision, present: dict[str, Any]) -> list[str]:
    """Fields of the revision that the record no longer holds as they were when it was written."""
    return [name for name in revision.fields if present.get(name) != revision.before.get(name)]
