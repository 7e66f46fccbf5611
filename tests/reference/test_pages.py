"""Pages of parties, themes and sources, as readers get them."""

import pytest
from django.urls import reverse

from tests.factories import (
    ConflictCitationFactory,
    ConflictFactory,
    DocumentCitationFactory,
    DocumentFactory,
    InitiativeCitationFactory,
    InitiativeFactory,
    InitiativePartyFactory,
    MeetingCitationFactory,
    MeetingFactory,
    MembershipCitationFactory,
    MembershipFactory,
    ParticipantCitationFactory,
    ParticipantFactory,
    PartyFactory,
    PartyNameFactory,
    ProvisionCitationFactory,
    ProvisionFactory,
    SourceFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


def text(response):
    """What a reader of the page reads, white space evened out."""
    return " ".join(response.content.decode().split())


# Parties


def test_states_come_first_then_bodies_then_the_others(client):
    made = {kind: PartyFactory(kind=kind) for kind in ("company", "body", "observer_state", "member_state")}

    context = client.get(reverse("parties")).context

    assert context["members"] == [made["member_state"]]
    assert context["observers"] == [made["observer_state"]]
    assert context["bodies"] == [made["body"]]
    assert context["others"] == [made["company"]]


def test_a_party_is_listed_with_the_number_of_its_public_initiatives(client):
    party = PartyFactory()
    initiative = InitiativeFactory()
    InitiativePartyFactory(party=party, initiative=initiative, role="proposer")
    InitiativePartyFactory(party=party, initiative=initiative, role="host")
    InitiativePartyFactory(party=party, initiative=InitiativeFactory(state="draft"))

    assert client.get(reverse("parties")).context["members"][0].initiative_count == 1


def test_a_party_shows_its_names_memberships_and_their_proof(client):
    citation = MembershipCitationFactory(parent__since="2024-03")
    member, body = citation.parent.member, citation.parent.body
    PartyNameFactory(parent=member, language="tr", text="Uydurma Ülke")

    page = text(client.get(member.get_absolute_url()))

    assert '<span lang="tr">Uydurma Ülke</span>' in page
    assert body.get_absolute_url() in page
    assert "March 2024" in page
    assert citation.source.get_absolute_url() in page
    assert member.get_absolute_url() in text(client.get(body.get_absolute_url()))


def test_a_party_shows_its_part_in_each_initiative(client):
    part = InitiativePartyFactory(role="operator", initiative__name="Made-up hub")

    page = text(client.get(part.party.get_absolute_url()))

    assert "Made-up hub" in page
    assert "Operator" in page


def test_a_party_shows_its_steps_latest_first(client, record):
    party, initiative = PartyFactory(), InitiativeFactory()
    older = record(initiative, "proposed", date="2020", party=party)
    newer = record(initiative, "agreed", date="2021-05", party=party)

    assert list(client.get(party.get_absolute_url()).context["steps"]) == [newer, older]


def test_many_steps_end_in_a_link_to_the_filtered_list(client, record, monkeypatch):
    monkeypatch.setattr("reference.views.SHOWN", 1)
    party, initiative = PartyFactory(), InitiativeFactory()
    record(initiative, "proposed", date="2020", party=party)
    record(initiative, "agreed", date="2021", party=party)

    response = client.get(party.get_absolute_url())

    assert len(response.context["steps"]) == 1
    assert f"{reverse('initiatives')}?party={party.code}" in text(response)


def test_a_party_shows_meetings_in_it_and_those_it_hosted_elsewhere(client):
    party = PartyFactory()
    there = MeetingFactory(country=party, start="2020")
    hosted = MeetingFactory(host=party, start="2021")
    MeetingFactory(country=party, state="draft")

    assert list(client.get(party.get_absolute_url()).context["meetings"]) == [hosted, there]


def test_a_party_shows_who_took_part_for_it_and_what_was_addressed_to_it(client):
    party = PartyFactory()
    ParticipantFactory(party=party, person="Ada Example")
    ParticipantFactory(party=party, person="Secret Guest", meeting__state="draft")
    ProvisionFactory(addressee=party, summary="To build a made-up bridge.")
    ProvisionFactory(addressee=party, summary="A secret order.", state="draft")

    page = text(client.get(party.get_absolute_url()))

    assert "Ada Example" in page
    assert "made-up bridge" in page
    assert "Secret" not in page
    assert "secret" not in page


def test_drafts_around_a_party_stay_invisible(client, record):
    party = PartyFactory()
    InitiativePartyFactory(party=party, initiative=InitiativeFactory(name="Secret fund", state="draft"))
    record(InitiativeFactory(), "proposed", party=party, publish=False, summary="Secret step.")
    conflict = ConflictFactory(topic="Secret quarrel", state="draft")
    conflict.parties.add(party)
    MembershipFactory(member=party, body=PartyFactory(name="Secret body", is_public=False))
    hidden = MembershipCitationFactory(parent__member=party, source__publisher="Secret Gazette", source__is_public=False)

    page = text(client.get(party.get_absolute_url()))

    assert hidden.parent.body.get_absolute_url() in page
    assert "Secret" not in page


# Themes


def test_a_theme_shows_its_public_initiatives_and_how_they_stand(client, record):
    theme = ThemeFactory()
    initiative, draft = InitiativeFactory(name="Made-up fund"), InitiativeFactory(name="Secret fund", state="draft")
    theme.initiatives.add(initiative, draft)
    record(initiative, "signed", date="2023-03")

    page = text(client.get(theme.get_absolute_url()))

    assert "Made-up fund" in page
    assert "Signed" in page
    assert "March 2023" in page
    assert "Secret" not in page
    assert client.get(reverse("themes")).context["object_list"][0].initiative_count == 1


# Sources


def test_a_source_shows_where_it_is_and_who_reports_it(client):
    source = SourceFactory(publisher="Made-up Mirror", origin="Made-up Agency", kind="mirror", url="https://mirror.example/1")

    page = text(client.get(source.get_absolute_url()))

    assert 'href="https://mirror.example/1" rel="external noopener"' in page
    assert "Made-up Agency" in page
    assert "no witness by itself" in page


def test_a_source_without_an_address_says_so(client):
    assert "its address was not written down" in text(client.get(SourceFactory(url="").get_absolute_url()))


def test_a_source_with_an_archived_copy_shows_its_hash(client):
    assert "ab" * 32 in text(client.get(SourceFactory(archived_sha256="ab" * 32).get_absolute_url()))


def test_a_source_names_everything_public_that_rests_on_it(client, record):
    source = SourceFactory()
    update = record(InitiativeFactory(), "proposed", citations=[source], summary="A step that rests on it.")
    resting = [
        update.get_absolute_url(),
        InitiativeCitationFactory(source=source).parent.get_absolute_url(),
        MeetingCitationFactory(source=source).parent.get_absolute_url(),
        DocumentCitationFactory(source=source).parent.get_absolute_url(),
        ProvisionCitationFactory(source=source).parent.get_absolute_url(),
        ParticipantCitationFactory(source=source).parent.meeting.get_absolute_url(),
        MembershipCitationFactory(source=source).parent.member.get_absolute_url(),
    ]
    ConflictCitationFactory(source=source, parent__topic="Day of the made-up meeting")

    page = text(client.get(source.get_absolute_url()))

    assert all(f'href="{address}"' in page for address in resting)
    assert "Day of the made-up meeting" in page


def test_a_source_never_names_a_draft_that_cites_it(client, record):
    source = SourceFactory()
    record(InitiativeFactory(), "proposed", citations=[source], publish=False, summary="Secret step.")
    InitiativeCitationFactory(source=source, parent=InitiativeFactory(name="Secret fund", state="draft"))
    MeetingCitationFactory(source=source, parent=MeetingFactory(name="Secret meeting", state="draft"))
    DocumentCitationFactory(source=source, parent=DocumentFactory(title="Secret declaration", state="draft"))
    ProvisionCitationFactory(source=source, parent=ProvisionFactory(summary="Secret order.", state="draft"))
    ParticipantCitationFactory(source=source, parent__person="Secret Guest", parent__meeting__state="draft")
    MembershipCitationFactory(source=source, parent__body=PartyFactory(name="Secret body", is_public=False))
    ConflictCitationFactory(source=source, parent=ConflictFactory(topic="Secret quarrel", state="draft"))

    page = text(client.get(source.get_absolute_url()))

    assert "Secret" not in page
    assert "Nothing public rests on it at present." in page


def test_the_number_of_a_source_leads_to_its_name(client):
    source = SourceFactory()

    response = client.get(f"/sources/{source.pk}/")

    assert (response.status_code, response["Location"]) == (301, source.get_absolute_url())


# Addresses


@pytest.mark.parametrize("factory", [PartyFactory, ThemeFactory, SourceFactory])
def test_a_record_that_is_not_public_is_not_found(client, factory):
    assert client.get(factory(is_public=False).get_absolute_url()).status_code == 404


def test_the_number_of_a_source_that_is_not_public_is_not_found(client):
    assert client.get(f"/sources/{SourceFactory(is_public=False).pk}/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/sources/999999/", f"/sources/{'9' * 60}/", "/sources/%00/", "/parties/%00/", "/themes/a%00b/", "/parties/AZ/"]
)
def test_an_odd_address_is_not_found(client, address):
    assert client.get(address).status_code == 404
