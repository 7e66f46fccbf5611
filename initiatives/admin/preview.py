"""What readers would see if a row of history were published: made by publishing it, shown, and taken back."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from editorial import workflow
from initiatives.models import Initiative, StatusUpdate


class Previewed(Exception):
    """Leaves the transaction in which a row was made and published, so that nothing of it stays."""

    def __init__(self, html: SafeString):
        super().__init__("a preview is not kept")
        self.html = html


def preview_of(update: StatusUpdate) -> SafeString:
    """The public timeline with the row in its place, and what its publication would change.

    To be called where everything is rolled back afterwards. Refuses what
    publishing refuses; that the author does not publish alone is no matter here.
    """
    before = Initiative.objects.get(pk=update.initiative_id)
    workflow.publish(record=update, by="preview")
    after = Initiative.objects.prefetch_related("steps").get(pk=update.initiative_id)
    rows = after.updates.for_timeline()
    return render_to_string(
        "admin/record_status_preview.html",
        {
            "before": before,
            "after": after,
            "update": update,
            "rows": list(rows)[::-1],
            "changing": {step.update_id for step in after.steps.all()},
        },
    )
