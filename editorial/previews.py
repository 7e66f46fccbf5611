"""A look at what waits, for people without an account: a signed address that expires and that nothing may keep.

The page shown is the public page itself. The record is published inside a
transaction, the page rendered, and the transaction rolled back: a preview can
neither look different from what will be, nor leave anything behind.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core import signing
from django.db import models, transaction
from django.urls import reverse

from . import revisions, workflow
from .models import Publishable, Revision, State

LASTS = datetime.timedelta(days=7)
_SALT = "editorial.previews"
_BY = "preview"
_WAITING = (State.DRAFT, State.IN_REVIEW)


class NoPreview(Exception):
    """The link is none, has expired, or what it showed is no more; `gone` tells the last two from the first."""

    def __init__(self, *, gone: bool) -> None:
        super().__init__()
        self.gone = gone


def url(record: models.Model) -> str | None:
    """The address of a preview of a draft or a revision, good for a week; None for what has no page."""
    shown = revisions.subject(record) if isinstance(record, Revision) else record
    if not hasattr(shown, "get_absolute_url") or getattr(record, "state", None) not in _WAITING:
        return None
    return reverse("preview", args=[signing.dumps([record._meta.label_lower, record.pk], salt=_SALT)])


def read(token: str) -> Publishable:
    """The record a preview's address speaks of; raises NoPreview."""
    try:
        type, number = signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.SignatureExpired:
        raise NoPreview(gone=True) from None
    except signing.BadSignature:
        raise NoPreview(gone=False) from None
    record = apps.get_model(type)._base_manager.filter(pk=number).first()
    if record is None or record.state == State.WITHDRAWN:
        raise NoPreview(gone=True)
    return record


@contextmanager
def as_published(record: Publishable) -> Iterator[models.Model]:
    """Inside, everything is as if the record were public; afterwards nothing has happened. Yields what has the page.

    Raises ValidationError, by field, for what keeps it from being published.
    """
    with transaction.atomic():
        yield _applied(record) if isinstance(record, Revision) else _published(record)
        transaction.set_rollback(True)


def _applied(revision: Revision) -> models.Model:
    return revisions.apply(revision, by=_BY, reason="")


def _published(record: Publishable) -> Publishable:
    """Publish a record, before it what it belongs to, and after it what waits with it."""
    for name in record.obstacles():
        owner = getattr(record, name, None)
        if isinstance(owner, Publishable) and not owner.is_public:
            _published(owner)
            setattr(record, name, type(owner)._base_manager.get(pk=owner.pk))
    record = workflow.publish(record=record, by=_BY)
    for accessor in record.waits_with_it:
        for row in getattr(record, accessor).filter(state__in=_WAITING):
            if not row.obstacles():
                workflow.publish(record=row, by=_BY)
    return record
