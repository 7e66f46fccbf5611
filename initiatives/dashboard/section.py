"""What every list of the desk has: a number, lines, a sentence for when there are none, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import Promise

FIRST = 8  # lines of a list on the first page
LINES_A_PAGE = 50  # and on a page of its own


@dataclass(frozen=True)
class Line:
    """One thing to do: the record, why it is here, and the form that mends it.

    `mark` is what this person should know before they open it. `also` are
    other ways to mend it: words and address. `search` is where a search that
    found nothing new is noted.
    """

    text: str
    url: str
    why: str = ""
    mark: str = ""
    also: list[tuple[str, str]] = field(default_factory=list)
    search: str = ""


class Section:
    """One list of the desk, for the person who asks.

    A subclass says what is in it: `number` and `lines`, in a number of queries
    that does not grow with the data. It cannot be indexed, as templates would
    then look up `section["title"]` first and build every query for it.
    """

    slug = ""
    title: str | Promise = ""
    about: str | Promise = ""  # one sentence: what is listed and what to do about it
    nothing: str | Promise = ""  # said in place of an empty list
    seen_with: type[Model] | None = None  # whoever may not see these records does not see the list
    is_searched = False  # whether a line can be noted as searched for, with nothing new
    query = ""  # what filters the list of those records to the same ones, to act on many at once

    def __init__(self, desk):
        self.desk = desk

    @property
    def is_allowed(self) -> bool:
        return self.seen_with is None or self.desk.may_see(self.seen_with)

    @property
    def url(self) -> str:
        """All of it, on a page of its own."""
        return reverse("admin:desk_section", args=[self.slug])

    @property
    def changelist(self) -> str:
        return list_of(self.seen_with, self.query) if self.seen_with and self.query else ""

    @cached_property
    def number(self) -> int:
        """How many there are."""
        raise NotImplementedError

    def lines(self, start: int, stop: int) -> list[Line]:
        """Those from one place in the list to before another."""
        raise NotImplementedError

    @cached_property
    def first(self) -> list[Line]:
        """The lines shown on the first page."""
        return self.lines(0, FIRST) if self.number else []

    @property
    def left(self) -> int:
        """How many more there are than the first page shows."""
        return max(self.number - FIRST, 0)


class Listed(Section):
    """A list that is one queryset: a subclass says which, and what a record's line says."""

    def queryset(self) -> QuerySet:
        raise NotImplementedError

    def line(self, record) -> Line:
        raise NotImplementedError

    @cached_property
    def number(self) -> int:
        return self.queryset().count()

    def lines(self, start, stop):
        return list(map(self.line, self.queryset()[start:stop]))


class Pages(Paginator):
    """The whole list, page by page."""

    def __init__(self, section: Section):
        super().__init__(section, LINES_A_PAGE)

    @cached_property
    def count(self):
        return self.object_list.number

    def page(self, number):
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return self._get_page(self.object_list.lines(start, start + self.per_page), number, self)


def form_of(record: Model) -> str:
    """The address of a record's form."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def list_of(model: type[Model], query: str = "") -> str:
    """The address of a kind's list, filtered."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") + (f"?{query}" if query else "")


def sentences(parts: Iterable[str]) -> str:
    """Whole sentences, one after the other."""
    return " ".join(filter(None, map(str, parts)))
