"""Sentences about meetings: "meetings that are ..."."""

from __future__ import annotations

import datetime
import re

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce

from editorial.querysets import PublishableQuerySet
from reference.names import fold

# Announced, and nobody has said yet that it was held.
ANNOUNCED = ["considered", "planned", "expected"]
# The last day on which it can have been held; null while its date is not known.
LAST_DAY = Coalesce("end__last", "start__last")


def _count(rows, what: str):
    """How many different `what` these rows of a meeting name; 0 when it has none."""
    per_meeting = rows.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(found=Count(what, distinct=True))
    return Coalesce(Subquery(per_meeting.values("found")), 0)


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
        return self.filter(phase="held")

    def announced(self):
        """Considered, planned or expected; whether they were held is not known."""
        return self.filter(phase__in=ANNOUNCED)

    def ahead(self, *, on: datetime.date):
        """Announced, and not certainly over before day `on`."""
        return self.announced().alias(over=LAST_DAY).filter(Q(over=None) | Q(over__gte=on))

    def overdue_for_news(self, *, on: datetime.date):
        """Announced for a time that has passed by day `on`, without word that they were held."""
        return self.announced().alias(over=LAST_DAY).filter(over__lt=on)

    def without_documents(self):
        """Held, and nothing is recorded as adopted there, not even in a draft."""
        recorded = self.model.documents.rel.related_model.objects.exclude(state="withdrawn")
        return self.held().exclude(Exists(recorded.filter(meeting=OuterRef("pk"))))

    def without_close_out(self):
        """Held, and no editor has yet said of every initiative what the meeting did for it."""
        return self.held().filter(close_out__done_at=None)

    def called_off(self):
        """Postponed or cancelled."""
        return self.filter(phase__in=["postponed", "cancelled"])

    def earlier_than(self, meeting):
        """Earlier in the same series, the nearest first."""
        key = meeting.start.sort_key
        earlier = Q(start__sort__lt=key) | Q(start__sort=key, id__lt=meeting.pk)
        return self.filter(earlier, series=meeting.series_id).latest_first()

    def later_than(self, meeting):
        """Later in the same series, the nearest first."""
        key = meeting.start.sort_key
        later = Q(start__sort__gt=key) | Q(start__sort=key, id__gt=meeting.pk)
        return self.filter(later, series=meeting.series_id).in_order()

    def called(self, text: str):
        """Meetings one of whose names contains the text, whatever its case and accents."""
        wanted = fold(text)
        return self.filter(Q(sort_name__contains=wanted) | Q(names__folded__contains=wanted)).distinct()

    def for_list(self):
        """With what a line of a list or the API's list shows, in a fixed number of queries."""
        return self.select_related("series", "country", "host")

    def for_page(self, *, on: datetime.date):
        """With what a line of a page shows: public initiatives and documents counted, and `awaits_news` on day `on`."""
        updates = self.model.updates.rel.related_model.objects.standing()
        documents = self.model.documents.rel.related_model.objects.public()
        return (
            self.for_list()
            .alias(over=LAST_DAY)
            .annotate(
                initiative_count=_count(updates, "initiative"),
                document_count=_count(documents, "pk"),
                awaits_news=Case(When(phase__in=ANNOUNCED, over__lt=on, then=True), default=False, output_field=BooleanField()),
            )
        )

    def for_detail(self, *, on: datetime.date):
        """With who came, what was adopted, what happened to which initiative, and the proof of each."""
        model = self.model
        documents = model.documents.rel.related_model.objects.public()
        updates = model.updates.rel.related_model.objects.public().for_timeline().prefetch_related("steps")
        conflicts = model.conflicts.rel.related_model.objects.public()
        provisions = model.decided_by.rel.related_model.objects.public()
        return self.for_page(on=on).prefetch_related(
            "names",
            "citations__source",
            Prefetch(
                "participants",
                queryset=model.participants.rel.related_model.objects.prefetch_related("party", "citations__source"),
            ),
            Prefetch("documents", queryset=documents.order_by("adopted__sort", "id").prefetch_related("citations__source")),
            Prefetch(
                "updates",
                queryset=updates.order_by("initiative__sort_name", "initiative", "date__sort", "id"),
                to_attr="steps",
            ),
            Prefetch("decided_by", queryset=provisions.for_list()),
            Prefetch("conflicts", queryset=conflicts.prefetch_related("citations__source")),
        )


class DocumentQuerySet(PublishableQuerySet):
    """Documents; public only while their meeting is."""

    def public(self):
        return super().public().filter(meeting__state="published")

    def namesakes_of(self, document):
        """Others of the same title, whatever stands behind it in brackets: “Gabala Declaration (2013)” and “(2025)”."""
        title = re.sub(r"\s*\([^()]*\)$", "", document.sort_name)
        same = Q(sort_name=title) | Q(sort_name__startswith=f"{title} (")
        return self.filter(same).exclude(pk=document.pk).select_related("meeting").order_by("adopted__sort", "id")

    def for_list(self):
        return self.select_related("meeting__series")

    def for_detail(self):
        """With its provisions in order, what they started or touched, and the proof of each."""
        provisions = self.model.provisions.rel.related_model
        links = provisions.initiative_links.rel.related_model
        initiatives = links._meta.get_field("initiative").related_model.objects.public()
        links = links.objects.filter(initiative__in=initiatives).select_related("initiative")
        listed = provisions.objects.public().for_list().order_by("order", "id")
        return self.for_list().prefetch_related(
            "citations__source",
            Prefetch("provisions", queryset=listed.prefetch_related(Prefetch("initiative_links", queryset=links))),
        )


class ProvisionQuerySet(PublishableQuerySet):
    """Provisions; public only while their document and its meeting are."""

    def public(self):
        return super().public().filter(document__state="published", document__meeting__state="published")

    def for_list(self):
        from_meetings = self.model._meta.get_field("meeting_decided").related_model.objects.public()
        return self.select_related("document__meeting", "addressee").prefetch_related(
            Prefetch("meeting_decided", queryset=from_meetings), "citations__source"
        )
