"""Recording a status, as an editor does it: what is offered, what is refused, what becomes of it."""

import pytest
from django.urls import reverse

from editorial import ledger
from editorial.models import Change
from initiatives.models import Conflict, Initiative, StatusUpdate
from initiatives.statuses import Status
from initiatives.workflow import change_draft
from tests.desk import act, list_of, page_of, said, send, shown, signed_in, take
from tests.factories import InitiativeFactory, MeetingFactory, PartyFactory, ProvisionFactory, SourceFactory, ThemeFactory

pytestmark = pytest.mark.django_db

ADD = reverse("admin:initiatives_statusupdate_add")


@pytest.fixture
def fund():
    return InitiativeFactory(name="Made-up fund", kind="fund")


def form_of(initiative, **more):
    return f"{ADD}?initiative={initiative.pk}" + "".join(f"&{name}={value}" for name, value in more.items())


def row(**more):
    """What an editor types for an ordinary row; one citation included."""
    typed = {"status": "proposed", "role": "proposed", "date_0": "2024-05", "summary": "A made-up minister put it forward."}
    return typed | {"citations-0-source": more.pop("source", None) or SourceFactory().pk} | more


# Recording


def test_a_status_is_recorded_as_a_draft_that_nobody_but_editors_sees(editor, fund):
    response = send(signed_in(editor), form_of(fund), **row(), follow=True)

    update = StatusUpdate.objects.get()
    assert (update.status, update.date.value, update.state, update.created_by) == ("proposed", "2024-05", "draft", editor)
    assert update.citations.count() == 1
    assert not StatusUpdate.objects.public().exists()
    fund.refresh_from_db()
    assert fund.status == ""
    assert response.redirect_chain[-1][0] == page_of(fund)
    assert "A made-up minister put it forward." in response.content.decode()


def test_the_ledger_has_the_draft_and_hides_it_from_the_public(editor, fund):
    send(signed_in(editor), form_of(fund), **row(reason="From the communiqué."))

    change = Change.objects.get(verb="statusupdate.drafted")
    assert (change.actor, change.reason, change.public) == (editor.username, "From the communiqué.", False)


def test_only_rungs_of_the_initiative_are_offered_each_with_its_meaning(editor, fund):
    text = signed_in(editor).get(form_of(fund)).content.decode()

    assert 'value="established"' in text
    assert str(Status.ESTABLISHED.rung.definition) in text
    assert 'value="in_force"' not in text


def test_a_rung_of_another_ladder_is_refused_and_the_right_ones_are_named(editor, fund):
    response = send(signed_in(editor), form_of(fund), **row(status="in_force"))

    assert "status: “in_force” is not a step for this kind of initiative (fund); it can be: proposed" in said(response)
    assert shown(response)["summary"] == "A made-up minister put it forward."


def test_a_status_without_evidence_is_refused_and_nothing_typed_is_lost(editor, fund):
    response = send(signed_in(editor), form_of(fund), **row() | {"citations-0-source": None})

    assert "Citations: name at least one source" in said(response)
    assert shown(response)["date_0"] == "2024-05"
    assert not StatusUpdate.objects.exists()


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"date_0": "May 2024"}, "date: “May 2024” is not a date that can be kept"),
        ({"date_0": ""}, "date: Say when it happened"),
        ({"date_0": "2199"}, "status: 2199 is still to come"),
        ({"role": "ratified"}, "party: Say who ratified it."),
        ({"role": ""}, "role: This field is required."),
        ({"summary": ""}, "summary: This field is required."),
        ({"summary": "x" * 401}, "summary: Ensure this value has at most 400 characters"),
        ({"step_back_reason": "It fell back.", "status": ""}, "step_back_reason: Name the status it fell back to"),
        ({"citations-0-source": "abc"}, "source: Select a valid choice"),
        ({"meeting": "9" * 30}, "meeting: Select a valid choice"),
        ({"status": "no-such-status"}, "status: Value 'no-such-status' is not a valid choice."),
        ({"role": "checked"}, "status: A check that found nothing new changes no status"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(editor, fund, typed, complaint):
    response = send(signed_in(editor), form_of(fund), **row() | typed)

    assert complaint in said(response)
    assert not StatusUpdate.objects.exists()


@pytest.mark.parametrize(
    ("typed", "anchor"),
    [
        ({"date_0": "May 2024"}, "id_date_0"),
        ({"status": "no-such-status"}, "id_status"),
        ({"citations-0-source": "abc"}, "id_citations-0-source"),
        ({"citations-0-source": None, "citations-TOTAL_FORMS": "0"}, "citations-group"),
    ],
)
def test_the_top_of_a_refused_form_leads_to_the_first_box_with_an_error(editor, fund, typed, anchor):
    text = send(signed_in(editor), form_of(fund), **row() | typed).content.decode()

    assert f'<a href="#{anchor}">To the first box with an error:' in text
    assert f'id="{anchor}"' in text


def test_the_same_citation_twice_is_refused(editor, fund):
    source = SourceFactory()
    twice = row(source=source.pk) | {"citations-TOTAL_FORMS": "2", "citations-1-source": source.pk, "citations-1-locator": ""}

    response = send(signed_in(editor), form_of(fund), **twice)

    assert response.status_code == 200
    assert not StatusUpdate.objects.exists()


def test_a_meeting_brings_itself_along(editor, fund):
    meeting = MeetingFactory()
    client = signed_in(editor)

    asked = client.get(f"{ADD}?meeting={meeting.pk}")
    assert f'name="meeting" value="{meeting.pk}"' in asked.content.decode()

    assert str(shown(client.get(form_of(fund, meeting=meeting.pk)))["meeting"]) == str(meeting.pk)


def test_without_an_initiative_the_desk_asks_for_it(editor):
    client = signed_in(editor)

    assert "Whose history is it?" in client.get(ADD).content.decode()
    assert "There is no such initiative" in client.get(f"{ADD}?initiative={'9' * 30}").content.decode()


def test_initiative_and_meeting_lead_to_the_form(editor, fund):
    client, meeting = signed_in(editor), MeetingFactory()

    assert form_of(fund) in client.get(page_of(fund)).content.decode()
    assert f"{ADD}?meeting={meeting.pk}" in client.get(page_of(meeting)).content.decode()


# Drafts


def test_a_draft_is_edited_until_it_is_published(editor, fund, record):
    update = record(fund, "proposed", publish=False)
    other = SourceFactory()

    send(signed_in(editor), page_of(update), summary="Better words.", **{"citations-0-source": other.pk, "summary_tr": "Daha iyi sözler."})

    update.refresh_from_db()
    assert (update.summary, update.summary_tr) == ("Better words.", "Daha iyi sözler.")
    assert [citation.source for citation in update.citations.all()] == [other]
    assert Change.objects.first().verb == "statusupdate.changed"


def test_the_note_of_a_draft_sent_back_stands_on_its_form_until_it_is_handed_in_again(editor, reviewer, fund, record):
    update, client = record(fund, "proposed", publish=False), signed_in(editor)
    send(client, page_of(update), button="submit")
    take(signed_in(reviewer), update, "send_back", reason="Name the page.")

    send(client, page_of(update), summary="Better words.")
    text = client.get(page_of(update)).content.decode()
    assert f"{reviewer.username} sent it back (" in text
    assert "): “Name the page.”" in text

    send(client, page_of(update), button="submit")
    assert "Name the page." not in client.get(page_of(update)).content.decode()


def test_the_list_shows_the_sentence_and_its_proof(reviewer, fund, record):
    update = record(fund, "proposed", publish=False)
    change_draft(update=update, by="made-up-other", summary="A made-up sentence.", citations=[SourceFactory(publisher="Made-up Agency")])

    text = signed_in(reviewer).get(f"{list_of(StatusUpdate)}?state__exact=draft").content.decode()

    assert "A made-up sentence." in text
    assert "Made-up Agency" in text


def test_a_draft_does_not_lose_its_last_proof(editor, fund, record):
    update = record(fund, "proposed", publish=False)

    response = send(signed_in(editor), page_of(update), **{"citations-0-DELETE": "on"})

    assert "name at least one source" in said(response)
    assert update.citations.count() == 1


def test_a_draft_changed_meanwhile_is_not_overwritten(editor, fund, record):
    update = record(fund, "proposed", publish=False)
    client = signed_in(editor)
    opened = shown(client.get(page_of(update)))
    change_draft(update=update, by="made-up-other", summary="Their words.", citations=[SourceFactory()])

    response = client.post(page_of(update), opened | {"summary": "My words."})

    assert "made-up-other changed this record while you were editing it" in said(response)
    update.refresh_from_db()
    assert update.summary == "Their words."


def test_a_draft_is_published_from_its_page(reviewer, fund, record):
    update = record(fund, "proposed", publish=False)

    send(signed_in(reviewer), page_of(update), button="publish", reason="Checked against the communiqué.")

    fund.refresh_from_db()
    assert fund.status == "proposed"
    change = Change.objects.get(verb="statusupdate.published")
    assert (change.actor, change.public, change.reason) == (reviewer.username, True, "Checked against the communiqué.")
    assert not list(ledger.faults())


def test_an_administrator_records_and_publishes_in_one_go_and_a_reviewer_does_not(administrator, reviewer, fund):
    response = send(signed_in(reviewer), form_of(fund), button="publish", **row())
    assert "somebody else publishes it" in said(response)
    assert not StatusUpdate.objects.exists()

    send(signed_in(administrator), form_of(fund), button="publish", **row())
    assert StatusUpdate.objects.public().count() == 1


def test_an_editor_hands_a_draft_in_but_does_not_publish_it(editor, fund, record):
    update = record(fund, "proposed", publish=False)
    client = signed_in(editor)

    assert send(client, page_of(update), button="publish").status_code == 403
    send(client, page_of(update), button="submit")

    update.refresh_from_db()
    assert update.state == "in_review"


def test_a_row_of_a_draft_initiative_waits_for_it(administrator):
    hidden = InitiativeFactory(state="draft")

    response = send(signed_in(administrator), form_of(hidden), button="publish", **row())

    assert "Initiative: Publish the initiative" in said(response)
    assert not StatusUpdate.objects.exists()


# Published rows


@pytest.mark.parametrize("role", ["editor", "reviewer", "administrator"])
def test_a_published_row_is_only_read(request, role, fund, record):
    update = record(fund, "proposed")
    client = signed_in(request.getfixturevalue(role))

    assert not client.get(page_of(update)).context["has_change_permission"]
    assert client.post(page_of(update), {"summary": "Better words."}).status_code == 403
    assert client.post(page_of(update, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(page_of(update, "withdraw"), {"reason": "Because."}).status_code == 403


def test_a_published_row_cannot_be_withdrawn_in_bulk(reviewer, fund, record):
    update = record(fund, "proposed")

    response = act(signed_in(reviewer), StatusUpdate, "withdraw_selected", [update], reason="Because.")

    assert "Published history is final" in said(response)


def test_a_mistake_is_corrected_by_a_new_row_that_starts_from_the_old_one(administrator, fund, record):
    mistaken = record(fund, "proposed", date="2023", summary="It was in May.")
    client = signed_in(administrator)
    address = f"{ADD}?corrects={mistaken.pk}"
    assert address.replace("&", "&amp;") in client.get(page_of(mistaken)).content.decode()
    assert shown(client.get(address))["summary"] == "It was in May."

    send(client, address, button="publish", summary="It was in June.", reason="The month was wrong.")

    correction = StatusUpdate.objects.get(corrects=mistaken)
    assert (correction.summary, correction.status, correction.is_public) == ("It was in June.", "proposed", True)
    assert correction.citations.get().source == mistaken.citations.get().source
    assert "Correct this row" not in client.get(page_of(mistaken)).content.decode()


def test_a_correction_says_what_was_wrong(reviewer, fund, record):
    mistaken = record(fund, "proposed")

    response = send(signed_in(reviewer), f"{ADD}?corrects={mistaken.pk}", reason="")

    assert "reason: Say what was wrong" in said(response)


# Initiatives and conflicts


def test_how_it_stands_is_shown_with_its_meaning_and_typed_by_nobody(reviewer, fund, record):
    record(fund, "proposed")
    client = signed_in(reviewer)

    text = client.get(page_of(fund)).content.decode()
    assert str(Status.PROPOSED.rung.definition) in text
    send(client, page_of(fund), status="operating", evidence="official")

    fund.refresh_from_db()
    assert (fund.status, fund.evidence) == ("proposed", "single_report")


def test_the_history_of_an_initiative_shows_its_drafts_to_editors(editor, fund, record):
    record(fund, "proposed", publish=False, summary="Nobody knows yet.")

    assert "Nobody knows yet." in signed_in(editor).get(page_of(fund)).content.decode()


def test_a_kind_without_the_rung_it_has_reached_is_refused(reviewer, fund, record):
    record(fund, "established")

    response = send(signed_in(reviewer), page_of(fund), kind="festival")
    assert "kind: Select a valid choice" in said(response)

    response = send(signed_in(reviewer), page_of(fund), kind="treaty")
    assert "kind: Its status is “Established”, which this kind does not have" in said(response)


def test_a_new_initiative_comes_with_its_parties_themes_and_proofs(editor):
    party, theme, source, provision = PartyFactory(is_public=False), ThemeFactory(), SourceFactory(), ProvisionFactory()
    belongings = {
        "parties-TOTAL_FORMS": "1", "parties-0-party": party.pk, "parties-0-role": "proposer",
        "citations-TOTAL_FORMS": "1", "citations-0-source": source.pk,
        "provision_links-TOTAL_FORMS": "1", "provision_links-0-provision": provision.pk, "provision_links-0-relation": "started",
    }  # fmt: skip

    send(signed_in(editor), list_of(Initiative, "add"), name="Made-up hub", slug="made-up-hub", kind="hub", themes=[theme.pk], **belongings)

    hub = Initiative.objects.get(slug="made-up-hub")
    assert (hub.state, hub.created_by, list(hub.themes.all())) == ("draft", editor, [theme])
    told = Change.objects.get(verb="initiative.created").after
    assert told["parties"] == [{"initiative": "made-up-hub", "party": party.code, "role": "proposer"}]
    assert told["themes"] == [theme.slug]
    party.refresh_from_db()
    assert not party.is_public


def test_a_duplicate_slug_is_refused_at_its_field(editor, fund):
    response = send(signed_in(editor), list_of(Initiative, "add"), name="Another", slug=fund.slug, kind="fund")

    assert "slug: Initiative with this Slug already exists." in said(response)


def test_an_initiative_is_not_related_to_itself(reviewer, fund):
    related = {"relations-TOTAL_FORMS": "1", "relations-0-kind": "part_of", "relations-0-target": fund.pk}

    assert "target: An initiative is not related to itself" in said(send(signed_in(reviewer), page_of(fund), **related))


def test_a_conflict_is_published_only_with_proof(administrator):
    typed = {"topic": "A made-up day", "slug": "made-up-day", "version_a": "Monday", "version_b": "Tuesday"}

    response = send(signed_in(administrator), list_of(Conflict, "add"), button="publish", **typed)

    assert "Citations: Name at least one source" in said(response)
    assert not Conflict.objects.exists()


def test_an_initiative_is_found_by_any_of_its_names(editor, fund):
    fund.names.create(language="tr", text="Uydurma Yatırım Fonu")

    found = signed_in(editor).get(
        reverse("admin:autocomplete"),
        {"app_label": "initiatives", "model_name": "statusupdate", "field_name": "initiative", "term": "YATIRIM"},
    )

    assert [result["text"] for result in found.json()["results"]] == ["Made-up fund"]
