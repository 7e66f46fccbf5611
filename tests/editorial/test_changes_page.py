"""The public ledger in plain words."""

import pytest
from django.urls import reverse

from editorial import workflow
from initiatives.models import Initiative
from tests.factories import ChangeFactory, InitiativeFactory, MeetingFactory

pytestmark = pytest.mark.django_db


def text(response):
    """What a reader of the page reads, white space evened out."""
    return " ".join(response.content.decode().split())


def test_only_public_rows_are_shown_the_newest_first(client):
    older, newer = ChangeFactory(), ChangeFactory()
    ChangeFactory(public=False, label="Secret change")

    response = client.get(reverse("changes"))

    assert [entry.change for entry in response.context["changes"]] == [newer, older]
    assert "Secret" not in text(response)


def test_a_row_says_what_was_done_to_what_and_leads_there(client):
    ChangeFactory(verb="meeting.published", type="meetings.meeting", slug="made-up-meeting", label="Made-up meeting")

    page = text(client.get(reverse("changes")))

    assert "Published" in page
    assert "Meeting" in page
    assert 'href="/meetings/made-up-meeting/"' in page


@pytest.mark.parametrize(
    ("row", "address"),
    [
        ({"type": "initiatives.statusupdate", "slug": "fund-3", "after": {"initiative": "fund"}}, "/initiatives/fund/#fund-3"),
        ({"type": "initiatives.statusupdate", "slug": "fund-3", "before": {"initiative": "fund"}}, "/initiatives/fund/#fund-3"),
        ({"type": "initiatives.statusupdate", "slug": "fund-3", "after": {"state": "published"}}, ""),
        ({"type": "meetings.provision", "slug": "declaration/para-7"}, "/documents/declaration/#para-7"),
        ({"type": "reference.source", "slug": "made-up_source"}, "/sources/made-up_source/"),
        ({"type": "meetings.document", "slug": "gone", "verb": "document.deleted"}, ""),
        ({"type": "reference.membership", "slug": "1"}, ""),
        ({"type": "initiatives.initiative", "slug": ""}, ""),
    ],
)
def test_a_row_leads_to_the_record_where_there_is_one(client, row, address):
    ChangeFactory(**row)

    assert client.get(reverse("changes")).context["changes"][0].address == address


def test_a_row_of_history_that_was_published_leads_to_its_place_on_the_page(client):
    move = {"before": {"initiative": "fund", "state": "in_review"}, "after": {"initiative": "fund", "state": "published"}}
    ChangeFactory(verb="statusupdate.published", type="initiatives.statusupdate", slug="fund-3", **move)

    assert 'href="/initiatives/fund/#fund-3"' in text(client.get(reverse("changes")))


def test_a_status_that_moved_is_shown_before_and_after_in_words(client):
    ChangeFactory(verb="initiative.standing_changed", before={"status": "proposed", "version": 1}, after={"status": "signed", "version": 1})

    page = text(client.get(reverse("changes")))

    assert "<del>Proposed</del>" in page
    assert "<ins>Signed</ins>" in page


def test_a_changed_field_is_named_in_words_and_belongings_too(client):
    ChangeFactory(before={"summary": "a", "citations": []}, after={"summary": "b", "citations": [{"source": "x"}], "lost_field": 1})

    labels = [str(difference["label"]) for difference in client.get(reverse("changes")).context["changes"][0].differences]

    assert labels == ["citations of initiatives", "lost field", "summary"]


def test_a_row_never_tells_who_did_it_or_why(client, editor):
    initiative = workflow.publish(record=InitiativeFactory(state="draft"), by=editor, reason="Told in confidence.")

    page = text(client.get(reverse("changes")))

    assert initiative.name in page
    assert editor.get_username() not in page
    assert "confidence" not in page


def test_verbs_and_types_of_another_time_do_not_break_the_page(client):
    ChangeFactory(verb="thing.polished_up", type="bygone.thing", slug="x", before={"a": 1}, after={"a": 2})
    ChangeFactory(verb="thing.changed", type="nonsense", slug="x", before={"a": 1}, after={"a": 2})

    assert "polished up" in text(client.get(reverse("changes")))


def test_the_ledger_pages_back_without_loss_or_repetition(client, monkeypatch):
    monkeypatch.setattr("editorial.changes.PER_PAGE", 2)
    made = ChangeFactory.create_batch(5)

    seen, before = [], ""
    while before is not None:
        context = client.get(reverse("changes"), {"before": before}).context
        seen += [entry.change for entry in context["changes"]]
        before = context["older"]

    assert seen == made[::-1]


def test_a_change_made_by_a_verb_appears_at_once(client):
    meeting = MeetingFactory(name="Made-up meeting")
    workflow.withdraw(record=meeting, by="made-up-reviewer", reason="Entered twice.")

    entry = client.get(reverse("changes")).context["changes"][0]

    assert (str(entry.deed), entry.change.label) == ("Withdrawn", "Made-up meeting")


@pytest.mark.parametrize("before", ["abc", "-1", "1.5", "9" * 30, "١٢"])
def test_a_malformed_place_in_the_ledger_is_not_found(client, before):
    assert client.get(reverse("changes"), {"before": before}).status_code == 404


def test_an_empty_ledger_says_so(client):
    assert not Initiative.objects.exists()
    assert "Nothing has been made public yet." in text(client.get(reverse("changes")))
