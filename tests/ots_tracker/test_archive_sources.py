"""`manage.py archive_sources`: what it writes down about links, and what it leaves alone."""

import hashlib
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import F
from django.utils import timezone

from editorial import ledger, workflow
from editorial.models import Change
from ots_tracker.management.commands import archive_sources
from reference.archiving.addresses import Rules
from reference.archiving.fetch import Limits
from reference.models import Source
from tests.factories import SourceFactory
from tests.reference.misbehaving import HURRY, PATIENCE, listening, page, redirect

pytestmark = pytest.mark.django_db

PAGE = b"<p>Made-up news.</p>"
NOT_FOUND = page(status="404 Not Found")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def server():
    with listening() as server:
        yield server


@pytest.fixture
def archive(server):
    """Runs the command against the server of this machine; returns the table and the lines about problems."""

    def _archive(*words, rules=None, limits=PATIENCE, **how):
        told, problems = StringIO(), StringIO()
        call_command(
            "archive_sources", *words, "--pause=0", rules=rules or server.rules(), limits=limits, stdout=told, stderr=problems, **how
        )
        return told.getvalue(), problems.getvalue()

    return _archive


@pytest.fixture
def linked(server):
    """Makes a source whose link leads to these answers of the server."""

    def _linked(slug, *answers, **more):
        return SourceFactory(slug=slug, url=server.on(f"/{slug}", *(answers or [page(PAGE)])), **more)

    return _linked


def files_of(media):
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def counted(table):
    return {name.strip(): int(number) for name, number in (line.rsplit(maxsplit=1) for line in table.splitlines())}


def changes_of(source):
    return list(Change.objects.of(source).values_list("verb", "actor", "reason"))


# Keeping


def test_a_page_is_kept_with_its_fingerprint_and_date(archive, linked, media):
    source = linked("made-up-1")

    archive()

    source.refresh_from_db()
    sha256 = hashlib.sha256(PAGE).hexdigest()
    assert (source.archived_sha256, source.health) == (sha256, "alive")
    assert source.archived_at == source.checked_at > timezone.now() - timedelta(minutes=1)
    assert files_of(media) == [f"sources/made-up-1/{sha256}.html"]
    assert (media / source.archived_copy.name).read_bytes() == PAGE
    assert changes_of(source) == [("source.changed", "archive_sources", "The page was kept.")]


def test_a_page_that_is_kept_already_is_only_checked(archive, linked, media):
    source = linked("made-up-1", page(PAGE), page(b"Changed meanwhile."))
    archive()
    kept = files_of(media)

    archive()

    source.refresh_from_db()
    assert files_of(media) == kept
    assert source.archived_sha256 == hashlib.sha256(PAGE).hexdigest()
    assert source.checked_at > source.archived_at
    assert len(changes_of(source)) == 1


def test_a_new_copy_is_taken_when_asked_for_and_the_old_one_stays(archive, linked, media):
    linked("made-up-1", page(PAGE), page(b"Changed meanwhile."))
    archive()

    archive("--again")

    source = Source.objects.get()
    assert (media / source.archived_copy.name).read_bytes() == b"Changed meanwhile."
    assert len(files_of(media)) == 2
    told = Change.objects.of(source).last()
    assert told.before["archived_sha256"] == hashlib.sha256(PAGE).hexdigest()


def test_the_same_page_again_is_no_change(archive, linked, media):
    source = linked("made-up-1")
    archive()
    archive("--again")

    assert len(changes_of(source)) == len(files_of(media)) == 1


def test_a_copy_that_was_lost_is_taken_anew(archive, linked, media):
    source = linked("made-up-1")
    archive()
    [name] = files_of(media)
    (media / name).unlink()

    archive("--again")

    assert files_of(media) == [name]
    assert len(changes_of(source)) == 2


def test_a_check_keeps_no_copies(archive, linked, media):
    source = linked("made-up-1")

    archive("--check")

    source.refresh_from_db()
    assert (source.health, source.archived_sha256) == ("alive", "")
    assert not files_of(media)
    assert changes_of(source) == [("source.changed", "archive_sources", "The link was checked.")]


def test_a_packed_page_is_kept_packed(archive, linked, media):
    linked("made-up-1", page(b"\x1f\x8bmade-up", Content_Encoding="gzip"))

    archive()

    [name] = files_of(media)
    assert name.endswith(".html.gz")
    assert (media / name).read_bytes() == b"\x1f\x8bmade-up"


# Checking


def test_every_link_is_counted_and_every_problem_named(archive, linked, server):
    linked("alive")
    linked("dead", NOT_FOUND)
    linked("hidden", page(status="403 Forbidden"))
    linked("moved", redirect("/new"))
    server.on("/new", page(b"Made-up."))
    SourceFactory(slug="private", url="http://10.0.0.1/")
    SourceFactory(slug="unlinked", url="")

    table, problems = archive()

    assert counted(table) == {"alive": 1, "moved": 1, "dead": 1, "cannot tell": 1, "refused": 1, "kept": 2}
    named = dict(line.split(": ", 1) for line in problems.splitlines())
    assert set(named) == {"dead", "hidden", "moved", "private"}
    assert named["dead"].endswith("answers with 404.")
    assert {source.slug: source.health for source in Source.objects.all()} == {
        "alive": "alive", "dead": "dead", "hidden": "unchecked", "moved": "moved", "private": "unchecked", "unlinked": "unchecked",
    }  # fmt: skip


def test_a_check_that_finds_nothing_new_is_no_change_of_the_record(archive, linked):
    source = linked("made-up-1")
    archive("--check")
    earlier = Source.objects.get()

    archive("--check")

    source = Source.objects.get()
    assert source.checked_at > earlier.checked_at
    assert (source.version, source.updated_at) == (earlier.version, earlier.updated_at)
    assert len(changes_of(source)) == 1


@pytest.mark.parametrize("answer", [page(status="429 Too Many Requests"), page(status="403 Forbidden"), page(b"Made", Content_Length=7)])
def test_where_nobody_can_tell_the_source_stays_as_it_was(archive, linked, answer):
    """Readers are shown the day of the last check, which must have told something."""
    day = timezone.now() - timedelta(days=9)
    source = linked("made-up-1", answer, health="alive", checked_at=day)

    table, _problems = archive()

    source.refresh_from_db()
    assert counted(table)["cannot tell"] == 1
    assert (source.health, source.checked_at) == ("alive", day)
    assert not changes_of(source)


def test_a_server_that_asks_to_wait_is_left_in_peace(archive, linked, server):
    linked("first", page(status="429 Too Many Requests"))
    linked("second")

    _table, problems = archive()

    assert len(server.requests) == 1
    assert "second: not visited, because" in problems


def test_silence_is_believed_once_another_page_has_answered(archive, linked, server):
    silent = SourceFactory(slug="a-silent-one", url=server.url("/", "nobody.invalid"))
    linked("made-up-1")

    archive()

    silent.refresh_from_db()
    assert silent.health == "dead"


def test_silence_to_the_end_may_be_our_own_network(archive, linked, server):
    linked("a-page")
    silent = SourceFactory(slug="silent", url=server.url("/", "nobody.invalid"), health="alive")

    _table, problems = archive()

    silent.refresh_from_db()
    assert silent.health == "alive"
    assert "silent: No address is known for nobody.invalid. No page answered after it, so it may be the network here" in problems


def test_when_nothing_can_be_reached_the_command_fails_and_nothing_is_noted(archive, linked, server):
    sources = [linked("silent", server.say_nothing, health="alive"), SourceFactory(url=server.url("/", "nobody.invalid"), health="alive")]

    with pytest.raises(CommandError, match="Nothing could be reached") as failure:
        archive(limits=HURRY)

    assert failure.value.returncode == 1
    assert set(Source.objects.values_list("health", "checked_at")) == {("alive", None)}
    assert not any(map(changes_of, sources))


def test_a_run_that_hears_nothing_from_five_hosts_is_given_up(archive, linked, server):
    """With the network down, hundreds of pauses would tell no more."""
    for number in range(7):
        SourceFactory(slug=f"silent-{number}", url=server.url("/", f"nobody-{min(number, 5)}.invalid"))
    linked("unheard")

    with pytest.raises(CommandError, match="Nothing could be reached") as failure:
        archive()

    assert failure.value.returncode == 1
    assert not server.requests
    assert set(Source.objects.values_list("health", "checked_at")) == {("unchecked", None)}


def test_many_silent_pages_of_one_host_or_of_named_sources_or_after_an_answer_do_not_end_a_run(archive, linked, server):
    for number in range(6):
        SourceFactory(slug=f"silent-{number}", url=server.url("/", "nobody.invalid"))
    linked("z")
    archive()
    assert len(server.requests) == 1

    Source.objects.update(version=F("version") + 1, checked_at=None)
    for number in range(6):
        SourceFactory(slug=f"still-{number}", url=server.url("/", f"nobody-{number}.invalid"))
    linked("a"), linked("y")
    archive()
    assert len(server.requests) == 4

    archive("z", *(f"still-{number}" for number in range(6)))
    assert len(server.requests) == 5


def test_a_log_shows_how_far_a_long_run_has_come(archive, server):
    server.on("/", page(PAGE))
    for number in range(30):
        SourceFactory(slug=f"made-up-{number}", url=server.url("/"))

    assert archive()[1] == "0 of 30 links visited.\n25 of 30 links visited.\n"
    assert archive(verbosity=0) == ("", "")


def test_by_default_nothing_private_is_visited(archive, linked, server):
    linked("made-up-1")

    with pytest.raises(CommandError, match="Nothing could be reached"):
        archive(rules=Rules())

    assert not server.requests


# Which


def test_links_checked_longest_ago_come_first(archive, linked, server):
    now = timezone.now()
    for name, days in {"b": 1, "c": 30, "d": 9}.items():
        linked(name, checked_at=now - timedelta(days=days))
    linked("e")

    archive()

    assert [request.split()[1] for request in server.requests] == ["/e", "/c", "/d", "/b"]


def test_only_links_checked_longer_ago_are_due(archive, linked, server):
    linked("fresh", checked_at=timezone.now() - timedelta(days=6))
    linked("old", checked_at=timezone.now() - timedelta(days=8))
    linked("new")

    archive("--older-than=7")

    assert [request.split()[1] for request in server.requests] == ["/new", "/old"]


def test_a_limit_counts_what_was_settled(archive, linked, server):
    """Links of which nobody can tell come first every time; counting them, a nightly limit would never get past them."""
    linked("a", page(status="403 Forbidden"))
    linked("b")
    linked("c")

    table, _problems = archive("--limit=1")

    assert counted(table) == {"alive": 1, "moved": 0, "dead": 0, "cannot tell": 1, "refused": 0, "kept": 1}
    assert len(server.requests) == 2


def test_sources_can_be_named(archive, linked, server):
    linked("a"), linked("b")

    archive("b")

    assert [request.split()[1] for request in server.requests] == ["/b"]


def test_a_name_that_no_source_has_is_said(archive):
    with pytest.raises(CommandError, match="There is no source called made-up-1, made-up-2;"):
        archive("made-up-2", "made-up-1")


def test_a_source_without_an_address_is_said_when_named(archive):
    SourceFactory(slug="on-paper", url="")

    assert archive("on-paper") == ("No link is due.\n", "on-paper: it has no address to visit.\n")


@pytest.mark.parametrize("word", ["--limit=-1", "--older-than=-1", "--older-than=999999999999", "--pause=nan", "--pause=-1"])
def test_numbers_that_make_no_sense_are_refused(word):
    with pytest.raises(CommandError, match="expected a number from 0 to"):
        call_command("archive_sources", word)


# Beside the editors


def test_what_an_editor_wrote_while_the_page_was_fetched_stands(archive, linked):
    source = linked("made-up-1")

    def meanwhile():
        other = Source.objects.get()
        before = ledger.snapshot(other)
        other.title = "Typed meanwhile"
        workflow.save(record=other, by="made-up-editor", before=before)

    _run_while_fetching(archive, meanwhile)

    source.refresh_from_db()
    assert (source.title, source.health) == ("Typed meanwhile", "alive")
    assert source.archived_sha256


def test_what_was_found_at_an_address_that_is_another_one_now_is_dropped(archive, linked, media):
    source = linked("made-up-1")

    def meanwhile():
        other = Source.objects.get()
        before = ledger.snapshot(other)
        other.url = "https://courier.example/corrected"
        workflow.save(record=other, by="made-up-editor", before=before)

    _table, problems = _run_while_fetching(archive, meanwhile)

    source.refresh_from_db()
    assert (source.health, source.archived_sha256, source.checked_at) == ("unchecked", "", None)
    assert not files_of(media)
    assert problems == "made-up-1: its address was changed meanwhile; nothing was noted.\n"


def test_a_source_that_was_deleted_meanwhile_is_passed_over(archive, linked, media):
    linked("made-up-1", is_public=False)

    _table, problems = _run_while_fetching(archive, lambda: workflow.discard(record=Source.objects.get(), by="made-up-editor"))

    assert problems == "made-up-1: it was deleted meanwhile; nothing was noted.\n"
    assert not files_of(media)


def _run_while_fetching(archive, meanwhile):
    """Run the command, and something else at the moment when it has the page and has not written yet."""
    visit = archive_sources.visit

    def interrupted(*words, **how):
        verdict = visit(*words, **how)
        meanwhile()
        return verdict

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive_sources, "visit", interrupted)
        return archive()


def test_nothing_is_fetched_inside_a_transaction(archive, linked, monkeypatch):
    """Editors would wait for every slow server."""
    linked("a"), linked("b")
    visit, outside, inside = archive_sources.visit, len(connection.savepoint_ids), []

    def watched(*words, **how):
        inside.append(len(connection.savepoint_ids))
        return visit(*words, **how)

    monkeypatch.setattr(archive_sources, "visit", watched)
    archive()

    assert inside == [outside, outside]


def test_a_copy_whose_row_is_refused_does_not_stay(archive, linked, media, monkeypatch):
    source = linked("made-up-1")

    def refuse(**_how):
        raise ValidationError("Made-up refusal.")

    monkeypatch.setattr(workflow, "save", refuse)
    _table, problems = archive()

    assert not files_of(media)
    assert problems == "made-up-1: Made-up refusal. Nothing was noted.\n"
    assert not changes_of(source)


def test_a_disk_that_is_full_is_said_and_the_next_link_visited(archive, linked, media):
    media.mkdir()
    (media / "sources").write_text("a file where the folder should be")
    linked("a"), linked("b")

    _table, problems = archive()

    assert problems.count("the copy could not be stored") == 2


def test_a_copy_kept_under_the_same_name_by_somebody_else_is_not_removed_with_a_refused_row(archive, linked, media, monkeypatch):
    source = linked("made-up-1")
    name = f"sources/made-up-1/{hashlib.sha256(PAGE).hexdigest()}.html"
    source.archived_copy.storage.save(name, ContentFile(PAGE))

    def refuse(**_how):
        raise ValidationError("Made-up refusal.")

    monkeypatch.setattr(workflow, "save", refuse)
    archive()

    assert files_of(media) == [name]


def test_the_limits_of_production_are_finite():
    assert all(0 < number < float("inf") for number in vars(Limits()).values())
