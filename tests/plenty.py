"""A desk with a thousand initiatives, written past the verbs because it has to be quick. Everything here is made up."""

from __future__ import annotations

import datetime

from django.db import connection
from django.utils import timezone

from editorial import workflow
from initiatives.models import Initiative, InitiativeRelation, StatusCitation, StatusUpdate
from meetings.models import Meeting
from reference.models import Source
from tests.factories import (
    InitiativeFactory,
    MeetingFactory,
    PartyFactory,
    SeriesFactory,
    SourceFactory,
    StatusUpdateFactory,
    UserFactory,
)

STATUSES = ["proposed", "under_discussion", "agreed", "agreed", "signed"]


def make_plenty(*, editor, reviewer, initiatives=1000, rows=5) -> list[Initiative]:
    """Initiatives with five rows of history each, and as many other records as make every list of the desk long."""
    source, party, user = SourceFactory(), PartyFactory(), UserFactory()
    long_ago = timezone.now() - datetime.timedelta(days=900)
    made = Initiative.objects.bulk_create(
        InitiativeFactory.build(
            state="published" if number % 20 else "in_review",
            kind="treaty",
            status="agreed" if number % 3 else "signed",
            status_since="2020-03-05",
            evidence="single_report",
            last_heard="2020-03-05",
            last_checked="2020-03-05",
            deadline="2021" if number % 2 else "",
            created_by=editor if number % 40 else reviewer,
            published_at=long_ago,
        )
        for number in range(initiatives)
    )
    history = StatusUpdate.objects.bulk_create(
        StatusUpdateFactory.build(
            initiative=initiative,
            status=STATUSES[row % 5],
            date=f"202{row % 5}-03-05",
            party=party,
            state="draft",
            created_by=user,
        )
        for initiative in made
        for row in range(rows)
    )
    StatusCitation.objects.bulk_create(StatusCitation(parent=row, source=source) for row in history)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE initiatives_statusupdate SET state = 'published', version = version + 1, published_at = %s WHERE state = 'draft'",
            [long_ago],
        )
    Meeting.objects.bulk_create(
        MeetingFactory.build(series=series, phase="held" if number % 2 else "planned", start="2020-03-05", published_at=long_ago)
        for series in [SeriesFactory()]
        for number in range(initiatives // 5)
    )
    Source.objects.bulk_create(SourceFactory.build(health="dead") for _number in range(initiatives // 10))
    pairs = zip(made[1::50], made[2::50], strict=False)
    InitiativeRelation.objects.bulk_create(InitiativeRelation(initiative=first, target=second, kind="replaces") for first, second in pairs)
    for record in made[:12]:
        workflow.send_back(record=InitiativeFactory(state="in_review", created_by=editor), by=reviewer, reason="Made up.")
        InitiativeFactory(state="draft", created_by=editor, name=f"A draft beside {record}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made
