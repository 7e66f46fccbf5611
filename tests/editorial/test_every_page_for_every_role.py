"""Who may open which page of the admin, and take which action: every registered page, every role. Everything here is made up."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from tests import factories
from tests.desk import list_of, page_of, signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ROLES = ["Editor", "Reviewer", "Administrator"]
# Written by the verbs alone: everybody at the desk reads them, nobody adds, changes or deletes one by hand.
READ_ONLY = {"editorial.Change", "editorial.OldSlug"}
# Made by a page of their own, not by the stock form.
NOT_ADDED_BY_HAND = {"editorial.Revision", "initiatives.CloseOut"}
# Kept as they are: what came of them stands in the ledger.
NEVER_DELETED = {"initiatives.CloseOut", "initiatives.Upload"}
ACCOUNTS = {"auth.User", "auth.Group"}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
PUBLISHING = {"publish_selected", "send_back_selected", "withdraw_selected", "restore_selected"}


def factory_of(model):
    if model is Group:
        return None
    return next(
        one
        for one in vars(factories).values()
        if isinstance(one, type) and issubclass(one, factories.DjangoModelFactory) and one._meta.model is model
    )


def made(model):
    """A record of this kind that nobody has published."""
    if model is Group:
        return Group.objects.get(name="Editor")
    fields = {field.name for field in model._meta.fields}
    state = {"state": "draft"} if "state" in fields else {"is_public": False} if "is_public" in fields else {}
    if model._meta.label == "meetings.Participant":
        state = {"meeting": factories.MeetingFactory(state="draft")}
    if model._meta.label == "reference.Membership":
        state = {"body": factories.PartyFactory(is_public=False), "member": factories.PartyFactory(is_public=False)}
    return factory_of(model)(**state)


def person(role):
    call_command("sync_roles", verbosity=0)
    user = UserFactory()
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def expected(role, model, page):
    """The answer of the table of roles, written down a second time: what a mistake in it would change."""
    label = model._meta.label
    if label in ACCOUNTS:
        if role != "Administrator" or page == "delete":
            return 403
        return 403 if label == "auth.Group" and page == "add" else 200
    if label in READ_ONLY:
        return 403 if page in ("add", "delete") else 200
    if (label in NOT_ADDED_BY_HAND and page == "add") or (label in NEVER_DELETED and page == "delete"):
        return 403
    if label == "editorial.Revision" and page == "delete" and role == "Editor":
        return 403  # somebody else's; its author may
    return 200


def open_page(client, model, page):
    if page in ("changelist", "add"):
        return client.get(list_of(model, page))
    return client.get(page_of(made(model), page))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_exactly_its_pages(role, model):
    client = signed_in(person(role))
    found = {page: open_page(client, model, page).status_code for page in ("changelist", "add", "change", "history", "delete")}
    assert found == {page: expected(role, model, page) for page in found}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_an_account_without_a_role_opens_nothing_and_a_stranger_is_asked_to_sign_in(model):
    client = signed_in(person(None))
    call_command("sync_roles", verbosity=0)
    for page in ("changelist", "add", "change", "history", "delete"):
        refused = open_page(client, model, page)
        assert refused.status_code == 403 or refused["Location"] == "/admin/"
        stranger = open_page(Client(), model, page)
        assert stranger.status_code == 302
        assert "/admin/login/" in stranger["Location"]


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_desk_page_opens_for_those_with_a_role_and_for_nobody_else(role):
    client = signed_in(person(role))
    for _route, _view, name in admin.site.pages:
        address = address_of(name)
        wanted = {200, 302} if role else {403, 404}
        assert client.get(address).status_code in wanted, address
        assert Client().get(address)["Location"].startswith("/admin/login/")


def address_of(name):
    """A desk page's address, with a made-up record in place of the one it asks for."""
    return reverse(f"admin:{name}", args=[DESK_PAGES[name]()])


# What stands in the address of a desk page; a page that is not listed fails the test above.
DESK_PAGES = {
    "close_out": lambda: factories.MeetingFactory(phase="held", start="2020").pk,
    "cut_document": lambda: factories.DocumentFactory().pk,
    "searched": lambda: factories.InitiativeFactory().pk,
    "desk_section": lambda: "quiet",
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_offered_exactly_its_actions(role, model):
    request = RequestFactory().get("/admin/")
    request.user = get_user_model().objects.get(pk=person(role).pk)
    page = admin.site.get_model_admin(model)
    actions = set(page.get_actions(request))
    assert not actions & {"delete_selected"}, "the stock delete goes past the verbs"
    if role == "Editor":
        assert not actions & PUBLISHING
    elif "publish_selected" in (page.actions or []):
        assert "publish_selected" in actions
    if model._meta.label in READ_ONLY | ACCOUNTS:
        assert not actions & (PUBLISHING | {"discard_selected"})


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_nothing_is_edited_in_a_list(model):
    assert not admin.site.get_model_admin(model).list_editable


TYPED = [model for model in MODELS if model._meta.label not in READ_ONLY | NOT_ADDED_BY_HAND | NEVER_DELETED | ACCOUNTS]


@pytest.mark.parametrize("model", TYPED, ids=lambda model: model._meta.label)
def test_every_box_of_a_form_says_what_belongs_in_it(model):
    """Translations say it beside their original."""
    request = RequestFactory().get("/admin/")
    request.user = get_user_model()(is_superuser=True, is_active=True, is_staff=True)
    page = admin.site.get_model_admin(model)
    boxes = {name for _title, options in page.get_fieldsets(request) for name in flatten(options["fields"])}
    translated = {field.name for field in model._meta.private_fields}
    written = [field for field in model._meta.get_fields() if field.name in boxes and getattr(field, "editable", False)]
    for inline in page.inlines:
        linked = inline.fk_name or "parent"
        written += [field for field in inline.model._meta.fields if field.name in flatten(inline.fields or []) and field.name != linked]
    assert [str(field) for field in written if not field.help_text and field.name not in translated] == []
