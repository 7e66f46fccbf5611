"""The verbs by which records become public, change and go."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from editorial import ledger, workflow
from editorial.models import Change, OldSlug
from initiatives.models import Initiative
from meetings.models import Meeting, Series
from tests.factories import (
    DocumentFactory,
    InitiativeFactory,
    MeetingCitationFactory,
    MeetingFactory,
    PartyFactory,
    ProvisionFactory,
    SeriesFactory,
    SourceFactory,
    ThemeFactory,
    UserFactory,
)

NOON = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)


def edit(record, **values):
    before = ledger.snapshot(record)
    for name, value in values.items():
        setattr(record, name, value)
    return workflow.save(record=record, by="made-up-user", before=before, reason="A made-up reason.")


def test_a_new_record_is_a_draft_with_its_author_and_a_ledger_row(db):
    author = UserFactory()
    series = workflow.save(record=Series(slug="made-up", name="Made-up"), by=author, now=NOON)
    assert (series.state, series.created_by, series.version) == ("draft", author, 1)
    change = Change.objects.get()
    assert (change.verb, change.actor, change.public, change.at) == ("series.created", author.username, False, NOON)
    assert series.serial == change.serial


def test_an_edit_bumps_the_version_and_tells_before_and_after(db):
    series = edit(SeriesFactory(name="Old"), name="New")
    change = Change.objects.get()
    assert (change.verb, change.public, change.fields, change.reason) == (
        "series.changed",
        True,
        ["name"],
        "A made-up reason.",
    )
    assert Series.objects.get().version == 2
    assert series.serial == change.serial


def test_saving_without_a_change_writes_no_ledger_row(db):
    edit(SeriesFactory(name="Same"), name="Same")
    assert not Change.objects.exists()


def test_a_draft_goes_through_review_to_the_public(db):
    series = SeriesFactory(state="draft")
    assert workflow.submit(record=series, by="made-up-author").state == "in_review"
    published = workflow.publish(record=series, by="made-up-reviewer", now=NOON)
    assert (published.state, published.published_at) == ("published", NOON)
    assert list(Series.objects.public()) == [published]
    assert list(Change.objects.order_by("serial").values_list("verb", "public")) == [
        ("series.submitted", False),
        ("series.published", True),
    ]


def test_a_submitted_record_can_be_sent_back_with_a_note(db):
    series = workflow.submit(record=SeriesFactory(state="draft"), by="made-up-author")
    with pytest.raises(ValidationError) as refusal:
        workflow.send_back(record=series, by="made-up-reviewer", reason="")
    assert list(refusal.value.message_dict) == ["reason"]
    assert workflow.send_back(record=series, by="made-up-reviewer", reason="No source.").state == "draft"


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("submit", "published"),
        ("send_back", "draft"),
        ("publish", "published"),
        ("withdraw", "draft"),
        ("restore", "published"),
    ],
)
def test_a_step_from_the_wrong_state_is_refused_naming_the_right_ones(db, verb, state):
    with pytest.raises(ValidationError, match="only possible from"):
        getattr(workflow, verb)(record=SeriesFactory(state=state), by="made-up-user", reason="x")


def test_a_withdrawn_record_leaves_the_public_and_says_what_replaced_it(db):
    old, new = InitiativeFactory(), InitiativeFactory()
    withdrawn = workflow.withdraw(record=old, by="made-up-user", reason="Entered twice.", replaced_by=new)
    assert (withdrawn.state, withdrawn.replaced_by) == ("withdrawn", new)
    assert list(Initiative.objects.public()) == [new]
    assert Change.objects.public().get().verb == "initiative.withdrawn"


@pytest.mark.parametrize("how", ["itself", "draft"])
def test_only_another_public_record_can_replace_a_withdrawn_one(db, how):
    old = InitiativeFactory()
    with pytest.raises(ValidationError) as refusal:
        workflow.withdraw(record=old, by="e", reason="x", replaced_by=old if how == "itself" else InitiativeFactory(state="draft"))
    assert list(refusal.value.message_dict) == ["replaced_by"]


def test_a_withdrawn_record_can_be_restored(db):
    old = workflow.withdraw(record=InitiativeFactory(), by="e", reason="x", replaced_by=InitiativeFactory())
    back = workflow.restore(record=old, by="e", reason="It was no duplicate.")
    assert (back.state, back.replaced_by) == ("published", None)


def test_what_was_added_to_a_withdrawn_record_becomes_public_when_it_returns(db):
    gone = workflow.withdraw(record=MeetingFactory(), by="e", reason="x")
    source = SourceFactory(is_public=False)
    MeetingCitationFactory(parent=gone, source=source)
    workflow.restore(record=gone, by="e", reason="It was no duplicate.")
    source.refresh_from_db()
    assert source.is_public


def test_a_change_to_what_stands_on_a_withdrawn_record_is_not_public(db):
    document = DocumentFactory(title="Old")
    workflow.withdraw(record=document.meeting, by="e", reason="x")
    document.refresh_from_db()
    edit(document, title="New")
    assert not Change.objects.get(verb="document.changed").public


def test_a_record_that_was_public_is_never_deleted(db):
    for record in (InitiativeFactory(), workflow.withdraw(record=InitiativeFactory(), by="e", reason="x")):
        with pytest.raises(ValidationError, match="withdraw it instead"):
            workflow.discard(record=record, by="e")


def test_a_draft_thrown_away_stays_in_the_ledger(db):
    workflow.discard(record=InitiativeFactory(state="draft", name="Made-up idea"), by="e", reason="Nothing in it.")
    change = Change.objects.get()
    assert (change.verb, change.before["name"], change.after) == ("initiative.deleted", "Made-up idea", {})


def test_what_a_public_record_leans_on_becomes_public_with_it(db):
    source, country = SourceFactory(is_public=False), PartyFactory(is_public=False)
    meeting = MeetingFactory(state="draft", country=country)
    MeetingCitationFactory(parent=meeting, source=source)
    workflow.publish(record=meeting, by="e")
    for other in (source, country):
        other.refresh_from_db()
        assert other.is_public
    assert set(Change.objects.public().values_list("verb", flat=True)) == {
        "source.published",
        "party.published",
        "meeting.published",
    }


def test_a_theme_added_to_a_public_initiative_becomes_public(db):
    initiative, theme = InitiativeFactory(), ThemeFactory(is_public=False)
    workflow.save(record=initiative, by="e", before=ledger.snapshot(initiative), children=lambda saved: saved.themes.add(theme))
    theme.refresh_from_db()
    assert theme.is_public


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: MeetingFactory(state="draft", series__state="draft"), "series"),
        (lambda: DocumentFactory(state="draft", meeting__state="draft"), "meeting"),
        (lambda: ProvisionFactory(state="draft", document__state="draft"), "document"),
        (lambda: ProvisionFactory(state="draft"), "citations"),
    ],
)
def test_nothing_is_published_before_what_it_stands_on(db, make, field):
    with pytest.raises(ValidationError) as refusal:
        workflow.publish(record=make(), by="e")
    assert field in refusal.value.message_dict


class TestRenaming:
    def test_the_old_slug_is_kept_for_ever(self, db):
        renamed = workflow.rename(record=InitiativeFactory(slug="made-up-old"), slug="made-up-new", by="e", now=NOON)
        assert renamed.slug == "made-up-new"
        old = OldSlug.objects.get()
        assert (old.type, old.slug, old.record_id) == ("initiatives.initiative", "made-up-old", str(renamed.pk))

    def test_nobody_else_can_take_the_old_slug(self, db):
        workflow.rename(record=InitiativeFactory(slug="made-up-old"), slug="made-up-new", by="e")
        with pytest.raises(ValidationError) as refusal:
            workflow.save(record=Initiative(slug="made-up-old", name="x", kind="fund"), by="e")
        assert list(refusal.value.message_dict) == ["slug"]
        with pytest.raises(ValidationError) as refusal:
            workflow.rename(record=InitiativeFactory(), slug="made-up-old", by="e")
        assert list(refusal.value.message_dict) == ["slug"]
        with pytest.raises(DatabaseError, match="former address"), transaction.atomic():
            InitiativeFactory(slug="made-up-old")

    def test_a_record_can_take_its_own_old_slug_back(self, db):
        initiative = workflow.rename(record=InitiativeFactory(slug="made-up-old"), slug="made-up-new", by="e")
        workflow.rename(record=initiative, slug="made-up-old", by="e")
        assert OldSlug.objects.get().slug == "made-up-new"

    def test_a_slug_in_use_is_refused(self, db):
        InitiativeFactory(slug="made-up-taken")
        with pytest.raises(ValidationError) as refusal:
            workflow.rename(record=InitiativeFactory(), slug="made-up-taken", by="e")
        assert list(refusal.value.message_dict) == ["slug"]


def test_a_duplicate_slug_is_refused_by_field(db):
    MeetingFactory(slug="made-up-meeting")
    with pytest.raises(ValidationError) as refusal:
        workflow.save(record=Meeting(slug="made-up-meeting", name="x", series=SeriesFactory()), by="e")
    assert list(refusal.value.message_dict) == ["slug"]
