"""The embedded server: there when needed, found again, and never another checkout's."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError

from ots_tracker.embedded_postgres import CannotStart, EmbeddedServer, machine
from ots_tracker.embedded_postgres.__main__ import main
from ots_tracker.embedded_postgres.base import DatabaseWrapper
from ots_tracker.embedded_postgres.machine import is_alive

as_root_only = pytest.mark.skipif(os.geteuid() != 0, reason="root runs the server as another user")


@contextmanager
def place(mode=0o755):
    """A folder for data that the server's user may enter; pytest's own are closed to others."""
    path = Path(tempfile.mkdtemp(prefix="ots-test-", dir="/tmp"))
    path.chmod(mode)
    try:
        yield path
    finally:
        for process in psutil.process_iter(["name", "cmdline"]):
            if process.info["name"] == "postgres" and any(str(path) in word for word in process.info["cmdline"] or ()):
                process.kill()
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def home():
    with place() as path:
        yield path


@pytest.fixture(scope="module")
def standing():
    """A server for those who only look; making one takes a while."""
    with place() as path:
        server = EmbeddedServer(path)
        server.ensure_running()
        yield server


@pytest.fixture
def server(home):
    server = EmbeddedServer(home)
    server.ensure_running()
    return server


def ask(server, question):
    with psycopg.connect(host=str(server.socket_dir), user="ots_tracker", dbname="ots_tracker") as connection:
        return connection.execute(question).fetchone()[0]


def pid(server):
    return int((server.cluster / "postmaster.pid").read_text().splitlines()[0])


def kill(server):
    """Like a crash: the postmaster and whatever it left."""
    process = psutil.Process(pid(server))
    family = [process, *process.children()]
    for member in family:
        member.kill()
    while any(is_alive(member) for member in family):
        time.sleep(0.01)


def test_a_server_starts_where_there_was_nothing(standing):
    assert ask(standing, "SHOW server_version").startswith("18")
    assert ask(standing, "SHOW server_encoding") == "UTF8"
    assert ask(standing, "SHOW fsync") == "on"
    assert ask(standing, "SELECT lower('ŞƏҒ')") == "şəғ"


def test_the_application_is_no_superuser_but_may_make_test_databases(standing):
    assert not ask(standing, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    assert ask(standing, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user")


def test_only_its_own_user_reaches_it(standing):
    assert ask(standing, "SHOW listen_addresses") == ""
    assert standing.socket_dir.stat().st_mode & 0o077 == 0


def test_a_running_server_is_found_and_not_started_again(standing):
    before = pid(standing)

    EmbeddedServer(standing.home).ensure_running()

    assert pid(standing) == before


def test_of_many_that_start_it_at_once_one_does(home):
    problems = []

    def start():
        try:
            EmbeddedServer(home).ensure_running()
        except CannotStart as error:
            problems.append(error)

    starters = [threading.Thread(target=start) for _ in range(5)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()

    assert not problems
    assert ask(EmbeddedServer(home), "SELECT 1") == 1


def test_it_outlives_the_process_that_started_it(home):
    starter = (
        "import os, pathlib, sys; from ots_tracker.embedded_postgres import EmbeddedServer; "
        "EmbeddedServer(pathlib.Path(sys.argv[1])).ensure_running(); os.kill(os.getpid(), 9)"
    )

    done = subprocess.run([sys.executable, "-c", starter, str(home)], cwd=settings.BASE_DIR)

    assert done.returncode == -signal.SIGKILL
    assert EmbeddedServer(home).is_ready()


def test_after_a_crash_it_starts_again_with_what_was_committed(server):
    with psycopg.connect(host=str(server.socket_dir), user="ots_tracker", dbname="ots_tracker") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    kill(server)
    assert not server.is_ready()

    server.ensure_running()

    assert ask(server, "SELECT answer FROM kept") == 42


def test_a_number_that_belongs_to_another_process_by_now_does_not_block_the_start(server):
    kill(server)
    lines = (server.cluster / "postmaster.pid").read_text().splitlines()
    owner = {} if os.geteuid() else {"user": server.cluster.stat().st_uid}
    with subprocess.Popen(["sleep", "60"], **owner) as stranger:
        (server.cluster / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:], ""]))

        server.ensure_running()

        assert ask(server, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_a_socket_that_was_swept_away_comes_back(server):
    (server.socket_dir / ".s.PGSQL.5432").unlink()

    server.ensure_running()

    assert ask(server, "SELECT 1") == 1


def test_a_new_server_is_safe_from_the_one_whose_folder_was_deleted(server, home):
    old = psutil.Process(pid(server))
    while server.cluster.exists():
        shutil.rmtree(server.cluster, ignore_errors=True)  # it still writes there

    server.ensure_running()

    assert not is_alive(old)
    assert ask(server, "SELECT 1") == 1


def test_a_copy_of_a_running_folder_gets_a_server_of_its_own(server):
    with place() as elsewhere:
        subprocess.run(["cp", "-a", server.home / "postgres", elsewhere], check=True)
        copy = EmbeddedServer(elsewhere)

        copy.ensure_running()

        assert pid(copy) != pid(server)
        assert ask(copy, "SELECT 1") == ask(server, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_is_no_obstacle(home):
    server = EmbeddedServer(home / "a folder, with a name" / ("x" * 100))

    server.ensure_running()

    try:
        assert ask(server, "SELECT 1") == 1
        assert server.socket_dir.stat().st_mode & 0o077 == 0
    finally:
        shutil.rmtree(server.socket_dir)


def test_a_linked_folder_is_as_good_as_its_target(home):
    (home / "target").mkdir()
    (home / "link").symlink_to(home / "target")

    EmbeddedServer(home / "link").ensure_running()

    assert ask(EmbeddedServer(home / "link"), "SELECT 1") == 1


def test_a_socket_folder_that_others_may_enter_is_refused(home):
    server = EmbeddedServer(home / ("x" * 100))
    server.home.mkdir()
    server.socket_dir.mkdir()
    server.socket_dir.chmod(0o755)

    try:
        with pytest.raises(CannotStart, match="for itself"):
            server.ensure_running()
    finally:
        server.socket_dir.rmdir()


def test_something_else_in_its_place_is_named_and_left_alone(home):
    (home / "postgres").mkdir()
    (home / "postgres" / "thesis.txt").touch()

    with pytest.raises(CannotStart, match="is in the way"):
        EmbeddedServer(home).ensure_running()

    assert (home / "postgres" / "thesis.txt").exists()


def test_a_server_that_cannot_start_says_why(server):
    server.stop()
    with (server.cluster / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = 'a lot'\n")

    with pytest.raises(CannotStart, match="contains errors"):
        server.ensure_running()


@pytest.fixture
def reach(home, django_db_blocker, settings):
    """Django's way to a server in `home`, apart from the database of the tests."""
    wrapper = DatabaseWrapper(settings.DATABASES["default"] | {"HOST": str(home), "NAME": "ots_tracker", "OPTIONS": {}})
    with django_db_blocker.unblock():
        yield wrapper
        wrapper.close()


def test_djangos_first_question_starts_it(reach, home):
    with reach.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == ("ots_tracker",)
    assert EmbeddedServer(home).is_ready()


def test_a_server_killed_under_a_running_site_is_started_again(reach, home):
    reach.ensure_connection()
    reach.close()
    kill(EmbeddedServer(home))

    with reach.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_django_is_told_of_a_server_that_cannot_start_as_of_any_lost_database(reach, home):
    (home / "postgres").touch()

    with pytest.raises(OperationalError, match="is in the way"):
        reach.ensure_connection()


@pytest.fixture
def shelter(monkeypatch):
    with place() as path:
        monkeypatch.setattr(machine, "SHELTER", path)
        yield path


@as_root_only
def test_root_in_a_closed_folder_keeps_the_data_where_the_server_may_go(shelter):
    with place(mode=0o700) as closed:
        server = EmbeddedServer(closed)

        server.ensure_running()

        assert server.cluster.is_relative_to(shelter)
        assert ask(server, "SELECT 1") == 1
        assert closed.stat().st_mode & 0o777 == 0o700


@as_root_only
def test_binaries_that_the_servers_user_may_not_run_are_copied_once(shelter, home, monkeypatch):
    monkeypatch.setattr(machine, "runs", lambda folder, owner: False)
    server = EmbeddedServer(home)

    server.ensure_running()
    server.stop()
    server.ensure_running()

    assert psutil.Process(pid(server)).exe().startswith(str(shelter))
    assert len(list(shelter.iterdir())) == 1


@as_root_only
def test_a_copied_link_into_the_shelter_is_refused(shelter):
    with place(mode=0o700) as closed, place(mode=0o700) as copy:
        EmbeddedServer(closed).ensure_running()
        (copy / "postgres").symlink_to((closed / "postgres").readlink())

        with pytest.raises(CannotStart, match="is a copied link to the database of"):
            EmbeddedServer(copy).ensure_running()


@as_root_only
def test_a_moved_link_into_the_shelter_is_followed(shelter):
    with place(mode=0o700) as closed:
        EmbeddedServer(closed / "before").ensure_running()
        (closed / "before").rename(closed / "after")

        EmbeddedServer(closed / "after").ensure_running()

        assert ask(EmbeddedServer(closed / "after"), "SELECT 1") == 1


def test_the_command_line_starts_tells_and_stops_it(home, monkeypatch, capsys):
    monkeypatch.setattr("ots_tracker.settings.OTS_DATA_DIR", home)

    for words in (["start"], ["status"], ["stop"], ["status"], ["stop"]):
        assert main(words) is None

    told = [line.rpartition(": ")[2] for line in capsys.readouterr().out.splitlines()]
    assert told == ["running", "running", "not running", "not running", "not running"]


def test_the_command_line_explains_itself_when_it_does_not_understand():
    assert "start|stop|status" in main(["begin"])
