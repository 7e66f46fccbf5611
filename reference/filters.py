"""What the filters of pages and API have in common: one definition, the same names and the same errors."""

from __future__ import annotations

import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .partial_dates import PartialDate

LONGEST_QUESTION = 200


class PartialDateParameter(forms.CharField):
    """`since=2024`, `until=2024-05`: a partial date in the address bar."""

    def clean(self, value: Any) -> PartialDate | None:
        text = super().clean(value)
        date = PartialDate.parse(text) if text else None
        if text and not date:
            raise ValidationError(_("Write 2024, 2024-H2, 2024-05 or 2024-05-17."), code="invalid_partial_date")
        return date


class PartialDateFilter(django_filters.Filter):
    field_class = PartialDateParameter


class DayParameter(forms.CharField):
    """`as_of=2024-05-17`: one day."""

    def clean(self, value: Any) -> datetime.date | None:
        text = super().clean(value)
        if not text:
            return None
        date = PartialDate.parse(text)
        if date.precision != "day":
            raise ValidationError(_("Write one day, such as 2024-05-17."), code="invalid_day")
        return date.first


class DayFilter(django_filters.Filter):
    field_class = DayParameter


class TextFilter(django_filters.CharFilter):
    """`q`: words to look for, no longer than a sentence."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_QUESTION, **kwargs)


class TrackerFilterSet(django_filters.FilterSet):
    """A filter set that knows the day it is asked on and names the parameters it takes.

    `sorts` maps the values of `sort` to fields of the queryset; `default_sort`
    is used when none is asked for. Pages ignore unknown parameters, the API
    refuses them; both read `names()`.
    """

    sorts: dict[str, tuple[str, ...]] = {}
    default_sort = ""

    sort = django_filters.ChoiceFilter(label=_("Sort by"), method="unsorted", empty_label=None)

    def __init__(self, data=None, queryset=None, *, request=None, prefix=None, today: datetime.date | None = None):
        super().__init__(data=data, queryset=queryset, request=request, prefix=prefix)
        self.today = today or timezone.localdate()

    @classmethod
    def names(cls) -> list[str]:
        """The parameters it takes."""
        return list(cls.base_filters)

    def unsorted(self, queryset, name, value):
        """Sorting is applied last, by `ordering`."""
        return queryset

    @property
    def ordering(self) -> tuple[str, ...]:
        """The fields to order by, ending in the number of the record so that the order is total."""
        asked = self.form.cleaned_data.get("sort") if self.form.is_valid() or hasattr(self.form, "cleaned_data") else ""
        return self.sorts[asked or self.default_sort]
