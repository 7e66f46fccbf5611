"""How dear each face of the tracker is, as a multiple of a bare view measured in the same run.

Seconds differ from machine to machine and hour to hour; the ratio to
`/healthz`, which passes the same middleware and does nothing, does not.
Runs against the database of the settings, which must hold the shipped data.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from io import BytesIO

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ots_tracker.settings")

from django.core.wsgi import get_wsgi_application
from tqdm import tqdm

BARE = "/healthz"
FACES = [
    "/",
    "/initiatives/",
    "/initiatives/?status=agreed&sort=name",
    "/initiatives/?as_of=2024-01-01",
    "/initiatives/tif/",
    "/meetings/",
    "/meetings/isti-2/",
    "/changes/",
    "/api/v1/initiatives/",
    "/api/v1/initiatives/tif/",
    "/api/v1/status-updates/?limit=200",
]
ROUNDS = 15


def ask(application, address: str) -> float:
    """Seconds for one answer, body included; anything but a 200 ends the run."""
    path, _mark, query = address.partition("?")
    said = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    began = time.perf_counter()
    answer = application(environ, lambda status, headers, error=None: said.append(status))
    body = b"".join(answer)
    answer.close()
    took = time.perf_counter() - began
    if said != ["200 OK"] or not body:
        raise SystemExit(f"{address} answered {said}: load the shipped data first (make seed).")
    return took


def main() -> None:
    application = get_wsgi_application()
    took: dict[str, list[float]] = {face: [] for face in [BARE, *FACES]}
    for face in took:
        ask(application, face)  # templates compiled, connection open
    # Interleaved, so that a slow moment of the machine falls on all of them alike.
    for _round in tqdm(range(ROUNDS), unit=" rounds"):
        for face, times in took.items():
            times.append(ask(application, face))
    bare = statistics.median(took.pop(BARE))
    print(f"{'face':45}{'times ' + BARE:>18}")
    for face, times in took.items():
        print(f"{face:45}{statistics.median(times) / bare:18.1f}")


if __name__ == "__main__":
    main()
