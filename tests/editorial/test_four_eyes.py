"""Nobody publishes alone what they wrote. Everything here is made up."""

import pytest
from django.core.exceptions import ValidationError

from editorial import ledger, workflow
from editorial.four_eyes import authors, authors_of
from editorial.models import Change
from meetings.models import Series
from tests.factories import InitiativeFactory

pytestmark = pytest.mark.django_db


def written(by):
    return workflow.save(record=Series(slug=f"made-up-{by}", name="Made-up series"), by=by)


def edit(record, by):
    before = ledger.snapshot(record)
    record.description += "More."
    return workflow.save(record=record, by=by, before=before)


def refused(record, by):
    with pytest.raises(ValidationError) as refusal:
        workflow.publish(record=record, by=by)
    return refusal.value.code == "four_eyes"


def test_a_reviewer_publishes_what_an_editor_wrote(editor, reviewer):
    assert workflow.publish(record=written(editor), by=reviewer).state == "published"


def test_a_reviewer_does_not_publish_what_they_wrote_themselves(reviewer):
    assert refused(written(reviewer), reviewer)
    assert Series.objects.get().state == "draft"


def test_handing_it_in_first_makes_no_difference(reviewer):
    assert refused(workflow.submit(record=written(reviewer), by=reviewer), reviewer)


def test_who_changed_the_text_last_has_written_it_too(editor, reviewer):
    assert refused(edit(written(editor), reviewer), reviewer)


def test_the_steps_of_the_workflow_make_nobody_an_author(editor, reviewer):
    record = workflow.submit(record=written(editor), by=reviewer)
    record = workflow.send_back(record=record, by=reviewer, reason="Made-up note.")
    assert authors(record) == {editor.username}
    workflow.publish(record=record, by=reviewer)


def test_an_administrator_may_publish_alone_and_the_ledger_says_so(administrator):
    workflow.publish(record=written(administrator), by=administrator, reason="Nobody else was there.")
    assert Change.objects.first().reason == "Published alone by an administrator. Nobody else was there."


def test_an_administrator_who_is_the_second_pair_of_eyes_is_not_said_to_be_alone(editor, administrator):
    workflow.publish(record=written(editor), by=administrator)
    assert Change.objects.first().reason == ""


def test_a_row_of_history_needs_four_eyes_like_everything_else(record, reviewer):
    row = record(InitiativeFactory(), "proposed", by=reviewer, publish=False)
    assert refused(row, reviewer)


def test_what_was_changed_while_withdrawn_is_not_restored_by_who_changed_it(editor, reviewer):
    record = workflow.publish(record=written(editor), by=reviewer)
    record = workflow.withdraw(record=record, by=reviewer, reason="Made-up doubt.")
    edit(record, reviewer)
    with pytest.raises(ValidationError) as refusal:
        workflow.restore(record=record, by=reviewer, reason="Made-up.")
    assert refusal.value.code == "four_eyes"


def test_what_was_only_withdrawn_is_restored_by_the_same_person(reviewer, editor):
    record = workflow.publish(record=written(editor), by=reviewer)
    record = workflow.withdraw(record=record, by=reviewer, reason="Made-up doubt.")
    assert workflow.restore(record=record, by=reviewer, reason="Made-up.").state == "published"


def test_the_authors_of_many_records_are_found_in_one_query(editor, reviewer, django_assert_num_queries):
    records = [written(editor), edit(written(reviewer), editor)]
    with django_assert_num_queries(1):
        found = authors_of(records)
    assert list(found.values()) == [{editor.username}, {editor.username, reviewer.username}]
