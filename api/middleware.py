"""What holds for every answer under /api/, whoever gives it: request ids, limits, open reading, errors as JSON."""

from __future__ import annotations

import logging
import re
import uuid
from contextlib import suppress

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from editorial import ledger

from .errors import MEDIA_TYPE, entry, problem_response

LONGEST_QUERY = 4000
_SANE_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
# Read by scripts of any site: everything here is public, and no cookie is ever looked at.
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, X-Request-ID, X-OTS-Serial, Content-Language, Retry-After",
}

logger = logging.getLogger(__name__)


class ApiMiddleware:
    """Stands outermost, so that even what Django refuses before any view leaves as a problem."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        request.request_id = _request_id(request)
        # A session or a language cookie of the pages must not colour what programs read.
        request.COOKIES = {}
        # Addresses are UTF-8, whatever charset the request claims for a body it does not have.
        # Setting it makes Django read the query once more in the old one, which may be none at all.
        with suppress(LookupError, SuspiciousOperation):
            request.encoding = "utf-8"
        response = _refusal(request) or self.get_response(request)
        return _finish(request, response)


def _request_id(request: HttpRequest) -> str:
    """The caller's own id when it is fit for a log line, else a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex


def _refusal(request: HttpRequest) -> HttpResponse | None:
    query = request.META.get("QUERY_STRING", "")
    if "\0" in request.path_info:
        return problem_response(request, 404, "There is no such address.")
    if len(query) > LONGEST_QUERY:
        sentence = f"The query is longer than {LONGEST_QUERY} characters."
        return problem_response(request, 400, sentence, [entry("", "query_too_long", sentence)])
    try:
        parameters = list(request.GET.lists())
    except SuspiciousOperation:  # more parameters than Django is willing to read
        sentence = "There are too many parameters."
        return problem_response(request, 400, sentence, [entry("", "too_many_parameters", sentence)])
    for name, values in parameters:
        if "\0" in name or any("\0" in value for value in values):
            sentence = "A NUL character cannot be part of a parameter."
            return problem_response(request, 400, sentence, [entry(name.replace("\0", ""), "null_character", sentence)])
    return None


def _finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
        response = _as_problem(request, response)
    response.headers["X-Request-ID"] = request.request_id
    for name, value in _OPEN.items():
        response.headers.setdefault(name, value)
    # Whatever stands further in may think of cookies; here there are none.
    response.headers["Vary"] = "Accept-Language"
    if response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    if request.path_info.startswith("/api/v1/") and "X-OTS-Serial" not in response.headers:
        serial = _serial()
        if serial is not None:
            response.headers["X-OTS-Serial"] = str(serial)
    return response


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What Django itself refused (a strange host, a broken address), in the form of all other errors."""
    detail = "There is no such address." if response.status_code == 404 else response.reason_phrase
    replaced = problem_response(request, response.status_code, detail)
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            replaced.headers[name] = response.headers[name]
    return replaced


def _serial() -> int | None:
    try:
        return ledger.public_serial()
    except DatabaseError:
        logger.warning("The serial cannot be read for an error answer: the database does not answer.")
        return None
