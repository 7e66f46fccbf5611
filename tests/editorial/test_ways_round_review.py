"""Ways by which text could reach the public unread, each of them shut. Everything here is made up."""

import pytest
from django.urls import reverse

from editorial import ledger, previews, revisions, workflow
from editorial.models import Change
from editorial.snapshots import put_back, snapshot
from meetings.models import Participant, Provision
from reference.models import Source
from tests.desk import list_of, page_of, said, send, signed_in
from tests.factories import (
    InitiativeFactory,
    MeetingFactory,
    ParticipantFactory,
    PartyFactory,
    ProvisionCitationFactory,
    ProvisionFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


def test_what_hangs_on_a_withdrawn_record_still_waits_for_review(reviewer):
    provision = ProvisionFactory(summary="As it was reviewed.")
    ProvisionCitationFactory(parent=provision)
    document = workflow.withdraw(record=provision.document, by=reviewer, reason="Made-up doubt.")

    send(signed_in(reviewer), page_of(provision), summary="My own words.")
    workflow.restore(record=document, by=reviewer, reason="Made-up.")

    assert Provision.objects.get().summary == "As it was reviewed."
    assert revisions.pending(provision).after == {"summary": "My own words."}


def test_a_withdrawn_record_waits_for_review_too(reviewer):
    initiative = workflow.withdraw(record=InitiativeFactory(name="As it was"), by=reviewer, reason="Made-up doubt.")
    send(signed_in(reviewer), page_of(initiative), name="My own name")
    assert workflow.restore(record=initiative, by=reviewer, reason="Made-up.").name == "As it was"


def test_who_took_part_in_a_withdrawn_meeting_is_not_deleted(editor, reviewer):
    participant = ParticipantFactory()
    workflow.withdraw(record=participant.meeting, by=reviewer, reason="Made-up doubt.")
    assert signed_in(editor).post(page_of(participant, "delete"), {"post": "yes", "opened_version": "1"}).status_code == 403
    assert Participant.objects.exists()


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_nobody_adds_alone_what_readers_see_at_once(role, request):
    meeting = MeetingFactory()
    response = send(signed_in(request.getfixturevalue(role)), list_of(Participant, "add"), meeting=meeting.pk, person="Made-up Minister")
    assert "where it waits" in said(response)
    assert not Participant.objects.exists()


def test_an_administrator_may_and_the_ledger_says_so(administrator):
    send(signed_in(administrator), list_of(Participant, "add"), meeting=MeetingFactory().pk, person="Made-up Minister")
    assert Change.objects.first().reason.startswith("Published alone by an administrator.")


def test_taking_a_change_back_makes_nothing_public_unread(editor):
    participant = ParticipantFactory(meeting=MeetingFactory(state="draft"), party=PartyFactory())
    first = participant.meeting
    before = snapshot(participant)
    participant.meeting = MeetingFactory(state="draft")
    workflow.save(record=participant, by="made-up-user", before=before)
    moved = Change.objects.of(participant).last()
    workflow.publish(record=first, by="made-up-user")
    address = reverse("admin:meetings_participant_revert", args=[participant.pk, moved.serial])

    client = signed_in(editor)
    opened = client.get(address).context["opened"]
    client.post(address, {"reason": "Made-up.", "opened_version": opened})

    participant.refresh_from_db()
    assert participant.meeting != first


def test_the_machines_own_rows_are_not_taken_back(editor):
    source = SourceFactory(is_public=False)
    before = snapshot(source)
    source.health = Source.Health.DEAD
    workflow.save(record=source, by="archive_sources", before=before)
    row = Change.objects.of(source).last()
    assert signed_in(editor).get(reverse("admin:reference_source_revert", args=[source.pk, row.serial])).status_code == 403


def test_a_record_that_was_renamed_is_still_found(reviewer, editor):
    one, other = InitiativeFactory(), InitiativeFactory(slug="made-up-old")
    revision = revisions.propose(record=one, by=editor, children=lambda saved: saved.relations.get_or_create(target=other, kind="related"))
    workflow.rename(record=other, slug="made-up-new", by="made-up-user")
    revisions.publish(revision=revision, by=reviewer)
    assert [relation.target for relation in one.relations.all()] == [other]


def test_a_list_comes_back_in_its_order():
    meeting = MeetingFactory()
    for text in ("First", "Second", "Third"):
        meeting.names.create(language="en", text=text)
    shot = snapshot(meeting)
    meeting.names.all().delete()
    for text in ("Third", "First", "Fourth", "Second"):
        meeting.names.create(language="en", text=text)
    put_back(meeting, {"names": shot["names"]})(meeting)
    assert snapshot(meeting)["names"] == shot["names"]


@pytest.mark.parametrize("year", ["0", "9999", "99999999999"])
def test_a_year_the_database_cannot_count_to_is_no_filter(editor, year):
    for address in (list_of(Change) + f"?at__year={year}", reverse("admin:meetings_meeting_changelist") + f"?created_at__year={year}"):
        assert signed_in(editor).get(address).status_code in (302, 400)


def test_what_was_done_to_accounts_is_told_to_those_who_may_see_accounts(editor, administrator):
    row = ledger.record(verb="user.changed", record=editor, by=administrator, public=False)

    def rows_of(user):
        return [change.serial for change in signed_in(user).get(list_of(Change)).context["cl"].result_list]

    assert row.serial in rows_of(administrator)
    assert row.serial not in rows_of(editor)
    assert signed_in(editor).get(page_of(row)).status_code == 302


def test_a_preview_of_a_change_to_what_was_withdrawn_says_that_it_is_gone(editor, reviewer, client):
    meeting = MeetingFactory()
    meeting.place = "Newtown"
    revision = revisions.propose(record=meeting, by=editor)
    address = previews.url(revision)
    workflow.withdraw(record=meeting, by=reviewer, reason="Made-up doubt.")
    assert client.get(address).status_code == 410
