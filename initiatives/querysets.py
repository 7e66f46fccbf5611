"""Sentences about initiatives and their history: "initiatives that are ..."."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.fields.json import KT

from editorial.querysets import PublishableQuerySet
from meetings.models import Meeting, Provision
from reference.models import Party, Theme
from reference.names import fold
from reference.partial_dates import PartialDateField

from .standing import QUIET_AFTER
from .statuses import Status


class InitiativeQuerySet(PublishableQuerySet):
    """Initiatives."""

    def unfinished(self):
        """Without a final status."""
        return self.exclude(status__in=Status.final())

    def stale(self, *, on: datetime.date, after: datetime.timedelta = QUIET_AFTER):
        """Nothing heard for longer than `after` before day `on`; final ones are never stale."""
        return self.unfinished().exclude(last_heard="").filter(last_heard__last__lt=on - after)

    def quiet(self, *, on: datetime.date, after: datetime.timedelta = QUIET_AFTER):
        """Stale, and nobody has looked either: what an editor should search for, the longest silence first.

        A search that waits for review counts, though readers do not see it
        yet: an editor who has just looked must not be sent to look again while
        it waits on somebody else's desk. One that was sent back does not.
        """
        searches = self.model.updates.rel.related_model.objects.waiting_for_review().filter(role="checked")
        lately = searches.filter(initiative=OuterRef("pk"), date__last__gte=on - after)
        looked_for = Q(last_checked__last__gte=on - after) | Q(Exists(lately))
        return self.stale(on=on, after=after).exclude(looked_for).order_by("last_heard__sort", "sort_name", "id")

    def without_summary(self, language: str):
        """Whose readers in this language find no summary of their own."""
        if language == settings.LANGUAGE_CODE:
            return self.filter(summary="")
        return self.alias(said=KT(f"i18n__summary_{language}")).filter(Q(said__isnull=True) | Q(said=""))

    def overdue(self, *, on: datetime.date):
        """Past their deadline by day `on` and not finished."""
        return self.unfinished().exclude(deadline="").filter(deadline__last__lt=on)

    def due(self, *, on: datetime.date):
        """In the middle of the period their deadline names."""
        return self.unfinished().exclude(deadline="").filter(deadline__first__lte=on, deadline__last__gte=on)

    def on_time(self, *, on: datetime.date):
        """With a deadline whose period has not begun by day `on`."""
        return self.unfinished().exclude(deadline="").filter(deadline__first__gt=on)

    def no_deadline(self):
        """Nobody named a deadline, or they are finished and none runs any more."""
        return self.filter(Q(deadline="") | Q(status__in=Status.final()))

    def called(self, text: str):
        """Initiatives one of whose names contains every word of the text, whatever its case and accents."""
        found = self
        for word in fold(text).split():
            found = found.filter(
                Q(sort_name__contains=word)
                | Q(pk__in=self.model.names.rel.related_model.objects.filter(folded__contains=word).values("parent"))
            )
        return found

    def changed_between(self, first: datetime.date | None, last: datetime.date | None):
        """Whose present status can date from between these days (either may be open), by interval."""
        found = self
        if first is not None:
            found = found.exclude(status_since="").filter(status_since__last__gte=first)
        if last is not None:
            found = found.exclude(status_since="").filter(status_since__first__lte=last)
        return found

    def as_of(self, day: datetime.date):
        """With `status_then` and `since_then`: the last change of status that had certainly happened by `day`."""
        steps = self.model.steps.rel.related_model.objects.filter(initiative=OuterRef("pk"), update__date__last__lte=day)
        latest = steps.order_by("-position")
        return self.annotate(
            status_then=Subquery(latest.values("status")[:1]),
            since_then=Subquery(latest.values("since")[:1], output_field=PartialDateField()),
        )

    def for_list(self):
        """With what one line of a list shows, in a fixed number of queries."""
        meetings = Meeting.objects.public()
        return self.prefetch_related(
            Prefetch("themes", queryset=Theme.objects.public()),
            Prefetch(
                "parties", queryset=self.model.parties.rel.related_model.objects.filter(party__is_public=True).select_related("party")
            ),
            "names",
            Prefetch("status_meeting", queryset=meetings),
            Prefetch("proposed_at", queryset=meetings),
            Prefetch("replaced_by", queryset=self.model.objects.public()),
        )

    def for_detail(self):
        """With the whole record: history, relations, provisions and proof."""
        model = self.model
        updates = model.updates.rel.related_model
        relations = model.relations.rel.related_model.objects.filter
        conflicts = model.conflicts.rel.related_model.objects
        links = model.provision_links.rel.related_model.objects.filter(provision__in=Provision.objects.public())
        return self.for_list().prefetch_related(
            Prefetch("updates", queryset=updates.objects.public().for_timeline(), to_attr="timeline"),
            Prefetch("relations", queryset=relations(target__state="published").select_related("target")),
            Prefetch("relations_to_it", queryset=relations(initiative__state="published").select_related("initiative")),
            Prefetch("provision_links", queryset=links.select_related("provision__document__meeting")),
            "citations__source",
            Prefetch("conflicts", queryset=conflicts.public().prefetch_related("citations__source")),
            "steps",
        )


class StatusUpdateQuerySet(PublishableQuerySet):
    """Rows of history; public only while their initiative is."""

    def public(self):
        return super().public().filter(initiative__state="published")

    def standing(self):
        """Public rows that no public row corrects: those that count. Timelines show the corrected ones too."""
        return self.public().exclude(corrected_by__state="published")

    def in_order(self):
        """The one order of a history."""
        return self.order_by("date__sort", "id")

    def latest_first(self):
        """Newest events first."""
        return self.order_by(F("date__sort").desc(), "-id")

    def for_timeline(self):
        """In order, with everything a row shows. Meetings and corrections that are not public are left out."""
        public = self.model.objects.public()
        return (
            self.in_order()
            .select_related("initiative")
            .prefetch_related(
                Prefetch("meeting", queryset=Meeting.objects.public()),
                Prefetch("party", queryset=Party.objects.public()),
                Prefetch("corrects", queryset=public),
                Prefetch("corrected_by", queryset=public),
                "citations__source",
            )
        )
