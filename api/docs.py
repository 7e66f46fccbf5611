"""The documentation for people, made from the same description that programs read."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import TemplateView

from .errors import KINDS
from .v1.addresses import RESOURCES
from .v1.index import description

# A call worth trying first, by resource.
EXAMPLES = {
    "initiatives": "/api/v1/initiatives/?status=signed&status=ratifying&sort=-since",
    "status-updates": "/api/v1/status-updates/?initiative=tif",
    "meetings": "/api/v1/meetings/?series=isti",
    "series": "/api/v1/series/isti/",
    "documents": "/api/v1/documents/?kind=declaration&include=provisions",
    "provisions": "/api/v1/provisions/?document=isti-2-declaration",
    "parties": "/api/v1/parties/kg/",
    "themes": "/api/v1/themes/?lang=tr",
    "sources": "/api/v1/sources/?kind=official",
    "vocabularies": "/api/v1/vocabularies/status/",
    "changes": "/api/v1/changes/?after=0&limit=100",
    "index": "/api/v1/",
}
_SHAPES = ["PartialDate", "Texts", "MeetingBrief", "Citation", "SourceBrief"]


class DocsView(TemplateView):
    """Resources, parameters, fields and errors on one page; in English, like the errors."""

    template_name = "api/docs.html"

    def get(self, request, *args, **kwargs):
        translation.activate(settings.LANGUAGE_CODE)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        schema, here = description(), reverse("api:docs")
        base = self.request.build_absolute_uri("/")[:-1]
        return super().get_context_data(
            base=base,
            resources=list(_resources(schema, base)),
            shapes=[_component(schema, name) for name in _SHAPES],
            problems=[
                {"anchor": anchor, "status": status, "title": title, "meaning": marked(meaning)}
                for status, (anchor, title, meaning) in KINDS.items()
            ],
            # This page exists in one language; the menu must not promise others.
            languages=[{"code": "en", "name": "English", "path": here, "url": here, "current": True}],
            **kwargs,
        )


def marked(text: str) -> SafeString:
    """Words between backticks as code; everything else as it stands."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))


def _resources(schema: dict[str, Any], base: str):
    """Operations by tag, in the order in which one needs them."""
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for path, item in schema["paths"].items():
        operation = item["get"]
        by_tag.setdefault(operation["tags"][0], []).append({"path": path, **_operation(operation)})
    first = [*RESOURCES.values(), "vocabularies", "changes"]
    for tag in [*first, *(tag for tag in by_tag if tag not in first)]:
        operations = by_tag[tag]
        yield {
            "tag": tag,
            "about": [marked(part) for part in schema["paths"][operations[0]["path"]]["get"]["description"].split("\n\n")],
            "operations": operations,
            "example": base + EXAMPLES[tag],
            "fields": _component(schema, _record(schema, operations[-1]["component"]))["fields"],
        }


def _record(schema: dict[str, Any], name: str) -> str:
    """The component of one record, where the answer is a page of them."""
    results = schema["components"]["schemas"][name]["properties"].get("results")
    return results["items"]["$ref"].rpartition("/")[2] if results else name


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return {
        "parameters": [_parameter(parameter) for parameter in operation.get("parameters", [])],
        "component": content["$ref"].rpartition("/")[2],
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    return {
        "name": parameter["name"],
        "about": marked(parameter.get("description", "")),
        "type": _kind(schema),
        "values": schema.get("enum") or schema.get("items", {}).get("enum") or [],
        "default": schema.get("default"),
    }


def _component(schema: dict[str, Any], name: str) -> dict[str, Any]:
    component = schema["components"]["schemas"][name]
    return {
        "name": name,
        "about": marked(component.get("description", "")),
        "fields": [
            {"name": field, "about": marked(part.get("description", "")), "type": _kind(part)}
            for field, part in component.get("properties", {}).items()
        ],
    }


def _kind(part: dict[str, Any]) -> str:
    """The type in a word or two: `text`, `list of Citation`, `PartialDate or null`."""
    if "$ref" in part:
        return part["$ref"].rpartition("/")[2]
    for key in ("oneOf", "allOf", "anyOf"):
        if key in part:
            return " or ".join(_kind(choice) for choice in part[key])
    kinds = part.get("type", "anything")
    return " or ".join(_word(kind, part) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _word(kind: str, part: dict[str, Any]) -> str:
    if kind == "array":
        return f"list of {_kind(part['items'])}"
    if kind == "object" and set(part.get("properties", ())) == {"value", "label"}:
        return "choice"
    return part.get("format", "text") if kind == "string" else kind
