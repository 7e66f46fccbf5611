"""Roles are data: the table in editorial/roles.py is what the database holds."""

import io

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from editorial import roles
from editorial.models import Change
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

OURS = ["reference", "meetings", "initiatives"]
# Derived by the project itself and edited by nobody.
DERIVED = {"initiatives.step"}


def held_by(role):
    pairs = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{code}" for app, code in pairs}


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_group_holds_exactly_what_the_table_says(role):
    call_command("sync_roles", verbosity=0)

    assert held_by(role) == set(roles.permissions_of(role))


def test_a_second_run_changes_nothing_and_says_so():
    call_command("sync_roles", verbosity=0)
    rows = Change.objects.count()
    said = io.StringIO()

    call_command("sync_roles", stdout=said)

    assert Change.objects.count() == rows
    assert "up to date" in said.getvalue()


def test_what_was_given_by_hand_is_taken_back_and_the_ledger_says_so():
    call_command("sync_roles", verbosity=0)
    Group.objects.get(name="Editor").permissions.add(Permission.objects.get(codename="publish_record"))

    assert roles.sync() == ["Editor"]

    assert roles.PUBLISH not in held_by("Editor")
    row = Change.objects.first()
    assert (row.verb, row.actor, row.public) == ("group.synced", "sync_roles", False)
    assert roles.PUBLISH in row.before["permissions"]


def test_every_model_of_ours_is_written_by_editors():
    models = {model._meta.label_lower for app in OURS for model in apps.get_app_config(app).get_models()} - DERIVED

    missing = {name for name in models if name not in roles.ROLES["Editor"] and not is_plumbing(name)}

    assert not missing


def is_plumbing(name):
    """Tables Django makes for a plain many-to-many relation are not edited by themselves."""
    return apps.get_model(name)._meta.auto_created


@pytest.mark.parametrize(("role", "may"), [("Editor", False), ("Reviewer", True), ("Administrator", True)])
def test_only_reviewers_and_administrators_may_publish(role, may):
    call_command("sync_roles", verbosity=0)
    user = UserFactory()
    user.groups.add(Group.objects.get(name=role))

    assert user.has_perm(roles.PUBLISH) is may


@pytest.mark.parametrize(("role", "may"), [("Editor", False), ("Reviewer", False), ("Administrator", True)])
def test_only_administrators_manage_accounts(role, may):
    assert ("auth.change_user" in roles.permissions_of(role)) is may


def test_nobody_writes_the_ledger_by_hand():
    for role in roles.ROLES:
        assert not {"editorial.add_change", "editorial.change_change", "editorial.delete_change"} & set(roles.permissions_of(role))
