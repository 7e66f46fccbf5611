"""What all addresses of version 1 have in common: reading only, checked parameters, ETags, withdrawn and renamed records."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone, translation
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from api import conditional
from api.errors import Gone
from api.parameters import (
    LANG,
    LANGUAGES,
    PAGING,
    Asked,
    Parameter,
    fields_parameter,
    filter_parameters,
    include_parameter,
    read,
)
from editorial.models import OldSlug

from .addresses import WORDS, api_path, list_path, name_of

METHODS = "GET, HEAD, OPTIONS"
LARGEST_ID = 2**63 - 1


class Moved(Exception):
    """The record is found under another address."""

    def __init__(self, path: str) -> None:
        self.path = path


class ReadOnlyView(APIView):
    """GET, HEAD and OPTIONS, with everything the contract says of every answer."""

    http_method_names = ["get", "head", "options"]
    own_parameters: tuple[Parameter, ...] = ()

    @classmethod
    def parameters(cls, action: str | None = None) -> list[Parameter]:
        """All that may stand behind the question mark."""
        return [*cls.own_parameters, LANG]

    def initial(self, request, *args, **kwargs):
        wanted = request.GET.get("lang", "")
        translation.activate(wanted if wanted in LANGUAGES else translation.get_language_from_request(request))
        conditional.stamp(request._request)
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        conditional.refuse_if_known(request._request)
        self.today = timezone.localdate()
        self.asked = read(request.GET, self.parameters(getattr(self, "action", None)))

    def handle_exception(self, exception):
        if isinstance(exception, conditional.NotModified):
            return Response(status=304)
        if isinstance(exception, Moved):
            query = self.request.META.get("QUERY_STRING", "")
            return Response(status=301, headers={"Location": exception.path + (f"?{query}" if query else "")})
        return super().handle_exception(exception)

    def options(self, request, *args, **kwargs):
        """What a browser asks before it lets a script of another site read."""
        return Response(
            status=204,
            headers={
                "Access-Control-Allow-Methods": METHODS,
                "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match, X-Request-ID",
                "Access-Control-Max-Age": "86400",
            },
        )

    def finalize_response(self, request, response, *args, **kwargs) -> HttpResponse:
        response = super().finalize_response(request, response, *args, **kwargs)
        plain = request._request
        response.headers["Content-Language"] = translation.get_language()
        if hasattr(plain, "ots_serial"):
            response.headers["X-OTS-Serial"] = str(plain.ots_serial)
        if response.status_code == 200 and conditional.matches_any(plain):
            response = super().finalize_response(request, Response(status=304), *args, **kwargs)
        if response.status_code in (200, 304):
            response.headers["ETag"] = plain.etag
            response.headers["Cache-Control"] = "public, no-cache"
        return response


class ResourceSerializer(serializers.ModelSerializer):
    """A record for reading. All its fields are listed in `Meta.fields`.

    `Meta.detail` are given in the detail and left out of lists, `Meta.extra`
    left out of both, until `include` or `fields` asks for them.
    """

    class Meta:
        detail: tuple[str, ...] = ()
        extra: tuple[str, ...] = ()

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        asked = self.context.get("wanted")
        is_outermost = self.root is self or getattr(self.root, "child", None) is self
        if asked is not None and is_outermost:
            return {name: field for name, field in fields.items() if name in asked}
        if asked is not None:
            # Within another record nothing is asked for by name: it comes as in a list.
            return {name: field for name, field in fields.items() if name in self.usual(is_list=True)}
        return fields

    @classmethod
    def optional(cls) -> tuple[str, ...]:
        """What `include` can add."""
        return (*getattr(cls.Meta, "detail", ()), *getattr(cls.Meta, "extra", ()))

    @classmethod
    def usual(cls, *, is_list: bool) -> list[str]:
        left_out = cls.optional() if is_list else getattr(cls.Meta, "extra", ())
        return [name for name in cls.Meta.fields if name not in left_out]


class ResourceViewSet(ReadOnlyView, ReadOnlyModelViewSet):
    """A list and a detail of one kind of record.

    `needs` names what a field has to fetch, so that nothing is fetched for
    fields nobody asked for, and the number of queries does not grow with the
    rows. `withdrawn` tells which records were public once.
    """

    lookup_field = "slug"
    lookup_value_regex = r"[A-Za-z0-9_-]{1,120}"
    detail_filters: tuple[str, ...] = ()  # those that make sense for one record too
    withdrawn: Q | None = None
    name_field = "slug"

    @classmethod
    def parameters(cls, action=None):
        serializer = cls.serializer_class
        common = [fields_parameter(serializer.Meta.fields)]
        if serializer.optional():
            common.append(include_parameter(serializer.optional()))
        filters = filter_parameters(cls.filterset_class)
        if action == "list":
            return [*filters, *PAGING, *common, LANG]
        return [*(filter_ for filter_ in filters if filter_.name in cls.detail_filters), *common, LANG]

    @property
    def model(self):
        return self.serializer_class.Meta.model

    @property
    def wanted(self) -> set[str]:
        """The fields this answer has."""
        asked: Asked = self.asked
        named = asked.fields or self.serializer_class.usual(is_list=self.action == "list")
        return {*named, *asked.include}

    def needs(self, field: str) -> list[Any]:
        """Prefetches a field cannot do without."""
        return []

    def public(self) -> QuerySet:
        """The records readers may see: begins with `.public()`."""
        return self.model.objects.public()

    def get_queryset(self):
        return self.public()

    def fetching(self, found: QuerySet) -> QuerySet:
        """With what the fields of this answer need."""
        for field in self.serializer_class.Meta.fields:
            if field in self.wanted and (prefetches := self.needs(field)):
                found = found.prefetch_related(*prefetches)
        return found

    def complete(self, rows: list[Any]) -> dict[str, Any]:
        """Give the rows of a page what takes a look at all of them at once; returns what serializers must know."""
        return {}

    def serializer_for(self, rows: list[Any], record=None):
        context = {
            **self.get_serializer_context(),
            "base": self.request.build_absolute_uri("/")[:-1],
            "today": self.today,
            "wanted": self.wanted,
            **self.complete(rows),
        }
        return self.serializer_class(rows if record is None else record, many=record is None, context=context)

    def list(self, request, *args, **kwargs):
        rows = self.paginate_queryset(self.fetching(self.filter_queryset(self.get_queryset())))
        return self.get_paginated_response(self.serializer_for(rows).data)

    def retrieve(self, request, *args, **kwargs):
        record = self.get_object()
        return Response(self.serializer_for([record], record).data)

    def get_object(self):
        name = self.kwargs[self.lookup_field]
        found = self.fetching(self.get_queryset()).filter(self.called(name)).first()
        if found is None:
            self.look_further(name)
        return found

    def called(self, name: str) -> Q:
        """By slug, or by number: a slug never consists of digits alone."""
        if not name.isdigit():
            return Q(**{self.name_field: name})
        return Q(pk=int(name)) if len(name) <= 19 and int(name) <= LARGEST_ID else Q(pk__in=[])

    def look_further(self, name: str) -> None:
        """No public record is called so: say what became of it, if it was ever public."""
        if self.withdrawn is not None:
            gone = self.model.objects.filter(self.withdrawn, self.called(name)).first()
            if gone is not None:
                self.refuse_withdrawn(gone)
        label = self.model._meta.label_lower
        old = OldSlug.objects.filter(type=label, slug=name).first()
        if old is not None and old.record_id.isdigit():
            # A draft may have been renamed too: only what is or was public is led to.
            now = self.public().filter(pk=old.record_id).first()
            if now is None and self.withdrawn is not None:
                now = self.model.objects.filter(self.withdrawn, pk=old.record_id).first()
            if now is not None:
                raise Moved(api_path(now))
        raise NotFound(f"There is no public {WORDS[label].replace('-', ' ')} called “{name}”; all are listed at {list_path(WORDS[label])}.")

    def refuse_withdrawn(self, gone) -> None:
        successor = getattr(gone, "replaced_by", None)
        if successor is None or not successor.is_public:
            raise Gone(replaced_by=None, replaced_by_url=None)
        raise Gone(
            replaced_by=name_of(successor),
            replaced_by_url=self.request.build_absolute_uri(api_path(successor)),
        )
