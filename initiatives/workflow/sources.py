"""A source that is met while a status is recorded: found by its address, or added."""

from __future__ import annotations

import datetime
import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from django.db import transaction
from django.utils.text import slugify

from editorial import ledger
from editorial.models import OldSlug
from editorial.workflow import Actor, save
from reference.models import Source
from reference.names import fold
from reference.partial_dates import UNKNOWN, PartialDate

LONGEST_STEM = 60  # leaves room for a number behind it


def bare_address(url: str) -> str:
    """What two addresses of one page have in common: no scheme, www, port, trailing slash, fragment or utm_ parameters."""
    parts = _split(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not name.lower().startswith("utm_")]
    page = _host(parts) + parts.path.rstrip("/")
    return f"{page}?{urlencode(query)}" if query else page


def source_at(url: str) -> Source | None:
    """The source recorded under this address, however it was spelt; the oldest when it was recorded twice."""
    wanted, parts = bare_address(url), _split(url)
    alike = Source.objects.filter(url__icontains=_host(parts), url__contains=parts.path.rstrip("/")).order_by("pk")
    return next((source for source in alike if bare_address(source.url) == wanted), None)


@transaction.atomic
def add_source(
    *,
    publisher: str,
    language: str,
    kind: str,
    by: Actor,
    url: str = "",
    title: str = "",
    published: PartialDate = UNKNOWN,
    reason: str = "",
    now: datetime.datetime | None = None,
) -> Source:
    """The source at this address if there is one already, or else a new one with a permanent name made for it.

    Not public until something public cites it. Refuses (ValidationError, by field) what a source cannot be.
    """
    ledger.hold()  # before looking, so that two editors do not add the same page
    if url and (known := source_at(url)):
        return known
    source = Source(publisher=publisher.strip(), title=title.strip(), url=url, language=language, kind=kind, published=published)
    source.slug = _free_slug(slugify(fold(publisher)) or _host(_split(url)) or "source", source.published)
    return save(record=source, by=by, reason=reason, now=now)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url.strip())
    except ValueError:  # such as half a bracket where the host should be
        return urlsplit("")


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.")


def _free_slug(name: str, published: PartialDate) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", f"{name[: LONGEST_STEM - 11]}-{published.value}".lower()).strip("-")
    if stem.isdigit():
        stem = f"source-{stem}"
    taken = {*Source.objects.filter(slug__startswith=stem).values_list("slug", flat=True)}
    taken |= {*OldSlug.objects.filter(type=Source._meta.label_lower, slug__startswith=stem).values_list("slug", flat=True)}
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
