"""The pages that explain: everything a page can say about standing is explained, from the tables themselves."""

import re
from html import escape

import pytest
from django.urls import reverse

from initiatives.models import Certainty, InitiativeParty, Role
from initiatives.standing import Evidence, Schedule
from initiatives.statuses import Family, Kind, Status, allowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def statuses(client):
    return client.get(reverse("statuses")).content.decode()


def shown(words):
    """The words as they stand in the markup."""
    return escape(str(words))


def part(page, status):
    """What the page says about one status."""
    return page.split(f'id="{status}"')[1].split("</li>")[0]


@pytest.mark.parametrize("status", Status)
def test_every_status_is_explained_with_what_usually_comes_next(statuses, status):
    said = part(statuses, status)

    assert shown(status.label) in said
    assert shown(status.rung.definition) in said
    assert all(f'href="#{next}"' in said for next in status.rung.next)
    assert ("Final" in said) == status.rung.final


@pytest.mark.parametrize("status", Status)
def test_every_status_names_the_families_of_kinds_that_can_have_it(statuses, status):
    families = {Kind(kind).family for kind in Kind if status in allowed(kind)}

    named = {Family(name) for name in re.findall(r'href="#(\w+)"', part(statuses, status)) if name in Family.values}

    assert named == (set() if len(families) == len(Family) else families)


@pytest.mark.parametrize("value", [*Evidence, *Schedule])
def test_every_grade_of_evidence_and_schedule_is_explained(statuses, value):
    assert shown(value.label) in statuses
    assert shown(value.definition) in statuses


@pytest.mark.parametrize("value", [*Certainty, *Role, *InitiativeParty.PartyRole, *Kind])
def test_every_word_of_the_vocabularies_is_named(statuses, value):
    assert shown(value.label).lower() in statuses.lower()


def test_the_page_about_the_tracker_explains_every_grade_of_evidence(client):
    page = client.get(reverse("about")).content.decode()

    assert all(shown(grade.definition) in page for grade in Evidence)


def test_the_page_about_the_tracker_invents_no_address_of_a_person(client):
    assert "mailto:" not in client.get(reverse("about")).content.decode()


@pytest.mark.parametrize("name", ["about", "statuses"])
def test_pages_that_explain_ask_nothing_of_the_database(client, django_assert_num_queries, name):
    with django_assert_num_queries(0):
        assert client.get(reverse(name)).status_code == 200
