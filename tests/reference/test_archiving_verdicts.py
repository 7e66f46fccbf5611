"""What an answer says of a link, and what it does not."""

import pytest

from reference.archiving.addresses import Rules
from reference.archiving.fetch import Flaw, Hop, Page
from reference.archiving.verdicts import Reading, of_page, visit
from reference.models import Source
from tests.reference.misbehaving import HURRY, PATIENCE, listening, page, redirect, reset

START = "http://courier.example/news/1"


def answer(status=200, *way, flaw=None):
    """The last answer on a way of redirects, each given as (number, address)."""
    target = Rules().target
    stations = [START, *(to for _number, to in way)]
    hops = tuple(Hop(number, target(start), target(to)) for (number, to), start in zip(way, stations, strict=False))
    return of_page(Page(target(START), target(stations[-1]), status, hops, b"Made-up", flaw=flaw))


@pytest.fixture
def server():
    with listening() as server:
        yield server


def seen(server, url, *, limits=PATIENCE):
    pauses = []
    verdict = visit(url, rules=server.rules(), limits=limits, agent="made-up agent", pause=7, sleep=pauses.append)
    return verdict, pauses


def test_what_is_kept_on_a_source_has_the_same_name_there():
    assert {Reading.ALIVE, Reading.MOVED, Reading.DEAD} == set(Source.Health) - {Source.Health.UNCHECKED}


@pytest.mark.parametrize(
    "way",
    [
        [],
        [(301, "https://courier.example/news/1")],
        [(302, "http://www.courier.example/news/1/")],
        [
            (307, "https://courier.example/news/1"),
            (301, "https://www.courier.example/news/1"),
            (308, "https://www.courier.example/news/1/"),
        ],
        [(302, "http://courier.example/cookies"), (302, "http://courier.example/news/1/")],
    ],
)
def test_a_page_that_answers_at_its_own_address_is_alive(way):
    verdict = answer(200, *way)

    assert (verdict.reading, verdict.sentence) == (Reading.ALIVE, "")
    assert verdict.page


@pytest.mark.parametrize("number", [301, 308])
def test_a_page_that_answers_elsewhere_for_good_has_moved(number):
    verdict = answer(200, (number, "https://courier.example/archive/1"))

    assert (verdict.reading, verdict.sentence) == (Reading.MOVED, "It has moved to https://courier.example/archive/1.")
    assert verdict.page


@pytest.mark.parametrize("number", [302, 303, 307])
def test_no_copy_is_taken_of_a_page_that_only_stands_in(number):
    """It may ask to sign in, or to accept cookies."""
    verdict = answer(200, (number, "https://login.example/?back=1"))

    assert (verdict.reading, verdict.page) == (Reading.ALIVE, None)
    assert "leads to https://login.example/?back=1 for now" in verdict.sentence


@pytest.mark.parametrize("front", ["https://courier.example/", "https://courier.example/en/", "https://www.courier.example/index.html"])
def test_a_page_that_became_the_front_page_may_be_gone(front):
    verdict = answer(200, (301, front))

    assert (verdict.reading, verdict.page) == (Reading.UNKNOWN, None)
    assert "leads to the front page" in verdict.sentence


def test_leaving_the_encrypted_connection_is_said():
    verdict = answer(200, (301, "https://courier.example/news/1"), (301, "http://courier.example/news/1/"))

    assert verdict.sentence == "The way there leaves the encrypted connection."


@pytest.mark.parametrize("number", [400, 404, 410, 418, 500, 502, 304, 301])
def test_a_page_that_is_answered_for_with_an_error_is_dead(number):
    assert answer(number).reading == Reading.DEAD
    assert answer(number, (301, "https://courier.example/archive/1")).reading == Reading.DEAD


@pytest.mark.parametrize("number", [202, 204, 206, 401, 402, 403, 407, 408, 429, 451, 503])
def test_of_a_page_that_is_not_shown_to_us_nobody_can_tell(number):
    verdict = answer(number)

    assert (verdict.reading, verdict.page) == (Reading.UNKNOWN, None)
    assert f"answers with {number}" in verdict.sentence


@pytest.mark.parametrize(
    ("flaw", "reading"), [(Flaw.EMPTY, Reading.UNKNOWN), (Flaw.INCOMPLETE, Reading.UNKNOWN), (Flaw.TOO_LARGE, Reading.ALIVE)]
)
def test_a_page_that_did_not_arrive_whole_is_not_kept(flaw, reading):
    verdict = answer(200, flaw=flaw)

    assert (verdict.reading, verdict.page) == (reading, None)
    assert flaw in verdict.sentence


def test_a_single_failure_condemns_no_page(server):
    verdict, pauses = seen(server, server.on("/1", page(status="500 Oh"), page()))

    assert (verdict.reading, pauses) == (Reading.ALIVE, [7])


@pytest.mark.parametrize("failure", [page(status="404 Not Found"), reset, b"", b"SSH-2.0-made-up\r\n\r\n"])
def test_a_page_that_fails_twice_is_dead(server, failure):
    verdict, pauses = seen(server, server.on("/1", failure))

    assert (verdict.reading, pauses) == (Reading.DEAD, [7])
    assert verdict.sentence.endswith(".")


def test_a_page_that_does_not_answer_in_time_twice_is_dead(server):
    verdict, pauses = seen(server, server.on("/1", server.say_nothing), limits=HURRY)

    assert (verdict.reading, verdict.answered, pauses) == (Reading.DEAD, False, [7])


def test_a_page_that_breaks_off_is_asked_for_again(server):
    verdict, pauses = seen(server, server.on("/1", page(b"Made", Content_Length=7), page(b"Made-up")))

    assert (verdict.reading, verdict.page.body, pauses) == (Reading.ALIVE, b"Made-up", [7])


@pytest.mark.parametrize("number", ["403 Forbidden", "429 Too Many Requests", "503 Later"])
def test_who_is_told_to_go_away_does_not_ask_twice(server, number):
    verdict, pauses = seen(server, server.on("/1", page(status=number)))

    assert (verdict.reading, pauses) == (Reading.UNKNOWN, [])
    assert verdict.asks_to_wait == (number[:3] in ("429", "503"))


def test_a_circle_may_only_be_for_those_who_take_no_cookies(server):
    verdict, pauses = seen(server, server.on("/1", redirect("/1", "302 Found")))

    assert (verdict.reading, verdict.answered, pauses) == (Reading.UNKNOWN, False, [])


def test_what_is_refused_is_refused_at_once(server):
    verdict, pauses = seen(server, "http://10.0.0.1/")

    assert (verdict.reading, pauses) == (Reading.REFUSED, [])
