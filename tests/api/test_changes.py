"""The change feed: public, in order, complete, and in the words of this API."""

import pytest

from editorial import ledger, workflow
from editorial.models import Change
from tests.factories import InitiativeFactory, MeetingFactory, ParticipantFactory, ThemeFactory


def changes_of(read, **params):
    return read("changes/", params)["results"]


@pytest.fixture
def rename(editor):
    """Makes one public change."""

    def _rename(theme, name):
        before = ledger.snapshot(theme)
        theme.name = name
        return workflow.save(record=theme, by=editor, before=before)

    return _rename


def test_a_change_says_what_where_and_which_fields(read, rename):
    rename(ThemeFactory(slug="digital", name="Digital"), "Digital and AI")

    change = changes_of(read)[-1]

    assert list(change) == ["serial", "at", "verb", "type", "slug", "url", "deleted", "fields"]
    assert change["at"].endswith("Z")
    assert (change["verb"], change["type"], change["slug"]) == ("theme.changed", "theme", "digital")
    assert change["url"] == "http://testserver/api/v1/themes/digital/"
    assert (change["deleted"], change["fields"]) == (False, ["name"])


def test_following_next_after_reads_every_change_once_and_in_order(read, rename):
    for n in range(7):
        rename(ThemeFactory(), f"Name {n}")
    public = list(Change.objects.public().order_by("serial").values_list("serial", flat=True))

    seen, page = [], read("changes/", {"limit": 3})
    while True:
        seen += [change["serial"] for change in page["results"]]
        if not page["has_more"]:
            break
        page = read("changes/", {"limit": 3, "after": page["next_after"]})

    assert seen == public
    assert page["next_after"] == public[-1]


def test_who_is_up_to_date_stays_where_he_is(read, rename):
    rename(ThemeFactory(), "Name")
    serial = ledger.public_serial()

    assert read("changes/", {"after": serial}) == {"results": [], "next_after": serial, "has_more": False}


def test_a_status_is_a_change_of_the_row_and_of_its_initiative(read, record):
    initiative = InitiativeFactory(slug="fund")
    record(initiative, "signed", code="fund-1")

    row, standing = [change for change in changes_of(read) if change["type"] in ("status-update", "initiative")]

    assert (row["type"], row["slug"], row["verb"]) == ("status-update", "fund-1", "statusupdate.published")
    assert row["url"] == "http://testserver/api/v1/status-updates/fund-1/"
    assert (standing["type"], standing["slug"]) == ("initiative", "fund")
    assert standing["fields"] == ["evidence", "last_checked", "schedule", "status"]


def test_a_withdrawal_is_a_deletion_and_a_return_is_not(read, reviewer):
    meeting = workflow.withdraw(record=MeetingFactory(slug="m"), by=reviewer, reason="It never was.")
    workflow.restore(record=meeting, by=reviewer, reason="It was after all.")

    assert [(change["verb"], change["deleted"]) for change in changes_of(read)] == [
        ("meeting.withdrawn", True),
        ("meeting.restored", False),
    ]


def test_a_field_has_the_name_it_has_in_the_resource(read, editor):
    meeting = MeetingFactory(phase="planned")
    before = ledger.snapshot(meeting)
    meeting.phase = "held"
    meeting.i18n = {"name_tr": "Uydurma toplantı"}
    workflow.save(record=meeting, by=editor, before=before)

    assert changes_of(read)[-1]["fields"] == ["name", "state"]


def test_who_did_it_and_why_is_not_told(read, reviewer):
    workflow.withdraw(record=MeetingFactory(), by=reviewer, reason="A private reason")

    text = str(changes_of(read))

    assert reviewer.get_username() not in text
    assert "private reason" not in text


def test_a_participant_is_read_within_the_meeting(read, editor):
    participant = ParticipantFactory(meeting=MeetingFactory(slug="m"))
    before = ledger.snapshot(participant)
    participant.office = "Minister of Made-up Affairs"
    workflow.save(record=participant, by=editor, before=before)

    change = changes_of(read)[-1]

    assert (change["type"], change["url"]) == ("participant", "http://testserver/api/v1/meetings/m/")


def test_the_old_slug_of_a_change_still_leads_to_the_record(read, get, reviewer):
    workflow.rename(record=InitiativeFactory(slug="first"), slug="second", by=reviewer)
    workflow.rename(record=InitiativeFactory(slug="third"), slug="fourth", by=reviewer)

    assert [change["slug"] for change in changes_of(read)] == ["second", "fourth"]
    assert get(changes_of(read)[0]["url"].removeprefix("http://testserver")).status_code == 200


def test_the_copy_of_a_reader_can_be_kept_with_one_small_query_while_nothing_happens(get, rename):
    rename(ThemeFactory(), "Name")
    first = get("changes/?after=0")

    assert get("changes/?after=0", if_none_match=first.headers["ETag"]).status_code == 304
