"""Fetching from a server on this machine that misbehaves in every way we could think of."""

import gzip
import ssl
import time
from ipaddress import ip_address
from pathlib import Path

import pytest

from reference.archiving.addresses import Refused, Rules
from reference.archiving.fetch import Failure, Flaw, Limits, Trouble, fetch
from tests.reference.misbehaving import HURRY, PATIENCE, at_home, listening, page, redirect, reset

CERTIFICATE = Path(__file__).parent / "courier.example.pem"


@pytest.fixture
def server():
    with listening() as server:
        yield server


@pytest.fixture
def secure_server():
    identity = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    identity.load_cert_chain(CERTIFICATE)
    with listening(identity) as server:
        yield server


def get(server, url, *, limits=PATIENCE, **rules):
    return fetch(url, rules=server.rules(**rules), limits=limits, agent="made-up agent")


def failure_of(server, url, **how):
    with pytest.raises(Trouble) as trouble:
        get(server, url, **how)
    return trouble.value.failure


# A server that behaves


def test_a_page_comes_as_it_was_sent(server):
    found = get(server, server.on("/1", page(b"<p>Made-up news.</p>")))

    assert (found.status, found.body, found.content_type) == (200, b"<p>Made-up news.</p>", "text/html; charset=utf-8")
    assert found.flaw is None


def test_the_request_says_who_asks_and_wants_nothing_packed(server):
    get(server, server.on("/1?a=b", page()))

    [request] = server.requests
    assert request.startswith("GET /1?a=b HTTP/1.1\r\n")
    for line in (f"Host: 127.0.0.1:{server.port}", "User-Agent: made-up agent", "Accept-Encoding: identity"):
        assert f"\r\n{line}\r\n" in request
    assert "Cookie" not in request


def test_a_page_in_chunks_is_put_together(server):
    answer = page(b"5\r\nMade-\r\n2\r\nup\r\n0\r\n\r\n", Content_Length=None, Transfer_Encoding="chunked")

    assert get(server, server.on("/1", answer)).body == b"Made-up"


def test_a_page_without_a_length_ends_with_the_connection(server):
    assert get(server, server.on("/1", page(b"Made-up", Content_Length=None))).body == b"Made-up"


@pytest.mark.parametrize("status", ["204 No Content", "403 Forbidden", "404 Not Found", "429 Too Many Requests", "500 Oh", "999 Made Up"])
def test_an_answer_without_the_page_is_known_by_its_number_alone(server, status):
    found = get(server, server.on("/1", page(b"Sorry." * 100_000, status=status)))

    assert (found.status, found.body) == (int(status[:3]), b"")


# What is refused


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://10.0.0.1/", "http://localhost/"]
)
def test_by_default_nothing_private_is_opened(url):
    with pytest.raises(Refused, match="not a public address"):
        fetch(url, rules=Rules(), limits=PATIENCE, agent="made-up agent")


def test_a_name_that_leads_to_a_private_address_is_not_opened_though_a_server_listens(server):
    with pytest.raises(Refused, match=r"courier.example leads to 127\.0\.0\.1"):
        fetch(
            server.url("/1", "courier.example"),
            rules=Rules(ports={server.port}, resolve=at_home),
            limits=PATIENCE,
            agent="made-up agent",
        )
    assert not server.requests


def test_the_address_that_was_checked_is_the_one_connected_to(server):
    """A name server that answers differently the second time is not asked a second time."""
    said = ["127.0.0.1", "10.0.0.1", "10.0.0.1"]

    def fickle(host, port, **how):
        return [(2, 1, 6, "", (said.pop(0), port))]

    server.on("/1", page())
    found = get(server, server.url("/1", "courier.example"), resolve=fickle)

    assert found.status == 200
    assert said == ["10.0.0.1", "10.0.0.1"]


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("http://10.0.0.1:{port}/", "not a public address"),
        ("//127.0.0.2:{port}/", "not a public address"),
        ("http://127.0.0.1:1/", "asks for port 1"),
        ("file:///etc/passwd", "not an address of http or https"),
        ("ftp://courier.example/", "not an address of http or https"),
        ("http://made-up-user:password@127.0.0.1:{port}/", "carries a user's name"),
        ("http://[", "cannot be read"),
        ("http://\xff\xfe:{port}/", "not a public address"),
    ],
)
def test_a_redirect_is_held_to_the_same_rules(server, to, sentence):
    url = server.on("/1", redirect(to.format(port=server.port)))

    with pytest.raises(Refused, match=sentence):
        get(server, url, resolve=lambda host, port, **how: [(2, 1, 6, "", ("10.0.0.1", port))])
    assert len(server.requests) == 1


# Redirects


def test_redirects_are_followed_and_remembered(server):
    server.on("/2", redirect("3?x=1", "302 Found"))
    server.on("/3?x=1", page(b"Made-up"))

    found = get(server, server.on("/1", redirect("/2")))

    assert (found.body, str(found.target)) == (b"Made-up", server.url("/3?x=1"))
    assert [(hop.status, hop.start.path, hop.to.path) for hop in found.hops] == [(301, "/1", "/2"), (302, "/2", "/3?x=1")]


def test_a_redirect_to_itself_is_a_circle(server):
    assert failure_of(server, server.on("/1", redirect("#again"))) == Failure.CIRCLE


def test_redirects_in_a_circle_are_left(server):
    server.on("/2", redirect("/1"))

    assert failure_of(server, server.on("/1", redirect("/2"))) == Failure.CIRCLE
    assert len(server.requests) == 2


def test_the_sixth_redirect_is_not_followed(server):
    for number in range(9):
        server.on(f"/{number}", redirect(f"/{number + 1}"))

    assert failure_of(server, server.url("/0")) == Failure.TOO_MANY_REDIRECTS
    assert len(server.requests) == 6


def test_a_redirect_to_nowhere_is_an_answer_without_a_page(server):
    assert get(server, server.on("/1", page(status="301 Moved"))).status == 301


# Time


def test_a_server_that_says_nothing_is_left(server):
    assert failure_of(server, server.on("/1", server.say_nothing), limits=HURRY) == Failure.NO_ANSWER


@pytest.mark.parametrize(
    ("start", "drop"),
    [(b"HTTP/1.1 200 OK\r\n", b"X-Made-Up: 1\r\n"), (b"HTTP/1.1 200 OK\r\nX-Made-Up: ", b"x"), (b"", b"HTTP/1.1 100 Continue\r\n\r\n")],
    ids=["line by line", "letter by letter", "always about to begin"],
)
def test_headers_that_drip_cannot_stretch_the_visit(server, start, drop):
    began = time.monotonic()

    assert failure_of(server, server.on("/1", server.drip(start, drop)), limits=HURRY) == Failure.NO_ANSWER
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("start", "drop"),
    [(page(b"", Content_Length=90_000), b"x"), (page(b"", Content_Length=None, Transfer_Encoding="chunked"), b"1\r\nx\r\n")],
    ids=["with a length", "in chunks"],
)
def test_a_body_that_drips_cannot_stretch_the_visit(server, start, drop):
    began = time.monotonic()

    assert get(server, server.on("/1", server.drip(start, drop)), limits=HURRY).flaw == Flaw.INCOMPLETE
    assert time.monotonic() - began < 3


def test_redirects_share_the_time_of_one_visit(server):
    def slowly(connection):
        server.closing.wait(0.2)
        connection.sendall(redirect(f"/{len(server.requests)}"))

    for number in range(9):
        server.on(f"/{number}", slowly)

    assert failure_of(server, server.url("/0"), limits=Limits(connect=5, read=5, total=0.3, redirects=9)) == Failure.NO_ANSWER
    assert len(server.requests) <= 2


# Size


def test_a_page_that_says_it_is_too_large_is_not_read(server):
    assert get(server, server.on("/1", page(b"", Content_Length=100_001))).flaw == Flaw.TOO_LARGE


@pytest.mark.parametrize(
    ("start", "more"),
    [
        (page(b"", Content_Length=None), b"x" * 10_000),
        (page(b"", Content_Length=None, Transfer_Encoding="chunked"), b"ff\r\n" + b"x" * 255 + b"\r\n"),
    ],
    ids=["until it closes", "in chunks"],
)
def test_an_endless_body_is_left_at_the_limit(server, start, more):
    assert get(server, server.on("/1", server.pour(start, more))).flaw == Flaw.TOO_LARGE


def test_a_page_just_within_the_limit_is_kept_whole(server):
    assert len(get(server, server.on("/1", page(b"x" * 100_000))).body) == 100_000


def test_a_packed_page_stays_packed(server):
    """Ten megabytes of nothing fit into ten kilobytes; whoever unpacks them meets the bomb."""
    bomb = gzip.compress(b"\0" * 10_000_000)

    found = get(server, server.on("/1", page(bomb, Content_Encoding="gzip")))

    assert (found.body, found.content_encoding) == (bomb, "gzip")


def test_endless_headers_are_left(server):
    answer = server.pour(b"HTTP/1.1 200 OK\r\n", b"X-Made-Up: " + b"x" * 1000 + b"\r\n")

    assert failure_of(server, server.on("/1", answer)) == Failure.HEADERS_TOO_LARGE


# Nonsense


@pytest.mark.parametrize(
    "answer",
    [
        page(b"Made-up", Content_Length=8),
        page(b"7\r\nMade-", Content_Length=None, Transfer_Encoding="chunked"),
        page(b"zz\r\nMade-up\r\n0\r\n\r\n", Content_Length=None, Transfer_Encoding="chunked"),
        page(b"-1\r\nMade-up\r\n0\r\n\r\n", Content_Length=None, Transfer_Encoding="chunked"),
        page(b"f" * 5000 + b"\r\n", Content_Length=None, Transfer_Encoding="chunked"),
        page(b"7\r\nMade-up\r\n", Content_Length=None, Transfer_Encoding="chunked"),
    ],
    ids=["shorter than it says", "half a chunk", "no number", "less than nothing", "a number without end", "no last chunk"],
)
def test_a_body_that_breaks_off_is_not_taken_for_the_page(server, answer):
    found = get(server, server.on("/1", answer))

    assert (found.body, found.flaw) == (b"", Flaw.INCOMPLETE)


def test_a_page_longer_than_it_says_is_as_long_as_it_says(server):
    assert get(server, server.on("/1", page(b"Made-up and more", Content_Length=7))).body == b"Made-up"


def test_an_empty_page_is_no_page(server):
    assert get(server, server.on("/1", page(b""))).flaw == Flaw.EMPTY


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-made-up\r\n\r\n",
        b"<html>no headers</html>\r\n\r\n",
        b"\xff\xfe\x00" * 50 + b"\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        page(Content_Length="many"),
        page(Content_Length="9" * 5000),
        page(Content_Length="-1"),
        page().replace(b"Content-Length: 20", b"Content-Length: 20\r\nContent-Length: 21"),
        page(Transfer_Encoding="made-up"),
    ],
)  # fmt: skip
def test_what_is_no_answer_of_the_web_is_called_so(server, answer):
    assert failure_of(server, server.on("/1", answer)) == Failure.NOT_HTTP


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nX-Made", reset])
def test_a_connection_that_ends_before_the_answer_is_no_answer(server, answer):
    assert failure_of(server, server.on("/1", answer)) == Failure.NO_ANSWER


def test_headers_may_be_any_bytes(server):
    found = get(server, server.on("/1", page().replace(b"text/html; charset=utf-8", b"text/html; t\xfcrk=\xff")))

    assert found.content_type == "text/html; türk=ÿ"


# No connection


def test_a_name_that_nobody_knows(server):
    assert failure_of(server, server.url("/1", "nobody.invalid")) == Failure.UNKNOWN_HOST


def test_a_door_that_is_closed():
    with listening() as gone:
        pass

    assert failure_of(gone, gone.url("/1")) == Failure.NO_CONNECTION


def test_the_next_address_is_tried_when_the_first_is_closed(server):
    """127.0.0.9 is this machine too, and nothing listens there."""
    server.on("/1", page())
    here = {ip_address("127.0.0.9"), ip_address("127.0.0.1")}

    found = get(
        server,
        server.url("/1", "courier.example"),
        allow=here.__contains__,
        resolve=lambda host, port, **how: [(2, 1, 6, "", (address, port)) for address in ("127.0.0.9", "127.0.0.1")],
    )

    assert found.status == 200


# Encrypted connections


def test_a_certificate_is_checked_against_the_name_that_was_asked_for(secure_server):
    trusting = ssl.create_default_context(cafile=CERTIFICATE)
    secure_server.on("/1", page(b"Made-up"))

    assert get(secure_server, secure_server.url("/1", "courier.example", "https"), tls=trusting).body == b"Made-up"
    assert failure_of(secure_server, secure_server.url("/1", "other.example", "https"), tls=trusting) == Failure.NOT_SECURE
    assert failure_of(secure_server, secure_server.url("/1", "127.0.0.1", "https"), tls=trusting) == Failure.NOT_SECURE


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(secure_server):
    secure_server.on("/1", page())

    assert failure_of(secure_server, secure_server.url("/1", "courier.example", "https")) == Failure.NOT_SECURE
    assert not secure_server.requests


def test_a_server_without_encryption_makes_no_secure_connection(server):
    def hang_up(connection):
        connection.sendall(page())

    server.answer = hang_up

    assert failure_of(server, server.url("/1", "courier.example", "https")) == Failure.NOT_SECURE
