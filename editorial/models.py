"""How records become public, and the ledger of every change."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .querysets import ChangeQuerySet, PublishableQuerySet


class State(models.TextChoices):
    """Where a record stands on its way to the public."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


def differing(before: dict, after: dict) -> list[str]:
    """Names of the fields that two snapshots do not agree on, in order."""
    return sorted(key for key in {*before, *after} if before.get(key) != after.get(key))


def no_write_skips_the_version() -> pgtrigger.Trigger:
    """Refuse to change a record without raising its version by one: such a write has not seen what it overwrites.

    The stamp of the ledger row is no change, nor is an account that ceases to exist.
    """
    return pgtrigger.Trigger(
        name="version_is_not_skipped",
        # After, and last by its name: what else is wrong with a write is said first.
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        func="""
            IF NEW.version <> OLD.version + 1
               AND to_jsonb(NEW) - 'serial' - 'created_by_id' IS DISTINCT FROM to_jsonb(OLD) - 'serial' - 'created_by_id' THEN
                RAISE EXCEPTION 'a write to % % skips its version: somebody may have changed it meanwhile', TG_TABLE_NAME, OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        """,
    )


class Publishable(models.Model):
    """A record with an editorial life: draft, in review, published, withdrawn.

    Only the verbs of `editorial.workflow` (and those of the apps above, which
    call them) move `state`; readers come in through `objects.public()`.
    A concrete model's Meta must inherit this one's, or it loses the constraints.
    """

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # The ledger row that last changed the record: what partners compare. 0 before the first.
    serial = models.BigIntegerField(_("serial"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("author")
    )

    objects = PublishableQuerySet.as_manager()
    # True where publication is for ever: such records are corrected by a new one, never changed or withdrawn.
    is_final = False
    # Fields that a ledger row about a change of state names too, so that it can be understood by itself.
    ledger_context: tuple[str, ...] = ()
    # Reverse relations whose drafts a preview of this record shows with it.
    waits_with_it: tuple[str, ...] = ()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["draft", "in_review", "published", "withdrawn"]), name="%(class)s_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_review"]) | Q(published_at__isnull=False), name="%(class)s_published_has_a_time"
            ),
        ]
        triggers = [no_write_skips_the_version()]

    @property
    def is_public(self) -> bool:
        """Whether readers may see it; the same rule as `public()`, for one record at hand.

        Records that are public only with the one they belong to say so.
        """
        return self.state == State.PUBLISHED

    @property
    def changes_wait(self) -> bool:
        """Whether a change waits as a revision: whatever has been public, as it may be shown again as it stands."""
        return self.published_at is not None

    def obstacles(self) -> dict[str, str]:
        """What keeps the record from being published: field to sentence. Empty when nothing does."""
        return {}

    def leans_on(self) -> list[models.Model]:
        """Reference records that become public with this one: its parties, themes and sources."""
        return []

    def refresh_derived(self, *, by: str, now) -> None:
        """Bring stored answers that follow from this record in step, in the same transaction."""


class Revision(Publishable):
    """A change to a public record that waits: readers keep seeing the old text until the revision is published.

    `before` and `after` hold what differs, in the words of the ledger
    (`editorial.snapshots`); publishing it puts `after` into the record. The
    record is named by type and number as text, like in the ledger. `form` is
    what the boxes of the editor's form held, so that work goes on where it
    stopped. A record has one open revision at most; nobody but editors ever
    sees one.
    """

    type = models.CharField(_("type"), max_length=60)
    record_id = models.CharField(_("record"), max_length=40)
    label = models.CharField(_("label"), max_length=300)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    form = models.JSONField(default=dict, editable=False)

    is_public = False

    class Meta(Publishable.Meta):
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-id"]
        constraints = [
            *Publishable.Meta.constraints,
            # Also the reader of "is there one that waits?", on every page of a record.
            models.UniqueConstraint(fields=["type", "record_id"], condition=Q(state__in=["draft", "in_review"]), name="one_open_revision"),
            models.CheckConstraint(condition=~Q(state="withdrawn"), name="revision_is_discarded_not_withdrawn"),
        ]

    def __str__(self):
        return self.label

    @property
    def fields(self) -> list[str]:
        """Names of the fields it changes, in order."""
        return differing(self.before, self.after)


class OldSlug(models.Model):
    """A slug a record once had, so that its address redirects for ever.

    The record is named by type and number as text, like in the ledger: one
    table serves every addressable kind without a generic relation.
    """

    type = models.CharField(_("type"), max_length=60)
    slug = models.CharField(_("old slug"), max_length=80)
    record_id = models.CharField(_("record"), max_length=40)
    retired_at = models.DateTimeField(_("retired"))

    class Meta:
        verbose_name = _("old slug")
        verbose_name_plural = _("old slugs")
        constraints = [models.UniqueConstraint(fields=["type", "slug"], name="old_slug_once")]

    def __str__(self):
        return f"{self.type}: {self.slug}"


def never(operation, what: str, name: str) -> pgtrigger.Trigger:
    level = pgtrigger.Statement if operation is pgtrigger.Truncate else pgtrigger.Row
    return pgtrigger.Trigger(
        name=name,
        level=level,
        when=pgtrigger.Before,
        operation=operation,
        func=f"RAISE EXCEPTION '{what}' USING ERRCODE = 'integrity_constraint_violation';",
    )


def retired_slugs_stay_retired(type: str) -> pgtrigger.Trigger:
    """Refuse a slug that another record of this kind once had: its address redirects for ever."""
    return pgtrigger.Trigger(
        name="retired_slugs_stay_retired",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("slug"),
        func=f"""
            IF EXISTS (SELECT 1 FROM editorial_oldslug WHERE type = '{type}' AND slug = NEW.slug AND record_id <> NEW.id::text) THEN
                RAISE EXCEPTION 'slug %% is the former address of another record', NEW.slug USING ERRCODE = 'unique_violation';
            END IF;
            RETURN NEW;
        """.replace("%%", "%"),
    )


class Change(models.Model):
    """One row of the ledger: what was changed, by whom, when and why, before and after.

    Written only by `editorial.ledger.record`, never changed or deleted: the
    triggers below refuse. Everything is kept as text, without foreign keys, so
    that the row outlives the record and the account it speaks of. `serial`
    rises without gaps in the order in which transactions committed, and each
    row carries the SHA-256 of the one before, so that a missing or altered row
    shows (`manage.py verify_ledger`).
    """

    serial = models.BigIntegerField(_("serial"), primary_key=True)
    at = models.DateTimeField(_("when"))
    actor = models.CharField(_("who"), max_length=150)
    verb = models.CharField(_("what was done"), max_length=60)
    type = models.CharField(_("type"), max_length=60)
    record_id = models.CharField(_("record"), max_length=40)
    slug = models.CharField(_("slug"), max_length=120, blank=True)
    label = models.CharField(_("label"), max_length=300)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    public = models.BooleanField(_("public"))
    previous_hash = models.CharField(_("hash of the row before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("ledger")
        ordering = ["-serial"]
        indexes = [
            # The history of one record: the admin's history tab.
            models.Index(fields=["type", "record_id", "serial"], name="change_history"),
            # The public serial and the change feed: every cached page and every partner's poll.
            models.Index(fields=["serial"], name="change_public", condition=Q(public=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(hash__regex=r"^[0-9a-f]{64}$"), name="change_hash_shape"),
            models.CheckConstraint(condition=~Q(actor=""), name="change_has_an_actor"),
        ]
        triggers = [
            never(pgtrigger.Update, "the ledger is append-only: rows are never changed", "ledger_no_update"),
            never(pgtrigger.Delete, "the ledger is append-only: rows are never deleted", "ledger_no_delete"),
            never(pgtrigger.Truncate, "the ledger is append-only: it is never emptied", "ledger_no_truncate"),
        ]

    def __str__(self):
        return f"{self.serial} {self.verb} {self.label}"

    @property
    def fields(self) -> list[str]:
        """Names of the fields that differ between before and after, in order."""
        return differing(self.before, self.after)
