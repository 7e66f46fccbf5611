"""Badges of the three answers, and the ladder an initiative climbs, all from the one table of statuses."""

from __future__ import annotations

from django import template

from initiatives.standing import Evidence
from initiatives.statuses import Status, allowed

register = template.Library()


@register.inclusion_tag("initiatives/_status.html")
def status(value: str) -> dict:
    """The badge of a status; an initiative without one says so."""
    return {"status": Status(value) if value else None}


@register.filter
def status_definition(value: str) -> str:
    """What the status means, in one sentence."""
    return Status(value).rung.definition if value else Evidence.NONE.definition


@register.filter
def evidence_definition(value: str) -> str:
    """What the grade of evidence means, in one sentence."""
    return Evidence(value).definition


@register.inclusion_tag("initiatives/_ladder.html")
def ladder(initiative) -> dict:
    """The rungs that exist for this kind of initiative, with the date each was reached.

    Rungs aside of the ladder appear only when the history touched them. After
    a final status nothing is shown as still to come. A proposal that a meeting
    made, even one that moved nothing because talks had begun before it, is not
    passed over: it shows the date of that meeting.
    """
    reached = {step.status: step for step in initiative.steps.all()}
    now = Status(initiative.status) if initiative.status else None
    rungs = []
    for rung in allowed(initiative.kind):
        step = reached.get(rung)
        since = step.since if step else None
        if rung == Status.PROPOSED and not step and initiative.proposed_at:
            since = initiative.proposed_at.start
        ahead = now is None or (rung.rung.height or 0) > (now.rung.height or 0)
        if rung.rung.height is None and since is None:
            continue
        if since is None and ahead and now and (now.rung.final or now.rung.height is None):
            continue
        rungs.append({"status": rung, "since": since, "is_now": rung == now, "is_ahead": since is None and ahead})
    return {"rungs": rungs}


@register.filter
def has_gone_quiet(initiative, today) -> bool:
    """Whether nothing was heard of it for over a year before today."""
    return initiative.is_stale(on=today)
