"""Kept copies: named by what they contain, and never overwritten."""

import hashlib

import pytest
from django.core.files.storage import FileSystemStorage

from reference.archiving import copies

PAGE = b"<p>Made-up news.</p>"
SHA256 = hashlib.sha256(PAGE).hexdigest()


@pytest.fixture
def storage(tmp_path):
    return FileSystemStorage(location=tmp_path)


def keep(storage, body=PAGE):
    return copies.keep(body, slug="made-up", extension="html", storage=storage)


def test_a_copy_is_named_by_its_fingerprint_and_reads_back(storage):
    copy = keep(storage)

    assert copy == copies.Copy(f"sources/made-up/{SHA256}.html", SHA256, is_new=True)
    assert copies.read(copy.name, sha256=SHA256, storage=storage) == PAGE


def test_the_same_page_is_stored_once(storage):
    first = keep(storage)

    assert keep(storage) == copies.Copy(first.name, SHA256, is_new=False)
    assert len(storage.listdir("sources/made-up")[1]) == 1


def test_another_page_lies_beside_the_old_one(storage):
    old, new = keep(storage), keep(storage, b"Other made-up news.")

    assert old.name != new.name
    assert copies.read(old.name, sha256=SHA256, storage=storage) == PAGE


def test_a_file_that_was_tampered_with_is_neither_handed_out_nor_overwritten(storage, tmp_path):
    copy = keep(storage)
    (tmp_path / copy.name).write_bytes(b"forged")

    with pytest.raises(copies.Damaged) as damage:
        copies.read(copy.name, sha256=SHA256, storage=storage)
    again = keep(storage)

    assert damage.value.found == hashlib.sha256(b"forged").hexdigest()
    assert (tmp_path / copy.name).read_bytes() == b"forged"
    assert copies.read(again.name, sha256=SHA256, storage=storage) == PAGE


@pytest.mark.parametrize("name", ["", "sources/made-up/gone.html"])
def test_a_file_that_is_not_there_is_missing(storage, name):
    with pytest.raises(copies.Missing):
        copies.read(name, sha256=SHA256, storage=storage)


@pytest.mark.parametrize(
    ("content_type", "content_encoding", "ending"),
    [
        ("text/html; charset=utf-8", "", "html"),
        ("TEXT/HTML", "identity", "html"),
        ("application/pdf", "", "pdf"),
        ("text/html", "gzip", "html.gz"),
        ("", "br", "bin.br"),
        ("made/up", "", "bin"),
        ("text/html", "gzip, br", "bin"),
        ("../../etc/passwd", "", "bin"),
        ("", "", "bin"),
    ],
)
def test_the_ending_tells_what_a_copy_is_as_far_as_it_is_known(content_type, content_encoding, ending):
    assert copies.extension_of(content_type, content_encoding) == ending


@pytest.mark.parametrize(("ending", "saved"), [("html", "made-up.html"), ("html.gz", "made-up.html.gz")])
def test_a_saved_copy_is_called_after_its_source(ending, saved):
    assert copies.file_name("made-up", f"sources/made-up/{SHA256}.{ending}") == saved
