"""Two editors with one record open: nothing that either of them saved or typed is lost. Everything here is made up."""

import json
import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group

from editorial import revisions, workflow
from editorial.models import Change
from initiatives.models import Initiative, StatusUpdate
from initiatives.workflow import change_draft
from meetings.models import Meeting, Participant, Series
from reference.models import Party
from tests.desk import act, list_of, page_of, press, said, send, shown, signed_in, take
from tests.factories import (
    InitiativeCitationFactory,
    InitiativeFactory,
    MeetingFactory,
    PartyFactory,
    PartyNameFactory,
    SeriesFactory,
    SourceFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory(state="draft", name="Made-up meeting", place="Oldtown", start="2024", series__name="Made-up series")


@pytest.fixture
def second(administrator):
    return signed_in(administrator)


def test_the_first_of_two_is_kept_and_the_second_is_told_who_and_what(reviewer, second, meeting):
    opened = shown(second.get(page_of(meeting)))
    send(signed_in(reviewer), page_of(meeting), place="Newtown")

    response = press(second, page_of(meeting), opened | {"theme": "Typed by the second"})

    assert f"{reviewer.username} changed this record while you were editing it" in said(response)
    assert "Place" in said(response)
    assert f"place: {reviewer.username} changed this; before, it was: Oldtown" in said(response)
    assert (shown(response)["place"], shown(response)["theme"]) == ("Newtown", "Typed by the second")
    meeting.refresh_from_db()
    assert (meeting.place, meeting.theme) == ("Newtown", "")


def test_the_next_save_keeps_what_both_wrote(reviewer, second, meeting):
    opened = shown(second.get(page_of(meeting)))
    send(signed_in(reviewer), page_of(meeting), place="Newtown")
    told = press(second, page_of(meeting), opened | {"theme": "Typed by the second"})

    assert press(second, page_of(meeting), shown(told)).status_code == 302

    meeting.refresh_from_db()
    assert (meeting.place, meeting.theme) == ("Newtown", "Typed by the second")


def test_where_both_changed_one_box_mine_stays_with_theirs_beside_it(reviewer, second, meeting):
    opened = shown(second.get(page_of(meeting)))
    send(signed_in(reviewer), page_of(meeting), place="Theirtown")

    response = press(second, page_of(meeting), opened | {"place": "Mytown"})

    assert shown(response)["place"] == "Mytown"
    errors = response.context["adminform"].form.errors["place"]
    assert '<span class="theirs">Theirtown</span>' in errors[0]
    assert "Take theirs" in errors[0]


def test_a_third_change_after_that_is_told_again(reviewer, second, meeting):
    opened = shown(second.get(page_of(meeting)))
    first = signed_in(reviewer)
    send(first, page_of(meeting), place="Newtown")
    told = press(second, page_of(meeting), opened | {"theme": "Mine"})
    send(first, page_of(meeting), place="Newesttown")

    again = press(second, page_of(meeting), shown(told))

    assert "before, it was: Newtown" in said(again)
    assert shown(again)["theme"] == "Mine"


def test_what_they_wrote_cannot_break_the_page(reviewer, second, meeting):
    opened = shown(second.get(page_of(meeting)))
    send(signed_in(reviewer), page_of(meeting), place="<script>100%(who)s</script>")

    text = press(second, page_of(meeting), opened | {"place": "Mytown"}).content.decode()

    assert "&lt;script&gt;100%(who)s&lt;/script&gt;" in text
    assert "<script>100" not in text


def test_a_date_and_how_it_is_known_are_one_thing(reviewer, second, meeting):
    opened = shown(second.get(page_of(meeting)))
    send(signed_in(reviewer), page_of(meeting), start_0="2025")

    response = press(second, page_of(meeting), opened | {"start_1": "inferred"})

    assert (shown(response)["start_0"], shown(response)["start_1"]) == ("2024", "inferred")
    assert "2025, stated in the source" in said(response)


def test_a_record_chosen_by_the_other_is_told_by_its_name(reviewer, second, meeting):
    other, mine = SeriesFactory(name="Their made-up series"), SeriesFactory(name="My made-up series")
    opened = shown(second.get(page_of(meeting)))
    send(signed_in(reviewer), page_of(meeting), series=other.pk)

    response = press(second, page_of(meeting), opened | {"series": mine.pk})

    assert '<span class="theirs">Their made-up series</span>' in said(response)
    assert json.dumps({str(other.pk): "Their made-up series"}).replace('"', "&quot;") in said(response)
    assert shown(response)["series"] == str(mine.pk)


def test_boxes_to_tick_and_translations_are_merged_like_the_rest(reviewer, second):
    themes = [ThemeFactory(name=f"Made-up theme {number}") for number in range(3)]
    initiative = InitiativeFactory(state="draft")
    initiative.themes.add(themes[0])
    opened = shown(second.get(page_of(initiative)))
    send(signed_in(reviewer), page_of(initiative), themes=[themes[0].pk, themes[1].pk], name_tr="Uydurma")

    response = press(second, page_of(initiative), opened | {"themes": [themes[2].pk], "name_kk": "Ойдан шығарылған"})

    assert "Made-up theme 0, Made-up theme 1" in said(response)
    assert shown(response)["themes"] == [str(themes[2].pk)]
    assert (shown(response)["name_tr"], shown(response)["name_kk"]) == ("Uydurma", "Ойдан шығарылған")


def test_what_only_follows_from_other_records_stops_nobody(reviewer):
    initiative = InitiativeFactory(kind="fund", state="draft")
    client = signed_in(reviewer)
    opened = shown(client.get(page_of(initiative)))
    Initiative.objects.filter(pk=initiative.pk).update(last_checked="2024", version=initiative.version + 1)

    assert press(client, page_of(initiative), opened | {"summary": "Mine."}).status_code == 302

    initiative.refresh_from_db()
    assert (initiative.summary, initiative.last_checked.value) == ("Mine.", "2024")


def test_a_form_that_does_not_say_what_it_was_opened_with_saves_nothing(reviewer, meeting):
    client = signed_in(reviewer)
    boxes = shown(client.get(page_of(meeting)))
    del boxes["opened_version"], boxes["opened_form"]

    response = press(client, page_of(meeting), boxes | {"place": "Newtown"})

    assert '<span class="theirs">Oldtown</span>' in said(response)
    meeting.refresh_from_db()
    assert meeting.place == "Oldtown"


@pytest.mark.parametrize("opened_form", ["", "no JSON", "[1]", '{"place": 7}', "[" * 100_000])
def test_garbage_in_the_hidden_boxes_is_no_crash(reviewer, meeting, opened_form):
    client = signed_in(reviewer)
    boxes = shown(client.get(page_of(meeting))) | {"opened_version": "9" * 30 + ".x.y", "opened_form": opened_form}

    assert press(client, page_of(meeting), boxes | {"place": "Newtown"}).status_code == 200


def test_a_wrong_box_is_told_together_with_their_change(reviewer, second, meeting):
    opened = shown(second.get(page_of(meeting)))
    send(signed_in(reviewer), page_of(meeting), place="Newtown")

    response = press(second, page_of(meeting), opened | {"start_0": "someday"})

    assert "is not a date that can be kept" in said(response)
    assert "while you were editing it" in said(response)
    assert shown(response)["start_0"] == "someday"


def test_the_password_of_an_account_is_not_in_its_form(administrator):
    user = UserFactory(password="made-up-hash")

    assert "made-up-hash" not in signed_in(administrator).get(page_of(user)).context["adminform"].form["opened_form"].value()


def test_accounts_and_roles_are_merged_too(administrator, admin_client):
    user = UserFactory(first_name="Old", last_name="Old", password="made-up-hash")
    group = Group.objects.create(name="Made-up group")
    opened, opened_group = shown(admin_client.get(page_of(user))), shown(admin_client.get(page_of(group)))
    send(signed_in(administrator), page_of(user), first_name="Theirs")
    send(admin_client, page_of(group), name="Made-up other group")

    assert shown(press(admin_client, page_of(user), opened | {"last_name": "Mine"}))["first_name"] == "Theirs"
    assert press(admin_client, page_of(group), opened_group | {"name": "Made-up third group"}).status_code == 200


# Rows of lists


def test_a_row_that_the_other_added_is_put_in_before_mine(reviewer, second):
    initiative = InitiativeFactory(state="draft")
    InitiativeCitationFactory(parent=initiative, locator="One")
    theirs, mine = SourceFactory(), SourceFactory()
    opened = shown(second.get(page_of(initiative)))
    more = {"citations-TOTAL_FORMS": "2"}
    send(signed_in(reviewer), page_of(initiative), **more, **{"citations-1-source": theirs.pk, "citations-1-locator": "Two"})

    told = press(second, page_of(initiative), opened | more | {"citations-1-source": mine.pk, "citations-1-locator": "Three"})

    assert [shown(told)[f"citations-{number}-locator"] for number in range(3)] == ["One", "Two", "Three"]
    assert f"{reviewer.username} added this row." in said(told)
    press(second, page_of(initiative), shown(told))
    assert list(initiative.citations.order_by("pk").values_list("locator", flat=True)) == ["One", "Two", "Three"]


def test_a_row_that_the_other_deleted_is_gone_when_i_left_it_alone(reviewer, second):
    name = PartyNameFactory(parent__is_public=False)
    opened = shown(second.get(page_of(name.parent)))
    send(signed_in(reviewer), page_of(name.parent), **{"names-0-DELETE": "on"})

    response = press(second, page_of(name.parent), opened | {"note": "Mine"})

    assert "deleted a row that you had left alone" in said(response)
    assert shown(response)["names-TOTAL_FORMS"] == "0"


def test_a_row_that_the_other_deleted_comes_back_when_i_had_changed_it(reviewer, second):
    name = PartyNameFactory(parent__is_public=False)
    opened = shown(second.get(page_of(name.parent)))
    send(signed_in(reviewer), page_of(name.parent), **{"names-0-DELETE": "on"})

    response = press(second, page_of(name.parent), opened | {"names-0-text": "Typed meanwhile"})

    assert "deleted this row while you were changing it" in said(response)
    press(second, page_of(name.parent), shown(response))
    assert name.parent.names.get().text == "Typed meanwhile"


def test_to_delete_a_row_that_the_other_changed_is_asked_again(reviewer, second):
    name = PartyNameFactory(parent__is_public=False)
    opened = shown(second.get(page_of(name.parent)))
    send(signed_in(reviewer), page_of(name.parent), **{"names-0-text": "Theirs"})

    response = press(second, page_of(name.parent), opened | {"names-0-DELETE": "on"})

    assert "which you want to delete" in said(response)
    assert name.parent.names.get().text == "Theirs"
    press(second, page_of(name.parent), shown(response))
    assert not name.parent.names.exists()


def test_proofs_written_anew_by_the_other_are_still_the_same_rows(reviewer, second, record):
    update = record(InitiativeFactory(kind="fund"), "proposed", publish=False)
    opened = shown(second.get(page_of(update)))
    proofs = [{"source": proof.source} for proof in update.citations.all()] + [SourceFactory()]
    change_draft(update=update, by="made-up-other", citations=proofs)

    told = press(second, page_of(update), opened | {"citations-0-locator": "§ 2"})

    assert shown(told)["citations-TOTAL_FORMS"] == "2"
    press(second, page_of(update), shown(told))
    assert sorted(update.citations.values_list("locator", flat=True)) == ["", "§ 2"]


# What can no longer be saved


def test_what_was_typed_into_a_record_deleted_meanwhile_is_given_back(reviewer, editor, meeting):
    client = signed_in(reviewer)
    opened = shown(client.get(page_of(meeting)))
    take(signed_in(editor), meeting, "delete")

    response = press(client, page_of(meeting), opened | {"place": "Typed meanwhile", "format": "online"})

    assert response.status_code == 404
    text = response.content.decode()
    assert "Somebody deleted this record" in text
    assert "Typed meanwhile" in text
    assert "Oldtown" not in text


def test_what_was_typed_into_a_row_published_meanwhile_is_given_back(editor, record):
    update = record(InitiativeFactory(kind="fund"), "proposed", publish=False)
    client = signed_in(editor)
    opened = shown(client.get(page_of(update)))
    workflow.publish(record=update, by="made-up-reviewer")

    response = press(client, page_of(update), opened | {"summary": "Typed meanwhile", "citations-0-locator": "§ 2"})

    assert response.status_code == 403
    assert "Typed meanwhile" in response.content.decode()
    assert "§ 2" in response.content.decode()
    assert StatusUpdate.objects.get().summary == "A made-up event."


def test_a_draft_that_became_public_meanwhile_is_not_changed_behind_the_reader(editor):
    series = SeriesFactory(state="draft", description="Old")
    client = signed_in(editor)
    opened = shown(client.get(page_of(series)))
    workflow.publish(record=series, by="made-up-reviewer")

    press(client, page_of(series), opened | {"description": "New"})

    series.refresh_from_db()
    assert series.description == "Old"
    assert revisions.pending(series).after == {"description": "New"}


# Steps, deleting, actions on many


def test_a_step_is_not_taken_with_what_was_changed_since(reviewer, editor):
    series = SeriesFactory(state="in_review")
    client = signed_in(reviewer)
    version = client.get(page_of(series, "send_back")).context["opened"]
    send(signed_in(editor), page_of(series), name="Another made-up name")

    response = client.post(page_of(series, "send_back"), {"reason": "Because.", "opened_version": version})

    assert f"{editor.username} changed “Another made-up name” meanwhile" in str(response.context["form"].errors)
    series.refresh_from_db()
    assert series.state == "in_review"


@pytest.mark.parametrize("sent", [{}, {"opened_version": ""}, {"opened_version": "9" * 30}, {"opened_version": "x"}])
def test_a_step_that_does_not_say_what_was_seen_is_not_taken(reviewer, sent):
    series = SeriesFactory(state="in_review")

    assert signed_in(reviewer).post(page_of(series, "send_back"), {"reason": "Because.", **sent}).status_code == 200

    series.refresh_from_db()
    assert series.state == "in_review"


def test_what_was_changed_since_is_not_deleted(editor, reviewer):
    series = SeriesFactory(state="draft")
    client = signed_in(editor)
    version = client.get(page_of(series, "delete")).context["opened_version"]
    send(signed_in(reviewer), page_of(series), name="Another made-up name")

    response = client.post(page_of(series, "delete"), {"post": "yes", "opened_version": version}, follow=True)

    assert f"{reviewer.username} changed “Another made-up name” meanwhile" in said(response)
    assert Series.objects.filter(pk=series.pk).exists()


def test_a_deletion_that_does_not_say_what_was_seen_deletes_nothing(editor):
    series = SeriesFactory(state="draft")

    signed_in(editor).post(page_of(series, "delete"), {"post": "yes"})

    assert Series.objects.filter(pk=series.pk).exists()


def test_an_action_leaves_alone_what_was_changed_since_the_list_was_seen(editor, reviewer):
    changed, other = SeriesFactory(state="in_review"), SeriesFactory(state="in_review")
    client = signed_in(reviewer)
    opened = client.get(list_of(Series))
    send(signed_in(editor), page_of(changed), name="Another made-up name")

    response = act(client, Series, "publish_selected", [changed, other], opened=opened)

    assert f"“Another made-up name”: {editor.username} changed it since you saw this list; look at it again." in said(response)
    assert [series.state for series in Series.objects.order_by("pk")] == ["in_review", "published"]


def test_the_page_that_asks_why_remembers_which_list_was_seen(editor, reviewer):
    series = SeriesFactory(state="in_review")
    client = signed_in(reviewer)
    asked = act(client, Series, "send_back_selected", [series])
    send(signed_in(editor), page_of(series), name="Another made-up name")

    client.post(
        list_of(Series),
        {"action": "send_back_selected", "_selected_action": asked.context["selected"], "confirmed": "yes", "reason": "Because."}
        | {"seen_serial": asked.context["seen_serial"]},
    )

    series.refresh_from_db()
    assert series.state == "in_review"


def test_choosing_all_records_takes_only_those_that_were_seen(editor, reviewer):
    for _number in range(3):
        SeriesFactory(state="in_review")
    client = signed_in(reviewer)
    seen = client.get(list_of(Series)).context["action_form"]["seen_serial"].value()
    late = workflow.save(record=SeriesFactory.build(state="in_review"), by=editor)
    chosen = {"action": "send_back_selected", "_selected_action": [late.pk], "select_across": "1", "seen_serial": seen}

    asked = client.post(list_of(Series), chosen)
    assert 'name="select_across" value="1"' in asked.content.decode()
    client.post(list_of(Series), chosen | {"confirmed": "yes", "reason": "Because."})

    assert [series.state for series in Series.objects.order_by("pk")] == ["draft", "draft", "draft", "in_review"]


def test_a_selection_that_does_not_say_what_was_seen_has_seen_nothing(editor, reviewer):
    series = workflow.save(record=SeriesFactory.build(state="draft"), by=editor)

    signed_in(reviewer).post(list_of(Series), {"action": "publish_selected", "_selected_action": [series.pk]})

    series.refresh_from_db()
    assert series.state == "draft"


def test_records_without_a_state_are_deleted_with_a_reason_and_only_as_seen(editor, reviewer):
    changed, other = PartyFactory(is_public=False), PartyFactory(is_public=False)
    client = signed_in(editor)
    opened = client.get(list_of(Party))
    send(signed_in(reviewer), page_of(changed), note="Changed meanwhile")

    assert "reason" in act(client, Party, "discard_selected", [changed, other], opened=opened).context["form"].fields
    act(client, Party, "discard_selected", [changed, other], opened=opened, reason="Entered by mistake.")

    assert list(Party.objects.all()) == [changed]
    assert Change.objects.first().reason == "Entered by mistake."


def test_a_page_that_asks_why_names_no_more_records_than_can_be_read(reviewer):
    for _number in range(53):
        SeriesFactory(state="in_review")
    chosen = {"action": "send_back_selected", "_selected_action": [Series.objects.first().pk], "select_across": "1"}

    text = signed_in(reviewer).post(list_of(Series), chosen).content.decode()

    assert len(re.findall(r"/series/\d+/change/", text)) == 50
    assert "and 3 more" in text


def test_a_participant_is_told_apart_by_its_version_too(reviewer, second):
    participant = Participant.objects.create(meeting=MeetingFactory(state="draft"), person="Made-up Person")
    opened = shown(second.get(page_of(participant)))
    send(signed_in(reviewer), page_of(participant), office="Theirs")

    assert shown(press(second, page_of(participant), opened | {"person": "Mine"}))["office"] == "Theirs"


def test_a_list_says_how_far_the_ledger_had_been_read(admin_client, meeting):
    workflow.submit(record=meeting, by="made-up-user")

    box = f'name="seen_serial" value="{Change.objects.first().serial}"'
    assert box in admin_client.get(list_of(Meeting)).content.decode()


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_no_list_is_edited_in_place_and_every_action_says_what_was_seen(model):
    page = admin.site._registry[model]

    assert not page.list_editable
    assert "seen_serial" in page.action_form.base_fields
