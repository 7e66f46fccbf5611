"""The desk's first page: what is listed for whom, where each line leads, and what it costs. All records are made up."""

import datetime
import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial import workflow
from editorial.models import Change
from initiatives.dashboard import Desk
from initiatives.dashboard.section import FIRST
from initiatives.models import Initiative, StatusUpdate
from initiatives.workflow import record_check
from tests.desk import list_of, page_of, signed_in
from tests.factories import (
    CloseOutFactory,
    DocumentFactory,
    InitiativeFactory,
    MeetingFactory,
    RevisionFactory,
    SeriesFactory,
    SourceFactory,
    UserFactory,
)
from tests.plenty import make_plenty

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def quiet(record, today):
    """An unfinished initiative of which nothing has been heard for two years."""

    def _quiet(*, days=730, **about):
        initiative = InitiativeFactory(**about)
        record(initiative, "agreed", date=str(today - datetime.timedelta(days=days)))
        return initiative

    return _quiet


def desk_of(user):
    return signed_in(user).get(INDEX).context["desk"]


def section(user, slug):
    return desk_of(user).section(slug)


def lines(user, slug):
    return [(line.text, line.url) for line in section(user, slug).lines(0, 50)]


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


# Waiting for review


def test_whatever_waits_for_review_is_listed_the_longest_wait_first(editor, reviewer):
    series = workflow.submit(record=SeriesFactory(state="draft", name="Made-up series"), by=editor)
    initiative = workflow.submit(record=InitiativeFactory(state="draft", name="Made-up fund"), by=editor)

    found = section(reviewer, "review")

    assert lines(reviewer, "review") == [
        ("Series of meetings: Made-up series", page_of(series)),
        ("Initiative: Made-up fund", page_of(initiative)),
    ]
    assert found.lines(0, 1)[0].why.startswith(f"Handed in by {editor.username} on ")
    assert [(str(kind), count) for kind, count, _address in found.lists] == [("series of meetings", 1), ("initiatives", 1)]


def test_each_kind_that_waits_leads_to_its_list_on_which_many_are_published_at_once(reviewer):
    InitiativeFactory(state="in_review")

    text = signed_in(reviewer).get(INDEX).content.decode()

    assert f'<a href="{list_of(Initiative)}?state__exact=in_review">Initiatives: 1</a>' in text


def test_a_revision_waits_like_any_record(reviewer):
    revision = RevisionFactory(state="in_review", label="Made-up pact")

    assert lines(reviewer, "review") == [("Revision: Made-up pact", page_of(revision))]


def test_what_a_reviewer_wrote_needs_another_reviewer_and_is_marked_so(editor, reviewer, administrator):
    mine = InitiativeFactory(state="in_review", created_by=reviewer, name="Made-up fund of mine")
    theirs = InitiativeFactory(state="in_review", created_by=editor, name="Made-up fund of theirs")
    changed = workflow.save(record=InitiativeFactory(state="in_review", name="Made-up fund, changed"), by=reviewer, before={})

    marks = {line.url: line.mark for line in section(reviewer, "review").lines(0, 9)}

    assert marks[page_of(mine)] == marks[page_of(changed)] == "You wrote it, so it needs another reviewer."
    assert marks[page_of(theirs)] == ""
    InitiativeFactory(state="in_review", created_by=administrator)  # who may publish alone needs nobody
    assert not any(line.mark for line in section(administrator, "review").lines(0, 9))
    assert not any(line.mark for line in section(editor, "review").lines(0, 9))


# Sent back, and begun


@pytest.fixture
def returned(reviewer):
    """A draft handed in by somebody and sent back with a note."""

    def _returned(by, note="Name the host.", **about):
        record = workflow.submit(record=MeetingFactory(state="draft", **about), by=by)
        return workflow.send_back(record=record, by=reviewer, reason=note)

    return _returned


def test_what_was_sent_back_to_me_is_listed_with_the_note_and_who_wrote_it(editor, reviewer, returned):
    written = returned(UserFactory(), created_by=editor)
    handed_in = returned(editor)

    found = section(editor, "sent-back")

    assert {line.url for line in found.lines(0, 9)} == {page_of(written), page_of(handed_in)}
    assert found.lines(0, 1)[0].why.startswith(f"{reviewer.username} on ")
    assert found.lines(0, 1)[0].why.endswith("“Name the host.”")


def test_what_was_sent_back_to_others_or_handed_in_again_is_not_mine_to_mend(editor, returned):
    returned(UserFactory())
    workflow.submit(record=returned(editor), by=editor)

    assert not section(editor, "sent-back").number


def test_a_draft_that_was_sent_back_stays_on_the_list_while_it_is_being_mended(editor, returned):
    record = returned(editor, created_by=editor)
    record.place = "Another made-up town"
    workflow.save(record=record, by=editor, before={})

    assert lines(editor, "sent-back") == [(f"Meeting: {record}", page_of(record))]
    assert not section(editor, "drafts").number


def test_my_drafts_are_those_i_began_and_have_not_handed_in(editor):
    mine = InitiativeFactory(state="draft", created_by=editor, name="Made-up fund of mine")
    InitiativeFactory(state="draft", created_by=UserFactory())
    InitiativeFactory(state="in_review", created_by=editor)

    assert lines(editor, "drafts") == [("Initiative: Made-up fund of mine", page_of(mine))]


# Gone quiet


def test_the_longest_silence_comes_first(editor, quiet):
    shorter, longer = quiet(days=500), quiet(days=900)
    quiet(days=300)

    assert lines(editor, "quiet") == [(str(longer), page_of(longer)), (str(shorter), page_of(shorter))]


def test_the_finished_and_the_unpublished_are_never_quiet(editor, record):
    record(InitiativeFactory(), "completed", date="2015")
    InitiativeFactory(state="draft")

    assert not section(editor, "quiet").number


def test_a_search_counts_while_it_waits_and_once_it_is_public_but_not_when_it_was_sent_back(editor, reviewer, quiet):
    source = SourceFactory()
    waiting, public, returned = (record_check(initiative=quiet(), source=source, by=editor) for _number in range(3))
    workflow.publish(record=public, by=reviewer)
    workflow.send_back(record=returned, by=reviewer, reason="Search the other page.")

    assert waiting.state == "in_review"
    assert lines(editor, "quiet") == [(str(returned.initiative), page_of(returned.initiative))]


def test_one_click_notes_that_nothing_new_was_found_and_the_line_is_gone(editor, quiet, today):
    initiative, source = quiet(name="Made-up fund"), SourceFactory(publisher="Made-up Courier")
    client = signed_in(editor)
    page = client.get(INDEX)
    assert f'formaction="{reverse("admin:searched", args=[initiative.pk])}"' in page.content.decode()

    response = client.post(reverse("admin:searched", args=[initiative.pk]), {"source": source.pk, "next": f"{INDEX}#quiet"}, follow=True)

    update = StatusUpdate.objects.get(role="checked")
    assert (update.initiative, update.state, update.date.value, update.created_by) == (initiative, "in_review", today.isoformat(), editor)
    assert [citation.source for citation in update.citations.all()] == [source]
    assert response.redirect_chain == [(f"{INDEX}#quiet", 302)]
    assert "“Made-up fund”: nothing new at Made-up Courier." in said_in(response)
    assert not section(editor, "quiet").number


def test_the_source_is_remembered_for_the_next_click(editor, quiet):
    first, second, source = quiet(), quiet(), SourceFactory(slug="made-up-courier-of-today")
    client = signed_in(editor)
    client.post(reverse("admin:searched", args=[first.pk]), {"source": source.pk})

    assert f'<option value="{source.pk}" selected>' in client.get(INDEX).content.decode()
    assert client.get(reverse("admin:searched", args=[second.pk])).context["form"]["source"].value() == source.pk


@pytest.mark.parametrize("given", ["", "abc", "9" * 30])
def test_without_a_source_the_field_is_named_and_nothing_is_written(editor, quiet, given):
    initiative = quiet()

    response = signed_in(editor).post(reverse("admin:searched", args=[initiative.pk]), {"source": given})

    assert response.status_code == 200
    assert response.context["form"].errors["source"]
    assert "Source searched" in text_of(response)
    assert not StatusUpdate.objects.filter(role="checked").exists()


def test_the_same_search_twice_a_day_is_refused_in_words(editor, quiet):
    initiative, source = quiet(), SourceFactory()
    record_check(initiative=initiative, source=source, by=editor)

    response = signed_in(editor).post(reverse("admin:searched", args=[initiative.pk]), {"source": source.pk})

    assert "already" in str(response.context["form"].errors["source"])
    assert StatusUpdate.objects.filter(role="checked").count() == 1


def test_a_way_back_to_another_site_is_not_taken(editor, quiet):
    source = SourceFactory()

    for address in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\elsewhere.example"):
        response = signed_in(editor).post(reverse("admin:searched", args=[quiet().pk]), {"source": source.pk, "next": address})

        assert (response.status_code, response["Location"]) == (302, INDEX)


def test_who_may_not_write_notes_no_search_and_is_offered_none(quiet):
    initiative, visitor = quiet(), reader("initiatives.view_initiative")

    text = signed_in(visitor).get(INDEX).content.decode()

    assert page_of(initiative) in text
    assert "formaction" not in text
    assert signed_in(visitor).post(reverse("admin:searched", args=[initiative.pk]), {"source": SourceFactory().pk}).status_code == 403


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_search_for_nothing_is_not_found(editor, number):
    assert signed_in(editor).post(f"/admin/desk/searched/{number}/", {"source": SourceFactory().pk}).status_code == 404


def test_a_draft_is_not_searched_for(editor):
    draft = InitiativeFactory(state="draft")

    assert signed_in(editor).post(reverse("admin:searched", args=[draft.pk]), {"source": SourceFactory().pk}).status_code == 404


# Deadlines and meetings


def test_overdue_is_what_is_unfinished_after_the_whole_period_of_its_deadline(editor, record, today):
    late = InitiativeFactory(deadline=str(today.year - 1))
    later = InitiativeFactory(deadline=str(today.year - 2))
    InitiativeFactory(deadline=str(today.year))
    record(InitiativeFactory(deadline=str(today.year - 1)), "completed", date="2015")

    assert [url for _text, url in lines(editor, "overdue")] == [page_of(later), page_of(late)]


def test_a_meeting_is_listed_until_it_has_its_documents_and_is_closed_out(editor, today):
    bare, open, closed, done = (MeetingFactory(start=f"2024-05-0{day}") for day in (4, 3, 2, 1))
    for meeting in (open, done):
        DocumentFactory(meeting=meeting)
    for meeting in (closed, done):
        CloseOutFactory(meeting=meeting, done_at=timezone.now())
    CloseOutFactory(meeting=bare)
    MeetingFactory(phase="planned")

    found = section(editor, "held").lines(0, 9)

    assert [(line.url, line.why) for line in found] == [
        (reverse("admin:close_out", args=[bare.pk]), "Its close-out is begun. No document."),
        (reverse("admin:close_out", args=[open.pk]), "Not closed out."),
        (f"{reverse('admin:meetings_document_add')}?meeting={closed.pk}", "No document."),
    ]
    assert found[0].also == [("Add a document", f"{reverse('admin:meetings_document_add')}?meeting={bare.pk}")]


def test_a_draft_of_its_document_is_enough_and_a_withdrawn_one_is_not(editor):
    drafted, lost = MeetingFactory(), MeetingFactory()
    for meeting in (drafted, lost):
        CloseOutFactory(meeting=meeting, done_at=timezone.now())
    DocumentFactory(meeting=drafted, state="draft")
    DocumentFactory(meeting=lost, state="withdrawn")

    assert [line.text for line in section(editor, "held").lines(0, 9)] == [f"{lost} (17 May 2024)"]


def test_a_planned_meeting_has_passed_only_when_the_whole_time_it_was_announced_for_is_over(editor, today):
    passed = MeetingFactory(phase="planned", start=str(today.year - 1))
    MeetingFactory(phase="planned", start=str(today.year))
    MeetingFactory(phase="expected", start=(today - datetime.timedelta(days=3)).isoformat(), end=today.isoformat())
    MeetingFactory(phase="planned", start="")
    MeetingFactory(phase="cancelled", start=str(today.year - 1))

    assert lines(editor, "passed") == [(str(passed), page_of(passed))]


# What is to be tidied up


def test_a_summary_is_missed_in_the_language_of_the_desk(editor):
    nowhere, english = InitiativeFactory(name="A made-up fund"), InitiativeFactory(name="B made-up fund", summary="Made up.")
    InitiativeFactory(name="C made-up fund", summary="Made up.", summary_tr="Uydurma.")
    client = signed_in(editor)

    assert lines(editor, "summaries") == [(str(nowhere), page_of(nowhere))]

    client.post(reverse("set_language"), {"language": "tr", "next": INDEX})
    found = client.get(INDEX).context["desk"].section("summaries")
    assert {line.url for line in found.lines(0, 9)} == {page_of(nowhere), page_of(english)}
    assert "Türkçe" in str(found.title)


def test_links_that_died_come_before_links_that_moved(editor):
    moved, dead = SourceFactory(health="moved", slug="made-up-a"), SourceFactory(health="dead", slug="made-up-b")
    SourceFactory(health="alive")
    SourceFactory()

    assert [url for _text, url in lines(editor, "links")] == [page_of(dead), page_of(moved)]


def test_a_contradiction_leads_to_the_form_that_mends_it(editor):
    meeting = MeetingFactory(start="2199-01-01", phase="held")

    assert (str(meeting), page_of(meeting)) in lines(editor, "contradictions")


def test_contradictions_of_records_one_may_not_see_are_not_told():
    MeetingFactory(start="2199-01-01", phase="held")
    initiative = InitiativeFactory()

    assert lines(reader("initiatives.view_initiative"), "contradictions") == [(str(initiative), page_of(initiative))]


# The page as a whole


def reader(*permissions):
    """Somebody with these permissions and no role."""
    user = UserFactory()
    for name in permissions:
        app, code = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=code))
    return user


def said_in(response):
    return "\n".join(str(message) for message in response.context["messages"])


def test_a_list_shows_its_number_its_first_lines_and_the_way_to_all_of_them(editor, quiet):
    for number in range(FIRST + 2):
        quiet(days=500 + number)

    response = signed_in(editor).get(INDEX)

    assert f"{FIRST + 2} Gone quiet" in text_of(response)
    assert response.content.decode().count("formaction=") == FIRST
    assert f'<a href="{reverse("admin:desk_section", args=["quiet"])}">All {FIRST + 2}: Gone quiet</a>' in response.content.decode()
    assert signed_in(editor).get(reverse("admin:desk_section", args=["quiet"])).content.decode().count("formaction=") == FIRST + 2


def test_the_ways_to_begin_are_offered_to_those_who_may_take_them(editor):
    ways = (reverse("admin:initiatives_statusupdate_add"), reverse("admin:initiatives_upload_add"))
    mine, theirs = (signed_in(user).get(INDEX).content.decode() for user in (editor, reader("initiatives.view_initiative")))

    assert all(f'<a class="button" href="{way}">' in mine for way in ways)
    assert not any(f'<a class="button" href="{way}">' in theirs for way in ways)


def test_an_empty_list_is_said_in_one_sentence(editor):
    text = text_of(signed_in(editor).get(INDEX))

    for sentence in (
        "Nothing waits for review.",
        "Nothing was sent back to you.",
        "No deadline has passed unmet.",
        "No record contradicts another.",
    ):
        assert sentence in text


def test_an_empty_list_has_a_page_too(editor):
    assert "Nothing was sent back to you." in text_of(signed_in(editor).get(reverse("admin:desk_section", args=["sent-back"])))


@pytest.mark.parametrize("page", ["abc", "-1", "0", "99999999999999999999", "%00"])
def test_a_page_that_cannot_be_is_no_crash(editor, page):
    assert signed_in(editor).get(f"{reverse('admin:desk_section', args=['quiet'])}?p={page}").status_code in (200, 400)


def test_a_list_that_is_none_is_not_found(editor):
    assert signed_in(editor).get("/admin/desk/nonsense/").status_code == 404


def test_everybody_sees_the_lists_of_what_they_may_see_and_no_others():
    InitiativeFactory(state="in_review", name="Made-up secret fund")
    MeetingFactory(state="in_review", name="Made-up open meeting")
    user = reader("meetings.view_meeting")

    response = signed_in(user).get(INDEX)

    assert {found.slug for found in response.context["desk"].sections} == {"review", "sent-back", "drafts", "held", "passed"}
    assert "Made-up open meeting" in text_of(response)
    assert "Made-up secret fund" not in text_of(response)
    assert signed_in(user).get(reverse("admin:desk_section", args=["quiet"])).status_code == 404


def test_who_may_only_read_is_led_to_pages_that_open_for_them(record):
    record(InitiativeFactory(), "signed")
    MeetingFactory(phase="held")
    MeetingFactory(phase="planned", start="2015")
    InitiativeFactory(deadline="2015")
    user = reader("initiatives.view_initiative", "initiatives.view_statusupdate", "meetings.view_meeting")
    client = signed_in(user)

    addresses = {line.url for found in desk_of(user).sections for line in found.first} | {
        address for found in desk_of(user).sections for line in found.first for _words, address in line.also
    }

    assert len(addresses) >= 4
    assert {client.get(address).status_code for address in addresses} == {200}


def test_somebody_without_any_permission_has_an_empty_desk():
    response = signed_in(UserFactory()).get(INDEX)

    assert response.status_code == 200
    assert not response.context["desk"].sections


def test_nobody_else_reads_the_lists(client):
    assert client.get(reverse("admin:desk_section", args=["quiet"])).status_code == 302


def test_every_list_has_a_filtered_twin_with_as_many_records(editor, quiet, today):
    quiet()
    InitiativeFactory(deadline="2015")
    MeetingFactory(phase="planned", start="2015")
    MeetingFactory()
    SourceFactory(health="dead")
    client = signed_in(editor)
    twins = [found for found in desk_of(editor).sections if found.changelist]

    assert len(twins) == 6
    for found in twins:
        assert client.get(found.changelist).context["cl"].result_count == found.number, found.slug


# What it costs


@pytest.fixture
def plenty(editor, reviewer):
    """As many records as make every list long."""

    def _plenty(initiatives=1000):
        make_plenty(editor=editor, reviewer=reviewer, initiatives=initiatives)

    return _plenty


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_desk_takes_no_more_queries_when_there_is_more_to_do(reviewer, plenty):
    client = signed_in(reviewer)
    plenty(initiatives=40)
    few = queries_of(client, INDEX)
    plenty(initiatives=120)

    assert queries_of(client, INDEX) == few


def test_the_desk_of_a_thousand_initiatives_keeps_its_budget(editor, plenty, budget):
    plenty()
    client = signed_in(editor)

    with budget("desk: first page, 1,000 initiatives"):
        response = client.get(INDEX)

    numbers = {found.slug: found.number for found in response.context["desk"].sections}
    assert numbers["quiet"] == 950
    assert min(numbers[slug] for slug in numbers if slug != "summaries") >= 10
    for slug in numbers:
        with budget(f"desk: {slug}, 1,000 initiatives"):
            assert client.get(reverse("admin:desk_section", args=[slug])).status_code == 200
    assert Change.objects.exists()


def test_the_desk_knows_its_day():
    """Time is an argument: what is late on one day was not on another."""
    InitiativeFactory(deadline="2024-05")
    request = signed_in_request()

    assert not Desk(admin.site, request, today=datetime.date(2024, 5, 31)).section("overdue").number
    assert Desk(admin.site, request, today=datetime.date(2024, 6, 1)).section("overdue").number == 1


def signed_in_request():
    request = RequestFactory().get(INDEX)
    request.user = UserFactory(is_superuser=True)
    request.session = {}
    return request
