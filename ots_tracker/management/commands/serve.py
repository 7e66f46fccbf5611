import errno
import hashlib
import os
import secrets
import socket
import sys
from contextlib import contextmanager

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from ots_tracker import env

# Two numbers, so that it can never meet a lock of the ledger, which takes one.
START_LOCK = (0x4F5453, 1)


class Command(BaseCommand):
    """From a checkout to a running site: what is missing is made, what is there is left alone.

    Several machines may start at once on one database; one prepares it, the
    others wait. The last step replaces this process by granian, so that
    signals reach the server itself.
    """

    help = "Prepare the database, the first account and the static files where needed, then serve the site."
    requires_system_checks = ()  # `migrate` runs them when there is something to migrate

    def handle(self, **options):
        address = usable_address(settings.HOST, settings.PORT)
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}".strip()) from None
        with one_at_a_time():
            if migrations_are_missing():
                self.stdout.write("Bringing the database up to date ...")
                call_command("migrate", interactive=False, verbosity=0, skip_checks=False)
            call_command("sync_roles", verbosity=0)
            if not apps.get_model("initiatives", "Initiative").objects.exists():
                self.stdout.write("Loading the shipped data set ...")
                call_command("load_dataset", verbosity=0)
            how_to_sign_in = first_account()
            collect_static_files_if_changed()
        connection.close()
        self.stdout.write(f"OTS tracker: {settings.SITE_URL}/")
        self.stdout.write(f"Sign in at {settings.SITE_URL}/admin/ {how_to_sign_in}")
        self.stdout.write("Ctrl-C stops it.")
        self.stdout.flush()
        become_the_server(address)


def usable_address(host, port):
    """The number behind the host's name, once we know that we can listen there.

    Before any work: a minute of preparation for a port that is taken helps nobody.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # "localhost" has two numbers, and everyone tries the older kind.
        family, kind, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
        return address[0]
    except PermissionError:
        raise CommandError(f"PORT: {port} is reserved for root; choose one from 1024 to 65535.") from None
    except socket.gaierror:
        raise CommandError(f'HOST: expected a name or address of this machine, got "{host}".') from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"PORT: {port} on {host} is taken by another program; stop that one or choose another port, "
                f"for example PORT={port + 1 if port < 65535 else port - 1}."
            ) from None
        raise CommandError(f'HOST: expected a name or address of this machine, got "{host}".') from None


@contextmanager
def one_at_a_time():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", START_LOCK)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", START_LOCK)


def migrations_are_missing():
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def first_account():
    """Make the first superuser if there is none; returns how to sign in, a new password only this once."""
    users = get_user_model().objects
    if known := users.filter(is_superuser=True, is_active=True).order_by("pk").first():
        name = known.get_username()
        return f"as {name}; a forgotten password: `.venv/bin/python manage.py changepassword {name}`."
    name = env.text("DJANGO_SUPERUSER_USERNAME", "admin")
    given = env.text("DJANGO_SUPERUSER_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    account = users.model(username=name, email=env.text("DJANGO_SUPERUSER_EMAIL"))
    account.set_password(password)
    try:
        account.full_clean()
    except ValidationError as error:
        field, (problem, *_) = next(iter(error.message_dict.items()))
        raise CommandError(f"DJANGO_SUPERUSER_{field.upper()}: {problem}") from None
    users.create_superuser(name, account.email, password)
    return f"as {name} with {'the password you gave' if given else f'the password {password} (shown only this once)'}."


def collect_static_files_if_changed():
    """Collect and compress them unless the same ones were collected before: it costs seconds."""
    state = hashlib.sha256(django.__version__.encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            with storage.open(path) as file:
                state.update(path.encode() + file.read())
    note = settings.OTS_DATA_DIR / "static.collected"
    if note.exists() and note.read_text() == state.hexdigest() and (settings.STATIC_ROOT / "staticfiles.json").exists():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(state.hexdigest())


def become_the_server(address):
    os.chdir(settings.BASE_DIR)
    os.execv(
        sys.executable,
        [
            sys.executable, "-m", "granian", "ots_tracker.worker:application", "--interface", "wsgi",
            "--host", address, "--port", str(settings.PORT),
            "--workers", str(settings.WORKERS), "--blocking-threads", str(settings.THREADS),
            "--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning",
        ],
    )  # fmt: skip
