"""Two editors save at the same moment, 200 times on every path by which a record is written: is anything lost?

Runs against a database of its own, made for the purpose and dropped again, on
the server of the settings. Ends with 1 unless nothing acknowledged was lost
and no answer was an error of the server.
"""
# ruff: noqa: E402 - models can be imported only once Django is set up

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ots_tracker.settings")

import django
from tqdm import tqdm

django.setup()

from django.conf import settings
from django.db import connections
from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment

from tests.races import PATHS, Count, run

ROUNDS = 200


def table(counts: dict[str, Count]) -> str:
    head = f"{'path':28}{'acknowledged':>14}{'refused':>10}{'lost':>8}{'5xx':>8}"
    rows = [f"{path:28}{one.acknowledged:14}{one.refused:10}{len(one.lost):8}{len(one.broken):8}" for path, one in counts.items()]
    return "\n".join([head, *rows])


def main() -> int:
    setup_test_environment()
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    for database in connections.all():
        # Plain connections: a pool's thread may still be opening one when the database is dropped.
        database.settings_dict["OPTIONS"].pop("pool", None)
    made = setup_databases(verbosity=0, interactive=False)
    counts = {}
    try:
        for path in PATHS:
            counts[path] = run(path, tqdm(range(ROUNDS), desc=path, unit=" rounds"))
    finally:
        connections.close_all()
        teardown_databases(made, verbosity=0)
        teardown_test_environment()
    print(table(counts))
    for one in counts.values():
        for fault in [*one.lost[:3], *one.broken[:3]]:
            print(fault, file=sys.stderr)
    return int(any(one.lost or one.broken for one in counts.values()))


if __name__ == "__main__":
    sys.exit(main())
