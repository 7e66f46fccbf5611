"""What the tests of the API have in common."""

import datetime

import pytest
from django.test import Client
from django.utils import translation

TODAY = datetime.date(2026, 11, 21)
LISTS = [
    "initiatives",
    "status-updates",
    "meetings",
    "series",
    "documents",
    "provisions",
    "parties",
    "themes",
    "sources",
]


@pytest.fixture(autouse=True)
def on_a_fixed_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    with translation.override("en"):  # the language of the last request stays active after it
        yield


@pytest.fixture
def get(db):
    """The answer of an address of version 1."""

    def _get(path, params=None, **headers):
        return Client().get(path if path.startswith("/") else f"/api/v1/{path}", params, headers=headers)

    return _get


@pytest.fixture
def read(get):
    """The content of an answer that must be there."""

    def _read(path, params=None, **headers):
        response = get(path, params, **headers)
        assert response.status_code == 200, response.content
        return response.json()

    return _read


@pytest.fixture
def refused(get):
    """The entries of a 400 by field and code."""

    def _refused(path, params=None):
        response = get(path, params)
        assert response.status_code == 400, response.content
        assert response.headers["Content-Type"] == "application/problem+json"
        return {(error["field"], error["code"]): error for error in response.json()["errors"]}

    return _refused


@pytest.fixture
def everything(read):
    """All records of a list, page by page."""

    def _everything(path, params=None):
        page = read(path, params)
        found = page["results"]
        while page["next"]:
            page = read(page["next"].removeprefix("http://testserver"))
            found += page["results"]
        return found

    return _everything


def ids(page):
    return [row["id"] for row in page["results"]]


def walk(read, page, direction):
    """Ids of this page and all pages in one direction."""
    pages = [ids(page)]
    while page[direction]:
        assert len(pages) < 200, "it goes round in circles"
        page = read(page[direction].removeprefix("http://testserver"))
        pages.append(ids(page))
    return pages, page
