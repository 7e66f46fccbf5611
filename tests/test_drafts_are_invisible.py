"""One door to the public: a draft, a withdrawn record and what they cite are on no public face at all.

The faces are not listed by hand: every address that the public pages, the
sitemap and the API schema know of is opened, so a new page is walked from the
day it exists.
"""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from editorial import revisions, workflow
from initiatives.models import InitiativeParty, ProvisionLink
from tests.factories import (
    ConflictCitationFactory,
    ConflictFactory,
    DocumentFactory,
    InitiativeFactory,
    MeetingFactory,
    ParticipantFactory,
    PartyFactory,
    ProvisionCitationFactory,
    ProvisionFactory,
    SeriesFactory,
    SourceFactory,
    ThemeFactory,
)

SECRET = "Zqxjsecret"
# Was public once: its withdrawal is told on the page and in the feed of changes, and nowhere else.
LOST = "Zqxlost"
LINK = re.compile(r'href="(/[^"#]*)')


@pytest.fixture
def made(db, record):
    """A public initiative and meeting, surrounded by everything that is not public yet or any more."""
    initiative, meeting = InitiativeFactory(slug="made-up-open"), MeetingFactory(slug="made-up-open-meeting")
    theme, party = ThemeFactory(slug="made-up-open-theme"), PartyFactory(code="made-up-open-party")
    initiative.themes.add(theme)
    InitiativeParty.objects.create(initiative=initiative, party=party, role="participant")
    record(initiative, "proposed", meeting=meeting, role="proposed", party=party)
    document = DocumentFactory(meeting=meeting, slug="made-up-open-document")

    hidden_source = SourceFactory(slug="zqxjsecret-source", publisher=f"{SECRET} Courier", is_public=False)
    hidden_theme = ThemeFactory(slug="zqxjsecret-theme", name=f"{SECRET} theme", is_public=False)
    hidden_party = PartyFactory(code="zqxjsecret-party", name=f"{SECRET} party", is_public=False)
    initiative.themes.add(hidden_theme)
    InitiativeParty.objects.create(initiative=initiative, party=hidden_party, role="participant")
    record(initiative, "agreed", summary=f"{SECRET} row", publish=False, citations=[hidden_source], meeting=meeting, party=hidden_party)
    for state in ("draft", "in_review", "withdrawn"):
        series = SeriesFactory(state=state, slug=f"zqxjsecret-series-{state.replace('_', '-')}", name=f"{SECRET} series")
        hidden = MeetingFactory(
            state=state, slug=f"zqxjsecret-meeting-{state.replace('_', '-')}", name=f"{SECRET} meeting", series=meeting.series
        )
        MeetingFactory(state=state, name=f"{SECRET} other meeting", series=series)
        ParticipantFactory(meeting=hidden, person=f"{SECRET} person")
        DocumentFactory(state=state, meeting=meeting, title=f"{SECRET} document")
        provision = ProvisionFactory(state=state, document=document, summary=f"{SECRET} provision")
        ProvisionCitationFactory(parent=provision, source=hidden_source)
        ProvisionLink.objects.create(provision=provision, initiative=initiative)
        other = InitiativeFactory(state=state, slug=f"zqxjsecret-{state.replace('_', '-')}", name=f"{SECRET} initiative")
        other.themes.add(theme)
        initiative.relations.create(target=other, kind="related")
        other.relations.create(target=initiative, kind="part_of")
        InitiativeParty.objects.create(initiative=other, party=party, role="participant")
        conflict = ConflictFactory(state=state, topic=f"{SECRET} conflict")
        conflict.initiatives.add(initiative)
        conflict.meetings.add(meeting)
        conflict.parties.add(party)
        ConflictCitationFactory(parent=conflict, source=hidden_source)
    for waiting, field in ((initiative, "summary"), (meeting, "notes"), (party, "note"), (document, "note"), (theme, "description")):
        setattr(waiting, field, f"{SECRET} revision")
        revisions.propose(record=waiting, by="made-up-user")
    lost = MeetingFactory(slug="zqxlost-meeting", name=f"{LOST} meeting")
    record(initiative, meeting=lost, role="discussed")
    workflow.withdraw(record=lost, by="made-up-user", reason="Entered twice.")
    return initiative


def walk(client, *starts):
    """Every public page that can be reached by links from these, with its text."""
    waiting, seen = list(starts), {}
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith(("/admin/", "/static/", "/i18n/")):
            continue
        response = client.get(address)
        seen[address] = response
        if response.status_code == 200 and "html" in response.get("Content-Type", ""):
            waiting += [link for link in LINK.findall(response.text) if "?" not in link]
    return seen


def test_no_page_reached_by_any_link_shows_a_draft(made, client):
    pages = walk(client, "/")
    assert [address for address, response in pages.items() if SECRET.lower() in response.text.lower()] == []
    assert {address for address, response in pages.items() if LOST in response.text and "/changes/" not in address} == set()
    gone = {address for address, response in pages.items() if response.status_code != 200}
    assert {address.rpartition("meetings/")[2] for address in gone} == {"zqxlost-meeting/"}  # linked from the changes: 410
    for address in ("/initiatives/made-up-open/", "/meetings/made-up-open-meeting/", "/documents/made-up-open-document/"):
        assert address in pages, f"{address} cannot be reached by links"
    assert "/ru/initiatives/made-up-open/" in pages


@pytest.mark.parametrize("address", ["/sitemap.xml", "/robots.txt", "/initiatives/?q=zqx", "/meetings/?q=zqx"])
def test_no_list_search_or_sitemap_shows_a_draft(made, client, address):
    text = client.get(address).text.lower()
    assert SECRET.lower() not in text
    assert LOST.lower() not in text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/initiatives/zqxjsecret-draft/", 404),
        ("/initiatives/zqxjsecret-in-review/", 404),
        ("/initiatives/zqxjsecret-withdrawn/", 410),
        ("/meetings/zqxjsecret-meeting-draft/", 404),
        ("/meetings/zqxjsecret-meeting-withdrawn/", 410),
        ("/sources/zqxjsecret-source/", 404),
        ("/themes/zqxjsecret-theme/", 404),
        ("/parties/zqxjsecret-party/", 404),
    ],
)
def test_the_address_of_what_is_not_public_says_nothing_of_it(made, client, address, status):
    response = client.get(address)
    assert response.status_code == status
    assert SECRET not in response.text


def api_addresses():
    """Every address of the committed API description, with the made-up public records filled in."""
    described = json.loads((Path(settings.BASE_DIR) / "docs" / "openapi.json").read_text())
    return sorted(path for path in described["paths"] if "{" not in path)


@pytest.mark.parametrize("address", api_addresses())
def test_no_list_of_the_api_shows_a_draft(made, address):
    client = Client()
    response = client.get(address)
    assert response.status_code == 200
    text = response.content.decode().lower()
    assert SECRET.lower() not in text
    assert LOST.lower() not in text or address.endswith("/changes/")


def test_the_api_details_of_public_records_show_no_draft(made, client):
    for resource in ("initiatives", "meetings", "documents", "themes", "parties", "status-updates", "series", "sources", "provisions"):
        for row in client.get(f"/api/v1/{resource}/").json()["results"]:
            detail = client.get(row["url"].replace("http://testserver", ""))
            assert detail.status_code == 200
            assert SECRET.lower() not in detail.content.decode().lower()
            assert SECRET.lower() not in client.get(f"/api/v1/{resource}/?include=status_updates,provisions").content.decode().lower()
