"""Where to begin: the list of addresses, the OpenAPI description, and the answer of every address that is none."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import resolve, reverse
from django.views import View
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.errors import problem_response

from .addresses import RESOURCES, list_path
from .resources import ReadOnlyView

DESCRIPTION = settings.BASE_DIR / "docs" / "openapi.json"


@cache
def description() -> dict[str, Any]:
    """The committed OpenAPI description: what partners read is what was reviewed."""
    return json.loads(DESCRIPTION.read_text())


def addresses() -> dict[str, str]:
    """Path of every resource by its name."""
    paths = {plural: list_path(word) for word, plural in RESOURCES.items()}
    return paths | {"vocabularies": list_path("vocabulary"), "changes": reverse("api:changes")}


class IndexSerializer(serializers.Serializer):
    """Addresses of all resources, by name."""

    resources = serializers.DictField(child=serializers.URLField())
    openapi = serializers.URLField()
    docs = serializers.URLField(help_text="The documentation for people.")
    serial = serializers.IntegerField(help_text="Serial of the newest public change.")


class IndexView(ReadOnlyView):
    """Where to begin."""

    @extend_schema(operation_id="index", responses=IndexSerializer, tags=["index"])
    def get(self, request):
        return Response(
            {
                "resources": {name: request.build_absolute_uri(path) for name, path in addresses().items()},
                "openapi": request.build_absolute_uri(reverse("api:openapi")),
                "docs": request.build_absolute_uri(reverse("api:docs")),
                "serial": request._request.ots_serial,
            }
        )


class OpenApiView(ReadOnlyView):
    """This description."""

    @extend_schema(exclude=True)
    def get(self, request):
        return Response(description())


class UnknownAddress(View):
    """Every address under /api/ that is none; one that only lacks its last slash is led there."""

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        if not request.path.endswith("/") and request.method in ("GET", "HEAD"):
            whole = f"{request.path}/"
            if getattr(resolve(whole).func, "view_class", None) is not UnknownAddress:
                query = request.META.get("QUERY_STRING", "")
                return HttpResponsePermanentRedirect(whole + (f"?{query}" if query else ""))
        return problem_response(request, 404, f"There is no such address. There are: {', '.join(addresses().values())}.")
