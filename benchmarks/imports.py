"""How long 10,000 made-up rows take to plan and to apply, and how much memory: under 60 s and 300 MB is the promise.

    python -m benchmarks.imports [ROWS]

Runs against the database of the settings, which must hold the shipped data,
and leaves nothing there: every import is rolled back. Each kind of file is
measured in a process of its own, because memory once taken is not given back.
"""

from __future__ import annotations

import os
import resource as system
import subprocess
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ots_tracker.settings")

import django
from tqdm import tqdm

KINDS = ["sources", "initiatives", "status-updates"]
MOST_SECONDS, MOST_MEGABYTES = 60, 300


def made_up(kind: str, number: int) -> dict[str, str]:
    """A row of a table, in the words of the exchange format."""
    if kind == "sources":
        return {
            "slug": f"made-up-source-{number}",
            "publisher": f"Made-up Courier {number}",
            "title": "A made-up page about a made-up fund",
            "url": f"https://courier.example/{number}",
            "language": "en",
            "kind": "agency",
            "published": "2024-05-17",
            "retrieved": "2024-06",
        }
    if kind == "initiatives":
        return {
            "slug": f"made-up-{number}",
            "kind": "fund",
            "name": f"Made-up fund {number}",
            "name_tr": f"Uydurma fon {number}",
            "names": f"ru|Придуманный фонд {number}|usual",
            "summary": "A made-up summary, in a sentence or two, of what it is meant to be.",
            "themes": "digital",
            "parties": "kz|proposer",
            "citations": "qaz_ip|p. 3",
        }
    return {
        "initiative": SHIPPED[number % len(SHIPPED)],
        "date": "2024-05",
        "role": "reviewed",
        "summary": f"A made-up event, number {number}.",
        "summary_tr": f"Uydurma bir olay, sayı {number}.",
        "meeting": "isti-2",
        "party": "kz",
        "citations": "qaz_ip|p. 3",
    }


SHIPPED: list[str] = []


def table(kind: str, rows: int) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, made_up(kind, 0))
    writer.writeheader()
    writer.writerows(made_up(kind, number) for number in range(rows))
    return text.getvalue().encode("utf-8-sig")


def measure(kind: str, rows: int) -> None:
    """Plan and apply one file; print the seconds of each and the most memory the process ever had."""
    SHIPPED[:] = Initiative.objects.order_by("pk").values_list("slug", flat=True)
    content = table(kind, rows)
    with transaction.atomic():
        account = get_user_model().objects.create(username="made-up-for-a-benchmark")
        began = time.perf_counter()
        upload = receive(resource=kind, file_name=f"{kind}.csv", content=content, by=account)
        planned = time.perf_counter()
        if upload.stage != upload.Stage.PLANNED:
            raise SystemExit(f"{kind}: {upload.plan[0][:3]}; load the shipped data first (make seed).")
        for _done in tqdm(apply(upload=upload, by=account), total=rows, unit=" rows", desc=kind):
            pass
        # Links are checked when a transaction ends; this one is rolled back, so it is asked to check them now.
        connection.check_constraints()
        applied = time.perf_counter()
        upload.refresh_from_db()
        if upload.stage != upload.Stage.APPLIED:
            raise SystemExit(f"{kind}: planned and not applied")
        transaction.set_rollback(True)
    megabytes = system.getrusage(system.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{kind:16}{planned - began:8.1f} s to plan{applied - planned:8.1f} s to apply{megabytes:8.0f} MB", flush=True)
    if max(planned - began, applied - planned) > MOST_SECONDS or megabytes > MOST_MEGABYTES:
        raise SystemExit(f"{kind}: more than {MOST_SECONDS} s or {MOST_MEGABYTES} MB")


def main() -> None:
    words = sys.argv[1:]
    if len(words) == 2:
        measure(words[0], int(words[1]))
        return
    rows = words[0] if words else "10000"
    failed = [kind for kind in KINDS if subprocess.run([sys.executable, "-m", "benchmarks.imports", kind, rows]).returncode]
    raise SystemExit(1 if failed else 0)


django.setup()

import csv  # noqa: E402
import io  # noqa: E402

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from initiatives.imports.uploads import apply, receive  # noqa: E402
from initiatives.models import Initiative  # noqa: E402

if __name__ == "__main__":
    main()
