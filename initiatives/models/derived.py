"""What follows from a history: worked out by `initiatives.standing`, stored here and nowhere else."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from editorial import ledger
from initiatives import standing

from .initiative import Initiative


def standing_of(initiative: Initiative) -> standing.Standing:
    """The standing that follows from the published history as it is now."""
    rows = list(initiative.updates.filter(state="published").in_order().prefetch_related("citations__source"))
    return standing.derive(rows, corrected={row.corrects_id for row in rows if row.corrects_id})


def standings_on(day: datetime.date, initiatives: Iterable[Initiative] | None = None) -> dict[int, standing.Standing]:
    """The standing of every initiative (or of those given) as it was on a day in the past, by number; two or three queries.

    Those whose history had not begun by then are left out.
    """
    rows = Initiative.updates.rel.related_model.objects.public().in_order().prefetch_related("citations__source", "meeting")
    if initiatives is not None:
        rows = rows.filter(initiative__in=initiatives)
    histories: dict[int, list] = {}
    for row in rows:
        histories.setdefault(row.initiative_id, []).append(row)
    found = {
        number: standing.derive(history, corrected={row.corrects_id for row in history if row.corrects_id}, as_of=day)
        for number, history in histories.items()
    }
    return {number: then for number, then in found.items() if then.last_checked}


def put_back(initiatives: Iterable[Initiative], then: dict[int, standing.Standing]) -> None:
    """Make these records, in memory only, answer as they stood `then` (see `standings_on`). They must not be saved."""
    for initiative in initiatives:
        found = then.get(initiative.pk, standing.Standing())
        meeting = found.update.meeting if found.update else None
        initiative.status, initiative.status_since = found.status, found.since
        initiative.status_meeting = meeting if meeting and meeting.is_public else None
        initiative.evidence, initiative.evidence_sources = found.evidence, found.evidence_sources
        initiative.last_heard, initiative.last_checked = found.last_heard, found.last_checked


def derived_fields(initiative: Initiative, found: standing.Standing) -> dict:
    """What a standing means for the stored fields of its initiative."""
    proposals = initiative.updates.standing().filter(role="proposed", meeting__isnull=False)
    return {
        "status": found.status,
        "status_since": found.since,
        "status_meeting_id": found.update.meeting_id if found.update else None,
        "proposed_at_id": proposals.in_order().values_list("meeting_id", flat=True).first(),
        "last_heard": found.last_heard,
        "last_checked": found.last_checked,
        "evidence": found.evidence,
        "evidence_sources": found.evidence_sources,
    }


def store_standing(initiative: Initiative, *, by, now: datetime.datetime | None) -> None:
    """Work the standing out from the history and store it: the one function that writes it.

    Called inside the transaction that changed the history, with the
    initiative's row locked. Writes a ledger row when the answer changed.
    """
    initiative = Initiative.objects.get(pk=initiative.pk)
    found = standing_of(initiative)
    fields = derived_fields(initiative, found)
    steps = [(step.update.pk, str(step.status), step.since) for step in found.steps]
    if steps != list(initiative.steps.order_by("position").values_list("update_id", "status", "since")):
        initiative.steps.all().delete()
        initiative.steps.bulk_create(
            initiative.steps.model(initiative=initiative, position=position, update_id=update, status=status, since=since)
            for position, (update, status, since) in enumerate(steps)
        )
    if all(getattr(initiative, name) == value for name, value in fields.items()):
        return
    before = ledger.snapshot(initiative)
    for name, value in fields.items():
        setattr(initiative, name, value)
    change = ledger.record(verb="initiative.standing_changed", record=initiative, by=by, before=before, now=now)
    initiative.serial = change.serial
    initiative.version += 1
    initiative.save(update_fields=[*fields, "serial", "version", "updated_at"])
