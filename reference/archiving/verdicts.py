"""What an answer says of a link: alive, moved, dead, or that nobody can tell from here."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .addresses import DEFAULT_PORTS, Refused, Rules, Target
from .fetch import WITH_THE_PAGE, Failure, Flaw, Limits, Page, Trouble, fetch

PERMANENT = {301, 308}
# The server answers, but not to us, or not now: a reader with a browser may well see the page.
NOT_FOR_US = {401, 402, 403, 407, 408, 429, 451, 503}
ASKS_TO_WAIT = {429, 503}
# Silence of the page, which may as well be a fault of the network here.
SILENT = {Failure.UNKNOWN_HOST, Failure.NO_CONNECTION, Failure.NO_ANSWER, Failure.NOT_HTTP}
FRONT_PAGE = re.compile(r"/(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:(?:index|default)\.[a-z]+)?", re.IGNORECASE)


class Reading(StrEnum):
    """How a link was found. The first three are kept on the source (`Source.Health`); the others leave it as it was."""

    ALIVE = "alive"
    MOVED = "moved"
    DEAD = "dead"
    UNKNOWN = "cannot tell"
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """A link as it was found, with a sentence for whoever has to mend it, empty when all is well."""

    reading: Reading
    sentence: str = ""
    page: Page | None = None  # only when its body is the page of this link, whole
    answered: bool = False  # a web server spoke, so the network works
    asks_to_wait: bool = False
    may_pass: bool = False  # worth a second try


def visit(url: str, *, rules: Rules, limits: Limits, agent: str, pause: float = 5, sleep: Callable[[float], None] = time.sleep) -> Verdict:
    """Look at a link; when it fails, once more after a pause, because a single failure condemns no page."""
    verdict = _look(url, rules=rules, limits=limits, agent=agent)
    if verdict.may_pass:
        sleep(pause)
        verdict = _look(url, rules=rules, limits=limits, agent=agent)
    return verdict


def _look(url: str, **how) -> Verdict:
    try:
        return of_page(fetch(url, **how))
    except Refused as refusal:
        return Verdict(Reading.REFUSED, str(refusal))
    except Trouble as trouble:
        reading = Reading.DEAD if trouble.failure in SILENT else Reading.UNKNOWN
        return Verdict(reading, str(trouble), may_pass=reading is Reading.DEAD)


def of_page(page: Page) -> Verdict:
    """What an answer says of the link that was asked for."""
    if page.status not in WITH_THE_PAGE:
        return _without_the_page(page)
    if page.flaw in (Flaw.EMPTY, Flaw.INCOMPLETE):
        return Verdict(Reading.UNKNOWN, f"{page.target}: {page.flaw}.", answered=True, may_pass=True)
    elsewhere = [hop for hop in page.hops if not same_place(hop.start, hop.to)]
    away = bool(elsewhere) and not same_place(page.asked, page.target)
    if away and _is_front_page(page.target) and not _is_front_page(page.asked):
        return Verdict(Reading.UNKNOWN, f"It leads to the front page {page.target}, so the page itself may be gone.", answered=True)
    if away and any(hop.status not in PERMANENT for hop in elsewhere):
        # Such as a page that asks to sign in or to accept cookies: no copy of it must pass for the page that was cited.
        return Verdict(Reading.ALIVE, f"It leads to {page.target} for now, which may be another page.", answered=True)
    reading = Reading.MOVED if away else Reading.ALIVE
    remarks = [f"It has moved to {page.target}."] if away else []
    if any(hop.start.scheme == "https" and hop.to.scheme == "http" for hop in page.hops):
        remarks.append("The way there leaves the encrypted connection.")
    if page.flaw:
        remarks.append(f"No copy can be kept: {page.flaw}.")
    return Verdict(reading, " ".join(remarks), page=None if page.flaw else page, answered=True)


def _without_the_page(page: Page) -> Verdict:
    sentence = f"{page.target} answers with {page.status}."
    if page.status in NOT_FOR_US:
        return Verdict(Reading.UNKNOWN, sentence, answered=True, asks_to_wait=page.status in ASKS_TO_WAIT)
    if page.status < 300:
        # 202 and its like come from guards that first want to see a browser.
        return Verdict(Reading.UNKNOWN, sentence, answered=True)
    return Verdict(Reading.DEAD, sentence, answered=True, may_pass=True)


def same_place(one: Target, other: Target) -> bool:
    """Whether two addresses differ only in http or https, www., or a slash at the end."""
    return _place(one) == _place(other)


def _place(target: Target) -> tuple[str, int | None, str, str]:
    path, _mark, query = target.path.partition("?")
    port = None if target.port == DEFAULT_PORTS[target.scheme] else target.port
    return target.host.removeprefix("www."), port, path.rstrip("/"), query


def _is_front_page(target: Target) -> bool:
    return bool(FRONT_PAGE.fullmatch(target.path))
