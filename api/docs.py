"""The documentation for people, made from the same description that programs read."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from .errors import KINDS
from .v1.index import description

_ORDER = ["initiatives", "status-updates", "meetings", "series", "documents", "provisions", "parties", "themes", "sources"]
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


class DocsView(TemplateView):
    """Resources, parameters, fields and errors on one page."""

    template_name = "api/docs.html"

    def get_context_data(self, **kwargs):
        schema = description()
        base = self.request.build_absolute_uri("/")[:-1]
        return super().get_context_data(
            base=base,
            about=schema["info"]["description"],
            resources=list(_resources(schema, base)),
            shapes=[_component(schema, name) for name in ("PartialDate", "Texts", "MeetingBrief", "Citation", "SourceBrief")],
            problems=[
                {"anchor": anchor, "status": status, "title": title, "meaning": meaning}
                for status, (anchor, title, meaning) in KINDS.items()
            ],
            **kwargs,
        )


def _resources(schema: dict[str, Any], base: str):
    """Operations by tag, in the order in which one needs them."""
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for path, item in schema["paths"].items():
        operation = item["get"]
        by_tag.setdefault(operation["tags"][0], []).append({"path": path, **_operation(operation)})
    rest = [tag for tag in by_tag if tag not in _ORDER]
    for tag in [*_ORDER, *rest]:
        operations = by_tag[tag]
        yield {
            "tag": tag,
            "about": operations[0]["description"],
            "operations": operations,
            "example": base + EXAMPLES[tag],
            "fields": _component(schema, operations[-1]["component"])["fields"],
        }


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return {
        "description": operation.get("description", ""),
        "parameters": [_parameter(parameter) for parameter in operation.get("parameters", [])],
        "component": content["$ref"].rpartition("/")[2],
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    values = schema.get("enum") or schema.get("items", {}).get("enum") or []
    return {
        "name": parameter["name"],
        "about": parameter.get("description", ""),
        "type": _kind(schema),
        "values": values,
        "default": schema.get("default"),
    }


def _component(schema: dict[str, Any], name: str) -> dict[str, Any]:
    component = schema["components"]["schemas"][name]
    fields = [{"name": field, "about": _about(part), "type": _kind(part)} for field, part in component.get("properties", {}).items()]
    return {"name": name, "about": component.get("description", ""), "fields": fields}


def _about(part: dict[str, Any]) -> str:
    return part.get("description", "")


def _kind(part: dict[str, Any]) -> str:
    """The type in a word or two: `text`, `list of Citation`, `PartialDate or null`."""
    if "$ref" in part:
        return part["$ref"].rpartition("/")[2]
    for key in ("oneOf", "allOf", "anyOf"):
        if key in part:
            return " or ".join(_kind(choice) for choice in part[key])
    kinds = part.get("type", "anything")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    words = []
    for kind in kinds:
        if kind == "array":
            words.append(f"list of {_kind(part['items'])}")
        elif kind == "object" and set(part.get("properties", ())) == {"value", "label"}:
            words.append("choice")
        else:
            words.append(part.get("format", "text") if kind == "string" else kind)
    return " or ".join(words)
