"""Answers that need not be given again: ETag and If-None-Match.

An answer is a function of the newest public change, the day (deadlines pass
and silence grows without any change), the address, the language and the code
that makes it. So the ETag is known before anything is looked up, and a reader
who has the answer already costs one small query.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.http import parse_etags

from editorial import ledger

_MAKERS = ("api", "initiatives", "meetings", "editorial", "reference", "locale", "docs")


class NotModified(Exception):
    """The reader has this answer already."""


@cache
def edition() -> str:
    """A fingerprint of the code and translations in use, so that a new release is a new answer everywhere."""
    digest = hashlib.sha256()
    for folder in _MAKERS:
        files = (path for path in Path(settings.BASE_DIR, folder).rglob("*") if path.suffix in (".py", ".mo", ".json"))
        for path in sorted(files):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp(request: HttpRequest) -> None:
    """Note on the request the serial this answer stands at, and its ETag.

    Read before the answer is made: it may turn out newer than its label,
    never older.
    """
    request.ots_serial = ledger.public_serial()
    parts = (
        request.ots_serial,
        timezone.localdate(),
        request.build_absolute_uri(),
        translation.get_language(),
        edition(),
    )
    request.etag = 'W/"{}"'.format(hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32])


def refuse_if_known(request: HttpRequest) -> None:
    """Raise NotModified when If-None-Match names this very answer. `*` has to wait until it is known to exist."""
    if request.etag in parse_etags(request.headers.get("If-None-Match", "")):
        raise NotModified


def matches_any(request: HttpRequest) -> bool:
    return request.headers.get("If-None-Match", "").strip() == "*"
