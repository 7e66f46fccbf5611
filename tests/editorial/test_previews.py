"""What waits can be shown to people without an account, and nothing of it stays. Everything here is made up."""

import datetime

import pytest
from django.core import signing
from django.utils import timezone

from editorial import previews, revisions, workflow
from editorial.models import Change
from initiatives.models import Initiative, StatusUpdate
from tests.factories import DocumentFactory, InitiativeFactory, MeetingFactory, PartyFactory, ProvisionFactory, SeriesFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return InitiativeFactory(state="draft", slug="made-up-draft", name="Made-up draft")


def test_a_draft_is_shown_at_its_preview_and_nowhere_else(draft, client):
    answer = client.get(previews.url(draft))
    assert answer.status_code == 200
    assert "Made-up draft" in answer.text
    assert "This has not been published" in answer.text
    assert client.get("/initiatives/made-up-draft/").status_code == 404


def test_a_preview_leaves_nothing_behind(draft, record, client):
    record(draft, "proposed", publish=False)
    before = Change.objects.count()
    assert "A made-up event." in client.get(previews.url(draft)).text
    assert Change.objects.count() == before
    assert Initiative.objects.get().state == "draft"
    assert Initiative.objects.get().status == ""
    assert StatusUpdate.objects.get().state == "draft"


def test_a_preview_may_be_kept_by_nobody(draft, client):
    answer = client.get(previews.url(draft))
    assert answer["Cache-Control"] == "no-store, private"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert 'rel="canonical"' not in answer.text


def test_a_draft_row_is_shown_in_its_place_with_the_status_it_would_make(record, client):
    initiative = InitiativeFactory(slug="made-up", kind="fund")
    record(initiative, "proposed", date="2023")
    row = record(initiative, "signed", date="2024", publish=False)
    answer = client.get(previews.url(row))
    assert "Signed" in answer.text
    assert f'id="{row.code}"' in answer.text
    assert f'id="{row.code}"' not in client.get("/initiatives/made-up/").text


def test_what_a_draft_belongs_to_is_shown_with_it(client):
    meeting = MeetingFactory(state="draft", series=SeriesFactory(state="draft"), name="Made-up meeting")
    document = DocumentFactory(state="draft", meeting=meeting, title="Made-up declaration")
    assert "Made-up declaration" in client.get(previews.url(document)).text
    assert "Made-up declaration" in client.get(previews.url(meeting)).text


def test_a_revision_is_shown_as_the_page_would_be(editor, client):
    party = PartyFactory(code="made-up", name="Made-up party")
    party.name = "Made-up party, renamed"
    revision = revisions.propose(record=party, by=editor)
    assert "Made-up party, renamed" in client.get(previews.url(revision)).text
    assert "renamed" not in client.get("/parties/made-up/").text


def test_a_preview_speaks_the_language_of_its_address(draft, client):
    answer = client.get("/ru" + previews.url(draft))
    assert answer.status_code == 200
    assert '<html lang="ru">' in answer.text


def test_once_it_is_public_the_preview_leads_to_its_page(draft, reviewer, client):
    address = previews.url(draft)
    workflow.publish(record=draft, by=reviewer)
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, "/initiatives/made-up-draft/")


def test_a_link_that_was_tampered_with_shows_nothing(draft, client):
    address = previews.url(draft)
    assert client.get(address[:-4] + "xyz/").status_code == 404
    forged = signing.dumps([draft._meta.label_lower, draft.pk], salt="another")
    assert client.get(f"/preview/{forged}/").status_code == 404


def test_a_link_expires_after_a_week(draft, client, monkeypatch):
    address = previews.url(draft)
    later = (timezone.now() + previews.LASTS + datetime.timedelta(minutes=1)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store, private")
    assert "Made-up draft" not in answer.text


def test_a_link_to_what_was_thrown_away_says_so(draft, client):
    address = previews.url(draft)
    workflow.discard(record=draft, by="made-up-user")
    assert client.get(address).status_code == 410


def test_what_cannot_be_published_is_said_in_place_of_the_page(client):
    provision = ProvisionFactory(state="draft")
    answer = client.get(previews.url(provision))
    assert answer.status_code == 409
    assert "Name at least one source" in answer.text


def test_public_records_and_those_without_a_page_have_no_preview():
    assert previews.url(InitiativeFactory()) is None
    assert previews.url(PartyFactory()) is None
