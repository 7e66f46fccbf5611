"""Parties, memberships, themes and sources in the admin."""

import pytest
from django.urls import reverse

from editorial.models import Change
from reference.admin import YearFilter, source_in_full
from reference.models import Membership, Party, Source
from tests.desk import list_of, page_of, said, send, shown, signed_in
from tests.factories import MembershipFactory, PartyFactory, PartyNameFactory, SourceFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def test_a_new_source_is_hidden_until_something_public_cites_it(editor):
    typed = {"publisher": "Made-up Courier", "slug": "made-up-courier-1", "language": "en", "kind": "agency", "published_0": "2024-05"}

    send(signed_in(editor), list_of(Source, "add"), url="https://courier.example/1", **typed)

    source = Source.objects.get()
    assert (source.is_public, source.published.value) == (False, "2024-05")
    assert Change.objects.filter(verb="source.created").count() == 1


def test_translations_are_typed_in_place_and_an_empty_one_is_none(editor):
    theme = ThemeFactory(is_public=False, name="Made-up theme")

    send(signed_in(editor), page_of(theme), name_tr="Uydurma konu")

    theme.refresh_from_db()
    assert theme.i18n == {"name_tr": "Uydurma konu"}


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"published_0": "2024-13"}, "published: “2024-13” is not a date that can be kept"),
        ({"published_0": "yesterday"}, "published: “yesterday” is not a date that can be kept"),
        ({"url": "gopher://courier.example"}, "url: Enter a valid URL."),
        ({"slug": "Not A Slug"}, "slug: "),
        ({"slug": "12"}, "source_slug_shape"),
        ({"language": "English"}, "language: "),
        ({"publisher": "a\0b"}, "publisher: Null characters are not allowed."),
    ],
)
def test_what_is_wrong_with_a_source_is_said(editor, typed, complaint):
    whole = {"publisher": "Made-up Courier", "slug": "made-up-1", "language": "en", "kind": "agency"} | typed

    response = send(signed_in(editor), list_of(Source, "add"), **whole)

    assert complaint in said(response)
    assert not Source.objects.exists()


def test_a_malformed_date_stands_in_its_box_as_it_was_typed(editor):
    source = SourceFactory(is_public=False)

    response = send(signed_in(editor), page_of(source), published_0="sometime in May")

    assert shown(response)["published_0"] == "sometime in May"


def test_the_name_in_addresses_of_a_public_record_stays(reviewer):
    party, source = PartyFactory(code="made-up"), SourceFactory(slug="made-up-source")
    client = signed_in(reviewer)

    send(client, page_of(party), code="other")
    send(client, page_of(source), slug="other")

    assert Party.objects.get().code == "made-up"
    assert Source.objects.get().slug == "made-up-source"


def test_nobody_makes_a_record_public_by_hand(reviewer):
    party = PartyFactory(is_public=False)

    send(signed_in(reviewer), page_of(party), is_public="on")

    party.refresh_from_db()
    assert not party.is_public


def test_an_editor_changes_a_hidden_record_at_once_and_proposes_to_change_a_public_one(editor):
    client, hidden, public = signed_in(editor), PartyFactory(is_public=False), PartyFactory(note="")

    send(client, page_of(hidden), note="Changed.")
    send(client, page_of(public), note="Changed.")

    hidden.refresh_from_db()
    public.refresh_from_db()
    assert (hidden.note, public.note) == ("Changed.", "")


def test_a_membership_makes_sense(editor):
    party = PartyFactory()
    typed = {"body": party.pk, "member": party.pk, "role": "member", "since_0": "2020", "until_0": "2019"}

    response = send(signed_in(editor), list_of(Membership, "add"), **typed)

    assert "member: A party is not a member of itself" in said(response)
    assert "until: It ends before it starts." in said(response)


def test_a_membership_of_public_parties_is_seen_at_once_and_so_for_administrators(reviewer, administrator):
    typed = {"body": PartyFactory().pk, "member": PartyFactory().pk, "role": "member"}

    assert "Readers would see it at once" in said(send(signed_in(reviewer), list_of(Membership, "add"), **typed))
    assert send(signed_in(administrator), list_of(Membership, "add"), **typed).status_code == 302


def test_a_membership_is_told_with_its_proof(administrator):
    membership, source = MembershipFactory(), SourceFactory()
    proof = {"citations-TOTAL_FORMS": "1", "citations-0-source": source.pk, "citations-0-locator": "§ 2"}

    send(signed_in(administrator), page_of(membership), button="publish", **proof)

    assert Change.objects.get(verb="membership.changed").after["citations"] == [{"source": source.slug, "locator": "§ 2"}]


@pytest.mark.parametrize("words", ["TÜRKIYE", "turkiye", "Türkiye'"])
def test_a_party_is_found_whatever_its_accents(admin_client, words):
    PartyNameFactory(parent=PartyFactory(name="Made-up state"), language="tr", text="Türkiye")

    response = admin_client.get(list_of(Party), {"q": words})

    assert [party.name for party in response.context["cl"].result_list] == ["Made-up state"]


def test_sources_of_one_day_are_told_apart_when_chosen(admin_client):
    SourceFactory(publisher="Made-up Courier", title="The summit opens", slug="courier-1", published="2024-05-17")

    asked = {"app_label": "meetings", "model_name": "meetingcitation", "field_name": "source", "term": "courier"}
    found = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]

    assert found[0]["text"] == "Made-up Courier, 17 May 2024 (en) – The summit opens – courier-1"


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"url": "https://courier.example/news:804111/"}, "Made-up Courier, 17 May 2024 (ru) – courier.example/news:804111 – made-up-1"),
        (
            {"url": f"https://courier.example/{'a' * 60}", "published": ""},
            f"Made-up Courier (ru) – courier.example/{'a' * 43}… – made-up-1",
        ),
        ({"url": ""}, "Made-up Courier, 17 May 2024 (ru) – made-up-1"),
    ],
)
def test_a_source_without_a_title_is_told_by_its_address(about, words):
    made_up = {"publisher": "Made-up Courier", "language": "ru", "published": "2024-05-17", "title": "", "slug": "made-up-1"}

    assert source_in_full(SourceFactory(**made_up | about)) == words


def test_the_years_of_a_list_are_its_filter(admin_client):
    SourceFactory(published="2024-05"), SourceFactory(published="2023"), SourceFactory(published="")

    def left(year):
        return admin_client.get(list_of(Source), {"year": year}).context["cl"].result_count

    assert (left("2024"), left("2023"), left("unknown"), left("20")) == (1, 1, 1, 2)


def test_a_year_filter_knows_its_field():
    assert YearFilter.of("start", "year").field == "start"
