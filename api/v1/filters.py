"""Filters of the resources that have no page of their own to filter on.

Those of initiatives and meetings are shared with the pages and live with the nouns.
"""

from __future__ import annotations

import django_filters
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from initiatives.models import Certainty, Initiative, Role, StatusUpdate
from initiatives.statuses import Status
from meetings.models import Document, Meeting, Provision, Series
from reference.filters import PartialDateFilter, TextFilter, TrackerFilterSet
from reference.models import Party, Source, Theme
from reference.names import fold


def _sort(**choices: str) -> django_filters.ChoiceFilter:
    """`sort`, with its values; a name that begins with `down_` sorts from the end."""
    values = [(name.replace("down_", "-"), label) for name, label in choices.items()]
    return django_filters.ChoiceFilter(label=_("Sort by"), choices=values, method="unsorted", empty_label=None)


def _of(model, path: str, *, label, key: str = "slug", **kwargs) -> django_filters.ModelMultipleChoiceFilter:
    """Records of a kind, reached by `path`, by slug or code; among those readers may see."""
    return django_filters.ModelMultipleChoiceFilter(
        label=label,
        field_name=f"{path}__{key}",
        to_field_name=key,
        queryset=lambda request: model.objects.public(),
        **kwargs,
    )


class ResourceFilter(TrackerFilterSet):
    """A filter set that ends in its order. `dated` is the partial date that `since` and `until` look at."""

    dated = ""

    def filter_queryset(self, queryset):
        found = super().filter_queryset(queryset)
        if self.dated:
            found = found.annotate(sort_date=F(f"{self.dated}__sort"))
        return found.order_by(*self.ordering)

    def from_day(self, queryset, name, value):
        return queryset.exclude(**{self.dated: ""}).filter(**{f"{self.dated}__last__gte": value.first})

    def until_day(self, queryset, name, value):
        return queryset.exclude(**{self.dated: ""}).filter(**{f"{self.dated}__first__lte": value.last})


class StatusUpdateFilter(ResourceFilter):
    """Rows of history, the newest event first."""

    initiative = _of(Initiative, "initiative", label=_("Initiative"))
    meeting = _of(Meeting, "meeting", label=_("Meeting"))
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=Status.choices)
    role = django_filters.MultipleChoiceFilter(label=_("What happened"), choices=Role.choices)
    party = _of(Party, "party", label=_("Party"), key="code")
    certainty = django_filters.MultipleChoiceFilter(label=_("Certainty"), choices=Certainty.choices)
    since = PartialDateFilter(label=_("From"), method="from_day")
    until = PartialDateFilter(label=_("Until"), method="until_day")
    sort = _sort(down_date=_("latest first"), date=_("earliest first"), down_recorded=_("last recorded"), recorded=_("first recorded"))

    dated = "date"
    sorts = {
        "-date": ("-sort_date", "-id"),
        "date": ("sort_date", "id"),
        "-recorded": ("-published_at", "-id"),
        "recorded": ("published_at", "id"),
    }
    default_sort = "-date"

    class Meta:
        model = StatusUpdate
        fields: list[str] = []


class SeriesFilter(ResourceFilter):
    """Series in the order of the site."""

    sort = _sort(order=_("order"), name=_("name"))

    sorts = {"order": ("order", "sort_name", "id"), "name": ("sort_name", "id")}
    default_sort = "order"

    class Meta:
        model = Series
        fields: list[str] = []


class DocumentFilter(ResourceFilter):
    """Documents, the latest first."""

    q = TextFilter(label=_("Search"), method="named")
    meeting = _of(Meeting, "meeting", label=_("Meeting"))
    series = _of(Series, "meeting__series", label=_("Series of meetings"))
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Document.Kind.choices)
    since = PartialDateFilter(label=_("From"), method="from_day")
    until = PartialDateFilter(label=_("Until"), method="until_day")
    sort = _sort(down_adopted=_("latest first"), adopted=_("earliest first"), title=_("title"))

    dated = "adopted"
    sorts = {"-adopted": ("-sort_date", "-id"), "adopted": ("sort_date", "id"), "title": ("sort_name", "id")}
    default_sort = "-adopted"

    class Meta:
        model = Document
        fields: list[str] = []

    def named(self, queryset, name, value):
        return queryset.filter(sort_name__contains=fold(value))


class ProvisionFilter(ResourceFilter):
    """Provisions, document by document, in the order of each."""

    document = _of(Document, "document", label=_("Document"))
    meeting = _of(Meeting, "document__meeting", label=_("Meeting"))
    initiative = _of(Initiative, "initiative_links__initiative", label=_("Initiative"), distinct=True)
    addressee = _of(Party, "addressee", label=_("Addressee"), key="code")
    force = django_filters.MultipleChoiceFilter(label=_("Force"), choices=Provision.Force.choices)
    sort = _sort(document=_("document"))

    sorts = {"document": ("document_id", "order", "id")}
    default_sort = "document"

    class Meta:
        model = Provision
        fields: list[str] = []


class PartyFilter(ResourceFilter):
    """Parties by name."""

    q = TextFilter(label=_("Search"), method="named")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Party.Kind.choices)
    sort = _sort(name=_("name"))

    sorts = {"name": ("sort_name", "id")}
    default_sort = "name"

    class Meta:
        model = Party
        fields: list[str] = []

    def named(self, queryset, name, value):
        return queryset.called(value)


class ThemeFilter(ResourceFilter):
    """Themes by name."""

    sort = _sort(name=_("name"))

    sorts = {"name": ("sort_name", "id")}
    default_sort = "name"

    class Meta:
        model = Theme
        fields: list[str] = []


def _languages():
    """The languages in which public sources are written."""
    found = Source.objects.public().order_by("language").values_list("language", flat=True).distinct()
    return [(code, code) for code in found]


class SourceFilter(ResourceFilter):
    """Sources by their slug."""

    q = TextFilter(label=_("Search"), method="named")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Source.Kind.choices)
    language = django_filters.MultipleChoiceFilter(label=_("Language"), choices=_languages)
    since = PartialDateFilter(label=_("From"), method="from_day")
    until = PartialDateFilter(label=_("Until"), method="until_day")
    sort = _sort(slug=_("slug"), down_published=_("latest first"), published=_("earliest first"))

    dated = "published"
    sorts = {"slug": ("slug", "id"), "-published": ("-sort_date", "-id"), "published": ("sort_date", "id")}
    default_sort = "slug"

    class Meta:
        model = Source
        fields: list[str] = []

    def named(self, queryset, name, value):
        return queryset.filter(Q(publisher__icontains=value) | Q(title__icontains=value))
