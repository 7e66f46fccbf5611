"""A real site, served as operators serve it, and a real browser to visit it with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from playwright.sync_api import sync_playwright
from psycopg import sql

from tests.browser.acts import sign_in

ROOT = Path(settings.BASE_DIR)
# Playwright keeps an event loop in this thread, and Django then takes every later query of the worker for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# As root the browser needs to be told; the rest keeps it from calling home.
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@dataclass(frozen=True)
class Site:
    """A running site with the shipped data, in a database of its own that no other test sees."""

    url: str
    environment: dict[str, str]
    username: str = "made-up-admin"
    password: str = "made-up-Passw0rd-for-tests"

    def manage(self, *words: str, given: str = "") -> str:
        """Run a management command against the site's own database and return what it printed."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, input=given, text=True, capture_output=True, check=True)
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def on_the_server(statement: str, name: str) -> None:
    """Run one statement about a database, from outside of it."""
    where = {key: value for key, value in connection.get_connection_params().items() if key in ("host", "port", "user", "password")}
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(name)))


def address_of(name: str) -> str:
    where = connection.get_connection_params()
    account = quote(where["user"], safe="") + (f":{quote(where['password'], safe='')}" if where.get("password") else "")
    host = where.get("host") or "127.0.0.1"
    if host.startswith("/"):
        return f"postgresql://{account}@/{name}?host={quote(host, safe='')}" + (f"&port={where['port']}" if where.get("port") else "")
    return f"postgresql://{account}@{host}:{where.get('port') or 5432}/{name}"


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker, tmp_path_factory, worker_id):
    """`manage.py serve` on a free port: migrated, filled and served by granian like anywhere else."""
    # With the worker's own name: where no test of the run needs a database, all workers have the same.
    name, port = f"{connection.settings_dict['NAME']}_site_{worker_id}", free_port()
    with django_db_blocker.unblock():
        on_the_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        on_the_server("CREATE DATABASE {}", name)
        url = address_of(name)
    served = Site(
        url=f"http://127.0.0.1:{port}",
        environment=os.environ
        | {
            "DATABASE_URL": url,
            "SECRET_KEY": "made-up-key-for-tests-" + "x" * 40,
            "OTS_DATA_DIR": str(tmp_path_factory.mktemp("site")),
            "PORT": str(port),
            "HOST": "127.0.0.1",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "WORKERS": "1",
            "DJANGO_SUPERUSER_USERNAME": Site.username,
            "DJANGO_SUPERUSER_PASSWORD": Site.password,
            "DJANGO_SUPERUSER_EMAIL": "made-up@tracker.example",
        },
    )
    log = tmp_path_factory.mktemp("log") / "serve.log"
    with log.open("w") as said:
        server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=served.environment, stdout=said, stderr=said)
    try:
        wait_until_it_answers(served.url, server, log)
        yield served
    finally:
        server.terminate()
        server.wait(timeout=30)
        with django_db_blocker.unblock():
            on_the_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def wait_until_it_answers(url: str, server: subprocess.Popen, log: Path, patience: float = 120) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)  # the one wait in the suite: another process has to come up
    pytest.fail(f"The site did not come up:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield running
        running.close()
        # Beside Playwright's loop, Django keeps connections of its own; the test database cannot be dropped under them.
        connections.close_all()


@pytest.fixture
def page(browser):
    """A fresh visitor."""
    visitor = browser.new_context(locale="en-GB")
    visitor.set_default_timeout(15_000)
    yield visitor.new_page()
    visitor.close()


@pytest.fixture(scope="session")
def session(site, browser):
    """The cookies of an administrator."""
    context = browser.new_context()
    sign_in(context.new_page(), site, site.username, site.password)
    yield context.storage_state()
    context.close()


@pytest.fixture
def desk(site, browser, session):
    """An administrator, signed in, at the first page."""
    context = browser.new_context(locale="en-GB", storage_state=session)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{site.url}/admin/")
    yield page
    context.close()
