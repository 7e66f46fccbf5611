"""Sentences about records with an editorial life: "records that are ..."."""

from __future__ import annotations

from django.db import models


class PublishableQuerySet(models.QuerySet):
    """Records that go through draft, review and publication."""

    def public(self):
        """The ones readers may see. The only door for pages, feeds, search, charts, exports and API."""
        return self.filter(state="published")

    def waiting_for_review(self):
        """Submitted by their author, not yet looked at."""
        return self.filter(state="in_review")


class ChangeQuerySet(models.QuerySet):
    """Rows of the ledger."""

    def public(self):
        """Changes that readers and partners may see: those that touched what is or was public."""
        return self.filter(public=True)

    def of(self, record: models.Model):
        """The history of one record, oldest first."""
        return self.filter(type=record._meta.label_lower, record_id=str(record.pk)).order_by("serial")
