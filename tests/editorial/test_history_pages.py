"""The history tab, reverting, and the ledger as a list and as a file. Everything here is made up."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from editorial import ledger, revisions, workflow
from editorial.desk.cells import neutral, original
from editorial.desk.exporting import COLUMNS
from editorial.models import Change, OldSlug
from meetings.models import Meeting
from tests.desk import list_of, page_of, said, send, signed_in
from tests.factories import InitiativeFactory, MeetingFactory, PartyFactory, SeriesFactory, UserFactory

pytestmark = pytest.mark.django_db

EXPORT = reverse("admin:editorial_change_export")


@pytest.fixture
def client(editor):
    return signed_in(editor)


@pytest.fixture
def meeting(client):
    """A draft with a history: a place, then another one."""
    meeting = MeetingFactory(state="draft", place="Oldtown", format="in_person")
    send(client, page_of(meeting), place="Newtown", format="online", reason="The page says so.")
    return meeting


def last(record):
    return Change.objects.of(record).last()


def take_back(client, record, change, **typed):
    address = page_of(record, "revert", change.serial)
    opened = client.get(address).context
    sent = {"reason": opened["form"]["reason"].value(), "opened_version": opened["opened"]} | typed
    return client.post(address, sent, follow=True)


# The history tab


def test_the_history_is_told_in_words(client, meeting, editor):
    text = client.get(page_of(meeting, "history")).content.decode()

    assert "Changed" in text
    assert "meeting.changed" not in text
    assert editor.username in text
    assert "The page says so." in text
    assert "<del>Oldtown</del>" in text
    assert "<ins>Newtown</ins>" in text
    assert "<ins>online</ins>" in text


def test_a_change_for_which_nobody_gave_a_reason_says_what_was_changed(client, meeting):
    row = {"names-TOTAL_FORMS": "1", "names-0-language": "tr", "names-0-text": "Uydurma", "names-0-kind": "usual"}
    with translation.override("tr"):
        send(client, page_of(meeting), place="Newesttown", name_tr="Uydurma", **row)

    assert last(meeting).reason == "Changed: Place, Name (TR) and Names of meetings."


def test_the_history_of_a_revision_is_told_by_what_it_proposes(client):
    meeting = MeetingFactory(place="Oldtown")
    row = {"names-TOTAL_FORMS": "1", "names-0-language": "tr", "names-0-text": "Uydurma", "names-0-kind": "usual"}
    send(client, page_of(meeting), place="Newtown", **row)
    send(client, page_of(meeting), place="Newesttown")
    revision = revisions.pending(meeting)

    text = client.get(page_of(revision, "history")).content.decode()

    for said_once in ("<del>Oldtown</del>", "<ins>Newtown</ins>", "<del>Newtown</del>", "<ins>Newesttown</ins>"):
        assert said_once in text
    assert "&#x27;text&#x27;" not in text
    assert "/revert/" not in text
    row = client.get(reverse("admin:editorial_change_change", args=[last(revision).serial])).content.decode()
    assert "<ins>Newesttown</ins>" in row


def test_a_long_text_is_folded(client, meeting):
    send(client, page_of(meeting), notes="made-up words " * 40)

    assert "<details>" in client.get(page_of(meeting, "history")).content.decode()


def test_a_long_history_has_pages(client):
    party = PartyFactory(is_public=False)
    for _number in range(51):
        ledger.record(verb="party.changed", record=party, by="made-up-user")

    assert 'href="?p=2"' in client.get(page_of(party, "history")).content.decode()
    assert 'href="?p=1"' in client.get(page_of(party, "history") + "?p=2").content.decode()


# Taking back a change


def test_a_change_of_a_draft_is_taken_back_as_a_new_one(client, meeting):
    change = last(meeting)
    assert page_of(meeting, "revert", change.serial) in client.get(page_of(meeting, "history")).content.decode()

    response = take_back(client, meeting, change)

    assert "The earlier text was put back." in said(response)
    meeting.refresh_from_db()
    assert (meeting.place, meeting.format) == ("Oldtown", "in_person")
    row = last(meeting)
    assert (row.verb, row.reason) == ("meeting.reverted", f"Change {change.serial} taken back.")
    assert Change.objects.of(meeting).count() == 2


def test_only_what_that_change_touched_is_put_back(client, meeting):
    change = last(meeting)
    send(client, page_of(meeting), theme="Made-up theme")

    take_back(client, meeting, change)

    meeting.refresh_from_db()
    assert (meeting.place, meeting.theme) == ("Oldtown", "Made-up theme")


def test_a_later_change_of_the_same_field_is_shown_first(client, meeting, reviewer):
    change = last(meeting)
    send(signed_in(reviewer), page_of(meeting), place="Newesttown", reason="Moved again.")

    text = client.get(page_of(meeting, "revert", change.serial)).content.decode()

    assert "Changed since" in text
    assert reviewer.username in text
    assert "Moved again." in text
    assert "<del>Newesttown</del>" in text


def test_a_change_that_is_undone_already_is_said_to_be_so(client, meeting):
    change = last(meeting)
    take_back(client, meeting, change)

    assert "nothing would become different" in client.get(page_of(meeting, "revert", change.serial)).content.decode()


def test_taking_back_what_is_public_waits_as_a_revision(client, reviewer):
    meeting = MeetingFactory(place="Oldtown")
    record = Meeting.objects.get(pk=meeting.pk)
    record.place = "Newtown"
    workflow.save(record=record, by="import", before=ledger.snapshot(meeting))

    response = take_back(client, meeting, last(meeting))

    revision = revisions.pending(meeting)
    assert "The earlier text waits for a reviewer" in said(response)
    assert page_of(revision) in said(response)
    meeting.refresh_from_db()
    assert meeting.place == "Newtown"
    assert (revision.after, revision.state) == ({"place": "Oldtown"}, "in_review")


def test_taking_back_does_not_push_aside_what_waits(client, reviewer):
    meeting = MeetingFactory(place="Oldtown")
    record = Meeting.objects.get(pk=meeting.pk)
    record.place = "Newtown"
    workflow.save(record=record, by="import", before=ledger.snapshot(meeting))
    send(signed_in(reviewer), page_of(meeting), theme="It waits.")

    response = take_back(client, meeting, last(meeting))

    assert "Another change of this record waits already" in str(response.context["form"].errors)
    assert revisions.pending(meeting).after == {"theme": "It waits."}


def test_what_was_changed_since_the_page_was_opened_is_not_put_back(client, meeting, reviewer):
    change = last(meeting)
    opened = client.get(page_of(meeting, "revert", change.serial)).context["opened"]
    send(signed_in(reviewer), page_of(meeting), place="Newesttown")

    response = client.post(page_of(meeting, "revert", change.serial), {"reason": "Because.", "opened_version": opened})

    assert "meanwhile, so nothing was done" in str(response.context["form"].errors)
    meeting.refresh_from_db()
    assert meeting.place == "Newesttown"


def test_taking_back_needs_a_reason(client, meeting):
    assert take_back(client, meeting, last(meeting), reason=" ").context["form"].errors["reason"]


def test_rows_of_a_list_are_put_back_with_the_rest(client):
    party = PartyFactory(is_public=False)
    send(client, page_of(party), **{"names-TOTAL_FORMS": "1", "names-0-language": "tr", "names-0-text": "Uydurma", "names-0-kind": "usual"})

    take_back(client, party, last(party))

    assert not party.names.exists()


def test_what_names_a_record_that_is_no_more_is_refused_in_words(client):
    host = PartyFactory(is_public=False)
    meeting = MeetingFactory(state="draft", host=host)
    send(client, page_of(meeting), host="")
    workflow.discard(record=host, by="made-up-user")

    assert "is no more, so it cannot be put back" in str(take_back(client, meeting, last(meeting)).context["form"].errors)


def test_the_former_address_of_a_withdrawn_record_keeps_redirecting(client):
    series = workflow.withdraw(record=SeriesFactory(slug="made-up-old"), by="made-up-user", reason="By mistake.")
    workflow.rename(record=series, slug="made-up-new", by="made-up-user")

    take_back(client, series, Change.objects.of(series).filter(verb="series.renamed").get())
    revisions.publish(revision=revisions.pending(series), by="made-up-reviewer")

    series.refresh_from_db()
    assert series.slug == "made-up-old"
    assert OldSlug.objects.get().slug == "made-up-new"


def test_steps_beginnings_and_published_history_are_not_taken_back(client, administrator, record):
    series = workflow.save(record=SeriesFactory.build(state="draft"), by="made-up-user")
    workflow.publish(record=series, by="made-up-reviewer")
    update = record(InitiativeFactory(kind="fund"), "proposed")
    chief = signed_in(administrator)

    for one in (series, update):
        assert "/revert/" not in chief.get(page_of(one, "history")).content.decode()
        for change in Change.objects.of(one):
            assert chief.get(page_of(one, "revert", change.serial)).status_code == 403


def test_what_only_follows_from_other_records_is_not_taken_back(administrator, record):
    initiative = InitiativeFactory(kind="fund")
    record(initiative, "proposed")
    change = last(initiative)
    assert change.verb == "initiative.standing_changed"

    assert signed_in(administrator).get(page_of(initiative, "revert", change.serial)).status_code == 403


def test_what_an_account_was_allowed_once_is_not_given_back_this_way(administrator):
    user = UserFactory(password="made-up-hash", is_superuser=True)
    before = ledger.snapshot(user)
    user.is_superuser = False
    change = ledger.record(verb="user.changed", record=user, by="made-up-user", before=before, after=before | {"is_superuser": False})
    chief = signed_in(administrator)

    assert "/revert/" not in chief.get(page_of(user, "history")).content.decode()
    assert chief.post(page_of(user, "revert", change.serial), {"reason": "x"}).status_code == 403


def test_a_change_of_another_record_is_not_taken_back_here(client, meeting):
    other = MeetingFactory(state="draft")

    assert client.post(page_of(other, "revert", last(meeting).serial), {"reason": "x"}).status_code == 403
    assert client.get(page_of(other, "revert", 10**17)).status_code == 403
    assert client.get(f"/admin/meetings/meeting/abc/revert/{last(meeting).serial}/").status_code == 302


# The ledger


@pytest.fixture
def rows():
    party, user = PartyFactory(name="Made-up party"), UserFactory(username="made-up-writer")
    when = datetime.datetime(2024, 5, 17, 10, 30, tzinfo=datetime.UTC)
    ledger.record(
        verb="party.changed", record=party, by=user, before={"note": "=1+1", "kind": "x"}, after={"note": "b", "kind": "y"}, now=when
    )
    ledger.record(verb="series.published", record=SeriesFactory(), by="import", now=when + datetime.timedelta(days=400))


def exported(response):
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_ledger_is_filtered_by_who_what_kind_and_day(client, rows):
    def found(question):
        return [change.verb for change in client.get(f"{list_of(Change)}?{question}").context["cl"].result_list]

    assert found("actor=made-up-writer") == ["party.changed"]
    assert found("deed=published") == ["series.published"]
    assert found("type=reference.party") == ["party.changed"]
    assert found("at__year=2024&at__month=5") == ["party.changed"]
    assert found("public__exact=1&q=Made-up party") == ["party.changed"]


def test_the_filters_of_the_ledger_are_words(client, rows):
    text = client.get(list_of(Change)).content.decode()

    assert '<a href="?deed=published">Published</a>' in " ".join(text.split())
    assert '<a href="?type=reference.party">Party</a>' in " ".join(text.split())


def test_the_ledger_is_exported_a_line_for_each_field(client, rows):
    response = client.get(EXPORT)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "ledger.csv" in response["Content-Disposition"]
    lines = exported(response)
    assert list(lines[0]) == COLUMNS
    party = [line for line in lines if line["verb"] == "party.changed"]
    assert [(line["field"], line["before"], line["after"]) for line in party] == [("kind", "x", "y"), ("note", "'=1+1", "b")]
    assert {line["at"] for line in party} == {"2024-05-17T10:30:00Z"}
    assert {line["actor"] for line in party} == {"made-up-writer"}


def test_exactly_the_filtered_list_is_exported(client, rows):
    link = client.get(f"{list_of(Change)}?deed=changed").content.decode()

    assert f'href="{EXPORT}?deed=changed"' in link
    assert {line["verb"] for line in exported(client.get(f"{EXPORT}?deed=changed"))} == {"party.changed"}


@pytest.mark.parametrize("question", ["slug__regex=(a%2B)%2B", "at__year=x", "nonsense=1", "e=1"])
def test_garbage_in_the_address_of_the_export_is_refused(client, rows, question):
    assert client.get(f"{EXPORT}?{question}").status_code in (200, 400)


def test_an_export_begins_as_spreadsheets_want_it(client, rows):
    assert next(iter(client.get(EXPORT).streaming_content)).startswith("\ufeffserial,".encode())


def test_who_may_not_read_the_ledger_does_not_get_it_as_a_file():
    assert signed_in(UserFactory()).get(EXPORT).status_code == 403


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''=1"])
def test_a_cell_that_would_be_computed_is_made_harmless(cell):
    assert neutral(cell) == f"'{cell}"


@given(st.text(alphabet="=+-@\t\r'ab \n"))
def test_what_was_made_harmless_can_be_read_back(text):
    assert original(neutral(text)) == text
