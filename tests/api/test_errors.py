"""Whatever is asked, the answer is JSON in one form, and never a 500."""

import json

import pytest
from django.db import OperationalError
from django.test import Client

from tests.factories import InitiativeFactory

KEYS = {"type", "title", "status", "detail", "errors", "request_id"}


def problem(response, status):
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) >= KEYS
    assert body["status"] == status
    assert body["request_id"] == response.headers["X-Request-ID"]
    assert body["type"].startswith("http")
    assert "/api/docs/#problem-" in body["type"]
    return body


@pytest.mark.parametrize(
    "path",
    [
        "nope/",
        "nope",
        "initiatives/nope/",
        "initiatives/nope/more/",
        "initiatives/%00/",
        "initiatives/%FF/",
        "initiatives/a%0Ab/",
        "initiatives/" + "9" * 30 + "/",
        "initiatives/9223372036854775808/",
        "initiatives/" + "a" * 5000 + "/",
        "initiatives/ü/",
        "initiatives/../../",
        "provisions/no/such/",
        "provisions/no/",
        "vocabularies/nope/",
        "changes/1/",
        "/api/v2/",
        "/api/nope",
    ],
)
def test_an_address_that_is_none_is_a_404_with_the_way_on(get, path):
    assert problem(get(path), 404)["detail"]


@pytest.mark.parametrize(
    "query",
    ["q=%00", "%00=1", "q=" + "x" * 5000, "&".join(["a"] * 1500), "cursor=%00", "q=a%00b&limit=1"],
)
def test_a_query_no_database_could_take_is_a_400(get, query):
    problem(get(f"initiatives/?{query}"), 400)


@pytest.mark.parametrize("query", ["q=%25%27%22%5C", "q=%ED%A0%80", "q=%FF", "q=(((", "q=%F0%9F%90%BA", "q=%E2%80%AE"])
def test_any_text_can_be_searched_for(read, query):
    assert read(f"initiatives/?{query}")["results"] == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["initiatives/", "changes/", "", "openapi.json"])
def test_nothing_can_be_written(db, method, path):
    response = getattr(Client(), method)(f"/api/v1/{path}")

    problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_body_in_any_form_changes_nothing_about_that(db):
    response = Client().post("/api/v1/themes/", data=b"<x/>", content_type="application/xml")

    problem(response, 405)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense"])
def test_only_json_is_spoken(get, accept):
    problem(get("themes/", accept=accept), 406)


def test_a_browser_that_takes_anything_gets_json(get):
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"

    assert get("themes/", accept=accept).headers["Content-Type"] == "application/json"


def test_a_strange_host_is_refused_in_the_same_form(db):
    problem(Client().get("/api/v1/themes/", headers={"host": "evil.example"}), 400)


@pytest.mark.parametrize("charset", ["nope", "utf-16", "utf-7"])
def test_the_charset_of_a_body_that_is_not_there_means_nothing(db, charset):
    InitiativeFactory(name="Fund")
    client = Client()

    answer = client.get("/api/v1/initiatives/?q=fund", CONTENT_TYPE=f"text/plain; charset={charset}")

    assert len(answer.json()["results"]) == 1


def test_a_fault_of_our_own_is_a_500_that_tells_nothing_but_its_id(db, monkeypatch):
    monkeypatch.setattr("api.v1.changes.changed_fields", lambda change: 1 / 0)
    monkeypatch.setattr("api.v1.changes.ChangesView.get", lambda *args: 1 / 0)
    client = Client(raise_request_exception=False)

    body = problem(client.get("/api/v1/changes/"), 500)

    assert "ZeroDivision" not in json.dumps(body)


def test_a_database_that_does_not_answer_is_a_503_to_be_tried_again(db, monkeypatch):
    def down():
        raise OperationalError("made up")

    monkeypatch.setattr("editorial.ledger.public_serial", down)
    response = Client(raise_request_exception=False).get("/api/v1/themes/")

    problem(response, 503)
    assert response.headers["Retry-After"] == "2"


def test_errors_speak_english_whatever_language_is_asked_for(get):
    answers = [get("initiatives/?status=x&since=y", accept_language=code).json()["errors"] for code in ("en", "tr", "ru")]

    assert answers[0] == answers[1] == answers[2]


def test_errors_are_not_kept(get):
    assert get("nope/").headers["Cache-Control"] == "no-store"


def test_the_callers_own_request_id_comes_back(get):
    response = get("nope/", x_request_id="batch-7:row.3")

    assert problem(response, 404)["request_id"] == "batch-7:row.3"


@pytest.mark.parametrize("given", ["", "two words", "x" * 101, "ü", "a\tb"])
def test_an_id_unfit_for_a_log_line_is_replaced(get, given):
    answer = get("themes/", x_request_id=given).headers["X-Request-ID"]

    assert len(answer) == 32
    assert answer != given


def test_every_answer_has_an_id_of_its_own(get):
    assert get("themes/").headers["X-Request-ID"] != get("themes/").headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["", "themes/", "themes/?nope=1", "nope/", "initiatives/nope/", "themes", "changes/", "themes/?q=%00"])
def test_every_answer_of_version_1_says_at_which_serial_it_stands(get, path):
    assert get(path).headers["X-OTS-Serial"].isdigit()


@pytest.mark.parametrize("path", ["themes", "themes?lang=tr", "initiatives/x"])
def test_a_missing_last_slash_is_put_right(get, path):
    response = get(path)

    assert response.status_code == 301
    assert response.headers["Location"] == "/api/v1/" + (path.replace("?", "/?") if "?" in path else f"{path}/")
