"""Checks of our own, beside those of Django: `migrate` and `manage.py check --database default` run them."""

from django.core.checks import Error, Tags, register
from django.db import connections


@register(Tags.database)
def the_database_is_one_we_rely_on(databases, **kwargs):
    """PostgreSQL 15+ in UTF-8: older ones lack what the constraints and triggers use."""
    problems = []
    for connection in (connections[alias] for alias in databases or ()):
        version = connection.pg_version // 10_000
        if version < 15:
            problems.append(
                Error(
                    f"PostgreSQL 15 or newer is needed, this is {version}.",
                    id="ots_tracker.E001",
                )
            )
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_encoding")
            encoding = cursor.fetchone()[0]
        if encoding != "UTF8":
            problems.append(
                Error(
                    f"The database must be in UTF8, this is {encoding}.",
                    id="ots_tracker.E002",
                )
            )
    return problems
