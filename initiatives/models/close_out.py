"""Closing a meeting out: for every initiative it could have touched, what it did."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from editorial.models import no_write_skips_the_version
from initiatives.statuses import Status
from meetings.models import Meeting
from reference.models import Source

from .history import StatusUpdate
from .initiative import Initiative


class CloseOut(models.Model):
    """The editors' walk through one meeting, resumable: every line is an initiative it could have touched.

    What readers see are the rows of history that come of it; this record says
    how far the walk has come, and that "not mentioned" was looked for. Written
    by `workflow.close_out_meeting`; who began it, and when, is in the ledger.
    """

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="close_out", verbose_name=_("meeting"))
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("source"),
        help_text=_("Usually the communiqué: the proof of every line that names no other."),
    )
    done_at = models.DateTimeField(_("closed out"), null=True, blank=True, editable=False, help_text=_("When the last line was decided."))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    ledger_children = ("lines",)

    class Meta:
        verbose_name = _("close-out of a meeting")
        verbose_name_plural = _("close-outs of meetings")
        ordering = ["-id"]
        triggers = [no_write_skips_the_version()]

    def __str__(self):
        return str(self.meeting)


class CloseOutLine(models.Model):
    """What the meeting did for one initiative: a status, a review without change, or nothing at all.

    `outcome` is empty while undecided; what was typed is kept all the same.
    `update` is the row of history that was made of it, once there was enough
    to make one.
    """

    NO_CHANGE, NOT_MENTIONED = "no_change", "not_mentioned"

    close_out = models.ForeignKey(CloseOut, models.CASCADE, related_name="lines", verbose_name=_("close-out of a meeting"))
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="close_out_lines", verbose_name=_("initiative"))
    outcome = models.CharField(_("what the meeting did"), max_length=20, blank=True)
    summary = models.CharField(
        _("summary"), max_length=400, blank=True, help_text=_("One sentence of your own; never copied from the page.")
    )
    locator = models.CharField(_("where in it"), max_length=100, blank=True, help_text=_("Paragraph, page or heading."))
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source"))
    update = models.OneToOneField(StatusUpdate, models.SET_NULL, null=True, blank=True, related_name="close_out_line", editable=False)

    class Meta:
        verbose_name = _("line of a close-out")
        verbose_name_plural = _("lines of close-outs")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["close_out", "initiative"], name="close_out_line_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "no_change", "not_mentioned", *Status.values]), name="close_out_line_outcome_known"
            ),
        ]

    def __str__(self):
        return f"{self.close_out}: {self.initiative}"

    @property
    def holds_something(self) -> bool:
        """Whether anything was decided or typed."""
        return bool(self.outcome or self.summary or self.locator or self.source_id)
