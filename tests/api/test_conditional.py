"""What a reader has already is not given again, and what changed always is."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.conditional import edition
from editorial import workflow
from tests.api.conftest import LISTS
from tests.factories import InitiativeFactory, ThemeFactory


@pytest.mark.parametrize("path", [*(f"{name}/" for name in LISTS), "", "changes/", "vocabularies/", "openapi.json"])
def test_every_address_answers_304_without_a_body_to_who_has_it(get, path):
    first = get(path)
    again = get(path, if_none_match=first.headers["ETag"])

    assert first.headers["ETag"].startswith('W/"')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert {"X-OTS-Serial", "X-Request-ID", "Vary", "Cache-Control"} <= set(again.headers)


def test_a_304_costs_one_query(get):
    InitiativeFactory.create_batch(3)
    etag = get("initiatives/").headers["ETag"]

    with CaptureQueriesContext(connection) as queries:
        get("initiatives/", if_none_match=etag)

    assert len(queries) == 1


@pytest.mark.parametrize("form", ["{}", '"other", {}', '{}, W/"other"', "*"])
def test_the_tag_is_recognised_in_every_form_a_cache_sends_it(get, form):
    ThemeFactory(slug="theme")
    etag = get("themes/theme/").headers["ETag"]

    assert get("themes/theme/", if_none_match=form.format(etag)).status_code == 304


@pytest.mark.parametrize("form", ["", "nonsense", 'W/"other"', '"', "W/"])
def test_another_tag_gets_the_whole_answer(get, form):
    assert get("themes/", if_none_match=form).status_code == 200


def test_what_is_not_there_is_no_match_for_any(get):
    assert get("initiatives/nope/", if_none_match="*").status_code == 404
    assert get("initiatives/?nope=1", if_none_match="*").status_code == 400


def test_a_public_change_makes_every_answer_new(get, editor):
    theme = ThemeFactory()
    before = get("initiatives/").headers

    theme.name = "Another name"
    workflow.save(record=theme, by=editor, before={"name": "Made-up"})
    after = get("initiatives/", if_none_match=before["ETag"])

    assert after.status_code == 200
    assert after.headers["ETag"] != before["ETag"]
    assert int(after.headers["X-OTS-Serial"]) > int(before["X-OTS-Serial"])


def test_a_draft_makes_no_answer_new(get, editor):
    etag = get("initiatives/").headers["ETag"]

    workflow.submit(record=InitiativeFactory(state="draft"), by=editor)

    assert get("initiatives/").headers["ETag"] == etag


def test_another_day_is_another_answer_because_deadlines_pass(get, monkeypatch):
    etag = get("initiatives/").headers["ETag"]
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: datetime.date(2026, 11, 22))

    assert get("initiatives/").headers["ETag"] != etag


def test_another_question_language_or_host_is_another_answer(get):
    tags = {
        get("themes/").headers["ETag"],
        get("themes/?limit=3").headers["ETag"],
        get("themes/", accept_language="tr").headers["ETag"],
        get("series/").headers["ETag"],
        Client().get("/api/v1/themes/", headers={"host": "localhost"}).headers["ETag"],
    }

    assert len(tags) == 5


def test_another_release_is_another_answer(get, monkeypatch):
    etag = get("themes/").headers["ETag"]
    monkeypatch.setattr("api.conditional.edition", lambda: "another")

    assert len(edition()) == 64
    assert get("themes/").headers["ETag"] != etag


def test_the_same_question_has_the_same_tag_and_the_same_words(get):
    InitiativeFactory.create_batch(3)

    first, second = get("initiatives/?limit=2"), get("initiatives/?limit=2")

    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.content == second.content


def test_answers_may_be_kept_but_must_be_asked_about(get):
    headers = get("themes/").headers

    assert headers["Cache-Control"] == "public, no-cache"
    assert headers["Vary"] == "Accept-Language"


def test_a_cookie_of_the_pages_means_nothing_here(db):
    client = Client()
    client.cookies["django_language"] = "tr"
    client.cookies["sessionid"] = "made-up"

    response = client.get("/api/v1/themes/")

    assert response.headers["Content-Language"] == "en"
    assert "Cookie" not in response.headers["Vary"]
    assert not response.cookies


def test_head_gives_the_headers_alone(db):
    ThemeFactory()
    client = Client()
    got, head = client.get("/api/v1/themes/"), client.head("/api/v1/themes/")

    assert head.content == b""
    assert (head.status_code, head.headers["ETag"]) == (200, got.headers["ETag"])


def test_scripts_of_any_site_may_read(db):
    client = Client()
    asked_before = client.options("/api/v1/themes/", headers={"origin": "https://partner.example"})
    read = client.get("/api/v1/themes/", headers={"origin": "https://partner.example"})

    assert asked_before.status_code == 204
    assert asked_before.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in asked_before.headers["Access-Control-Allow-Headers"]
    assert read.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in read.headers["Access-Control-Expose-Headers"]


def test_text_is_sent_as_it_is_written(get):
    ThemeFactory(name="Rəqəmsal – цифрлық")

    content = get("themes/").content

    assert "Rəqəmsal – цифрлық".encode() in content
