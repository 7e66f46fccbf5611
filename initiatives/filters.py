"""Which initiatives are meant: one definition for page, feed, export and API."""

from __future__ import annotations

import django_filters
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting, Series
from reference.filters import DayFilter, PartialDateFilter, TextFilter, TrackerFilterSet
from reference.models import Party, Theme
from reference.names import fold
from reference.partial_dates import Sort

from .models import Initiative, Scope, standings_on
from .standing import Evidence, Schedule, is_stale, schedule
from .statuses import Kind, Status

SCHEDULE_CHOICES = [*Schedule.choices, ("stale", _("Nothing heard for a year"))]
_SORT_CHOICES = [
    ("-updated", _("last changed")),
    ("-since", _("latest status")),
    ("since", _("oldest status")),
    ("name", _("name")),
    ("-name", _("name, backwards")),
    ("status", _("status")),
    ("-status", _("status, backwards")),
    ("updated", _("longest unchanged")),
    ("relevance", _("relevance")),
]


class InitiativeFilter(TrackerFilterSet):
    """The filters of CONTRACT.md. Repeating a parameter means OR; different parameters mean AND."""

    q = TextFilter(label=_("Search"), method="named")
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=Status.choices, method="by_status")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Kind.choices)
    scope = django_filters.MultipleChoiceFilter(label=_("Scope"), choices=Scope.choices)
    theme = django_filters.ModelMultipleChoiceFilter(
        label=_("Theme"), field_name="themes__slug", to_field_name="slug", queryset=lambda request: Theme.objects.public()
    )
    party = django_filters.ModelMultipleChoiceFilter(
        label=_("Party"), to_field_name="code", queryset=lambda request: Party.objects.public(), method="of_party"
    )
    meeting = django_filters.ModelMultipleChoiceFilter(
        label=_("Meeting"), to_field_name="slug", queryset=lambda request: Meeting.objects.public(), method="at_meeting"
    )
    series = django_filters.ModelMultipleChoiceFilter(
        label=_("Series of meetings"), to_field_name="slug", queryset=lambda request: Series.objects.public(), method="in_series"
    )
    evidence = django_filters.MultipleChoiceFilter(label=_("Evidence"), choices=Evidence.choices, method="by_evidence")
    schedule = django_filters.MultipleChoiceFilter(label=_("Schedule"), choices=SCHEDULE_CHOICES, method="on_schedule")
    since = PartialDateFilter(label=_("Status from"), method="from_day")
    until = PartialDateFilter(label=_("Status until"), method="until_day")
    as_of = DayFilter(label=_("As it stood on"), method="as_it_stood")
    sort = django_filters.ChoiceFilter(label=_("Sort by"), choices=_SORT_CHOICES, method="unsorted", empty_label=None)

    sorts = {
        "-updated": ("-updated_at", "-id"),
        "updated": ("updated_at", "id"),
        "name": ("sort_name", "id"),
        "-name": ("-sort_name", "-id"),
        "status": ("sort_status", "sort_name", "id"),
        "-status": ("-sort_status", "sort_name", "id"),
        "-since": ("-sort_since", "-id"),
        "since": ("sort_since", "id"),
        "relevance": ("sort_relevance", "sort_name", "id"),
    }
    default_sort = "-updated"

    class Meta:
        model = Initiative
        fields: list[str] = []

    @property
    def as_of_day(self):
        """The day the reader asked to look back to; None for today."""
        self.form.is_valid()
        return self.form.cleaned_data.get("as_of")

    def filter_queryset(self, queryset):
        """`as_of` comes first, because the status filter then speaks of that day; the order comes last."""
        if self.as_of_day:
            queryset = queryset.as_of(self.as_of_day).filter(pk__in=self.then)
        found = super().filter_queryset(queryset)
        return self.sortable(found).order_by(*self.ordering)

    def sortable(self, queryset):
        """With the keys that `sorts` names and the table does not have."""
        status, since = ("status_then", "since_then") if self.as_of_day else ("status", "status_since")
        rungs = [When(**{status: value}, then=Value(position)) for position, value in enumerate(Status.values, start=1)]
        words = fold(self.form.cleaned_data.get("q") or "")
        return queryset.annotate(
            sort_status=Case(*rungs, default=Value(0), output_field=IntegerField()),
            sort_since=Sort(F(since)),
            sort_relevance=Case(
                When(sort_name=words, then=Value(0)),
                When(sort_name__startswith=words, then=Value(1)),
                When(sort_name__contains=words, then=Value(2)),
                default=Value(3),
                output_field=IntegerField(),
            ),
        )

    def named(self, queryset, name, value):
        return queryset.called(value)

    @cached_property
    def then(self):
        """How everything stood on the day of `as_of`; what had no history by then is not in it."""
        return standings_on(self.as_of_day)

    def that_stood(self, queryset, fits):
        """Those whose standing on the day of `as_of` fits."""
        return queryset.filter(pk__in=[number for number, standing in self.then.items() if fits(standing)])

    def by_status(self, queryset, name, value):
        if not value:
            return queryset
        if self.as_of_day:
            return self.that_stood(queryset, lambda standing: standing.status in value)
        return queryset.filter(status__in=value)

    def by_evidence(self, queryset, name, value):
        if not value:
            return queryset
        if self.as_of_day:
            return self.that_stood(queryset, lambda standing: standing.evidence in value)
        return queryset.filter(evidence__in=value)

    def of_party(self, queryset, name, value):
        """Takes part in it, or took a step of its history that is public."""
        if not value:
            return queryset
        steps = Initiative.updates.rel.related_model.objects.standing().filter(party__in=value)
        return queryset.filter(Q(parties__party__in=value) | Q(pk__in=steps.values("initiative"))).distinct()

    def at_meeting(self, queryset, name, value):
        return self._met(queryset, {"meeting__in": value}) if value else queryset

    def in_series(self, queryset, name, value):
        return self._met(queryset, {"meeting__series__in": value, "meeting__state": "published"}) if value else queryset

    def _met(self, queryset, where):
        rows = Initiative.updates.rel.related_model.objects.standing().filter(**where)
        return queryset.filter(pk__in=rows.values("initiative"))

    def on_schedule(self, queryset, name, value):
        if not value:
            return queryset
        if self.as_of_day:
            return self.on_schedule_then(queryset, value)
        asked = Q()
        for choice in value:
            chosen = getattr(Initiative.objects, choice)
            asked |= Q(pk__in=(chosen() if choice == Schedule.NO_DEADLINE else chosen(on=self.today)).values("pk"))
        return queryset.filter(asked)

    def on_schedule_then(self, queryset, value):
        day, deadlines = self.as_of_day, dict(queryset.values_list("pk", "deadline"))
        fitting = [
            number
            for number, then in self.then.items()
            if number in deadlines
            and (
                schedule(status=then.status, deadline=deadlines[number], on=day) in value
                or ("stale" in value and is_stale(status=then.status, last_heard=then.last_heard, on=day))
            )
        ]
        return queryset.filter(pk__in=fitting)

    def from_day(self, queryset, name, value):
        if self.as_of_day:
            return self.that_stood(queryset, lambda standing: bool(standing.since) and standing.since.last >= value.first)
        return queryset.changed_between(value.first, None)

    def until_day(self, queryset, name, value):
        if self.as_of_day:
            return self.that_stood(queryset, lambda standing: bool(standing.since) and standing.since.first <= value.last)
        return queryset.changed_between(None, value.last)

    def as_it_stood(self, queryset, name, value):
        return queryset
