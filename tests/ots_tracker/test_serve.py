"""`manage.py serve`: one sentence for what is wrong, nothing done twice, and gone when told to go."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.management.base import CommandError
from django.db import connection

from ots_tracker.embedded_postgres import EmbeddedServer
from ots_tracker.management.commands import serve

OURS = {"HOST", "PORT", "WORKERS", "OTS_DATA_DIR", "DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL", "SECRET_KEY"}
OURS |= {"ALLOWED_HOSTS", "SITE_URL"}


def command(**variables):
    """How to start it with these variables and no others of ours."""
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    return {
        "args": [sys.executable, "manage.py", "serve"],
        "cwd": settings.BASE_DIR,
        "env": environment | {name: str(value) for name, value in variables.items()},
        "text": True,
    }


def complaint(**variables):
    done = subprocess.run(**command(**variables), capture_output=True, timeout=60)
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr.strip().removeprefix("CommandError: ")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "abc"}, 'PORT: expected a whole number from 1 to 65535, got "abc".'),
        ({"WORKERS": "0"}, 'WORKERS: expected a whole number from 1 to 256, got "0".'),
        (
            {"DATABASE_URL": "localhost"},
            'DATABASE_URL: expected something like postgresql://user:password@host:5432/name, got "localhost". '
            "Leave it out to use the built-in database.",
        ),
        ({"SITE_URL": "tracker"}, 'SITE_URL: expected an address like https://tracker.example.org, got "tracker".'),
        ({"REDIS_URL": "host"}, 'REDIS_URL: expected an address like redis://host:6379/0, got "host".'),
    ],
)
def test_a_bad_value_stops_the_start_with_one_sentence(variables, sentence, tmp_path):
    assert complaint(OTS_DATA_DIR=tmp_path, **variables) == sentence


def test_a_database_of_ones_own_needs_a_secret_of_ones_own(tmp_path):
    message = complaint(OTS_DATA_DIR=tmp_path, DATABASE_URL="postgresql://user@host/name")

    assert message.startswith("SECRET_KEY: required when DATABASE_URL is set")
    assert not (tmp_path / "secret_key").exists()


def test_a_taken_port_is_told_before_any_work(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        message = complaint(OTS_DATA_DIR=tmp_path, PORT=port)

    assert message.startswith(f"PORT: {port} on 127.0.0.1 is taken by another program")
    assert message.count("\n") == 0
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_refused(host):
    with pytest.raises(CommandError, match=rf'^HOST: expected a name or address of this machine, got "{host}"\.$'):
        serve.usable_address(host, 8000)


@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("0.0.0.0", "0.0.0.0")])
def test_a_name_of_this_machine_becomes_its_number(host, address):
    assert serve.usable_address(host, free_port()) == address


def test_a_migrated_database_needs_no_migration(db):
    assert not serve.migrations_are_missing()


def test_the_first_account_gets_a_password_that_is_told_once(db, monkeypatch):
    monkeypatch.delenv("DJANGO_SUPERUSER_USERNAME", raising=False)
    monkeypatch.delenv("DJANGO_SUPERUSER_PASSWORD", raising=False)

    first, second = serve.first_account(), serve.first_account()

    account = get_user_model().objects.get(is_superuser=True)
    password = re.search(r"the password (\S+) ", first)[1]
    assert account.get_username() == "admin"
    assert account.check_password(password)
    assert password not in second


def test_the_first_account_is_the_one_the_environment_names(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "aigul")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "given by the operator")
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "aigul@example.org")

    told = serve.first_account()

    account = get_user_model().objects.get(is_superuser=True)
    assert (account.get_username(), account.email) == ("aigul", "aigul@example.org")
    assert account.check_password("given by the operator")
    assert "given by the operator" not in told


def test_an_account_that_cannot_be_made_is_refused_by_its_variable(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "nobody")

    with pytest.raises(CommandError, match=r"^DJANGO_SUPERUSER_EMAIL: "):
        serve.first_account()

    assert not get_user_model().objects.exists()


def test_static_files_are_collected_again_only_when_one_changed(settings, tmp_path, monkeypatch):
    settings.OTS_DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "root"
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    for folder in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS):
        folder.mkdir()
    sheet, collected = tmp_path / "static" / "site.css", []

    def collect(*words, **options):
        (settings.STATIC_ROOT / "staticfiles.json").touch()
        collected.append(sheet.read_text())

    monkeypatch.setattr(serve, "get_finders", lambda: [FileSystemFinder()])
    monkeypatch.setattr(serve, "call_command", collect)

    for text in ("body {}", "body {}", "body {margin: 0}", "body {margin: 0}"):
        sheet.write_text(text)
        serve.collect_static_files_if_changed()

    assert collected == ["body {}", "body {margin: 0}"]


def test_of_two_that_start_at_once_the_other_waits(db):
    def held():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND (classid, objid) = (%s, %s)",
                serve.START_LOCK,
            )
            return cursor.fetchone()[0]

    with serve.one_at_a_time():
        assert held() == 1
    assert held() == 0


class Site:
    """A site in a folder of its own, started as a terminal would start it."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.log = folder / "log"

    def start(self):
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                **command(OTS_DATA_DIR=self.folder, PORT=self.port, WORKERS=2),
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 120
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    def answers(self):
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def work(self):
        """Seconds of processor time since the start: unlike the clock, the same on a busy machine."""
        process = psutil.Process(self.process.pid)
        return sum(sum(member.cpu_times()[:2]) for member in [process, *process.children()])


@pytest.fixture
def site():
    with tempfile.TemporaryDirectory(prefix="ots-test-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        site = Site(Path(folder))
        yield site
        if site.process.poll() is None:
            os.killpg(site.process.pid, signal.SIGKILL)
            site.process.wait()
        EmbeddedServer(site.folder).stop()


def test_a_site_starts_from_nothing_survives_being_killed_and_stops_with_ctrl_c(site):
    site.start()
    assert f"http://localhost:{site.port}/" in site.log.read_text()
    assert "shown only this once" in site.log.read_text()

    # Only the server: its workers have to notice and free the port.
    site.process.kill()
    site.process.wait()
    deadline = time.monotonic() + 10
    while site.answers() and time.monotonic() < deadline:
        time.sleep(0.05)
    site.start()
    assert site.work() < 5
    assert "shown only this once" not in site.log.read_text()

    os.killpg(site.process.pid, signal.SIGINT)  # what Ctrl-C does
    assert site.process.wait(20) == 0
    assert EmbeddedServer(site.folder).is_ready()
