"""Sentences about meetings: "meetings that are ..."."""

from __future__ import annotations

import datetime

from django.db.models import F, Prefetch, Q

from editorial.querysets import PublishableQuerySet
from reference.names import fold


class SeriesQuerySet(PublishableQuerySet):
    pass


class MeetingQuerySet(PublishableQuerySet):
    """Meetings, in the order in which they (will) take place."""

    def in_order(self):
        """Earliest first; meetings whose date is not known come last."""
        return self.order_by("start__sort", "id")

    def latest_first(self):
        """Latest first; meetings whose date is not known come first, as they are still ahead."""
        return self.order_by(F("start__sort").desc(), "-id")

    def held(self):
        """Known to have taken place."""
        return self.filter(state="held")

    def ahead(self, *, on: datetime.date):
        """Considered, planned or expected, and not certainly over before day `on`."""
        return self.filter(state__in=["considered", "planned", "expected"]).filter(
            Q(start="") | Q(end__last__gte=on) | Q(end="", start__last__gte=on)
        )

    def overdue_for_news(self, *, on: datetime.date):
        """Announced for a time that has passed by day `on`, without word that they were held."""
        return (
            self.filter(state__in=["considered", "planned", "expected"])
            .exclude(start="")
            .filter(Q(end="", start__last__lt=on) | ~Q(end="") & Q(end__last__lt=on))
        )

    def called(self, text: str):
        """Meetings one of whose names contains the text, whatever its case and accents."""
        wanted = fold(text)
        return self.filter(
            Q(sort_name__contains=wanted) | Q(names__folded__contains=wanted)
        ).distinct()

    def for_list(self):
        """With what a line of a list or the API's list shows, in a fixed number of queries."""
        return self.select_related("series", "country", "host")


class DocumentQuerySet(PublishableQuerySet):
    """Documents; public only while their meeting is."""

    def public(self):
        return super().public().filter(meeting__state="published")

    def for_list(self):
        return self.select_related("meeting__series")


class ProvisionQuerySet(PublishableQuerySet):
    """Provisions; public only while their document and its meeting are."""

    def public(self):
        return (
            super()
            .public()
            .filter(document__state="published", document__meeting__state="published")
        )

    def for_list(self):
        from_meetings = self.model._meta.get_field(
            "meeting_decided"
        ).related_model.objects.public()
        return self.select_related("document__meeting", "addressee").prefetch_related(
            Prefetch("meeting_decided", queryset=from_meetings), "citations__source"
        )
