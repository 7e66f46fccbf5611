"""The verbs of initiatives, called as the desk calls them."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from editorial import workflow
from editorial.models import Change
from initiatives.models import StatusUpdate
from initiatives.workflow import record_check
from tests.factories import InitiativeFactory, SourceFactory

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)


class TestCheckedNothingNew:
    def test_it_is_dated_today_cites_what_was_searched_and_waits_for_review(self, editor):
        initiative, source = InitiativeFactory(), SourceFactory(publisher="Made-up Courier")

        update = record_check(initiative=initiative, source=source, by=editor, now=NOON)

        update = StatusUpdate.objects.get(pk=update.pk)
        assert (update.role, update.status, update.date.value, update.state) == ("checked", "", "2026-03-02", "in_review")
        assert update.citations.get().source == source
        assert update.summary == "Searched Made-up Courier; nothing new was found."
        assert list(Change.objects.of(update).values_list("verb", flat=True)) == ["statusupdate.drafted", "statusupdate.submitted"]

    def test_it_speaks_every_language_whatever_the_editor_reads_in(self, editor, monkeypatch):
        monkeypatch.setattr(
            "initiatives.workflow.history._", lambda text: "%(publisher)s: uydurma." if translation.get_language() == "tr" else text
        )

        with translation.override("tr"):
            update = record_check(initiative=InitiativeFactory(), source=SourceFactory(publisher="Made-up Courier"), by=editor)

        assert update.summary == "Searched Made-up Courier; nothing new was found."
        assert update.i18n == {"summary_tr": "Made-up Courier: uydurma."}

    def test_once_published_it_is_the_day_of_the_last_check_and_no_news(self, editor, record):
        initiative = InitiativeFactory()
        record(initiative, "proposed", date="2024")

        workflow.publish(record=record_check(initiative=initiative, source=SourceFactory(), by=editor, now=NOON), by="made-up-reviewer")

        initiative.refresh_from_db()
        assert (initiative.last_checked.value, initiative.last_heard.value, initiative.status) == ("2026-03-02", "2024", "proposed")

    def test_the_same_search_twice_a_day_is_refused_and_the_next_day_is_not(self, editor):
        search = {"initiative": InitiativeFactory(), "source": SourceFactory(), "by": editor}
        record_check(**search, now=NOON)

        with pytest.raises(ValidationError, match="today already"):
            record_check(**search, now=NOON)
        record_check(**search, now=NOON + datetime.timedelta(days=1))

        assert StatusUpdate.objects.count() == 2
