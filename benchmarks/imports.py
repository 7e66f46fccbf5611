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
from collections.abc import Iterator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ots_tracker.settings")

import django
from tqdm import tqdm

# What the second file changes in each row of the first.
CHANGED = {
    "sources": {"title": "A made-up page, corrected"},
    "initiatives": {"summary": "Another made-up summary.", "names": "ru|Придуманный фонд|usual"},
    "status-updates": {"summary_tr": "Uydurma bir olay."},
    "names": {"kind": "alias"},
}
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
    if kind == "names":
        return {"type": "initiative", "record": f"made-up-{number}", "language": "tr", "text": f"Uydurma fon {number}", "kind": "usual"}
    return {
        "code": f"made-up-{number}",
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


def table(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def measure(kind: str, rows: int) -> None:
    """Plan and apply a file of new records and one that changes each; print the seconds and the most memory ever had."""
    SHIPPED[:] = Initiative.objects.order_by("pk").values_list("slug", flat=True)
    made = [made_up(kind, number) for number in range(rows)]
    with transaction.atomic():
        account = get_user_model().objects.create(username="made-up-for-a-benchmark")
        if kind == "names":
            for _done in steps("initiatives", [made_up("initiatives", number) for number in range(rows)], account):
                pass
        took = {"new": list(steps(kind, made, account)), "changed": list(steps(kind, [row | CHANGED[kind] for row in made], account))}
        transaction.set_rollback(True)
    megabytes = system.getrusage(system.RUSAGE_SELF).ru_maxrss / 1024
    for what, (planned, applied) in took.items():
        print(f"{kind:16}{what:10}{planned:8.1f} s to plan{applied:8.1f} s to apply{megabytes:8.0f} MB", flush=True)
    if max(map(max, took.values())) > MOST_SECONDS or megabytes > MOST_MEGABYTES:
        raise SystemExit(f"{kind}: more than {MOST_SECONDS} s or {MOST_MEGABYTES} MB")


def steps(kind: str, made: list[dict[str, str]], account) -> Iterator[float]:
    """The seconds to plan a file, and those to apply it."""
    content = table(made)
    began = time.perf_counter()
    upload = receive(resource=kind, file_name=f"{kind}.csv", content=content, by=account)
    yield time.perf_counter() - began
    if upload.stage != upload.Stage.PLANNED:
        raise SystemExit(f"{kind}: {upload.plan[0][:3]}; load the shipped data first (make seed).")
    began = time.perf_counter()
    for _done in tqdm(apply(upload=upload, by=account), total=len(made), unit=" rows", desc=kind):
        pass
    # Links are checked when a transaction ends; this one is rolled back, so it is asked to check them now.
    connection.check_constraints()
    yield time.perf_counter() - began
    upload.refresh_from_db()
    if upload.stage != upload.Stage.APPLIED or upload.counts["same"]:
        raise SystemExit(f"{kind}: planned and not applied")


def main() -> None:
    words = sys.argv[1:]
    if len(words) == 2:
        measure(words[0], int(words[1]))
        return
    rows = words[0] if words else "10000"
    failed = [kind for kind in CHANGED if subprocess.run([sys.executable, "-m", "benchmarks.imports", kind, rows]).returncode]
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
