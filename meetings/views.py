"""Pages of meetings, the series they belong to, and what they adopted."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.views.generic import DetailView, ListView

from editorial.models import State
from editorial.views import PublicRecordMixin

from . import chain
from .filters import MeetingFilter
from .models import Document, Meeting, Series

PER_PAGE = 50


class MeetingList(ListView):
    """All meetings: ahead, announced without word since, called off, and held.

    The held ones page by `after=<slug>`, the last meeting of the page before;
    the others are few and stand on the first page only.
    """

    def get_queryset(self):
        day = timezone.localdate()
        found = Meeting.objects.public().for_page(on=day)
        self.filter = MeetingFilter(self.request.GET, queryset=found, request=self.request, today=day)
        return self.filter.qs

    def get_context_data(self, **kwargs):
        day, found, ordering = self.filter.today, self.object_list, self.filter.ordering
        last = Meeting.objects.public().filter(slug=self.request.GET.get("after", "")).first()
        soonest_first = ordering if self.request.GET.get("sort") else ("sort_start", "id")
        first_page = found.none() if last else found
        held = list(_beyond(last, found.held(), ordering)[: PER_PAGE + 1])
        return super().get_context_data(
            filter=self.filter,
            paged=last is not None,
            ahead=first_page.ahead(on=day).order_by(*soonest_first),
            silent=first_page.overdue_for_news(on=day),
            called_off=first_page.called_off(),
            held=held[:PER_PAGE],
            next_page=held[PER_PAGE - 1].slug if len(held) > PER_PAGE else "",
            **kwargs,
        )


def _beyond(last: Meeting | None, meetings, ordering):
    """The meetings that come after `last` in this order, whose second key is always the number."""
    if last is None:
        return meetings
    (key, _number), descending = ordering, ordering[0].startswith("-")
    value = last.sort_name if key == "sort_name" else last.start.sort_key
    key, side = key.lstrip("-"), "lt" if descending else "gt"
    return meetings.filter(Q(**{f"{key}__{side}": value}) | Q(**{key: value, f"id__{side}": last.pk}))


class MeetingDetail(PublicRecordMixin, DetailView):
    """One meeting: whether it was held, who came, what it adopted, what it did to which initiative."""

    model = Meeting

    def get_queryset(self):
        return Meeting.objects.public().for_detail(on=timezone.localdate())

    def get_context_data(self, **kwargs):
        chained = Meeting.objects.public()
        return super().get_context_data(
            previous=chained.earlier_than(self.object).first(),
            next=chained.later_than(self.object).first(),
            **kwargs,
        )


class SeriesDetail(PublicRecordMixin, DetailView):
    """A chain of meetings in order, its gaps and what comes next."""

    model = Series

    def get_queryset(self):
        return Series.objects.public()

    def get_context_data(self, **kwargs):
        day = timezone.localdate()
        meetings = list(self.object.meetings.public().for_page(on=day).in_order())
        return super().get_context_data(
            links=list(chain.links(meetings)),
            meeting_count=len(meetings),
            next=self.object.meetings.public().ahead(on=day).in_order().first(),
            **kwargs,
        )


class DocumentDetail(PublicRecordMixin, DetailView):
    """What a meeting adopted, provision by provision."""

    model = Document

    def get_queryset(self):
        return Document.objects.public().for_detail()

    def withdrawn(self, **which):
        """A document goes with its meeting: what was published then is gone, not unknown."""
        with_its_meeting = Document._base_manager.filter(state=State.PUBLISHED, meeting__state=State.WITHDRAWN, **which)
        return super().withdrawn(**which) or with_its_meeting.first()

    def get_context_data(self, **kwargs):
        return super().get_context_data(namesakes=Document.objects.public().namesakes_of(self.object), **kwargs)
