"""A file that waits to be imported."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Upload(models.Model):
    """A file an editor uploaded, with the plan of what importing it would do; nothing is written until it is confirmed."""

    class Stage(models.TextChoices):
        PLANNED = "planned", _("planned")
        REFUSED = "refused", _("refused")
        APPLIED = "applied", _("applied")

    resource = models.CharField(_("kind of records"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(editable=False)
    stage = models.CharField(_("state"), max_length=10, choices=Stage, default=Stage.PLANNED, editable=False)
    plan = models.JSONField(_("plan"), default=dict, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(stage__in=["planned", "refused", "applied"]), name="upload_stage_known")]

    def __str__(self):
        return self.file_name
