"""The page that explains the API to people."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import strip_tags

from api.docs import EXAMPLES, marked
from api.errors import KINDS
from tests.api.test_schema import DESCRIPTION


@pytest.fixture
def page(db):
    response = Client().get("/api/docs/", headers={"accept-language": "tr"})
    assert response.status_code == 200
    return response.content.decode()


def test_it_lists_every_address_parameter_and_error(page):
    words = strip_tags(page)

    for path, item in DESCRIPTION["paths"].items():
        assert f"GET {path}" in words
        assert all(parameter["name"] in words for parameter in item["get"]["parameters"])
    assert all(f'id="problem-{anchor}"' in page for anchor, _title, _meaning in KINDS.values())


def test_it_is_one_page_in_english_whatever_the_reader_speaks(page):
    assert '<html lang="en">' in page
    assert "/tr/api/" not in page


def test_it_loads_nothing_foreign_and_runs_nothing(page):
    assert "<script" not in page
    assert " style=" not in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!testserver|localhost)', page)


def test_every_example_works(shipped, read):
    for path in EXAMPLES.values():
        assert read(path)


def test_the_bare_address_leads_there(db):
    assert Client().get("/api/").headers["Location"] == "/api/docs/"


def test_text_is_escaped_before_it_is_marked():
    assert marked("a `b<c` & d") == "a <code>b&lt;c</code> &amp; d"


def test_every_curl_of_the_partners_guide_is_true(shipped, get):
    guide = (settings.BASE_DIR / "docs" / "partners.md").read_text()
    addresses = re.findall(r"^curl (?:-i )?'http://localhost:8000(/[^']*)'", guide, re.MULTILINE)

    assert len(addresses) > 8
    for address in addresses:
        expected = 400 if "statsu" in address else 200
        assert get(address).status_code == expected, address
