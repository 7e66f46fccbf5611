"""The lists of the shipped data: complete in every order, and as narrow or as wide as asked."""

import pytest
from django_filters import ModelMultipleChoiceFilter

from api.v1.filters import (
    DocumentFilter,
    PartyFilter,
    ProvisionFilter,
    SeriesFilter,
    SourceFilter,
    StatusUpdateFilter,
    ThemeFilter,
)
from initiatives.filters import InitiativeFilter
from meetings.filters import MeetingFilter
from tests.api.conftest import LISTS, ids, walk

pytestmark = pytest.mark.usefixtures("shipped")

FILTERS = {
    "initiatives": InitiativeFilter,
    "status-updates": StatusUpdateFilter,
    "meetings": MeetingFilter,
    "series": SeriesFilter,
    "documents": DocumentFilter,
    "provisions": ProvisionFilter,
    "parties": PartyFilter,
    "themes": ThemeFilter,
    "sources": SourceFilter,
}
ORDERS = [(resource, sort) for resource, filters in FILTERS.items() for sort in filters.sorts]


@pytest.mark.parametrize(("resource", "sort"), ORDERS)
def test_every_order_of_every_list_can_be_walked_there_and_back(read, resource, sort):
    whole = ids(read(f"{resource}/", {"sort": sort, "limit": 200, "fields": "id"}))

    forward, last = walk(read, read(f"{resource}/", {"sort": sort, "limit": 23, "fields": "id"}), "next")
    backward, _first = walk(read, last, "previous")

    assert [row for page in forward for row in page] == whole
    assert [row for page in reversed(backward) for row in page] == whole
    assert len(set(whole)) == len(whole) > 0


@pytest.mark.parametrize("resource", FILTERS)
def test_every_filter_takes_the_records_that_exist_and_narrows_the_list(read, resource):
    whole = set(ids(read(f"{resource}/", {"limit": 200, "fields": "id"})))
    for name, declared in FILTERS[resource].base_filters.items():
        if isinstance(declared, ModelMultipleChoiceFilter):
            field = FILTERS[resource]({}).form.fields[name]
            values = field.queryset.values_list(field.to_field_name, flat=True).order_by("pk")
            found = [set(ids(read(f"{resource}/", {name: value, "limit": 200, "fields": "id"}))) for value in values]
            both = set(ids(read(f"{resource}/", {name: list(values[:2]), "limit": 200, "fields": "id"})))
            assert any(found) or name == "addressee", name  # no shipped provision names one
            assert set().union(*found) <= whole
            assert both == set().union(*found[:2])


@pytest.mark.parametrize("resource", LISTS)
def test_only_the_fields_asked_for_are_given(read, resource):
    rows = read(f"{resource}/", {"fields": "url,id", "limit": 3})["results"]

    assert rows
    assert all(list(row) == ["id", "url"] for row in rows)


def test_a_field_of_the_detail_can_be_had_in_a_list_by_naming_it(read):
    rows = read("initiatives/", {"fields": "slug,summary", "limit": 200})["results"]

    assert any(row["summary"] for row in rows)


def test_one_record_gives_only_the_fields_asked_for(read):
    assert read("initiatives/tif/", {"fields": "slug,scope"}) == {"slug": "tif", "scope": {"value": "ots", "label": "OTS"}}


def test_include_adds_to_a_list_what_only_the_detail_has(read):
    row = read("initiatives/", {"q": "Turkic Investment Fund", "include": "status_updates,citations"})["results"][0]

    assert row["status_updates"] == read("initiatives/tif/")["status_updates"]
    assert row["citations"]
    assert "summary" not in row


def test_the_language_changes_labels_and_words_of_dates_and_nothing_else(read):
    english, turkish = (read("initiatives/tif/", {"lang": lang}) for lang in ("en", "tr"))

    assert english["names"][0]["text"] == turkish["names"][0]["text"]
    assert english["name"] == turkish["name"]
    assert english["html_url"] == turkish["html_url"] == "http://testserver/initiatives/tif/"
    assert english["status"]["value"] == turkish["status"]["value"]
