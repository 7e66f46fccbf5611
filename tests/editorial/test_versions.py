"""No write of a record an editor can change skips its version: the database refuses. Everything here is made up."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from editorial import workflow
from reference.models import Source
from tests import factories
from tests.factories import InitiativeFactory, SourceFactory

pytestmark = pytest.mark.django_db
OURS = {"reference", "editorial", "meetings", "initiatives"}
VERSIONED = sorted(
    (
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS and any(field.name == "version" for field in model._meta.concrete_fields)
    ),
    key=lambda model: model._meta.label,
)


def made(model):
    return next(
        one
        for one in vars(factories).values()
        if isinstance(one, type) and issubclass(one, factories.DjangoModelFactory) and one._meta.model is model
    )()


# A column to write in each, and what to write: "name" unless it is said here.
WRITTEN = {
    "CloseOut": ("done_at", "2026-01-01T00:00Z"),
    "Conflict": ("topic", "Made up anew"),
    "Document": ("title", "Made up anew"),
    "Membership": ("until", "2025"),
    "Participant": ("person", "Made up anew"),
    "Provision": ("summary", "Made up anew."),
    "Revision": ("label", "Made up anew"),
    "Source": ("publisher", "Made up anew"),
    "StatusUpdate": ("summary", "Made up anew."),
}


def touch(record, version):
    """Write the record as SQL would, with this version, and something changed in it."""
    column, value = WRITTEN.get(type(record).__name__, ("name", "Made up anew"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {record._meta.db_table} SET {column} = %s, version = %s WHERE id = %s", [value, version, record.pk])


@pytest.mark.parametrize("model", VERSIONED, ids=lambda model: model._meta.label)
def test_a_write_that_skips_the_version_is_refused(model):
    record = made(model)
    for wrong in (record.version, record.version + 2):
        with pytest.raises(DatabaseError, match="skips its version"):
            touch(record, wrong)
    touch(record, record.version + 1)
    with pytest.raises(DatabaseError, match="skips its version"):
        touch(record, record.version)  # by somebody who read it before


def test_every_publishable_and_reference_record_has_a_version():
    names = {model.__name__ for model in VERSIONED}
    assert names >= {"Initiative", "Meeting", "Series", "Document", "Provision", "Conflict", "StatusUpdate", "Revision"}
    assert names >= {"Party", "Theme", "Source", "Membership", "Participant", "CloseOut"}


def test_a_stale_copy_of_a_record_is_refused_even_outside_the_forms():
    first = InitiativeFactory()
    second = type(first).objects.get(pk=first.pk)
    first.name = "Made up by one"
    workflow.save(record=first, by="one", before={"name": "x"})
    second.name = "Made up by two"
    with pytest.raises(Exception, match="skips its version"):
        workflow.save(record=second, by="two", before={"name": "x"})
    assert type(first).objects.get().name == "Made up by one"


def test_noting_that_a_link_still_answers_is_nobodys_change():
    source = SourceFactory()
    Source.objects.filter(pk=source.pk).update(checked_at="2026-01-01T00:00Z")
    assert Source.objects.get().version == source.version


@pytest.mark.parametrize("verb", ["submit", "publish", "discard"])
def test_a_verb_refuses_a_version_that_is_no_longer_the_one_seen(verb):
    record = InitiativeFactory(state="draft")
    record.name = "Changed meanwhile"
    workflow.save(record=record, by="somebody", before={"name": "x"})
    with pytest.raises(workflow.Stale, match="somebody changed"):
        getattr(workflow, verb)(record=record, by="another", opened=1)
    getattr(workflow, verb)(record=record, by="another", opened=2)
