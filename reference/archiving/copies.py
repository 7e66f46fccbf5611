"""The kept copies: files named by what they contain, never written twice and never taken away.

A copy is evidence. A newer one lies beside it, the ledger tells which was the
copy when, and a file that no longer matches its fingerprint is not handed out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

FOLDER = "sources"
EXTENSIONS = {
    "text/html": "html",
    "application/xhtml+xml": "xhtml",
    "text/plain": "txt",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/json": "json",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "image/jpeg": "jpg",
    "image/png": "png",
}
PACKED = {"gzip": "gz", "x-gzip": "gz", "br": "br", "zstd": "zst", "deflate": "zlib"}


class Unreadable(Exception):
    """A kept copy that cannot be handed out."""


class Missing(Unreadable):
    """The file is not where it was put."""


class Damaged(Unreadable):
    """The file does not match the fingerprint taken when it was kept; `found` is its own."""

    def __init__(self, found: str):
        super().__init__(found)
        self.found = found


@dataclass(frozen=True)
class Copy:
    """A file that was kept, or was there already."""

    name: str
    sha256: str
    is_new: bool


def keep(body: bytes, *, slug: str, extension: str, storage: Storage) -> Copy:
    """Store the bytes under their fingerprint. A file with that name that holds something else is left as it is."""
    sha256 = fingerprint(body)
    name = f"{FOLDER}/{slug}/{sha256}.{extension}"
    if holds(name, sha256=sha256, storage=storage):
        return Copy(name, sha256, is_new=False)
    return Copy(storage.save(name, ContentFile(body)), sha256, is_new=True)


def holds(name: str, *, sha256: str, storage: Storage) -> bool:
    """Whether the file is there and matches its fingerprint."""
    try:
        read(name, sha256=sha256, storage=storage)
    except Unreadable:
        return False
    return True


def read(name: str, *, sha256: str, storage: Storage) -> bytes:
    """The bytes of a kept copy. Raises Missing or Damaged."""
    try:
        with storage.open(name) as file:
            body = file.read()
    except OSError:
        raise Missing from None
    if (found := fingerprint(body)) != sha256:
        raise Damaged(found)
    return body


def fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def extension_of(content_type: str, content_encoding: str) -> str:
    """How the file's name ends, for the person who opens it: `html`, `pdf`, `html.gz`, or `bin` for what is not known."""
    kind = content_type.partition(";")[0].strip().lower()
    packing = content_encoding.strip().lower()
    if packing in ("", "identity"):
        return EXTENSIONS.get(kind, "bin")
    return f"{EXTENSIONS.get(kind, 'bin')}.{PACKED[packing]}" if packing in PACKED else "bin"


def file_name(slug: str, name: str) -> str:
    """What a kept copy is called when somebody saves it."""
    return f"{slug}{''.join(PurePosixPath(name).suffixes)}"
