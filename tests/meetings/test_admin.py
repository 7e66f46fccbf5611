"""Series, meetings, documents and provisions in the admin."""

import pytest

from editorial.models import Change, OldSlug
from meetings.models import Document, Meeting, Provision
from tests.desk import list_of, page_of, said, send, signed_in
from tests.factories import DocumentFactory, MeetingFactory, PartyFactory, ProvisionFactory, SeriesFactory, SourceFactory

pytestmark = pytest.mark.django_db


def meeting_row(**more):
    typed = {"name": "Third made-up meeting", "slug": "made-up-3", "phase": "expected", "format": "in_person", "start_0": "2026"}
    return typed | {"series": SeriesFactory().pk} | more


def test_a_meeting_known_by_its_year_alone_keeps_no_day(editor):
    send(signed_in(editor), list_of(Meeting, "add"), **meeting_row())

    meeting = Meeting.objects.get()
    assert (meeting.start.value, meeting.start.precision, meeting.state) == ("2026", "year", "draft")


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"start_0": "2026-05-17", "end_0": "2026-05-16"}, "end: It ends before it starts."),
        ({"start_0": "", "end_0": "2026"}, "start: Say when it started"),
        ({"start_0": "2026-02-30"}, "start: “2026-02-30” is not a date that can be kept"),
        ({"series": ""}, "series: This field is required."),
        ({"ordinal": "-1"}, "ordinal: "),
        ({"country": "9" * 30}, "country: Select a valid choice"),
    ],
)
def test_what_is_wrong_with_a_meeting_is_said_at_its_field(editor, typed, complaint):
    response = send(signed_in(editor), list_of(Meeting, "add"), **meeting_row(**typed))

    assert complaint in said(response)
    assert not Meeting.objects.exists()


def test_two_third_meetings_of_one_series_are_refused(editor):
    first = MeetingFactory(ordinal=3)

    response = send(signed_in(editor), list_of(Meeting, "add"), **meeting_row(series=first.series.pk, ordinal="3"))

    assert f"ordinal: “{first}” has this number in its series already." in said(response)


def test_participants_are_typed_with_the_meeting_and_told_with_it(administrator):
    meeting, party = MeetingFactory(), PartyFactory(is_public=False)
    typed = {"participants-TOTAL_FORMS": "1", "participants-0-person": "Made-up Person", "participants-0-party": party.pk}

    send(signed_in(administrator), page_of(meeting), button="publish", **typed)

    told = Change.objects.of(meeting).last().after["participants"]
    assert [(row["person"], row["party"]) for row in told] == [("Made-up Person", party.code)]
    party.refresh_from_db()
    assert party.is_public


def test_the_address_of_a_public_meeting_can_be_mended_and_the_old_one_redirects(administrator):
    meeting = MeetingFactory(slug="made-up-mistake")

    send(signed_in(administrator), page_of(meeting), button="publish", slug="made-up-meeting", name="A better made-up name")

    meeting.refresh_from_db()
    assert (meeting.slug, meeting.name) == ("made-up-meeting", "A better made-up name")
    assert OldSlug.objects.get().slug == "made-up-mistake"


def test_the_address_of_a_draft_is_simply_changed(editor):
    meeting = MeetingFactory(state="draft", slug="made-up-mistake")

    send(signed_in(editor), page_of(meeting), slug="made-up-meeting")

    assert not OldSlug.objects.exists()


def test_a_provision_goes_out_only_with_proof(administrator):
    provision = ProvisionFactory(state="draft")
    client = signed_in(administrator)

    assert "Citations: Name at least one source" in said(send(client, page_of(provision), button="publish"))
    send(client, page_of(provision), button="publish", **{"citations-TOTAL_FORMS": "1", "citations-0-source": SourceFactory().pk})

    provision.refresh_from_db()
    assert provision.is_public


def test_the_code_of_a_public_provision_stays(reviewer):
    provision = ProvisionFactory(code="p1")

    send(signed_in(reviewer), page_of(provision), code="p2", document=DocumentFactory().pk)

    provision.refresh_from_db()
    assert provision.code == "p1"


def test_two_provisions_of_one_document_do_not_share_a_code(editor):
    provision = ProvisionFactory(code="p1")
    typed = {"document": provision.document.pk, "code": "p1", "verb": "decides", "force": "decision", "summary": "Made up."}

    response = send(signed_in(editor), list_of(Provision, "add"), **typed)

    assert "Provision with this Document and Code already exists." in said(response)


def test_a_document_waits_for_its_meeting(reviewer):
    document = DocumentFactory(state="draft", meeting__state="draft")

    assert "meeting: Publish the meeting" in said(send(signed_in(reviewer), page_of(document), button="publish"))
    assert not Document.objects.public().exists()
