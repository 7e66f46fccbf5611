"""The OpenAPI description: what drf-spectacular reads off the views, with our parameters, shapes, headers and errors.

Written to docs/openapi.json by `manage.py spectacular --format openapi-json
--file docs/openapi.json`; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from api.errors import KINDS, MEDIA_TYPE
from api.parameters import Parameter

from .resources import ReadOnlyView, ResourceSerializer, ResourceViewSet

PROBLEM = {
    "type": "object",
    "description": "Every error (RFC 9457). In English; programs read `status` and the `code` of each entry.",
    "required": ["type", "title", "status", "detail", "errors", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Where this sort of error is explained."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What was wrong, in a sentence."},
        "errors": {
            "type": "array",
            "description": "Each fault by itself; empty where there is nothing to point at.",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string", "description": "The parameter; empty when it is the request as a whole."},
                    "code": {"type": "string", "examples": ["unknown_parameter", "invalid_choice", "repeated", "invalid_cursor"]},
                    "message": {"type": "string"},
                    "allowed": {"type": "array", "items": {"type": "string"}, "description": "What is allowed, when that is a short list."},
                },
            },
        },
        "request_id": {"type": "string"},
        "replaced_by": {"type": ["string", "null"], "description": "410 only: slug of what took the record's place."},
        "replaced_by_url": {"type": ["string", "null"], "format": "uri", "description": "410 only: its address."},
    },
}
HEADERS = {
    "X-Request-ID": {"description": "The id you sent, or a new one; quote it when you write to us.", "schema": {"type": "string"}},
    "X-OTS-Serial": {"description": "Serial of the newest public change this answer stands at.", "schema": {"type": "integer"}},
    "ETag": {"description": "Send it back as `If-None-Match`.", "schema": {"type": "string", "pattern": '^W/".+"$'}},
}
NAME = "Slug or code of the record, or its number (`id`)."


class ShapedFieldExtension(OpenApiSerializerFieldExtension):
    """Lets the fields of `fields.py` speak for themselves."""

    target_class = "api.v1.fields.ShapedField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction):
        field = self.target
        if not field.component:
            return field.shape()
        component = ResolvedComponent(name=field.component, type=ResolvedComponent.SCHEMA, schema=field.shape(), object=field.component)
        auto_schema.registry.register_on_missing(component)
        return {"oneOf": [component.ref, {"type": "null"}]} if field.nullable else component.ref


class TrackerSchema(AutoSchema):
    """Parameters, headers and errors of every operation."""

    view: ReadOnlyView

    def get_summary(self):
        words = {"list": "List {}", "retrieve": "Read one of the {}"}.get(getattr(self.view, "action", ""))
        return words.format(self.get_tags()[0].replace("-", " ")) if words else None

    def get_filter_backends(self):
        return []  # described by get_override_parameters, from the same declarations that check them

    def _get_pagination_parameters(self):
        return []

    def get_override_parameters(self):
        described = [_documented(parameter) for parameter in self.view.parameters(getattr(self.view, "action", None))]
        if "{slug}" in self.path:
            described.append(OpenApiParameter("slug", str, OpenApiParameter.PATH, description=self._name_of_record()))
        return described

    def get_paginated_name(self, serializer_name):
        return f"{serializer_name}Page"

    def _name_of_record(self) -> str:
        return NAME if isinstance(self.view, ResourceViewSet) else "Name of the vocabulary."

    def _map_basic_serializer(self, serializer, direction):
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, ResourceSerializer) or _is_resource(serializer):
            # `fields` can leave out any of them.
            schema.pop("required", None)
            if optional := serializer.optional():
                schema["description"] += (
                    f" Only in the detail or with `include`: {', '.join(serializer.Meta.detail)}."
                    if (getattr(serializer.Meta, "detail", ()))
                    else f" Only with `include`: {', '.join(optional)}."
                )
        return schema

    def _get_response_headers_for_code(self, status_code, direction="response"):
        return _headers(etag=status_code == "200")

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        bodies["304"] = {"$ref": "#/components/responses/NotModified"}
        return bodies | {str(status): {"$ref": f"#/components/responses/{_title(status)}"} for status in self._errors()}

    def _errors(self) -> list[int]:
        statuses = [400, 406, 429, 500, 503]
        if "{slug}" in self.path:
            statuses.append(404)
        if getattr(self.view, "withdrawn", None) is not None and self.view.action == "retrieve":
            statuses.append(410)
        return sorted(statuses)


def add_shared_parts(result, generator, request, public):
    """Headers and error answers, which every operation has, stand in the description once."""
    components = result["components"]
    components["headers"] = HEADERS
    components["schemas"]["Problem"] = PROBLEM
    components["responses"] = {
        "NotModified": {"description": "You have this answer already.", "headers": _headers(etag=True)},
        **{
            _title(status): {
                "description": meaning,
                "headers": _headers(),
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            for status, (_anchor, _heading, meaning) in KINDS.items()
            if status not in (401, 403, 415)  # nothing here asks for credentials or takes a body
        },
    }
    return result


def _title(status: int) -> str:
    return KINDS[status][0].title().replace("-", "")


def _headers(*, etag: bool = False) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS if etag or name != "ETag"}


def _is_resource(serializer: Any) -> bool:
    return isinstance(serializer, type) and issubclass(serializer, ResourceSerializer)


def _documented(parameter: Parameter) -> OpenApiParameter:
    is_list = parameter.schema["type"] == "array" and not parameter.repeatable
    return OpenApiParameter(
        parameter.name,
        dict(parameter.schema),
        OpenApiParameter.QUERY,
        description=parameter.description,
        # `fields=a,b` is one value with commas; filters are repeated: `status=a&status=b`.
        style="form" if is_list else None,
        explode=False if is_list else None,
    )
