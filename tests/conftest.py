"""Fixtures for the whole suite. Everything made here is invented, except `shipped`, which is the data set of the project."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from editorial import workflow
from initiatives.imports.load import load_folder
from initiatives.workflow import record_status
from tests.factories import SourceFactory, UserFactory

BUDGETS = Path(__file__).parent / "query_budget.json"
FIXTURES = Path(settings.BASE_DIR) / "fixtures"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """One plain connection a worker: a pool's thread may still be opening one when the test database is dropped."""
    for database in connections.all():
        database.settings_dict["OPTIONS"].pop("pool", None)


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Pages are rendered without the manifest that collectstatic writes."""
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def plain_english():
    """A request leaves its language behind in the thread; every test begins in English."""
    with translation.override("en"):
        yield


def _with_role(role):
    call_command("sync_roles", verbosity=0)
    user = UserFactory(username=f"made-up-{role.lower()}")
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def editor(db):
    return _with_role("Editor")


@pytest.fixture
def reviewer(db):
    return _with_role("Reviewer")


@pytest.fixture
def administrator(db):
    return _with_role("Administrator")


@pytest.fixture
def record(db):
    """Adds a row to a history through the verbs, published unless told otherwise."""

    def _record(initiative, status="", *, date="2024", role="reviewed", publish=True, **more):
        row = {"summary": "A made-up event.", "by": "made-up-user", **more}
        row.setdefault("citations", None)
        citations = [SourceFactory()] if row.pop("citations") is None else more["citations"]
        update = record_status(initiative=initiative, status=status, date=date, role=role, citations=citations, **row)
        return workflow.publish(record=update, by="made-up-reviewer") if publish else update

    return _record


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker):
    """The shipped data set, loaded once for the module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        report = load_folder(FIXTURES, by="import")
        assert not report.refusals
        yield report
        transaction.set_rollback(True)


@pytest.fixture
def budget():
    """Checks that what runs inside needs no more queries than tests/query_budget.json allows.

    UPDATE_QUERY_BUDGET=1 writes the measured number instead; the diff then
    shows what became dearer.
    """

    @contextmanager
    def within(name):
        with CaptureQueriesContext(connection) as queries:
            yield queries
        count = len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))])
        budgets = json.loads(BUDGETS.read_text()) if BUDGETS.exists() else {}
        if os.environ.get("UPDATE_QUERY_BUDGET"):
            budgets[name] = count
            BUDGETS.write_text(json.dumps(budgets, indent=2, sort_keys=True) + "\n")
            return
        assert name in budgets, f"{name} has no query budget: run it once with UPDATE_QUERY_BUDGET=1 and look at the number"
        spent = "\n".join(query["sql"][:200] for query in queries)
        assert count <= budgets[name], f"{name} took {count} queries, its budget is {budgets[name]}:\n{spent}"

    return within
