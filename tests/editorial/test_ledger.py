"""The ledger: one chain, in commit order, that nobody can rewrite."""

import datetime

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from editorial import ledger, workflow
from editorial.models import Change
from reference.models import Party
from tests.factories import InitiativeFactory, PartyFactory, UserFactory

NOON = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)


def write(**more):
    return ledger.record(verb="party.changed", record=more.pop("record", None) or PartyFactory(), by="made-up-user", **more)


def forge(sql, *params):
    """Rewrite the ledger as somebody with full rights over the table could: with its triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE editorial_change DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        cursor.execute("ALTER TABLE editorial_change ENABLE TRIGGER USER")


def test_serials_rise_without_gaps_and_each_row_names_the_hash_of_the_one_before(db):
    first, second, third = write(), write(), write()
    assert [second.serial - first.serial, third.serial - second.serial] == [1, 1]
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)


def test_a_row_keeps_who_what_when_why_before_and_after(db):
    party = PartyFactory(name="Old name")
    before = ledger.snapshot(party)
    party.name = "New name"
    change = write(record=party, before=before, reason="It was renamed.", now=NOON)
    change.refresh_from_db()
    assert (change.actor, change.at, change.reason, change.label) == (
        "made-up-user",
        NOON,
        "It was renamed.",
        "New name",
    )
    assert change.fields == ["name"]
    assert (change.before["name"], change.after["name"]) == ("Old name", "New name")


def test_a_row_outlives_the_record_and_the_account_it_speaks_of(db):
    user, party = UserFactory(username="made-up-leaver"), PartyFactory(code="made-up-gone")
    ledger.record(verb="party.changed", record=party, by=user)
    party.delete()
    user.delete()
    change = Change.objects.get()
    assert (change.actor, change.slug) == ("made-up-leaver", "made-up-gone")


@pytest.mark.parametrize("sql", ["UPDATE editorial_change SET reason = 'x'", "DELETE FROM editorial_change", "TRUNCATE editorial_change"])
def test_the_ledger_is_append_only_even_for_sql(db, sql):
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="the ledger is append-only"), transaction.atomic():
            cursor.execute(sql)


def test_a_whole_ledger_is_found_whole(db):
    for _ in range(5):
        write()
    assert list(ledger.faults()) == []
    call_command("verify_ledger", verbosity=0)


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE editorial_change SET reason = 'another' WHERE serial = 2", "Row 2 was altered"),
        ("UPDATE editorial_change SET actor = 'somebody-else' WHERE serial = 2", "Row 2 was altered"),
        ("UPDATE editorial_change SET at = at + interval '1 second' WHERE serial = 2", "Row 2 was altered"),
        ("UPDATE editorial_change SET public = NOT public WHERE serial = 2", "Row 2 was altered"),
        (
            "UPDATE editorial_change SET after = jsonb_set(after, '{name}', '\"x\"') WHERE serial = 2",
            "Row 2 was altered",
        ),
        ("DELETE FROM editorial_change WHERE serial = 2", "Rows 2 to 2 are missing"),
        ("UPDATE editorial_change SET previous_hash = repeat('0', 64) WHERE serial = 3", "Row 3 does not follow"),
    ],
)
def test_verify_ledger_finds_what_was_forged(db, capsys, sql, fault):
    for _ in range(3):
        write()
    forge(sql)
    with pytest.raises(CommandError, match="the ledger is not whole"):
        call_command("verify_ledger")
    assert fault in capsys.readouterr().err


def test_a_writer_holds_the_ledger_until_it_commits_so_that_serial_order_is_commit_order(db):
    write()
    settings = connection.settings_dict
    where = connection.get_connection_params() | {"dbname": settings["NAME"]}
    with psycopg.connect(**{key: where[key] for key in ("host", "port", "user", "password", "dbname") if where.get(key)}) as other:
        got_it = other.execute("SELECT pg_try_advisory_xact_lock(%s)", [ledger.LEDGER_LOCK]).fetchone()[0]
    assert got_it is False


def test_the_public_serial_counts_only_what_readers_may_see(db):
    assert ledger.public_serial() == 0
    seen = write(public=True)
    write(public=False)
    assert ledger.public_serial() == seen.serial


def test_a_change_to_a_draft_is_not_public_and_one_to_a_public_record_is(db):
    assert not ledger.record(verb="x", record=InitiativeFactory(state="draft"), by="e").public
    assert ledger.record(verb="x", record=InitiativeFactory(), by="e").public


def test_labels_are_kept_in_english_whatever_the_editors_language(db):
    party = PartyFactory(name="Kyrgyzstan", i18n={"name_ru": "Кыргызстан"})
    with translation.override("ru"):
        assert write(record=party).label == "Kyrgyzstan"


def test_accounts_are_ledgered_without_their_passwords(db):
    user = UserFactory(password="pbkdf2-made-up-hash")
    assert "password" not in ledger.snapshot(user)


def test_a_refused_change_leaves_no_row(db):
    party = PartyFactory()
    before = ledger.snapshot(party)
    party.kind = "galaxy"
    with pytest.raises(Exception, match="galaxy"):
        workflow.save(record=party, by="made-up-user", before=before)
    assert not Change.objects.exists()
    assert Party.objects.get().kind == "member_state"
