"""Many initiatives at once, and the filters that find them. Everything here is made up."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from editorial import revisions, workflow
from editorial.models import Change, Revision
from initiatives.models import Conflict, Initiative
from meetings.models import Document, Meeting, Provision, Series
from tests import factories
from tests.desk import list_of, said, signed_in
from tests.factories import (
    CloseOutFactory,
    DocumentFactory,
    InitiativeFactory,
    InitiativePartyFactory,
    MeetingFactory,
    PartyFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

INITIATIVES = list_of(Initiative)


def chosen(action, *records, **more):
    """What a browser sends when the boxes of these records are ticked, as the list was read just now."""
    newest = Change.objects.order_by("-serial").values_list("serial", flat=True).first() or 0
    return {"action": action, "_selected_action": [record.pk for record in records], "seen_serial": newest, **more}


def act(user, action, *records, **typed):
    """Choose the action and confirm it."""
    return signed_in(user).post(INITIATIVES, chosen(action, *records, confirmed="yes", reason="Made up.") | typed, follow=True)


# Themes


def test_an_action_names_the_records_and_asks_why_before_anything_is_done(editor):
    draft, theme = InitiativeFactory(state="draft", name="Made-up fund"), ThemeFactory()

    response = signed_in(editor).post(INITIATIVES, chosen("add_theme", draft))

    assert {"reason", "theme"} <= set(response.context["form"].fields)
    assert "Made-up fund" in response.content.decode()
    assert "What is public changes only after review." in response.content.decode()
    assert not theme.initiatives.exists()


def test_drafts_get_the_theme_at_once_each_with_its_row_of_the_ledger(editor):
    drafts, theme = [InitiativeFactory(state="draft"), InitiativeFactory(state="in_review")], ThemeFactory(slug="made-up-theme")

    response = act(editor, "add_theme", *drafts, theme=theme.pk)

    assert set(theme.initiatives.all()) == set(drafts)
    for draft in drafts:
        row = Change.objects.of(draft).last()
        assert (row.verb, row.actor, row.reason) == ("initiative.changed", editor.username, "Made up.")
        assert (row.before["themes"], row.after["themes"]) == ([], ["made-up-theme"])
    assert "2 initiatives changed" in said(response)


def test_what_is_public_waits_as_a_revision_handed_in_for_review(editor, reviewer):
    public, theme = InitiativeFactory(), ThemeFactory(slug="made-up-theme")

    act(editor, "add_theme", public, theme=theme.pk)

    assert not public.themes.exists()
    revision = Revision.objects.get()
    assert (revision.state, revision.created_by, revision.after) == ("in_review", editor, {"themes": ["made-up-theme"]})

    revisions.publish(revision=revision, by=reviewer)
    assert list(public.themes.all()) == [theme]


def test_a_theme_is_taken_away_and_only_those_in_use_are_offered(editor):
    theme, other = ThemeFactory(), ThemeFactory()
    draft = InitiativeFactory(state="draft")
    draft.themes.add(theme)

    asked = signed_in(editor).post(INITIATIVES, chosen("remove_theme", draft)).content.decode()
    act(editor, "remove_theme", draft, theme=theme.pk)

    assert f'<option value="{theme.pk}">' in asked
    assert f'<option value="{other.pk}">' not in asked
    assert not draft.themes.exists()


def test_what_is_refused_is_named_with_the_reason_and_the_rest_is_done(editor):
    theme = ThemeFactory()
    has_it, gone, waits, good = (InitiativeFactory(state=state) for state in ("draft", "withdrawn", "published", "draft"))
    has_it.themes.add(theme)
    revisions.propose(record=waits, by=editor, children=lambda initiative: initiative.themes.add(ThemeFactory()))

    response = act(editor, "add_theme", has_it, gone, waits, good, theme=theme.pk)

    assert f"“{has_it}”: It is so already" in said(response)
    assert f"“{gone}”: It was withdrawn; restore it first." in said(response)
    assert f"“{waits}”: Another change to it waits already" in said(response)
    assert "1 initiative changed" in said(response)
    assert set(theme.initiatives.all()) == {has_it, good}
    assert Revision.objects.get().after["themes"] != [theme.slug]


def test_what_somebody_changed_after_the_list_was_read_is_refused(editor, reviewer):
    draft, theme = InitiativeFactory(state="draft"), ThemeFactory()
    sent = chosen("add_theme", draft, confirmed="yes", reason="Made up.", theme=theme.pk)
    workflow.save(record=draft, by=reviewer, before={})

    response = signed_in(editor).post(INITIATIVES, sent, follow=True)

    assert f"“{draft}”: {reviewer.username} changed it since you saw this list" in said(response)
    assert not draft.themes.exists()


@pytest.mark.parametrize(
    ("typed", "field"), [({"reason": " "}, "reason"), ({"theme": ""}, "theme"), ({"theme": "9" * 30}, "theme"), ({"theme": "abc"}, "theme")]
)
def test_what_is_missing_is_said_at_its_field(editor, typed, field):
    draft = InitiativeFactory(state="draft")

    response = act(editor, "add_theme", draft, **{"theme": ThemeFactory().pk} | typed)

    assert response.context["form"].errors[field]
    assert not draft.themes.exists()


# Parties


def test_a_party_is_added_with_its_role(editor):
    draft, public, party = InitiativeFactory(state="draft"), InitiativeFactory(), PartyFactory(code="made-up-land")

    act(editor, "add_party", draft, public, party=party.pk, role="signatory")

    assert [(part.party, part.role) for part in draft.parties.all()] == [(party, "signatory")]
    assert not public.parties.exists()
    [added] = Revision.objects.get().after["parties"]
    assert (added["party"], added["role"]) == ("made-up-land", "signatory")


def test_a_party_that_has_the_role_is_refused_and_another_role_is_not(editor):
    part = InitiativePartyFactory(initiative__state="draft", role="signatory")

    response = act(editor, "add_party", part.initiative, party=part.party_id, role="signatory")
    act(editor, "add_party", part.initiative, party=part.party_id, role="host")

    assert "It is so already" in said(response)
    assert sorted(part.initiative.parties.values_list("role", flat=True)) == ["host", "signatory"]


@pytest.mark.parametrize("typed", [{"role": "king"}, {"role": ""}, {"party": "9" * 30}, {"party": ""}])
def test_a_party_or_a_role_that_cannot_be_is_said_at_its_field(editor, typed):
    draft = InitiativeFactory(state="draft")

    response = act(editor, "add_party", draft, **{"party": PartyFactory().pk, "role": "host"} | typed)

    assert response.context["form"].errors[next(iter(typed))]
    assert not draft.parties.exists()


@pytest.mark.parametrize("action", ["add_theme", "remove_theme", "add_party"])
def test_who_may_only_read_is_offered_no_action(action):
    user, draft = UserFactory(), InitiativeFactory(state="draft")
    user.user_permissions.add(*permissions("view_initiative"))

    response = act(user, action, draft, theme=ThemeFactory().pk, party=PartyFactory().pk, role="host")

    assert response.status_code in (200, 403)
    assert not draft.themes.exists()
    assert not draft.parties.exists()


def permissions(*codes):
    return Permission.objects.filter(codename__in=codes)


# Filters


def found(user, model, question):
    return set(signed_in(user).get(f"{list_of(model)}?{question}").context["cl"].queryset)


@pytest.mark.parametrize("model", [Initiative, Conflict, Series, Meeting, Document, Provision])
def test_my_own_records_are_found_on_every_list(editor, model):
    factory = getattr(factories, f"{model.__name__}Factory")
    mine, _other = factory(created_by=editor), factory(created_by=UserFactory())

    assert found(editor, model, "mine=yes") == {mine}


def test_initiatives_are_found_by_what_they_need(editor, record):
    silent, late, mute = InitiativeFactory(summary="Made up."), InitiativeFactory(summary="Made up.", deadline="2015"), InitiativeFactory()
    InitiativeFactory(state="draft", deadline="2015")
    record(silent, "agreed", date="2015")

    assert found(editor, Initiative, "needs=quiet") == {silent}
    assert found(editor, Initiative, "needs=overdue") == {late}
    assert found(editor, Initiative, "needs=summary") == {mute}
    assert len(found(editor, Initiative, "needs=nonsense")) == 4


def test_meetings_are_found_by_what_they_need(editor):
    bare, open, passed = MeetingFactory(), MeetingFactory(), MeetingFactory(phase="planned", start="2015")
    CloseOutFactory(meeting=bare, done_at=timezone.now())
    DocumentFactory(meeting=open)

    assert found(editor, Meeting, "needs=documents") == {bare}
    assert found(editor, Meeting, "needs=close-out") == {open}
    assert found(editor, Meeting, "needs=news") == {passed}


@pytest.mark.parametrize("model", [Initiative, Conflict, Meeting, Document])
def test_records_are_found_by_the_day_they_were_entered(editor, model):
    assert admin.site._registry[model].date_hierarchy == "created_at"

    year = timezone.localdate().year

    assert signed_in(editor).get(f"{list_of(model)}?created_at__year={year}").status_code == 200


@pytest.mark.parametrize("model", [Initiative, Conflict, Meeting, Document, Provision, Series])
@pytest.mark.parametrize(
    "question",
    [
        "name__regex=(a%2B)%2B",
        "sort_name__iregex=.*",
        "created_at__year=0",
        "created_at__year=99999999999999999999",
        "created_at__year=2024&created_at__month=13",
        "created_at__year=2024&created_at__month=2&created_at__day=31",
        "created_at__gt=%00",
        "created_at__year__gt=1",
        "created_by__password__startswith=p",
        "needs=%27%22",
        "needs=quiet&needs=overdue",
        "mine=%27",
        "mine=yes&mine=no",
    ],
)
def test_what_no_filter_asks_is_refused_and_never_a_crash(admin_client, model, question):
    response = admin_client.get(f"{list_of(model)}?{question}")

    assert response.status_code in (200, 302, 400)
    if "regex" in question or "password" in question or "__gt" in question:
        assert response.status_code == 400 or response["Location"].endswith("?e=1")


def test_the_list_of_initiatives_offers_the_actions(editor):
    InitiativeFactory()

    text = signed_in(editor).get(reverse("admin:initiatives_initiative_changelist")).content.decode()

    for words in ("Add a theme …", "Remove a theme …", "Add a party …", "Submit for review"):
        assert words in text
