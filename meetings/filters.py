"""Which meetings are meant: one definition for page, feed, export and API."""

from __future__ import annotations

import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from reference.filters import PartialDateFilter, TextFilter, TrackerFilterSet
from reference.models import Party

from .models import Meeting, Series

_SORT_CHOICES = [
    ("-start", _("latest first")),
    ("start", _("earliest first")),
    ("name", _("name")),
]


class MeetingFilter(TrackerFilterSet):
    """Repeating a parameter means OR; different parameters mean AND."""

    q = TextFilter(label=_("Search"), method="named")
    series = django_filters.ModelMultipleChoiceFilter(
        label=_("Series of meetings"),
        field_name="series__slug",
        to_field_name="slug",
        queryset=lambda request: Series.objects.public(),
    )
    state = django_filters.MultipleChoiceFilter(label=_("Held?"), field_name="phase", choices=Meeting.Phase.choices)
    country = django_filters.ModelMultipleChoiceFilter(
        label=_("Country"),
        field_name="country__code",
        to_field_name="code",
        queryset=lambda request: Party.objects.public().states(),
    )
    party = django_filters.ModelMultipleChoiceFilter(
        label=_("Party"),
        field_name="participants__party__code",
        to_field_name="code",
        queryset=lambda request: Party.objects.public(),
        distinct=True,
    )
    since = PartialDateFilter(label=_("From"), method="from_day")
    until = PartialDateFilter(label=_("Until"), method="until_day")
    sort = django_filters.ChoiceFilter(label=_("Sort by"), choices=_SORT_CHOICES, method="unsorted", empty_label=None)

    sorts = {
        "-start": ("-sort_start", "-id"),
        "start": ("sort_start", "id"),
        "name": ("sort_name", "id"),
    }
    default_sort = "-start"

    class Meta:
        model = Meeting
        fields: list[str] = []

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset).annotate(sort_start=F("start__sort")).order_by(*self.ordering)

    def named(self, queryset, name, value):
        return queryset.called(value)

    def from_day(self, queryset, name, value):
        return queryset.exclude(start="").filter(start__last__gte=value.first)

    def until_day(self, queryset, name, value):
        return queryset.exclude(start="").filter(start__first__lte=value.last)
