"""The kept copy and the state of a link on a source's page of the desk."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.urls import reverse

from reference.models import Source
from tests.desk import list_of, page_of, signed_in
from tests.factories import SourceFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE = b"<script>alert('made up')</script>"
SHA256 = hashlib.sha256(PAGE).hexdigest()
DAY = datetime(2024, 5, 17, 10, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def source():
    made = SourceFactory(
        slug="made-up-1", archived_copy=f"sources/made-up-1/{SHA256}.html", archived_sha256=SHA256, archived_at=DAY, is_public=False
    )
    made.archived_copy.storage.save(made.archived_copy.name, ContentFile(PAGE))
    return made


def copy_of(source):
    return reverse("admin:reference_source_copy", args=[source.pk])


def shown(client, source):
    return client.get(page_of(source)).content.decode()


def test_the_page_of_a_source_tells_of_its_copy(editor, source):
    page = shown(signed_in(editor), source)

    for text in ("Kept on 17 May 2024, 10:30.", SHA256, f'<a href="{copy_of(source)}">Open the kept copy</a> (33\xa0bytes)'):
        assert text in page


def test_a_source_without_a_copy_says_so(editor):
    assert "None yet. The command archive_sources keeps one." in shown(signed_in(editor), SourceFactory(is_public=False))


def test_a_file_that_is_gone_is_said_on_the_page(editor, source, media):
    (media / source.archived_copy.name).unlink()

    assert "The file is missing." in shown(signed_in(editor), source)


def test_a_fingerprint_without_a_file_is_shown_all_the_same(editor):
    """Such as one that was noted elsewhere."""
    page = shown(signed_in(editor), SourceFactory(archived_sha256=SHA256, is_public=False))

    assert SHA256 in page
    assert "The file is missing." in page


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"health": "alive", "checked_at": DAY}, "Answers; last checked on 17 May 2024, 10:30."),
        ({"health": "dead", "checked_at": DAY}, "Does not answer; last checked on 17 May 2024, 10:30."),
        ({}, "Not checked yet."),
        ({"url": ""}, "This source has no address."),
    ],
)
def test_the_state_of_a_link_is_told_in_words(editor, found, words):
    assert words in shown(signed_in(editor), SourceFactory(is_public=False, **found))


def test_the_list_can_be_narrowed_to_dead_links(editor):
    SourceFactory(health="dead"), SourceFactory(health="alive")

    assert signed_in(editor).get(list_of(Source), {"health__exact": "dead"}).context["cl"].result_count == 1


def test_a_copy_is_handed_out_as_a_file_that_no_browser_runs(editor, source):
    response = signed_in(editor).get(copy_of(source))

    assert response.content == PAGE
    told = {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": 'attachment; filename="made-up-1.html"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: response[name] for name in told} == told
    assert "no-store" in response["Cache-Control"]


def test_a_copy_that_is_not_what_was_kept_is_not_handed_out(editor, source, media):
    (media / source.archived_copy.name).write_bytes(b"forged")

    response = signed_in(editor).get(copy_of(source))

    assert (response.status_code, response.url) == (302, page_of(source))
    [message] = map(str, get_messages(response.wsgi_request))
    assert f"its SHA-256 is {hashlib.sha256(b'forged').hexdigest()}" in message


def test_a_copy_whose_file_is_gone_is_said_to_be(editor, source, media):
    (media / source.archived_copy.name).unlink()

    response = signed_in(editor).get(copy_of(source), follow=True)

    assert "The file of the kept copy is missing." in response.content.decode()


def test_only_those_who_may_see_sources_get_a_copy(client, source):
    assert client.get(copy_of(source)).status_code == 302
    assert signed_in(UserFactory(username="made-up-guest")).get(copy_of(source)).status_code == 403


def test_where_there_is_no_copy_there_is_nothing_to_open(editor):
    client = signed_in(editor)

    assert client.get(copy_of(SourceFactory())).status_code == 404
    assert client.get(f"/admin/reference/source/{10**30}/copy/").status_code == 404


def test_copies_have_no_address_among_the_public_pages(client, source):
    """They are other people's texts, kept as evidence."""
    assert client.get(f"/media/{source.archived_copy.name}").status_code == 404
