"""A file that waits to be imported."""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Upload(models.Model):
    """A file an editor uploaded, with the plan of what importing it would do; nothing is written until it is confirmed.

    A tool of the desk and no record: readers never see it, and the ledger
    tells of what was imported, not of the file. `summary` holds the counts and
    how the file was understood, `plan` its rows, a page a list, so that one
    page can be shown without reading them all. Both are made by
    `initiatives.imports.uploads`.
    """

    class Stage(models.TextChoices):
        PLANNED = "planned", _("waits for confirmation")
        REFUSED = "refused", _("has mistakes")
        APPLIED = "applied", _("imported")

    resource = models.CharField(_("kind of records"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    # Emptied once it is imported.
    content = models.BinaryField(editable=False)
    stage = models.CharField(_("state"), max_length=10, choices=Stage, default=Stage.PLANNED, editable=False)
    summary = models.JSONField(_("summary"), default=dict, editable=False)
    plan = models.JSONField(_("plan"), default=list, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    applied_at = models.DateTimeField(_("imported"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=["planned", "refused", "applied"]), name="upload_stage_known"),
            models.CheckConstraint(condition=Q(stage="applied") ^ Q(applied_at__isnull=True), name="upload_applied_has_a_time"),
        ]

    def __str__(self):
        return self.file_name

    @property
    def counts(self) -> Counter[str]:
        """How many rows are created, changed, proposed, the same or refused."""
        return Counter(self.summary.get("counts", {}))
