"""What the environment decides, read with its type and its limits.

Every variable is optional and listed in `.env.example`. A `.env` file in the
repository root may set them; what the real environment says wins. A value that
cannot be used stops the start with one sentence, because a server that guesses
what its operator meant fails later and somewhere else.
"""

import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dotenv
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict


class BadValue(SystemExit):
    """The sentence that stops the start.

    A SystemExit, so that every way in (manage.py, pytest, any WSGI server)
    prints the sentence instead of a traceback.
    """

    def __init__(self, name: str, takes: str, got: str, hint: str = ""):
        sentence = f'{name}: expected {takes}, got "{got}".'
        super().__init__(f"{sentence} {hint}".strip())


def read_file(path: Path) -> None:
    """Take over what the `.env` file sets and the environment does not."""
    dotenv.load_dotenv(path, override=False)


def text(name: str, default: str = "") -> str:
    """An empty value counts as unset, so that `NAME=` in a file is harmless."""
    return os.environ.get(name, "").strip() or default


def integer(name: str, default: int, *, low: int, high: int) -> int:
    value = text(name, str(default))
    # Ten digits are plenty for any limit here; int() refuses thousands of them with a traceback.
    if not re.fullmatch(r"[0-9]{1,10}", value) or not low <= int(value) <= high:
        raise BadValue(name, f"a whole number from {low} to {high}", value)
    return int(value)


def hosts(name: str, default: list[str]) -> list[str]:
    """Host names separated by commas."""
    names = [word.strip() for word in text(name).split(",") if word.strip()] or default
    for host in names:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]", host):
            raise BadValue(name, "host names without scheme or port, separated by commas", host)
    return names


def url(name: str, default: str = "", *, schemes: set[str], like: str) -> str:
    value = text(name, default)
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        usable = False
    if not usable:
        raise BadValue(name, f"an address like {like}", _without_password(value))
    return value.rstrip("/")


def contact(name: str) -> str:
    """Where people may write: an address of mail or of a page, as a link; empty when there is none."""
    value = text(name)
    if value and not re.fullmatch(r"mailto:[^\s@/]+@[^\s@/]+|https://[^\s/@:]+(:[0-9]+)?(/\S*)?", value):
        raise BadValue(name, "a link like mailto:security@example.org or https://example.org/contact", _without_password(value))
    return value


def folder(name: str, default: Path) -> Path:
    """A folder that this user may write to; made when it is missing."""
    path = Path(text(name, str(default))).expanduser()
    path = path if path.is_absolute() else default.parent / path
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise BadValue(name, "a folder that can be made", str(path)) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise BadValue(name, "a folder that this user may write to", str(path))
    return path


def database(name: str, hint: str = "") -> dict[str, Any] | None:
    """The connection of an address as Django wants it, or None when there is no address.

    libpq reads the address, so whatever libpq knows may stand in it: several
    hosts, `target_session_attrs`, `load_balance_hosts`, `sslmode`.
    """
    value = text(name)
    if not value:
        return None
    takes = "something like postgresql://user:password@host:5432/name"
    try:
        options = conninfo_to_dict(value)
    except ProgrammingError:
        raise BadValue(name, takes, _without_password(value), hint) from None
    if not options.get("dbname"):
        raise BadValue(name, takes, _without_password(value), hint)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options.pop("dbname"),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": options.pop("port", ""),
        "OPTIONS": options,
    }


def kept_secret(path: Path) -> str:
    """The secret kept in a file only its owner may read; made on the first call.

    The file appears complete or not at all: several processes may start at once.
    """
    try:
        if not path.exists():
            with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret-") as new:
                new.write(secrets.token_urlsafe(64))
                new.flush()
                os.fchmod(new.fileno(), 0o600)
                try:
                    os.link(new.name, path)
                except FileExistsError:
                    pass  # another process was quicker; its secret is ours
        return path.read_text()
    except OSError as error:
        raise SystemExit(
            f"OTS_DATA_DIR: the secret key in {path} cannot be read or made ({error.strerror}); "
            "start as the user who owns the folder, or set SECRET_KEY."
        ) from None


def _without_password(value: str) -> str:
    """What may be shown of an address in a log."""
    value = re.sub(r"(//[^:@/]*):.*@", r"\1:***@", value)
    return re.sub(r"(password\s*=\s*)('[^']*'|\S+)", r"\1***", value, flags=re.IGNORECASE)
