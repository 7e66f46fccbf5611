"""Changing what is public, as an editor does it, and deciding about it, as a reviewer does. Everything here is made up."""

import pytest
from django.urls import reverse

from editorial import revisions, workflow
from editorial.desk.waiting import as_typed
from editorial.models import Change, OldSlug, Revision
from initiatives.models import Initiative
from meetings.models import Meeting
from reference.models import Source, Theme
from tests.desk import act, list_of, page_of, press, said, send, shown, signed_in, take
from tests.factories import (
    InitiativeCitationFactory,
    InitiativeFactory,
    MeetingFactory,
    MeetingNameFactory,
    MembershipFactory,
    ParticipantFactory,
    PartyFactory,
    RevisionFactory,
    SourceFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory(name="Made-up meeting", place="Oldtown", theme="")


@pytest.fixture
def proposed(meeting, editor):
    """An editor's change of a public meeting."""
    send(signed_in(editor), page_of(meeting), place="Newtown", reason="The page says so.")
    return Revision.objects.get()


def decide(client, revision, step, **typed):
    version = client.get(page_of(revision)).context["revision"].version
    return client.post(page_of(revision), {"_step": step, "opened_version": version, **typed}, follow=True)


# Proposing


def test_what_an_editor_changes_on_a_public_record_waits(editor, meeting):
    response = send(signed_in(editor), page_of(meeting), follow=True, place="Newtown", reason="The page says so.")

    assert "Your change waits as a revision; readers keep seeing the old text." in said(response)
    meeting.refresh_from_db()
    assert meeting.place == "Oldtown"
    revision = Revision.objects.get()
    assert (revision.before, revision.after, revision.created_by) == ({"place": "Oldtown"}, {"place": "Newtown"}, editor)
    assert Change.objects.of(revision).get().reason == "The page says so."


@pytest.mark.parametrize(
    ("make", "typed"),
    [
        (PartyFactory, {"note": "New"}),
        (ThemeFactory, {"description": "New"}),
        (SourceFactory, {"title": "New"}),
        (MembershipFactory, {"since_0": "2020"}),
        (ParticipantFactory, {"office": "New"}),
        (InitiativeFactory, {"summary": "New"}),
    ],
    ids=["party", "theme", "source", "membership", "participant", "initiative"],
)
def test_whatever_is_public_waits(editor, make, typed):
    record = make()

    send(signed_in(editor), page_of(record), **typed)

    assert not Change.objects.of(record).exists()
    assert revisions.pending(record) is not None


def test_rows_of_lists_wait_with_the_rest(editor, reviewer):
    initiative, party, theme = InitiativeFactory(), PartyFactory(is_public=False), ThemeFactory(is_public=False)
    proof = InitiativeCitationFactory(parent=initiative, locator="One")
    typed = {"parties-TOTAL_FORMS": "1", "parties-0-party": party.pk, "parties-0-role": "proposer", "themes": [theme.pk]}

    send(signed_in(editor), page_of(initiative), **typed, **{"citations-0-locator": "Two"})

    assert not initiative.parties.exists()
    assert not initiative.themes.exists()
    party.refresh_from_db()
    assert not party.is_public
    decide(signed_in(reviewer), Revision.objects.get(), "publish")
    assert initiative.parties.get().party == party
    assert list(initiative.themes.all()) == [theme]
    proof.refresh_from_db()
    assert proof.locator == "Two"
    party.refresh_from_db()
    assert party.is_public


def test_the_buttons_say_what_becomes_of_a_change(editor, administrator, meeting):
    text = signed_in(editor).get(page_of(meeting)).content.decode()
    assert "Save as a revision" in text
    assert "Save and submit for review" in text
    assert "Save and publish" not in text
    assert "Save and publish" in signed_in(administrator).get(page_of(meeting)).content.decode()


def test_a_change_is_saved_and_handed_in_at_once(editor, meeting):
    response = send(signed_in(editor), page_of(meeting), button="submit", follow=True, place="Newtown")

    assert "waits for a reviewer" in said(response)
    assert Revision.objects.get().state == "in_review"


def test_an_administrator_publishes_at_once_and_the_ledger_says_so(administrator, meeting):
    response = send(signed_in(administrator), page_of(meeting), button="publish", follow=True, place="Newtown", reason="Obvious.")

    assert "readers see the new text" in said(response)
    meeting.refresh_from_db()
    assert meeting.place == "Newtown"
    assert "Published alone by an administrator. Obvious." in Change.objects.of(meeting).last().reason


def test_nobody_else_publishes_at_once(reviewer, meeting):
    assert send(signed_in(reviewer), page_of(meeting), button="publish", place="Newtown").status_code == 403

    assert not Revision.objects.exists()


def test_a_change_that_changes_nothing_does_not_wait(editor, meeting):
    response = send(signed_in(editor), page_of(meeting), follow=True)

    assert "nothing waits" in said(response)
    assert not Revision.objects.exists()


def test_what_the_record_refuses_is_refused_at_its_field_before_it_waits(editor, meeting):
    series = workflow.rename(record=meeting.series, slug="made-up-new", by="made-up-user")
    OldSlug.objects.create(type="meetings.meeting", slug="made-up-retired", record_id="0", retired_at=series.updated_at)

    response = send(signed_in(editor), page_of(meeting), slug="made-up-retired", place="Newtown")

    assert "slug: “made-up-retired” is the former address of another record" in said(response)
    assert shown(response)["place"] == "Newtown"


def test_work_on_a_revision_goes_on_where_it_stopped(editor, meeting, proposed):
    client = signed_in(editor)
    page = client.get(page_of(meeting))
    assert shown(page)["place"] == "Newtown"
    assert "You see a change that waits" in page.content.decode()

    send(client, page_of(meeting), theme="Made-up theme")

    revision = Revision.objects.get()
    assert revision.after == {"place": "Newtown", "theme": "Made-up theme"}


def test_a_change_that_is_taken_back_in_the_form_waits_no_more(editor, meeting, proposed):
    send(signed_in(editor), page_of(meeting), place="Oldtown")

    assert not Revision.objects.exists()


def test_rows_added_and_removed_in_a_revision_are_shown_again(editor):
    name = MeetingNameFactory(text="Old name")
    client, typed = (
        signed_in(editor),
        {"names-TOTAL_FORMS": "2", "names-1-language": "tr", "names-1-text": "New name", "names-1-kind": "usual"},
    )
    send(client, page_of(name.parent), **typed, **{"names-0-DELETE": "on"})

    boxes = shown(client.get(page_of(name.parent)))

    assert (boxes["names-0-text"], boxes.get("names-0-DELETE"), boxes["names-1-text"]) == ("Old name", "on", "New name")
    send(client, page_of(name.parent), **{"names-1-text": "Newer name"})
    assert [row["text"] for row in Revision.objects.get().after["names"]] == ["Newer name"]


def test_two_who_propose_at_once_get_each_others_change(editor, reviewer, meeting):
    second = signed_in(reviewer)
    opened = shown(second.get(page_of(meeting)))
    send(signed_in(editor), page_of(meeting), place="Newtown")

    told = press(second, page_of(meeting), opened | {"theme": "Mine"})

    assert f"{editor.username} changed this record while you were editing it" in said(told)
    assert shown(told)["place"] == "Newtown"
    press(second, page_of(meeting), shown(told))
    assert Revision.objects.get().after == {"place": "Newtown", "theme": "Mine"}


def test_a_row_that_a_waiting_change_deletes_keeps_what_i_typed_into_it(editor, reviewer):
    initiative = InitiativeFactory()
    InitiativeCitationFactory(parent=initiative, locator="One")
    second = signed_in(reviewer)
    opened = shown(second.get(page_of(initiative)))
    send(signed_in(editor), page_of(initiative), **{"citations-0-DELETE": "on"})

    told = press(second, page_of(initiative), opened | {"citations-0-note": "Typed meanwhile"})

    assert f"{editor.username} deleted this row while you were changing it. Save again to keep it as you have it" in said(told)
    assert shown(told)["citations-0-note"] == "Typed meanwhile"
    assert not shown(told).get("citations-0-DELETE")
    press(second, page_of(initiative), shown(told))
    assert [row["note"] for row in Revision.objects.get().after["citations"]] == ["Typed meanwhile"]


def test_a_row_that_a_waiting_change_deletes_is_said_to_be_deleted(editor, reviewer):
    initiative = InitiativeFactory()
    InitiativeCitationFactory(parent=initiative, locator="One")
    second = signed_in(reviewer)
    opened = shown(second.get(page_of(initiative)))
    send(signed_in(editor), page_of(initiative), **{"citations-0-DELETE": "on"})

    told = press(second, page_of(initiative), opened | {"summary": "Mine."})

    assert f"{editor.username} deleted this row, which you had left alone." in said(told)
    assert shown(told)["citations-0-DELETE"] == "on"


def test_a_revision_published_meanwhile_is_told_too(editor, administrator, meeting, proposed):
    client = signed_in(editor)
    opened = shown(client.get(page_of(meeting)))
    decide(signed_in(administrator), proposed, "publish")

    told = press(client, page_of(meeting), opened | {"theme": "Mine"})

    assert told.status_code in (200, 302)
    assert Revision.objects.filter(state="draft").count() == (told.status_code == 302)
    if told.status_code == 302:  # theirs is what I had before me, so there was nothing to look at
        assert revisions.pending(meeting).after == {"theme": "Mine"}


def test_a_revision_made_without_a_form_opens_in_one(editor, administrator):
    initiative, old, new, source = InitiativeFactory(), ThemeFactory(), ThemeFactory(), SourceFactory()
    initiative.themes.add(old)
    kept = InitiativeCitationFactory(parent=initiative, locator="Kept")
    InitiativeCitationFactory(parent=initiative, locator="Gone")

    def children(record):
        record.themes.set([new])
        record.citations.filter(locator="Gone").delete()
        record.citations.create(source=source, locator="New")

    revisions.propose(record=Initiative.objects.get(), by=administrator, children=children)
    client = signed_in(editor)

    boxes = shown(client.get(page_of(initiative)))

    assert boxes["themes"] == [str(new.pk)]
    rows = [(boxes[f"citations-{number}-locator"], bool(boxes.get(f"citations-{number}-DELETE"))) for number in range(3)]
    assert rows == [("Kept", False), ("Gone", True), ("New", False)]
    assert initiative.citations.count() == 2
    send(client, page_of(initiative), summary="And this.")
    assert Revision.objects.get().after["summary"] == "And this."
    assert [row["locator"] for row in Revision.objects.get().after["citations"]] == ["Kept", "New"]
    assert kept.pk


def test_a_revision_that_can_no_longer_be_written_is_said_to_be_so(editor, meeting):
    gone = {"citations": [{"source": "made-up-source-that-is-no-more"}]}
    RevisionFactory(type="meetings.meeting", record_id=meeting.pk, before={"citations": []}, after=gone)

    page = signed_in(editor).get(page_of(meeting))

    assert "“made-up-source-that-is-no-more” is no more" in page.content.decode()
    assert shown(page)["place"] == "Oldtown"


def test_as_typed_ticks_off_what_is_no_more_and_numbers_nothing_new():
    before = {"n-TOTAL_FORMS": "2", "n-INITIAL_FORMS": "2", "n-0-id": "1", "n-0-t": "a", "n-1-id": "2", "n-1-t": "b", "p": "x"}
    after = {"n-TOTAL_FORMS": "2", "n-INITIAL_FORMS": "2", "n-0-id": "2", "n-0-t": "c", "n-1-id": "9", "n-1-t": "d", "p": "y"}

    assert as_typed(before, after) == {
        "p": "y", "n-TOTAL_FORMS": "3", "n-INITIAL_FORMS": "2",
        "n-0-id": "1", "n-0-t": "a", "n-0-DELETE": "on", "n-1-id": "2", "n-1-t": "c", "n-2-id": "", "n-2-t": "d",
    }  # fmt: skip


# Deciding


def test_the_two_texts_stand_side_by_side_in_words(reviewer, proposed):
    text = signed_in(reviewer).get(page_of(proposed)).content.decode()

    assert "<del>Oldtown</del>" in text
    assert "<ins>Newtown</ins>" in text
    assert "Place" in text
    assert "The page says so." in text
    assert "{&quot;" not in text


def test_a_reviewer_publishes_what_an_editor_wrote(reviewer, meeting, proposed):
    response = decide(signed_in(reviewer), proposed, "publish")

    assert response.redirect_chain[-1][0] == page_of(meeting)
    meeting.refresh_from_db()
    assert meeting.place == "Newtown"
    proposed.refresh_from_db()
    assert proposed.state == "published"


def test_a_reviewer_does_not_publish_what_they_wrote(reviewer, meeting):
    client = signed_in(reviewer)
    send(client, page_of(meeting), place="Newtown")
    revision = Revision.objects.get()

    assert "You wrote this, so somebody else publishes it." in client.get(page_of(revision)).content.decode()
    assert "four eyes see more than two" in str(decide(client, revision, "publish").context["form"].errors)
    meeting.refresh_from_db()
    assert meeting.place == "Oldtown"


def test_the_list_says_into_which_languages_a_change_translates(editor, meeting):
    send(signed_in(editor), page_of(meeting), name_tr="Uydurma", place="Newtown")

    text = signed_in(editor).get(list_of(Revision)).content.decode()

    assert "In other languages (tr)" in text
    assert "I18n" not in text


def test_sending_back_needs_a_note_that_the_author_then_sees(editor, reviewer, meeting, proposed):
    decide(signed_in(editor), proposed, "submit")
    client = signed_in(reviewer)

    assert decide(client, proposed, "send_back").context["form"].errors["reason"]
    decide(client, proposed, "send_back", reason="Name the page.")

    text = signed_in(editor).get(page_of(meeting)).content.decode()
    assert f"{reviewer.username} sent it back (" in text
    assert "): “Name the page.”" in text
    assert "): “Name the page.”" in signed_in(editor).get(page_of(proposed)).content.decode()


def test_a_revision_is_discarded_and_the_ledger_keeps_it(editor, proposed):
    response = decide(signed_in(editor), proposed, "discard", reason="It was right before.")

    assert "1 revision discarded." in said(response)
    assert not Revision.objects.exists()
    assert Change.objects.first().before["after"] == {"place": "Newtown"}


def test_discarding_needs_a_reason_and_asks_for_it_at_its_box(editor, proposed):
    response = decide(signed_in(editor), proposed, "discard", reason=" ")

    assert "say why it is discarded" in str(response.context["form"].errors["reason"])
    assert Revision.objects.exists()


def test_an_editor_does_not_throw_away_a_colleagues_revision(editor, reviewer, proposed):
    other = UserFactory()
    other.groups.set(editor.groups.all())
    colleague = signed_in(other)
    version = colleague.get(page_of(proposed)).context["revision"].version

    assert "discard" not in colleague.get(page_of(proposed)).context["steps"]
    assert (
        colleague.post(page_of(proposed), {"_step": "discard", "reason": "Mine is better.", "opened_version": version}).status_code == 403
    )
    assert colleague.post(page_of(proposed, "delete"), {"post": "yes", "opened_version": version}).status_code == 403
    assert "Only its author" in said(act(colleague, Revision, "discard_selected", [proposed], reason="Mine is better."))
    assert Revision.objects.exists()
    decide(signed_in(reviewer), proposed, "discard", reason="It was right before.")
    assert not Revision.objects.exists()


def test_the_page_that_deletes_a_revision_needs_a_reason_too(editor, proposed):
    client = signed_in(editor)

    assert "say why it is discarded" in said(take(client, proposed, "delete", follow=True, reason=""))
    assert Revision.objects.exists()
    take(client, proposed, "delete", reason="Entered by mistake.")
    assert Change.objects.first().reason == "Entered by mistake."
    assert not Revision.objects.exists()


def test_an_editor_decides_nothing_that_is_a_reviewers(editor, proposed):
    client = signed_in(editor)

    assert "publish" not in client.get(page_of(proposed)).context["steps"]
    assert client.post(page_of(proposed), {"_step": "publish", "opened_version": "1"}).status_code == 403


def test_what_was_changed_since_the_page_was_opened_is_not_decided(editor, reviewer, meeting, proposed):
    client = signed_in(reviewer)
    version = client.get(page_of(proposed)).context["revision"].version
    send(signed_in(editor), page_of(meeting), place="Newesttown")

    response = client.post(page_of(proposed), {"_step": "publish", "opened_version": version})

    assert "meanwhile, so nothing was done" in str(response.context["form"].errors)
    meeting.refresh_from_db()
    assert meeting.place == "Oldtown"


def test_a_record_that_moved_on_keeps_its_revision_from_going_out_until_somebody_looked(editor, reviewer, meeting, proposed):
    record = Meeting.objects.get(pk=meeting.pk)
    before = {"place": record.place}
    record.place = "Elsewhere"
    workflow.save(record=record, by="import", before=before)
    client = signed_in(reviewer)

    text = client.get(page_of(proposed)).content.decode()
    assert "was changed since this revision was written" in text
    assert "Elsewhere" in text
    assert "Open the revision, compare" in str(decide(client, proposed, "publish").context["form"].errors)

    author = signed_in(editor)
    page = author.get(page_of(meeting))
    assert shown(page)["place"] == "Newtown"
    assert '<span class="theirs">Elsewhere</span>' in said(page)
    press(author, page_of(meeting), shown(page))
    decide(client, Revision.objects.get(), "publish")
    meeting.refresh_from_db()
    assert meeting.place == "Newtown"


def test_what_others_changed_in_other_boxes_meanwhile_is_kept(editor, reviewer, meeting, proposed):
    record = Meeting.objects.get(pk=meeting.pk)
    record.theme = "From an import"
    workflow.save(record=record, by="import", before={})

    boxes = shown(signed_in(editor).get(page_of(meeting)))
    assert (boxes["place"], boxes["theme"]) == ("Newtown", "From an import")
    decide(signed_in(reviewer), proposed, "publish")
    meeting.refresh_from_db()
    assert (meeting.place, meeting.theme) == ("Newtown", "From an import")


def test_a_new_address_waits_too_and_the_old_one_redirects_once_it_is_public(editor, reviewer):
    theme, meeting = ThemeFactory(slug="made-up"), MeetingFactory(slug="made-up-old")
    send(signed_in(editor), page_of(meeting), slug="made-up-new")
    assert not OldSlug.objects.exists()

    decide(signed_in(reviewer), Revision.objects.get(), "publish")

    assert Meeting.objects.get().slug == "made-up-new"
    assert OldSlug.objects.get().slug == "made-up-old"
    assert Theme.objects.get() == theme


def test_the_list_begins_with_what_waits_for_a_reviewer(reviewer):
    for state in ("draft", "in_review"):
        RevisionFactory(state=state, label=f"Made-up {state}")
    done = RevisionFactory(state="published", published_at="2024-01-01T00:00Z", label="Made-up published")

    rows = signed_in(reviewer).get(list_of(Revision)).context["cl"].result_list
    assert [row.state for row in rows] == ["in_review", "draft", "published"]
    assert done.pk
    found = signed_in(reviewer).get(f"{list_of(Revision)}?type=initiatives.initiative&state__exact=draft")
    assert [row.label for row in found.context["cl"].result_list] == ["Made-up draft"]


def test_many_revisions_are_published_at_once_and_the_refused_are_named(editor, reviewer, meeting, proposed):
    mine = MeetingFactory()
    client = signed_in(reviewer)
    send(client, page_of(mine), place="Mytown")

    response = act(client, Revision, "publish_selected", list(Revision.objects.all()))

    assert "1 record published." in said(response)
    assert "four eyes see more than two" in said(response)
    meeting.refresh_from_db()
    assert meeting.place == "Newtown"


def test_a_revision_of_what_is_no_more_can_only_be_discarded(reviewer):
    revision = RevisionFactory(record_id="0")
    client = signed_in(reviewer)

    assert "is no more; discard it" in client.get(page_of(revision)).content.decode()
    assert decide(client, revision, "publish").status_code == 200
    decide(client, revision, "discard", reason="The record is no more.")
    assert not Revision.objects.exists()


def test_no_revision_is_made_from_an_empty_form(admin_client):
    assert admin_client.get(list_of(Revision, "add")).status_code == 403
    assert admin_client.get("/admin/editorial/revision/abc/change/").status_code == 302


def test_a_preview_is_offered_of_drafts_and_of_what_waits(editor, meeting, proposed):
    client = signed_in(editor)

    for address in (page_of(meeting), page_of(proposed), page_of(MeetingFactory(state="draft"))):
        assert "/preview/" in client.get(address).content.decode()


def test_withdrawing_is_still_offered_beside_a_revision(reviewer, meeting, proposed):
    client = signed_in(reviewer)

    assert page_of(meeting, "withdraw") in client.get(page_of(meeting)).content.decode()
    take(client, meeting, "withdraw", reason="By mistake.")
    meeting.refresh_from_db()
    assert meeting.state == "withdrawn"


def test_reading_alone_changes_nothing(reviewer, meeting, proposed):
    rows = Change.objects.count()
    client = signed_in(reviewer)

    for address in (page_of(meeting), page_of(proposed), reverse("admin:editorial_revision_history", args=[proposed.pk])):
        assert client.get(address).status_code == 200

    assert Change.objects.count() == rows
    assert not Source.objects.exists()
