"""Pages by position, not by number: nothing is skipped or shown twice while rows come and go.

DRF's CursorPagination compares the first field of the order only and counts
its ties by offset, up to a thousand; two thousand initiatives of one status
would go round in circles. Here the cursor holds the whole position: the value
of every field of the order, the last of which is the record's number.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from .errors import Refused, entry

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200


class KeysetPagination(BasePagination):
    """`limit`, `cursor` and `count` on every list. The order comes from the queryset."""

    def paginate_queryset(self, queryset: QuerySet, request, view=None) -> list[Any]:
        asked = view.asked
        self.url = request.build_absolute_uri()
        self.order = [str(term) for term in queryset.query.order_by]
        self.count = queryset.count() if asked.count else None
        backward, position = self._read(asked.cursor)
        terms = [_flipped(term) for term in self.order] if backward else self.order
        found = queryset.order_by(*terms)
        if position is not None:
            found = found.filter(_beyond(terms, position))
        rows = list(found[: asked.limit + 1])
        more, rows = len(rows) > asked.limit, rows[: asked.limit]
        if backward:
            rows.reverse()
        # Where a page was reached from, there is something: it need not be looked up.
        before = more if backward else position is not None
        after = position is not None if backward else more
        self.previous = self._link(True, rows[0] if rows else position) if before else None
        self.next = self._link(False, rows[-1] if rows else position) if after else None
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        counted = {} if self.count is None else {"count": self.count}
        return Response({"next": self.next, "previous": self.previous, **counted, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "Address of the next page; null on the last."},
                "previous": {**link, "description": "Address of the page before; null on the first."},
                "count": {"type": "integer", "minimum": 0, "description": "All records that match; only with `count=true`."},
                "results": schema,
            },
        }

    def _read(self, cursor: str) -> tuple[bool, list[Any] | None]:
        if not cursor:
            return False, None
        try:
            backward, order, position = _signer().unsign_object(cursor)
        except (signing.BadSignature, ValueError):
            raise _refusal("This is not a cursor of ours: take it from `next` or `previous`.") from None
        if order != self.order:
            raise _refusal("This cursor belongs to a list in another order: keep `sort` as it was, or start anew.")
        return backward, position

    def _link(self, backward: bool, row: Any) -> str:
        position = row if isinstance(row, list) else [_plain(getattr(row, term.removeprefix("-"))) for term in self.order]
        return replace_query_param(self.url, "cursor", _signer().sign_object((backward, self.order, position)))


def _refusal(sentence: str) -> Refused:
    return Refused(entry("cursor", "invalid_cursor", sentence))


def _signer() -> signing.Signer:
    return signing.Signer(salt="api.pagination")


def _flipped(term: str) -> str:
    return term.removeprefix("-") if term.startswith("-") else f"-{term}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.datetime) else value


def _beyond(terms: list[str], position: list[Any]) -> Q:
    """Rows that come after the position: beyond it in one field and equal in all the fields before that one."""
    found, equal = Q(), Q()
    for term, value in zip(terms, position, strict=True):
        name = term.removeprefix("-")
        side = "lt" if term.startswith("-") else "gt"
        found |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    # Follows from the rest, but only in this form can PostgreSQL start reading the index at the position.
    first = terms[0].removeprefix("-")
    return Q(**{f"{first}__{'lte' if terms[0].startswith('-') else 'gte'}": position[0]}) & found
