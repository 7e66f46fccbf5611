"""Sources are kept: what was read is fetched, stored with its fingerprint and date, and its link checked again and again.

Wired here, because fetching knows nothing of the ledger and the ledger nothing
of sources.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from tqdm import tqdm

from editorial import ledger, workflow
from reference.archiving import copies
from reference.archiving.addresses import Rules
from reference.archiving.fetch import Limits, Page
from reference.archiving.verdicts import Reading, Verdict, visit
from reference.models import Source

BY = "archive_sources"
SETTLED = {Reading.ALIVE, Reading.MOVED, Reading.DEAD}
KEPT = "kept"
LONGEST_LINE = 500
LARGEST_NUMBER = 100_000
SILENT_HOSTS = 5  # so many without a word, before anybody answered at all: it is the network here
LINKS_A_LINE = 25  # where no bar can be drawn


class Overtaken(Exception):
    """The source was changed while its page was being fetched: what was found is about something else now."""


def write_down(*, source: Source, verdict: Verdict, keep: bool, again: bool, now=None) -> bool:
    """Note what was found on the source, and keep the page if wanted; return whether a copy was taken.

    The page was fetched outside of any transaction, so the source is read
    again under its lock: what an editor did meanwhile stands. The file is
    written before the row that names it, and goes again when the row fails.
    Raises Overtaken when the address is another one now, or the source gone.
    """
    now = now or timezone.now()
    copy = None
    try:
        with transaction.atomic():
            try:
                current = workflow.locked(source)
            except Source.DoesNotExist:
                raise Overtaken("it was deleted meanwhile") from None
            if current.url != source.url:
                raise Overtaken("its address was changed meanwhile")
            before, reason = ledger.snapshot(current), "The link was checked."
            if keep and verdict.page and (again or not current.archived_sha256):
                copy = new_copy(current, verdict.page)
            if copy:
                current.archived_copy, current.archived_sha256, current.archived_at = copy.name, copy.sha256, now
                reason = "The page was kept."
            if copy or current.health != verdict.reading:
                current.health, current.checked_at = verdict.reading.value, now
                workflow.save(record=current, by=BY, before=before, reason=reason, now=now)
            else:
                # Nothing that anybody could have changed: no version, no row in the ledger.
                Source.objects.filter(pk=current.pk).update(checked_at=now)
    except BaseException:
        if copy and copy.is_new:
            source.archived_copy.storage.delete(copy.name)
        raise
    return copy is not None


def new_copy(source: Source, page: Page) -> copies.Copy | None:
    """The page as a file; None when the copy there is already holds the same."""
    storage = source.archived_copy.storage
    if copies.holds(source.archived_copy.name, sha256=copies.fingerprint(page.body), storage=storage):
        return None
    ending = copies.extension_of(page.content_type, page.content_encoding)
    return copies.keep(page.body, slug=source.slug, extension=ending, storage=storage)


def host_of(source: Source) -> str:
    """As typed; the database holds that http:// or https:// stands before it."""
    return source.url.split("/")[2]


@dataclass
class Round:
    """One walk along the links.

    Silence is only believed once another page has answered after it: with our
    own network down, every page would be called dead. Where nobody can tell,
    the source stays as it was, with the day of the last check that told
    something.
    """

    how: dict[str, Any]  # what `visit` needs
    keep: bool
    again: bool
    say: Callable[[str], None]
    counts: Counter = field(default_factory=Counter)
    answered: bool = False
    silent: list[tuple[Source, Verdict]] = field(default_factory=list)
    asked_to_wait: set[str] = field(default_factory=set)

    @property
    def settled(self) -> int:
        return sum(self.counts[reading] for reading in SETTLED)

    @property
    def hears_nothing(self) -> bool:
        """Whether going on is in vain: nobody has answered yet, whoever was asked."""
        return not self.answered and len({host_of(source) for source, _verdict in self.silent}) >= SILENT_HOSTS

    def look_at(self, source: Source) -> None:
        host = host_of(source)
        if host in self.asked_to_wait:
            self.leave(source, f"not visited, because {host} asked us to wait.")
            return
        verdict = visit(source.url, **self.how)
        if verdict.asks_to_wait:
            self.asked_to_wait.add(host)
        if verdict.reading is Reading.DEAD and not verdict.answered:
            self.silent.append((source, verdict))
            return
        if verdict.answered:
            self.answered = True
            self.believe_silence()
        self.settle(source, verdict)

    def believe_silence(self) -> None:
        silent, self.silent = self.silent, []
        for source, verdict in silent:
            self.settle(source, verdict)

    def doubt_silence(self) -> None:
        for source, verdict in self.silent:
            self.leave(source, f"{verdict.sentence} No page answered after it, so it may be the network here; nothing was noted.")

    def settle(self, source: Source, verdict: Verdict) -> None:
        if verdict.reading not in SETTLED:
            self.leave(source, verdict.sentence, verdict.reading)
            return
        try:
            taken = write_down(source=source, verdict=verdict, keep=self.keep, again=self.again)
        except Overtaken as why:
            self.leave(source, f"{why}; nothing was noted.")
        except ValidationError as refusal:
            self.leave(source, f"{' '.join(refusal.messages)} Nothing was noted.")
        except OSError as error:
            self.leave(source, f"the copy could not be stored ({error.strerror or error}); nothing was noted.")
        else:
            self.counts[verdict.reading] += 1
            self.counts[KEPT] += taken
            if verdict.sentence:
                self.tell(source, verdict.sentence)

    def leave(self, source: Source, sentence: str, reading: Reading = Reading.UNKNOWN) -> None:
        """Count and tell a link of which nothing was noted."""
        self.counts[reading] += 1
        self.tell(source, sentence)

    def tell(self, source: Source, sentence: str) -> None:
        self.say(f"{source.slug}: {sentence}"[:LONGEST_LINE])


class Command(BaseCommand):
    help = "Fetch the pages of sources: keep a copy where there is none yet, and note whether their links still answer."
    stealth_options = ("rules", "limits")  # for tests, which must not leave this machine

    def add_arguments(self, parser):
        parser.add_argument("slugs", nargs="*", metavar="slug", help="only these sources (default: all that have an address)")
        parser.add_argument("--limit", type=int, metavar="N", help="stop when N links are settled; those nobody can tell do not count")
        parser.add_argument("--older-than", type=int, metavar="DAYS", help="only links that were last checked longer ago")
        parser.add_argument("--pause", type=float, default=5, metavar="SECONDS", help="the wait before a second try (default: 5)")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="only check the links, keep no copies")
        what.add_argument("--again", action="store_true", help="take a new copy where there is one already; the old one stays")

    def handle(self, *, slugs, limit, older_than, pause, check, again, verbosity, rules=None, limits=None, **options):
        for name, number in {"--limit": limit, "--older-than": older_than, "--pause": pause}.items():
            if number is not None and not 0 <= number <= LARGEST_NUMBER:
                raise CommandError(f"{name}: expected a number from 0 to {LARGEST_NUMBER}, got {number}.")
        due = self.due(slugs, older_than)
        for slug in Source.objects.filter(slug__in=slugs, url="").values_list("slug", flat=True):
            self.stderr.write(f"{slug}: it has no address to visit.")
        if not due:
            if verbosity:
                self.stdout.write("No link is due.")
            return
        agent = f"ots-tracker (keeps copies of cited pages; +{quote(settings.SITE_URL, safe=':/')}/about/)"
        how = {"rules": rules or Rules(), "limits": limits or Limits(), "agent": agent, "pause": pause}
        with tqdm(total=len(due), unit=" links", disable=None if verbosity else True) as bar:
            made = Round(how, keep=not check, again=again, say=self.beside(bar))
            for number, source in enumerate(due):
                # Whoever names sources wants each of them visited: that is the way past dead ones at the head of the list.
                if (limit is not None and made.settled >= limit) or (made.hears_nothing and not slugs):
                    break
                if bar.disable and verbosity and number % LINKS_A_LINE == 0 and len(due) > LINKS_A_LINE:
                    self.stderr.write(f"{number} of {len(due)} links visited.")
                made.look_at(source)
                bar.update()
            made.doubt_silence()
        if verbosity:
            for name in [*Reading, KEPT]:
                self.stdout.write(f"{name:12}{made.counts[name]:9}")
        if not made.answered:
            raise CommandError("Nothing could be reached: either the network here is down, or none of these links leads anywhere.")

    def due(self, slugs, older_than) -> list[Source]:
        """The sources to visit, those checked longest ago first."""
        sources = Source.objects.order_by(F("checked_at").asc(nulls_first=True), "slug")
        if slugs:
            sources = sources.filter(slug__in=slugs)
            if unknown := sorted(set(slugs) - set(sources.values_list("slug", flat=True))):
                raise CommandError(f"There is no source called {', '.join(unknown)}; sources are named by their slug.")
        if older_than is not None:
            sources = sources.filter(Q(checked_at=None) | Q(checked_at__lt=timezone.now() - timedelta(days=older_than)))
        return list(sources.exclude(url=""))

    def beside(self, bar) -> Callable[[str], None]:
        """Writes a line without breaking the bar."""

        def say(line: str) -> None:
            with bar.external_write_mode():
                self.stderr.write(line)

        return say
