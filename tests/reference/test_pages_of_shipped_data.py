"""The pages of the shipped parties, themes and sources: that each is there, and what it costs."""

import pytest

from reference.models import Party, Source, Theme

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Party, Theme, Source])
def test_every_shipped_record_has_a_page(client, shipped, model):
    for record in model.objects.public():
        assert client.get(record.get_absolute_url()).status_code == 200, record


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("party list", "/parties/"),
        ("party", "/parties/kg/"),
        ("party, the largest", "/parties/kz/"),
        ("body", "/parties/ots/"),
        ("theme list", "/themes/"),
        ("theme", "/themes/digital/"),
        ("source", "/sources/report_251024/"),
        ("changes", "/changes/"),
    ],
)
def test_a_page_costs_a_fixed_number_of_queries(client, shipped, budget, name, address):
    with budget(f"page: {name}"):
        assert client.get(address).status_code == 200


def test_turkmenistan_observes_the_organization_and_is_a_member_of_its_chamber(client, shipped):
    page = " ".join(client.get("/parties/tm/").content.decode().split())

    ots, chamber = page.split('href="/parties/ots/"')[1], page.split('href="/parties/tcci/"')[1]
    assert "Observer" in ots.split("</p>")[0]
    assert "Member" in chamber.split("</p>")[0]
    assert "6 March 2024" in chamber.split("</li>")[0]
