"""One door: a draft cannot be read, counted, guessed or followed anywhere; what was withdrawn says so."""

import json

import pytest

from editorial import workflow
from editorial.models import Change
from tests.factories import (
    ConflictCitationFactory,
    ConflictFactory,
    DocumentFactory,
    InitiativeCitationFactory,
    InitiativeFactory,
    InitiativePartyFactory,
    InitiativeRelationFactory,
    MeetingCitationFactory,
    MeetingFactory,
    MembershipFactory,
    OldSlugFactory,
    ParticipantFactory,
    PartyFactory,
    ProvisionFactory,
    ProvisionLinkFactory,
    SeriesFactory,
    SourceFactory,
    StatusCitationFactory,
    ThemeFactory,
)

SECRET = "secretword"
EVERYTHING = {
    "initiatives": "summary,status_updates,relations,provisions,conflicts,citations",
    "status-updates": "",
    "meetings": "status_updates,provisions",
    "series": "meetings",
    "documents": "provisions",
    "provisions": "",
    "parties": "",
    "themes": "",
    "sources": "",
    "changes": "",
}


@pytest.fixture
def public_world(db, record):
    """One public record of each kind, each with a hidden one tied to it by every tie there is."""
    hidden = {"state": "draft"}
    secret_party = PartyFactory(code=f"{SECRET}-party", is_public=False)
    secret_source = SourceFactory(slug=f"{SECRET}-source", is_public=False)
    secret_theme = ThemeFactory(slug=f"{SECRET}-theme", is_public=False)
    series = SeriesFactory(slug="series")
    SeriesFactory(slug=f"{SECRET}-series", **hidden)
    meeting = MeetingFactory(slug="meeting", series=series, country=secret_party, host=secret_party)
    secret_meeting = MeetingFactory(slug=f"{SECRET}-meeting", series=series, start="2025", **hidden)
    MeetingCitationFactory(parent=meeting, source=secret_source)
    ParticipantFactory(meeting=meeting, party=secret_party)
    document = DocumentFactory(slug="document", meeting=meeting)
    secret_document = DocumentFactory(slug=f"{SECRET}-document", meeting=meeting, **hidden)
    of_secret_meeting = DocumentFactory(slug=f"{SECRET}-published-document", meeting=secret_meeting)
    provision = ProvisionFactory(document=document, code="p", addressee=secret_party, meeting_decided=secret_meeting)
    ProvisionFactory(document=document, code=f"{SECRET}-provision", **hidden)
    ProvisionFactory(document=secret_document, code=f"{SECRET}-p")
    initiative = InitiativeFactory(slug="initiative", status_meeting=secret_meeting, proposed_at=secret_meeting)
    initiative.themes.add(secret_theme)
    secret = InitiativeFactory(slug=f"{SECRET}-initiative", **hidden)
    InitiativePartyFactory(initiative=initiative, party=secret_party)
    InitiativeCitationFactory(parent=initiative, source=secret_source)
    InitiativeRelationFactory(initiative=initiative, target=secret)
    InitiativeRelationFactory(initiative=secret, target=initiative)
    ProvisionLinkFactory(provision=provision, initiative=secret)
    ProvisionLinkFactory(provision=ProvisionFactory(document=of_secret_meeting), initiative=initiative)
    conflict = ConflictFactory(slug=f"{SECRET}-conflict", **hidden)
    conflict.initiatives.add(initiative)
    conflict.meetings.add(meeting)
    ConflictCitationFactory(parent=conflict)
    record(initiative, "proposed", meeting=meeting, code="row", citations=[SourceFactory(slug="source")])
    row = record(initiative, "agreed", code=f"{SECRET}-row", publish=False, citations=[secret_source])
    StatusCitationFactory(parent=row)
    record(secret, "", code=f"{SECRET}-of-secret", publish=False, meeting=meeting)
    body = PartyFactory(code="body")
    MembershipFactory(body=body, member=secret_party)
    MembershipFactory(body=secret_party, member=body)
    ThemeFactory(slug="theme")
    return initiative


@pytest.mark.parametrize("resource", EVERYTHING)
def test_no_list_says_a_word_of_a_draft(public_world, read, resource):
    include = EVERYTHING[resource]
    answer = read(f"{resource}/", {"include": include} if include else None)

    assert SECRET not in json.dumps(answer)


@pytest.mark.parametrize(
    "path",
    [
        "initiatives/initiative/",
        "status-updates/row/",
        "meetings/meeting/?include=status_updates,provisions",
        "series/series/",
        "documents/document/",
        "provisions/document/p/",
        "parties/body/",
        "themes/theme/",
        "sources/source/",
    ],
)
def test_no_public_record_says_a_word_of_a_draft(public_world, read, path):
    assert SECRET not in json.dumps(read(path))


@pytest.mark.parametrize(
    "path",
    [
        f"initiatives/{SECRET}-initiative/",
        f"status-updates/{SECRET}-row/",
        f"status-updates/{SECRET}-of-secret/",
        f"meetings/{SECRET}-meeting/",
        f"series/{SECRET}-series/",
        f"documents/{SECRET}-document/",
        f"documents/{SECRET}-published-document/",
        f"provisions/document/{SECRET}-provision/",
        f"provisions/{SECRET}-document/{SECRET}-p/",
        f"parties/{SECRET}-party/",
        f"themes/{SECRET}-theme/",
        f"sources/{SECRET}-source/",
    ],
)
def test_a_draft_answers_like_something_that_never_was(public_world, get, path):
    hidden = get(path)
    never = get(path.replace(SECRET, "never"))

    assert hidden.status_code == never.status_code == 404
    assert hidden.json()["detail"] == never.json()["detail"].replace("never", SECRET)


def test_a_tie_to_a_hidden_record_is_left_out_and_not_left_blank(public_world, read):
    initiative, meeting = read("initiatives/initiative/"), read("meetings/meeting/?include=provisions")
    provision, body = read("provisions/document/p/"), read("parties/body/")

    for name in ("themes", "parties", "relations", "provisions", "conflicts", "citations"):
        assert initiative[name] == [], name
    assert initiative["proposed_at"] is None
    assert (meeting["country"], meeting["host"], meeting["next_in_series"]) == (None, None, None)
    assert (meeting["citations"], meeting["conflicts"]) == ([], [])
    assert [document["slug"] for document in meeting["documents"]] == ["document"]
    assert [row["slug"] for row in meeting["provisions"]] == ["document/p"]
    assert [row["slug"] for row in meeting["initiatives"]] == ["initiative"]
    assert (provision["initiatives"], provision["addressee"], provision["meeting_decided"]) == ([], None, None)
    assert (body["members"], body["memberships"]) == ([], [])


@pytest.mark.parametrize("resource", [name for name in EVERYTHING if name != "changes"])
def test_counts_leave_drafts_out(public_world, read, resource):
    page = read(f"{resource}/", {"count": "true"})

    assert page["count"] == len(page["results"])


def test_a_draft_is_not_found_by_its_number(public_world, get):
    draft = InitiativeFactory(state="draft")

    assert get(f"initiatives/{draft.pk}/").status_code == 404


def test_the_old_slug_of_a_draft_leads_nowhere(get, db):
    draft = InitiativeFactory(state="draft")
    OldSlugFactory(type="initiatives.initiative", slug="once", record_id=str(draft.pk))

    assert get("initiatives/once/").status_code == 404


def test_what_editors_do_among_themselves_is_no_change(read, editor):
    draft = InitiativeFactory(state="draft", slug="quiet")
    workflow.submit(record=draft, by=editor)

    assert Change.objects.filter(slug="quiet").exists()
    assert read("changes/")["results"] == []


def test_a_renamed_record_is_found_at_its_old_address_with_the_same_question(get, editor):
    workflow.rename(record=InitiativeFactory(slug="old-name"), slug="new-name", by=editor)

    response = get("initiatives/old-name/?fields=slug&lang=tr")

    assert response.status_code == 301
    assert response.headers["Location"] == "/api/v1/initiatives/new-name/?fields=slug&lang=tr"
    assert response.content == b""


def test_a_provision_is_found_after_its_document_was_renamed(get, editor):
    provision = ProvisionFactory(document=DocumentFactory(slug="old-name"), code="p4")
    workflow.rename(record=provision.document, slug="new-name", by=editor)

    assert get("provisions/old-name/p4/").headers["Location"] == "/api/v1/provisions/new-name/p4/"


def test_a_withdrawn_record_is_gone_and_names_what_replaced_it(get, reviewer):
    successor = InitiativeFactory(slug="successor")
    gone = workflow.withdraw(record=InitiativeFactory(slug="gone"), by=reviewer, reason="A double.", replaced_by=successor)

    for name in ("gone", gone.pk):
        response = get(f"initiatives/{name}/")
        assert response.status_code == 410
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["replaced_by"] == "successor"
        assert response.json()["replaced_by_url"] == "http://testserver/api/v1/initiatives/successor/"


def test_a_withdrawn_record_without_successor_says_so(get, reviewer):
    workflow.withdraw(record=MeetingFactory(slug="gone"), by=reviewer, reason="It never was.")

    assert get("meetings/gone/").json()["replaced_by"] is None


def test_a_successor_that_is_public_no_more_is_not_named(get, reviewer):
    successor = InitiativeFactory(slug="successor")
    workflow.withdraw(record=InitiativeFactory(slug="gone"), by=reviewer, reason="A double.", replaced_by=successor)
    workflow.withdraw(record=successor, by=reviewer, reason="A double of yet another.")

    assert get("initiatives/gone/").json()["replaced_by"] is None


def test_what_belongs_to_a_withdrawn_record_goes_with_it(get, read, record, reviewer):
    initiative = InitiativeFactory(slug="gone")
    record(initiative, "proposed", code="row")
    workflow.withdraw(record=initiative, by=reviewer, reason="A double.")
    document = DocumentFactory(slug="paper", meeting=MeetingFactory(slug="meeting"))
    ProvisionFactory(document=document, code="p")
    workflow.withdraw(record=document.meeting, by=reviewer, reason="It never was.")

    for path in ("status-updates/row/", "documents/paper/", "provisions/paper/p/"):
        assert get(path).status_code == 410
    for resource in ("initiatives", "status-updates", "meetings", "documents", "provisions"):
        assert read(f"{resource}/")["results"] == []


def test_the_status_of_another_day_does_not_name_a_meeting_that_was_withdrawn_since(read, record, reviewer):
    meeting = MeetingFactory(slug="gone")
    record(InitiativeFactory(slug="fund"), "signed", meeting=meeting, date="2024-05")
    workflow.withdraw(record=meeting, by=reviewer, reason="It never was.")

    for question in ({}, {"as_of": "2024-12-31"}):
        status = read("initiatives/fund/", question)["status"]
        assert (status["value"], status["meeting"]) == ("signed", None)


def test_a_renamed_record_that_was_withdrawn_is_gone_at_both_addresses(get, reviewer):
    renamed = workflow.rename(record=InitiativeFactory(slug="old-name"), slug="new-name", by=reviewer)
    workflow.withdraw(record=renamed, by=reviewer, reason="A double.")

    assert get("initiatives/old-name/").headers["Location"] == "/api/v1/initiatives/new-name/"
    assert get("initiatives/new-name/").status_code == 410
