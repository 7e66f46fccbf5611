"""Pages by position: complete, without repeats, in both directions, whatever the order and the ties."""

import pytest

from initiatives.models import Initiative
from tests.api.conftest import walk
from tests.factories import InitiativeFactory, SourceFactory, ThemeFactory


@pytest.mark.parametrize("sort", ["status", "-status", "-since", "since", "relevance"])
def test_records_that_tie_in_every_field_but_their_number_are_all_found_once(read, sort):
    made = {initiative.pk for initiative in InitiativeFactory.create_batch(23, name="All the same")}

    pages, last = walk(read, read("initiatives/", {"sort": sort, "limit": 4, "fields": "id"}), "next")
    back, _first = walk(read, last, "previous")

    assert sorted(row for page in pages for row in page) == sorted(made)
    assert [row for page in reversed(back) for row in page] == [row for page in pages for row in page]


def test_ties_beyond_any_offset_are_no_obstacle(read):
    Initiative.objects.bulk_create(
        Initiative(slug=f"tie-{n}", kind="fund", name="Tie", sort_name="tie", state="published", published_at="2024-01-01T00:00Z")
        for n in range(1300)
    )

    pages, _last = walk(read, read("initiatives/", {"sort": "status", "limit": 200, "fields": "id"}), "next")

    assert len({row for page in pages for row in page}) == 1300
    assert len(pages) == 7


def test_a_record_that_arrives_between_two_pages_moves_nothing(read):
    for letter in "bdfh":
        ThemeFactory(name=letter)
    page = read("themes/", {"limit": 2})
    ThemeFactory(name="a")
    ThemeFactory(name="e")

    following = read(page["next"].removeprefix("http://testserver"))

    assert [row["name"]["en"] for row in page["results"]] == ["b", "d"]
    assert [row["name"]["en"] for row in following["results"]] == ["e", "f"]


def test_the_first_page_has_no_previous_and_the_last_no_next(read):
    ThemeFactory.create_batch(3)

    first = read("themes/", {"limit": 2})
    last = read(first["next"].removeprefix("http://testserver"))

    assert (first["previous"], last["next"]) == (None, None)
    assert last["previous"]


def test_a_list_of_exactly_one_page_has_no_neighbours(read):
    ThemeFactory.create_batch(2)

    page = read("themes/", {"limit": 2})

    assert (page["next"], page["previous"]) == (None, None)


def test_an_empty_list_is_an_answer(read):
    assert read("themes/") == {"next": None, "previous": None, "results": []}


def test_fifty_are_given_when_nobody_says_how_many(read):
    SourceFactory.create_batch(51)

    assert len(read("sources/")["results"]) == 50


def test_the_count_is_given_when_asked_for_and_stays_the_same_on_every_page(read):
    ThemeFactory.create_batch(5)

    first = read("themes/", {"limit": 2, "count": "true"})
    second = read(first["next"].removeprefix("http://testserver"))

    assert (first["count"], second["count"]) == (5, 5)
    assert "count" not in read("themes/", {"count": "false"})


def test_the_links_keep_filters_and_fields(read):
    ThemeFactory.create_batch(3)

    page = read("themes/", {"limit": 1, "fields": "slug", "lang": "tr"})

    assert all(part in page["next"] for part in ("fields=slug", "lang=tr", "limit=1", "cursor="))


@pytest.mark.parametrize("cursor", ["x", ":", "e30:x", "é", "a" * 2000, "W10:" + "0" * 43])
def test_a_cursor_that_is_not_ours_is_refused(refused, cursor):
    assert ("cursor", "invalid_cursor") in refused("themes/", {"cursor": cursor})


def test_a_cursor_of_another_order_is_refused(read, refused):
    InitiativeFactory.create_batch(2)
    cursor = read("initiatives/", {"limit": 1, "sort": "name"})["next"].split("cursor=")[1].split("&")[0]

    error = refused(f"initiatives/?sort=-since&cursor={cursor}")["cursor", "invalid_cursor"]

    assert "another order" in error["message"]
