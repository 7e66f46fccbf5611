"""Every refusal in one form: application/problem+json (RFC 9457).

Errors are written for the programmer at the other end and therefore always in
English; programs read `status` and the `code` of each entry in `errors`.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"

# status: (last part of `type`, title, what the documentation says of it)
KINDS: dict[int, tuple[str, str, str]] = {
    400: (
        "invalid-request",
        "The request is not valid",
        "A parameter is unknown, malformed, repeated or has a value that does not exist. `errors` names each one.",
    ),
    401: ("not-authenticated", "Credentials are needed", "Reading needs none; this address does."),
    403: ("not-allowed", "This is not allowed", "The credentials do not reach this far."),
    404: ("not-found", "There is nothing here", "No public record is called so, or there is no such address."),
    405: (
        "method-not-allowed",
        "This method is not possible here",
        "The API is read with GET, HEAD and OPTIONS; the header `Allow` lists what an address takes.",
    ),
    406: ("not-acceptable", "The answer cannot be given in that form", "The API speaks `application/json`."),
    410: (
        "gone",
        "The record has been withdrawn",
        "It was public once. `replaced_by` and `replaced_by_url` name what took its place, or are null.",
    ),
    415: ("unsupported-media-type", "A body of that type cannot be read", "Send JSON, or nothing at all."),
    429: ("too-many-requests", "Too many requests", "Wait as many seconds as `Retry-After` says."),
    500: (
        "server-error",
        "Something went wrong on our side",
        "It has been logged under the `request_id`; quote it when you write to us.",
    ),
    503: (
        "unavailable",
        "The tracker cannot answer right now",
        "Usually the database is restarting. Wait as many seconds as `Retry-After` says, then repeat the request.",
    ),
}

logger = logging.getLogger("django.request")


def entry(field: str, code: str, message: str, **more: Any) -> dict[str, Any]:
    """One line of `errors`: where it is, what sort of fault, and a sentence with what is allowed."""
    return {"field": field, "code": code, "message": message, **more}


class Refused(exceptions.APIException):
    """400, with an entry for each fault found."""

    status_code = 400

    def __init__(self, *errors: dict[str, Any]) -> None:
        super().__init__(" ".join(error["message"] for error in errors))
        self.errors = errors


class Gone(exceptions.APIException):
    """410: the record was withdrawn; says what replaced it."""

    status_code = 410
    default_detail = "This record was withdrawn."

    def __init__(self, *, replaced_by: str | None, replaced_by_url: str | None) -> None:
        super().__init__()
        self.members = {
            "replaced_by": replaced_by,
            "replaced_by_url": replaced_by_url,
        }


def problem(request: HttpRequest, status: int, detail: str, errors=(), **members: Any) -> dict[str, Any]:
    """The body of an error answer."""
    kind, title, _meaning = KINDS.get(status) or KINDS[400 if status < 500 else 500]
    return {
        "type": f"{settings.SITE_URL}/api/docs/#problem-{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": list(errors),
        "request_id": getattr(request, "request_id", ""),
        **members,
    }


def problem_response(request: HttpRequest, status: int, detail: str, errors=(), **members: Any) -> HttpResponse:
    """An error answer from outside the views: the middleware and unknown addresses."""
    body = problem(request, status, detail, errors, **members)
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type=MEDIA_TYPE, status=status)


def handle(exception: Exception, context: dict[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER: whatever is raised in a view becomes a problem; nothing passes as HTML."""
    request = context["request"]
    headers: dict[str, str] = {}
    with translation.override("en"):
        known = _known(exception)
        detail = known.detail if isinstance(known.detail, str) else "; ".join(map(str, _flat(known.detail)))
        body = problem(
            request,
            known.status_code,
            str(detail),
            getattr(known, "errors", ()),
            **getattr(known, "members", {}),
        )
    if isinstance(known, exceptions.Throttled) and known.wait is not None:
        headers["Retry-After"] = str(int(known.wait) + 1)
    if known.status_code == 503:
        headers["Retry-After"] = "2"
    if known.status_code >= 500:
        logger.error("%s %s failed (request %s)", request.method, request.path, body["request_id"], exc_info=exception)
        # What Django itself does for an exception nobody handled: error monitors listen here.
        got_request_exception.send(sender=None, request=request._request)
    set_rollback()
    return Response(body, status=known.status_code, headers=headers, content_type=MEDIA_TYPE)


def _known(exception: Exception) -> exceptions.APIException:
    match exception:
        case exceptions.APIException():
            return exception
        case Http404():
            return exceptions.NotFound(*exception.args)
        case PermissionDenied():
            return exceptions.PermissionDenied()
        case BadRequest():
            return exceptions.ParseError(str(exception) or None)
        case OperationalError() | InterfaceError():
            failed = exceptions.APIException("The database does not answer.")
            failed.status_code = 503
            return failed
    return exceptions.APIException("An unexpected error has been logged.")


def _flat(detail: Any) -> list[Any]:
    if isinstance(detail, dict):
        return [line for value in detail.values() for line in _flat(value)]
    if isinstance(detail, list):
        return [line for value in detail for line in _flat(value)]
    return [detail]
