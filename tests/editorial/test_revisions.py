"""A change to a public record waits until somebody else has looked at it. Everything here is made up."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from editorial import ledger, revisions, workflow
from editorial.models import Change, Revision
from editorial.snapshots import put_back, snapshot
from initiatives.models import Initiative, InitiativeParty
from meetings.models import Meeting
from tests.factories import (
    InitiativeFactory,
    MeetingFactory,
    ParticipantCitationFactory,
    ParticipantFactory,
    PartyFactory,
    ProvisionFactory,
    SourceFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


def edited(record, **changes):
    """The record as a form holds it: changed in memory."""
    fresh = type(record)._base_manager.get(pk=record.pk)
    for name, value in changes.items():
        setattr(fresh, name, value)
    return fresh


@pytest.fixture
def meeting():
    return MeetingFactory(slug="made-up-meeting", name="Made-up meeting", place="Oldtown")


def test_the_public_keeps_the_old_text_until_the_revision_is_published(meeting, editor, reviewer, client):
    revision = revisions.propose(record=edited(meeting, place="Newtown"), by=editor, reason="The page says so.")

    assert "Oldtown" in client.get("/meetings/made-up-meeting/").text
    assert "Newtown" not in client.get("/meetings/made-up-meeting/").text
    revisions.publish(revision=revision, by=reviewer)
    assert "Newtown" in client.get("/meetings/made-up-meeting/").text


def test_a_revision_says_what_differs_and_nothing_else(meeting, editor):
    revision = revisions.propose(record=edited(meeting, place="Newtown"), by=editor)
    assert (revision.before, revision.after) == ({"place": "Oldtown"}, {"place": "Newtown"})


def test_nobody_publishes_the_revision_they_wrote(meeting, reviewer):
    revision = revisions.propose(record=edited(meeting, place="Newtown"), by=reviewer)
    with pytest.raises(ValidationError) as refusal:
        revisions.publish(revision=revision, by=reviewer)
    assert refusal.value.code == "four_eyes"
    assert Meeting.objects.get().place == "Oldtown"


def test_an_administrator_may_publish_alone_and_the_ledger_says_so(meeting, administrator):
    revisions.publish(revision=revisions.propose(record=edited(meeting, place="Newtown"), by=administrator), by=administrator)
    change = Change.objects.of(meeting).last()
    assert "Published alone by an administrator." in change.reason
    assert (change.actor, change.fields, change.public) == (administrator.username, ["place"], True)


def test_the_ledger_names_the_author_and_the_publisher(meeting, editor, reviewer):
    revisions.publish(revision=revisions.propose(record=edited(meeting, place="Newtown"), by=editor), by=reviewer)
    change = Change.objects.of(meeting).last()
    assert change.actor == reviewer.username
    assert f"by {editor.username}." in change.reason


def test_a_revision_never_shows_in_the_public_ledger(meeting, editor, reviewer):
    revision = revisions.propose(record=edited(meeting, place="Newtown"), by=editor)
    workflow.submit(record=revision, by=editor)
    revisions.publish(revision=revision, by=reviewer)
    assert not Change.objects.public().filter(type="editorial.revision").exists()
    assert Change.objects.filter(type="editorial.revision").count() == 3
    assert not list(ledger.faults())


def test_a_second_edit_replaces_the_open_revision(meeting, editor, reviewer):
    first = revisions.propose(record=edited(meeting, place="Newtown"), by=editor)
    second = revisions.propose(record=edited(meeting, place="Newtown", notes="Seen twice."), by=reviewer, opened=first.version)
    assert first.pk == second.pk
    assert second.fields == ["notes", "place"]
    assert Revision.objects.count() == 1


def test_a_second_edit_that_has_not_seen_the_first_is_refused(meeting, editor, reviewer):
    first = revisions.propose(record=edited(meeting, place="Newtown"), by=editor)
    revisions.propose(record=edited(meeting, place="Newtown", notes="Seen."), by=editor, opened=first.version)
    with pytest.raises(workflow.Stale, match="changed"):
        revisions.propose(record=edited(meeting, place="Elsewhere"), by=reviewer, opened=first.version)
    assert revisions.pending(meeting).after["place"] == "Newtown"


def test_an_edit_that_knows_of_no_open_revision_does_not_replace_it(meeting, editor, reviewer):
    revisions.propose(record=edited(meeting, place="Newtown"), by=editor)
    with pytest.raises(ValidationError, match="waits already"):
        revisions.propose(record=edited(meeting, place="Elsewhere"), by=reviewer)
    assert revisions.pending(meeting).after["place"] == "Newtown"


def test_an_edit_that_takes_everything_back_discards_the_revision(meeting, editor):
    revision = revisions.propose(record=edited(meeting, place="Newtown"), by=editor)
    assert revisions.propose(record=edited(meeting), by=editor, opened=revision.version) is None
    assert revisions.pending(meeting) is None


def test_a_revision_of_a_field_changed_meanwhile_is_refused_by_name(meeting, editor, reviewer):
    revision = revisions.propose(record=edited(meeting, place="Newtown"), by=editor)
    live = edited(meeting, place="Thirdtown")
    workflow.save(record=live, by="import", before=snapshot(meeting))
    with pytest.raises(ValidationError, match="place"):
        revisions.publish(revision=revision, by=reviewer)
    assert Meeting.objects.get().place == "Thirdtown"


def test_a_revision_leaves_fields_alone_that_others_changed_meanwhile(meeting, editor, reviewer):
    revision = revisions.propose(record=edited(meeting, place="Newtown"), by=editor)
    workflow.save(record=edited(meeting, notes="By somebody else."), by="import", before=snapshot(meeting))
    revisions.publish(revision=revision, by=reviewer)
    assert (Meeting.objects.get().place, Meeting.objects.get().notes) == ("Newtown", "By somebody else.")


def test_what_the_record_refuses_is_refused_before_anything_waits(meeting, editor):
    with pytest.raises(ValidationError) as refusal:
        revisions.propose(record=edited(meeting, start="2025-05", end="2024"), by=editor)
    assert "ends before it starts" in str(refusal.value)
    assert not Revision.objects.exists()


def test_a_new_slug_in_a_revision_keeps_the_old_address(meeting, editor, reviewer, client):
    revisions.publish(revision=revisions.propose(record=edited(meeting, slug="made-up-renamed"), by=editor), by=reviewer)
    response = client.get("/meetings/made-up-meeting/")
    assert (response.status_code, response["Location"]) == (301, "/meetings/made-up-renamed/")


def test_belongings_wait_too_and_rows_that_stay_keep_their_number(meeting, editor, reviewer):
    party = PartyFactory()
    stays = ParticipantFactory(meeting=meeting, person="Made-up Minister", office="Minister", party=party)
    goes = ParticipantFactory(meeting=meeting, person="Made-up Guest", party=party)

    def rows(saved):
        saved.participants.filter(pk=stays.pk).update(office="Prime Minister", version=2)
        saved.participants.filter(pk=goes.pk).delete()
        saved.participants.create(person="Made-up Secretary", party=party)

    revision = revisions.propose(record=edited(meeting), by=editor, children=rows)
    assert [row.person for row in meeting.participants.all()] == ["Made-up Minister", "Made-up Guest"]

    revisions.publish(revision=revision, by=reviewer)
    assert [(row.pk == stays.pk, row.person, row.office) for row in meeting.participants.all()] == [
        (True, "Made-up Minister", "Prime Minister"),
        (False, "Made-up Secretary", ""),
    ]


def test_two_open_revisions_of_one_record_are_refused_by_the_database(meeting, editor):
    revision = revisions.propose(record=edited(meeting, place="Newtown"), by=editor)
    with pytest.raises(DatabaseError, match="one_open_revision"):
        Revision.objects.create(type=revision.type, record_id=revision.record_id, label="again")


def test_a_snapshot_put_back_gives_the_same_snapshot():
    party, source, theme = PartyFactory(), SourceFactory(), ThemeFactory()
    initiative = InitiativeFactory(deadline="2026-H1", deadline_note="A made-up deadline", i18n={"name_ru": "Выдумка"}, notes="One\nTwo")
    initiative.themes.add(theme)
    initiative.names.create(language="tr", text="Uydurma", kind="alias")
    initiative.citations.create(source=source, locator="p. 2", quotation="made up")
    InitiativeParty.objects.create(initiative=initiative, party=party, role="host")
    initiative.relations.create(target=InitiativeFactory(), kind="related")
    initiative.provision_links.create(provision=ProvisionFactory(), relation="started")
    shot = snapshot(initiative)
    for rows in (initiative.names, initiative.citations, initiative.parties, initiative.relations, initiative.provision_links):
        rows.all().delete()
    emptied = edited(initiative, deadline="", deadline_note="", i18n=None, notes="", name="Another")
    emptied.themes.clear()

    workflow.save(record=emptied, by="made-up-user", before=snapshot(emptied), children=put_back(emptied, shot))

    assert snapshot(Initiative.objects.get(pk=initiative.pk)) == shot


def test_the_proof_of_a_participant_is_put_back_with_them(meeting):
    citation = ParticipantCitationFactory(parent=ParticipantFactory(meeting=meeting, party=None), locator="p. 1")
    shot = snapshot(meeting)
    citation.parent.delete()
    record = edited(meeting)
    workflow.save(record=record, by="made-up-user", before=snapshot(record), children=put_back(record, shot))
    assert snapshot(record)["participants"] == shot["participants"]


def test_what_names_a_record_that_is_no_more_is_refused(meeting):
    with pytest.raises(ValidationError, match="is no more"):
        put_back(meeting, {"country": "no-such-party"})
