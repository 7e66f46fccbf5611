"""The page of a close-out, filled in as an editor does."""

import re

import pytest
from django.urls import reverse

from editorial import workflow
from editorial.models import Change
from initiatives.models import CloseOut, CloseOutLine, StatusUpdate
from initiatives.workflow import close_out_meeting
from reference.models import Source
from tests.desk import page_of, signed_in
from tests.factories import (
    InitiativeFactory,
    MeetingCitationFactory,
    MeetingFactory,
    ProvisionFactory,
    ProvisionLinkFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory(start="2024-05-17", name="Made-up meeting")


@pytest.fixture
def communique(meeting):
    source = SourceFactory(kind="official", publisher="Made-up Secretariat")
    MeetingCitationFactory(parent=meeting, source=source)
    return source


def on_the_agenda(meeting, number):
    """Initiatives that a provision of a document of the meeting names."""
    provision = ProvisionFactory(document__meeting=meeting)
    return [ProvisionLinkFactory(provision=provision, initiative=InitiativeFactory(name=f"Made-up {n}")).initiative for n in range(number)]


@pytest.fixture
def initiatives(meeting, communique):
    return on_the_agenda(meeting, 2)


def address(meeting):
    return reverse("admin:close_out", args=[meeting.pk])


def boxes(response) -> dict:
    """What a browser would send back: the boxes of the page as they are."""
    sheet = response.context["sheet"]
    sent = {"opened_form": sheet.opened_form, "line": [str(row.item.initiative.pk) for row in sheet.rows if row.form is not None]}
    for form in sheet.forms:
        for box in form:
            value = box.value()
            if box.name == "new_published":
                sent |= {"new_published_0": "", "new_published_1": "stated"} if not isinstance(value, list) else {}
            elif value is not None:
                sent[box.html_name] = value
    return sent


def line(initiative, **typed):
    return {f"line-{initiative.pk}-{name}": value for name, value in typed.items()}


def press(client, meeting, button="_save", **typed):
    sent = boxes(client.get(address(meeting))) | typed | {button: "1"}
    return client.post(address(meeting), sent, follow=True)


def said(response) -> str:
    found = [str(message) for message in response.context["messages"]]
    for form in response.context["sheet"].forms:
        if form.is_bound:
            found += [f"{form.prefix or 'head'}-{name}: {error}" for name, errors in form.errors.items() for error in errors]
    return "\n".join(found)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_each_initiative_is_shown_with_how_it_stands_and_why_it_is_listed(editor, meeting, initiatives, record):
    record(initiatives[0], "proposed", date="2023")

    page = text(signed_in(editor).get(address(meeting)))

    assert "Now <strong>Proposed</strong> since 2023; last heard of: 2023." in page
    assert "It has no published status yet." in page
    assert "Provisions of its documents name it: " in page


def test_the_outcomes_offered_are_those_of_its_ladder_the_usual_ones_first(editor, meeting, initiatives, record):
    record(initiatives[0], "agreed")

    form = signed_in(editor).get(address(meeting)).context["sheet"].rows[0].form

    plain, usual, others = form.fields["outcome"].choices[:3], *form.fields["outcome"].choices[3:]
    assert [value for value, _label in plain] == ["", "no_change", "not_mentioned"]
    assert [value for value, _label in usual[1]] == ["signed", "established", "operating"]
    assert usual[1][0][1] == "Signed → signed"
    assert dict(others[1])["suspended"] == "Suspended → decided"  # what the history will say happened
    assert "in_force" not in dict(others[1])
    assert "withdrawn" in dict(others[1])


def test_what_is_left_to_do_comes_first_and_what_is_decided_after_it_each_by_name(editor, meeting, communique):
    made = on_the_agenda(meeting, 4)
    client = signed_in(editor)
    assert "Decided already" not in text(client.get(address(meeting)))

    press(client, meeting, **line(made[0], outcome="not_mentioned"), **line(made[2], outcome="not_mentioned"))

    page = text(client.get(address(meeting)))
    order = [f'id="initiative-{made[n].pk}"' for n in (1, 3)] + ["<h2>Decided already</h2>"]
    order += [f'id="initiative-{made[n].pk}"' for n in (0, 2)]
    assert sorted(order, key=page.index) == order


def test_the_communique_is_filled_in_and_proves_every_line(editor, meeting, initiatives, communique):
    client = signed_in(editor)
    assert client.get(address(meeting)).context["sheet"].head["source"].value() == communique.pk

    press(client, meeting, **line(initiatives[0], outcome="proposed", summary="Somebody put it forward."))

    assert StatusUpdate.objects.get().citations.get().source == communique


def test_one_save_makes_drafts_of_what_is_complete_and_keeps_the_rest(editor, meeting, initiatives):
    client = signed_in(editor)

    response = press(
        client,
        meeting,
        **line(initiatives[0], outcome="proposed", summary="Somebody put it forward.", locator="para 3"),
        **line(initiatives[1], outcome="agreed"),
    )

    assert "1 draft made. 1 draft is not handed in yet." in said(response)
    assert "1 of 2 initiatives are decided" in text(response)
    assert "It becomes a draft when it has a sentence" in text(response)
    forms = {row.item.initiative: row.form for row in response.context["sheet"].rows}
    assert (forms[initiatives[0]]["summary"].value(), forms[initiatives[0]]["locator"].value()) == ("Somebody put it forward.", "para 3")
    assert forms[initiatives[1]]["outcome"].value() == "agreed"


def test_it_is_closed_out_when_everything_is_decided(editor, meeting, initiatives):
    response = press(
        signed_in(editor), meeting, **line(initiatives[0], outcome="not_mentioned"), **line(initiatives[1], outcome="not_mentioned")
    )

    assert "Everything is decided: the meeting is closed out." in said(response)
    assert CloseOut.objects.get().done_at is not None
    assert "Closed out on" in text(response)


def test_drafts_are_handed_in_in_one_go_and_then_only_read(editor, meeting, initiatives):
    typed = {"outcome": "proposed", "summary": "Somebody put it forward."}

    response = press(signed_in(editor), meeting, "_submit", **line(initiatives[0], **typed), **line(initiatives[1], **typed))

    assert "2 drafts made. 2 rows wait for a reviewer." in said(response)
    assert [row.form for row in response.context["sheet"].rows] == [None, None]
    assert f"?meeting__id__exact={meeting.pk}&amp;state__exact=in_review" in text(response)


def test_what_is_published_at_the_meeting_is_read_and_done(editor, meeting, initiatives, record):
    for initiative in initiatives:
        record(initiative, "proposed", meeting=meeting, summary="It is known already.")

    response = press(signed_in(editor), meeting)

    assert "It is known already." in text(response)
    assert "Record another status here" in text(response)
    assert CloseOut.objects.get().done_at is not None


def test_a_draft_recorded_elsewhere_is_filled_in(editor, meeting, initiatives, record):
    source = SourceFactory()
    record(
        initiatives[0], meeting=meeting, publish=False, summary="They heard a report.", citations=[{"source": source, "locator": "p. 2"}]
    )

    form = signed_in(editor).get(address(meeting)).context["sheet"].rows[0].form

    assert [form[name].value() for name in ("outcome", "summary", "locator", "source")] == [
        "no_change",
        "They heard a report.",
        "p. 2",
        source.pk,
    ]


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"outcome": "in_force", "summary": "x"}, "outcome: Select a valid choice."),
        ({"summary": "x" * 401}, "summary: Ensure this value has at most 400 characters"),
        ({"locator": "x" * 101}, "locator: Ensure this value has at most 100 characters"),
        ({"source": "abc"}, "source: Select a valid choice."),
        ({"source": "9" * 30}, "source: Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_at_its_box_and_nothing_typed_is_lost(editor, meeting, initiatives, typed, complaint):
    good = line(initiatives[1], outcome="proposed", summary="Somebody put it forward.")

    response = press(signed_in(editor), meeting, **line(initiatives[0], **typed), **good)

    assert f"line-{initiatives[0].pk}-{complaint}" in said(response)
    assert response.context["sheet"].rows[1].form["summary"].value() == "Somebody put it forward."
    assert not CloseOut.objects.exists()


def test_what_the_verb_refuses_is_said_at_its_box_too(editor, meeting, initiatives, record):
    draft = record(initiatives[0], "proposed", meeting=meeting, publish=False)

    response = press(signed_in(editor), meeting, **line(initiatives[0], summary=""))

    assert f"line-{initiatives[0].pk}-summary: A draft needs its sentence." in said(response)
    draft.refresh_from_db()
    assert draft.summary == "A made-up event."


class TestASourceNotRecordedYet:
    typed = {
        "source": "",
        "new_url": "https://secretariat.example/communique",
        "new_publisher": "Made-up Secretariat",
        "new_language": "en",
        "new_kind": "official",
        "new_published_0": "2024-05-18",
    }

    def test_it_is_added_together_with_the_drafts_it_proves(self, editor, meeting, initiatives):
        press(signed_in(editor), meeting, **self.typed, **line(initiatives[0], outcome="proposed", summary="Somebody put it forward."))

        source = StatusUpdate.objects.get().citations.get().source
        assert (source.url, source.slug) == (self.typed["new_url"], "made-up-secretariat-2024-05-18")
        assert CloseOut.objects.get().source == source

    def test_a_refused_page_leaves_no_source_behind(self, editor, meeting, initiatives, record):
        record(initiatives[0], "proposed", meeting=meeting, publish=False)
        before = Source.objects.count()

        press(signed_in(editor), meeting, **self.typed, **line(initiatives[0], summary=""))

        assert Source.objects.count() == before

    def test_what_it_lacks_is_said_at_the_very_box(self, editor, meeting, initiatives):
        response = press(signed_in(editor), meeting, **self.typed | {"new_publisher": "", "new_language": "English"})

        assert "head-new_publisher: A new source needs this." in said(response)
        assert "head-new_language: " in said(response)


class TestAnotherInitiative:
    def test_it_joins_the_list_with_everything_typed_kept_and_nothing_saved(self, editor, meeting, initiatives):
        another = InitiativeFactory(name="Another")

        response = press(signed_in(editor), meeting, "_add", initiative=another.pk, **line(initiatives[0], summary="Half a"))

        rows = {str(row.item.initiative): row.form for row in response.context["sheet"].rows}
        assert list(rows) == ["Another", "Made-up 0", "Made-up 1"]
        assert rows["Made-up 0"]["summary"].value() == "Half a"
        assert not CloseOut.objects.exists()

        response = signed_in(editor).post(address(meeting), boxes(response) | line(another, outcome="not_mentioned") | {"_save": "1"})
        assert CloseOutLine.objects.get(initiative=another).outcome == "not_mentioned"

    def test_saving_takes_it_along(self, editor, meeting, initiatives):
        another = InitiativeFactory(name="Another")

        response = press(signed_in(editor), meeting, initiative=another.pk)

        assert "Another" in [str(row.item.initiative) for row in response.context["sheet"].rows]

    @pytest.mark.parametrize("button", ["_add", "_save"])
    def test_one_that_is_listed_is_not_listed_twice(self, editor, meeting, initiatives, button):
        response = press(signed_in(editor), meeting, button, initiative=initiatives[0].pk)

        assert "It is on the list already." in said(response)

    @pytest.mark.parametrize("number", ["", "abc", "9" * 30, "0"])
    def test_one_that_does_not_exist_is_asked_for_again(self, editor, meeting, initiatives, number):
        assert "Choose an initiative from the list." in said(press(signed_in(editor), meeting, "_add", initiative=number))


class TestTwoEditors:
    def test_the_second_sees_the_lines_of_the_first_and_keeps_what_they_typed(self, editor, meeting, initiatives, communique):
        client = signed_in(editor)
        opened = boxes(client.get(address(meeting)))
        close_out_meeting(
            meeting=meeting,
            source=communique,
            lines=[{"initiative": initiatives[0], "outcome": "proposed", "summary": "Their words."}],
            by=UserFactory(username="made-up-other"),
        )

        response = client.post(address(meeting), opened | line(initiatives[1], outcome="agreed", summary="My words.") | {"_save": "1"})

        assert "made-up-other worked on this meeting while you were typing" in said(response)
        first, second = (row.form for row in response.context["sheet"].rows)
        assert (first["summary"].value(), second["summary"].value()) == ("Their words.", "My words.")
        assert StatusUpdate.objects.count() == 1

        client.post(address(meeting), boxes(response) | {"_save": "1"})
        assert sorted(StatusUpdate.objects.values_list("summary", flat=True)) == ["My words.", "Their words."]

    def test_where_both_typed_in_one_box_mine_stays_and_theirs_stands_beside_it(self, editor, meeting, initiatives):
        client = signed_in(editor)
        opened = boxes(client.get(address(meeting)))
        theirs = [{"initiative": initiatives[0], "outcome": "agreed", "summary": "Their words."}]
        close_out_meeting(meeting=meeting, lines=theirs, by="made-up-other")

        response = client.post(address(meeting), opened | line(initiatives[0], summary="My words.") | {"_save": "1"})

        row = response.context["sheet"].rows[0]
        assert (row.form["outcome"].value(), row.form["summary"].value()) == ("agreed", "My words.")
        assert row.notes == ["Summary, as saved meanwhile: Their words."]

    def test_what_was_handed_in_meanwhile_is_left_alone_and_my_words_come_back(self, editor, meeting, initiatives, record):
        draft = record(initiatives[0], "proposed", meeting=meeting, publish=False, summary="Their words.")
        client = signed_in(editor)
        opened = boxes(client.get(address(meeting)))
        workflow.submit(record=draft, by="made-up-other")

        response = client.post(address(meeting), opened | line(initiatives[0], summary="My words.") | {"_save": "1"})

        row = response.context["sheet"].rows[0]
        assert row.form["summary"].value() == "My words."
        draft.refresh_from_db()
        assert (draft.state, draft.summary) == ("in_review", "Their words.")

    def test_what_was_handed_in_meanwhile_and_not_touched_by_me_is_only_read(self, editor, meeting, initiatives, record):
        draft = record(initiatives[0], "proposed", meeting=meeting, publish=False)
        client = signed_in(editor)
        opened = boxes(client.get(address(meeting)))
        workflow.submit(record=draft, by="made-up-other")

        response = client.post(address(meeting), opened | line(initiatives[1], outcome="not_mentioned") | {"_save": "1"})

        first, second = response.context["sheet"].rows
        assert (first.form, second.form["outcome"].value()) == (None, "not_mentioned")


def test_a_meeting_still_ahead_is_not_closed_out(editor):
    ahead = MeetingFactory(phase="planned")

    page = signed_in(editor).get(address(ahead))
    assert "It is not recorded that this meeting was held." in text(page)
    assert page_of(ahead) in text(page)

    signed_in(editor).post(address(ahead), {"_save": "1"})
    assert not CloseOut.objects.exists()


def test_only_those_who_write_history_close_meetings_out(meeting):
    assert signed_in(UserFactory()).get(address(meeting)).status_code == 403


def test_a_meeting_that_does_not_exist_is_not_found(editor):
    assert signed_in(editor).get(reverse("admin:close_out", args=[10**30])).status_code == 404


def test_the_list_of_close_outs_leads_to_their_pages_and_tells_their_history(editor, meeting, initiatives):
    client = signed_in(editor)
    press(client, meeting, **line(initiatives[0], outcome="not_mentioned"))
    done = CloseOut.objects.get()

    assert address(meeting) in text(client.get(reverse("admin:initiatives_closeout_changelist")))
    assert "not_mentioned" in text(client.get(page_of(done)))
    assert "Close-out of the meeting" in text(client.get(page_of(done, "history")))
    assert client.post(page_of(done), {"source": ""}).status_code == 403


def test_the_reason_is_kept_in_the_ledger(editor, meeting, initiatives):
    press(signed_in(editor), meeting, reason="From the page of the secretariat.", **line(initiatives[0], outcome="not_mentioned"))

    assert Change.objects.get(verb="closeout.created").reason == "From the page of the secretariat."


def test_forty_lines_need_no_more_queries_than_four(editor, meeting, communique, record, budget):
    for number, initiative in enumerate(on_the_agenda(meeting, 40)):
        if number % 2:
            record(initiative, "proposed", meeting=meeting, publish=number % 4 == 1)
    earlier = MeetingFactory(series=meeting.series, start="2023")
    record(InitiativeFactory(), "proposed", date="2023", meeting=earlier)
    lines = [{"initiative": made, "outcome": "agreed", "source": SourceFactory()} for made in (InitiativeFactory() for _n in range(3))]
    close_out_meeting(meeting=meeting, lines=lines, by="made-up-user")
    client = signed_in(editor)
    client.get(address(meeting))

    with budget("close-out of 44 initiatives"):
        page = client.get(address(meeting))

    assert len(re.findall('class="module close-out-line"', page.content.decode())) == 44
