"""The pages of the shipped meetings: what readers must find on them, and what they cost."""

import pytest

from meetings.models import Document, Meeting, Series
from tests.meetings.test_pages import text

pytestmark = pytest.mark.django_db


def test_the_third_isti_meeting_is_expected_in_kazakhstan_in_2026_and_shows_no_day(client, shipped):
    page = text(client.get("/meetings/isti-3/"))

    assert "Kazakhstan" in page
    assert '<time datetime="2026">2026</time>' in page
    assert 'datetime="2026-' not in page.split("<main")[1].split("Called by")[0]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("meeting list", "/meetings/"),
        ("meeting", "/meetings/isti-2/"),
        ("meeting, the largest", "/meetings/ots-summit-12/"),
        ("series", "/series/summits/"),
        ("document", "/documents/isti-2-declaration/"),
    ],
)
def test_a_page_costs_a_fixed_number_of_queries(client, shipped, budget, name, address):
    with budget(f"page: {name}"):
        assert client.get(address).status_code == 200


def test_every_shipped_meeting_series_and_document_has_a_page(client, shipped):
    for model in (Meeting, Series, Document):
        for record in model.objects.public():
            assert client.get(record.get_absolute_url()).status_code == 200, record
