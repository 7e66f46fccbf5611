"""The description is true: in step with the code, valid, and what the answers really look like."""

import json
import warnings

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from tests.api.conftest import LISTS

COMMITTED = settings.BASE_DIR / "docs" / "openapi.json"
DESCRIPTION = json.loads(COMMITTED.read_text())


def component(name):
    """A validator that knows all fields: a key the description does not name is a fault too."""
    schema = json.loads(json.dumps(DESCRIPTION["components"]["schemas"]))
    for shape in schema.values():
        if "properties" in shape:
            shape["additionalProperties"] = False
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": schema}}, format_checker=FormatChecker())


def answer_of(path, status="200"):
    content = DESCRIPTION["paths"][path]["get"]["responses"][status]["content"]["application/json"]["schema"]
    return component(content["$ref"].rpartition("/")[2])


def test_the_committed_description_is_what_the_code_says_byte_for_byte(tmp_path):
    made = tmp_path / "openapi.json"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call_command("spectacular", format="openapi-json", file=str(made), validate=True, fail_on_warn=True)

    assert made.read_bytes() == COMMITTED.read_bytes(), "run: manage.py spectacular --format openapi-json --file docs/openapi.json"


def test_the_description_is_valid_openapi():
    assert DESCRIPTION["openapi"] == "3.1.0"
    validate(DESCRIPTION)


def test_every_address_of_version_1_is_described():
    names = set(get_resolver("api.v1.urls").reverse_dict) - {"unknown", "openapi"}
    described = {operation["operationId"] for path in DESCRIPTION["paths"].values() for operation in path.values()}

    assert len(described) == len({name for name in names if isinstance(name, str)})


def test_only_reading_is_described():
    assert {method for path in DESCRIPTION["paths"].values() for method in path} == {"get"}


@pytest.mark.parametrize("path", DESCRIPTION["paths"])
def test_every_operation_explains_itself_and_its_parameters(path):
    operation = DESCRIPTION["paths"][path]["get"]

    assert operation["description"]
    assert all(parameter["description"] for parameter in operation["parameters"])
    assert {"200", "304", "400", "500"} <= set(operation["responses"])


@pytest.mark.parametrize("resource", [*LISTS, "vocabularies", "changes", ""])
def test_the_answers_of_lists_are_as_described(shipped, read, resource):
    path = f"/api/v1/{resource}/" if resource else "/api/v1/"

    answer_of(path).validate(read(path))


@pytest.mark.parametrize("resource", LISTS)
def test_records_and_narrowed_rows_are_as_described(shipped, read, resource):
    rows = read(f"{resource}/", {"limit": 20, "fields": "url,id"})

    answer_of(f"/api/v1/{resource}/").validate(rows)
    for row in rows["results"][:8]:
        answer_of(f"/api/v1/{resource}/{{slug}}/").validate(read(row["url"].removeprefix("http://testserver")))


def test_everything_that_can_be_included_is_as_described(shipped, read):
    for resource in LISTS:
        parameters = {p["name"]: p for p in DESCRIPTION["paths"][f"/api/v1/{resource}/"]["get"]["parameters"]}
        fields = parameters["fields"]["schema"]["items"]["enum"]
        page = read(f"{resource}/", {"fields": ",".join(fields), "count": "true", "limit": 20})
        assert all(list(row) == fields for row in page["results"])
        answer_of(f"/api/v1/{resource}/").validate(page)


def test_the_status_of_another_day_is_as_described(shipped, read):
    answer_of("/api/v1/initiatives/").validate(read("initiatives/?as_of=2022-01-01"))


@pytest.mark.parametrize("path", ["initiatives/?x=1&limit=0", "initiatives/nope/", "nope/"])
def test_refusals_are_as_described(get, path):
    component("Problem").validate(get(path).json())


@pytest.mark.parametrize("resource", LISTS)
def test_every_value_the_description_offers_is_taken(shipped, get, resource):
    for parameter in DESCRIPTION["paths"][f"/api/v1/{resource}/"]["get"]["parameters"]:
        schema = parameter["schema"].get("items", parameter["schema"])
        for value in schema.get("enum", []):
            assert get(f"{resource}/", {parameter["name"]: value, "limit": 1}).status_code == 200, (parameter["name"], value)


def test_the_description_is_served_as_committed(read):
    assert read("openapi.json") == DESCRIPTION
