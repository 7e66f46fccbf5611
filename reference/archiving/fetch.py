"""Asking for one page: what came back, or what went wrong, by name."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import httpcore

from .addresses import Rules, Target
from .connection import Deadline, Guard

REDIRECTS = {301, 302, 303, 307, 308}
# Answers whose body is the page that was asked for, whole.
WITH_THE_PAGE = {200, 203}
HEADERS_TOO_LARGE = 431  # h11's word for more header lines than it reads


@dataclass(frozen=True)
class Limits:
    """How much of a stranger's answer we wait for and take in. Seconds and bytes."""

    connect: float = 10
    read: float = 20
    total: float = 60
    size: int = 25 * 1024 * 1024
    redirects: int = 5


class Failure(StrEnum):
    """Why there is no answer to a request."""

    UNKNOWN_HOST = "unknown host"
    NO_CONNECTION = "no connection"
    NOT_SECURE = "no secure connection"
    NO_ANSWER = "no answer"
    NOT_HTTP = "not an answer of the web"
    HEADERS_TOO_LARGE = "headers too large"
    CIRCLE = "redirects in a circle"
    TOO_MANY_REDIRECTS = "too many redirects"


class Trouble(Exception):
    """No page came back; str() says what happened in a sentence."""

    def __init__(self, failure: Failure, sentence: str):
        super().__init__(sentence)
        self.failure = failure


class Flaw(StrEnum):
    """Why a page that answered was not taken in."""

    EMPTY = "it answers with an empty page"
    TOO_LARGE = "it is larger than what is kept"
    INCOMPLETE = "its answer breaks off or takes too long"


@dataclass(frozen=True)
class Hop:
    """One redirect that was followed."""

    status: int
    start: Target
    to: Target


@dataclass(frozen=True)
class Page:
    """The last answer on the way: from where, how it got there, and the bytes as they were sent, never unpacked."""

    asked: Target
    target: Target
    status: int
    hops: tuple[Hop, ...] = ()
    body: bytes = b""
    content_type: str = ""
    content_encoding: str = ""
    flaw: Flaw | None = None


def fetch(url: str, *, rules: Rules, limits: Limits, agent: str) -> Page:
    """Ask for a page, following redirects. Each address on the way is held to the rules anew.

    Raises Refused (before anything is sent there) for an address the rules do
    not allow, and Trouble when no answer came.
    """
    deadline = Deadline(limits.total)
    asked = target = rules.target(url)
    hops: list[Hop] = []
    while True:
        page, location = _ask(asked, target, tuple(hops), rules, limits, deadline, agent)
        if not location:
            return page
        following = rules.target(location, base=str(target))
        if following in {target, *(hop.start for hop in hops)}:
            raise Trouble(Failure.CIRCLE, f"{target} redirects in a circle.")
        if len(hops) == limits.redirects:
            raise Trouble(Failure.TOO_MANY_REDIRECTS, f"{asked} redirects more than {limits.redirects} times.")
        hops.append(Hop(page.status, target, following))
        target = following


def _ask(asked: Target, target: Target, hops: tuple[Hop, ...], rules: Rules, limits: Limits, deadline: Deadline, agent: str):
    """One request: the answer, and where it redirects to, empty when nowhere. The body is read only where it is the page."""
    headers = {
        "Host": target.authority,
        "User-Agent": agent,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    seconds = {"connect": limits.connect, "read": limits.read, "write": limits.read}
    with httpcore.ConnectionPool(ssl_context=rules.tls, network_backend=Guard(rules, deadline), max_connections=1) as pool:
        request = httpcore.Request("GET", url, headers=list(headers.items()), extensions={"timeout": seconds})
        with _named(target):
            response = pool.handle_request(request)
        try:
            told = _Headers(response.headers)
            location = told["location"] if response.status in REDIRECTS else ""
            body, flaw = b"", None
            if response.status in WITH_THE_PAGE:
                body, flaw = _read(response, told["content-length"], limits)
            page = Page(asked, target, response.status, hops, body, told["content-type"], told["content-encoding"], flaw)
            return page, location
        finally:
            response.close()


def _read(response: httpcore.Response, length: str, limits: Limits) -> tuple[bytes, Flaw | None]:
    """The body, or why it was left: what it claims to weigh and what it weighs are both held to the limit."""
    if length.isdigit() and int(length) > limits.size:
        return b"", Flaw.TOO_LARGE
    parts, size = [], 0
    try:
        for part in response.iter_stream():
            size += len(part)
            if size > limits.size:
                return b"", Flaw.TOO_LARGE
            parts.append(part)
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        return b"", Flaw.INCOMPLETE
    return (b"".join(parts), None) if size else (b"", Flaw.EMPTY)


class _Headers(dict):
    """Headers by small letters, the first of each name, as text whatever bytes they are; empty when absent."""

    def __init__(self, pairs: list[tuple[bytes, bytes]]):
        super().__init__()
        for name, value in pairs:
            try:
                text = value.decode()
            except UnicodeDecodeError:
                text = value.decode("latin-1")
            self.setdefault(name.decode("ascii").lower(), text.strip())

    def __missing__(self, name: str) -> str:
        return ""


@contextmanager
def _named(target: Target) -> Iterator[None]:
    """Whatever can go wrong before there is an answer, by name."""
    host = target.host
    try:
        yield
    except socket.gaierror:
        raise Trouble(Failure.UNKNOWN_HOST, f"No address is known for {host}.") from None
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise Trouble(Failure.NOT_SECURE, f"The certificate of {host} could not be verified: {cause.verify_message}.") from None
        if isinstance(cause, ssl.SSLError):
            raise Trouble(Failure.NOT_SECURE, f"No secure connection to {host} could be made.") from None
        raise Trouble(Failure.NO_CONNECTION, f"{host} accepts no connection.") from None
    except httpcore.TimeoutException:
        raise Trouble(Failure.NO_ANSWER, f"{host} did not answer in time.") from None
    except httpcore.NetworkError:
        raise Trouble(Failure.NO_ANSWER, f"{host} broke off the connection.") from None
    except httpcore.ProtocolError as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, str):  # httpcore's own: closed before the headers were complete
            raise Trouble(Failure.NO_ANSWER, f"{host} closed the connection without an answer.") from None
        if getattr(cause, "error_status_hint", None) == HEADERS_TOO_LARGE:
            raise Trouble(Failure.HEADERS_TOO_LARGE, f"{host} sends more headers than are read.") from None
        raise Trouble(Failure.NOT_HTTP, f"{host} answers, but not as a web server does.") from None
