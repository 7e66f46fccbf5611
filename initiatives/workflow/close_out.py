"""The close-out of a meeting: one verb that turns what an editor decided, line by line, into drafts of history."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial import ledger
from editorial.workflow import Actor, Stale, discard, save, submit, write
from initiatives.agenda import Item, agenda
from initiatives.models import CloseOut, CloseOutLine, Role, StatusUpdate
from initiatives.statuses import Status, allowed
from meetings.models import Meeting
from reference.models import Source

from .history import CITATION_FIELDS, change_draft, record_status

# What happened at a meeting that brought a status, in the words of the history. The full form can say it otherwise.
ROLE_AT_A_MEETING = {
    "": Role.REVIEWED,
    Status.PROPOSED: Role.PROPOSED,
    Status.UNDER_DISCUSSION: Role.DISCUSSED,
    Status.AGREED: Role.ADOPTED,
    Status.SIGNED: Role.SIGNED,
    Status.RATIFYING: Role.RATIFICATION_STEP,
    Status.IN_FORCE: Role.ENTERED_INTO_FORCE,
    Status.ESTABLISHED: Role.LAUNCHED,
    Status.OPERATING: Role.REVIEWED,
    Status.COMPLETED: Role.REVIEWED,
    Status.SUSPENDED: Role.DECIDED,
    Status.WITHDRAWN: Role.DECIDED,
    Status.SUPERSEDED: Role.DECIDED,
}
TYPED = ("outcome", "summary", "locator", "source")


def keeps_it_open(meeting: Meeting) -> str:
    """Why the meeting cannot be closed out yet, in a sentence; empty when it can."""
    if meeting.phase != Meeting.Phase.HELD:
        return _("It is not recorded that this meeting was held. Say so on its page first, and name the source.")
    if not meeting.start:
        return _("It is not recorded when this meeting was held. Say so on its page first, as well as it is known.")
    return ""


@transaction.atomic
def close_out_meeting(
    *,
    meeting: Meeting,
    lines: Iterable[Mapping[str, Any]],
    by: Actor,
    source: Source | None = None,
    hand_in: bool = False,
    opened: int | None = None,
    reason: str = "",
    now: datetime.datetime | None = None,
) -> CloseOut:
    """Keep what was decided for each initiative; make drafts of what is complete; return the close-out.

    A line names an `initiative` and what was typed: `outcome` (a status,
    `no_change`, `not_mentioned`, or nothing while undecided), `summary`,
    `locator`, `source` (left out: that of the close-out), and `opened`, the
    edition of the draft that the editor saw. A line with an outcome, a summary
    and a source becomes a draft with the date of the meeting, or changes the
    draft it became before; taken back to nothing or `not_mentioned`, its draft
    is deleted. What lacks something is kept as typed. With `hand_in`, the
    drafts go to a reviewer. When everything on the agenda is decided, the
    meeting is closed out (`done_at`).

    Refuses, and then writes nothing: a meeting not held; Stale when `opened`
    is not the version of the close-out; and, as `<number of the initiative>.<field>`,
    a line whose draft somebody changed or handed in meanwhile (code `stale`),
    that names a status off its ladder, or would leave its draft without words or source.
    """
    now = now or timezone.now()
    if obstacle := keeps_it_open(meeting):
        raise ValidationError(obstacle, code="not_held")
    ledger.hold()
    close_out = CloseOut.objects.select_for_update(of=("self",)).filter(meeting=meeting).first() or CloseOut(meeting=meeting)
    if opened is not None and opened != version_of(close_out):
        raise Stale(close_out)
    before = ledger.snapshot(close_out)
    close_out.source = source

    lines = list(lines)
    items = {item.initiative.pk: item for item in agenda(meeting, also=[line["initiative"].pk for line in lines])}
    decided, refused = [], {}
    for typed in lines:
        item = items[typed["initiative"].pk]
        try:
            with transaction.atomic():
                _decide(item, typed, close_out=close_out, by=by, reason=reason, now=now)
        except ValidationError as refusal:
            refused |= {f"{item.initiative.pk}.{name}": errors for name, errors in _by_field(refusal).items()}
        else:
            decided.append(item)
    if refused:
        raise ValidationError(refused)
    if hand_in:
        for item in decided:
            if item.draft:
                submit(record=item.draft, by=by, reason=reason, now=now)

    is_done = all(item.is_decided for item in items.values())
    close_out.done_at = (close_out.done_at or now) if is_done else None

    def keep_lines(close_out):
        for item in decided:
            if item.line is not None:
                item.line.close_out = close_out
                write(item.line)

    return save(record=close_out, by=by, before=before, children=keep_lines, reason=reason, now=now)


def version_of(close_out: CloseOut | None) -> int:
    """The version an editor saw; 0 for one that was not begun."""
    return close_out.version if close_out is not None and close_out.pk else 0


def _decide(item: Item, typed: Mapping[str, Any], *, close_out: CloseOut, by: Actor, reason: str, now: datetime.datetime) -> None:
    """Do what one line says; the item then tells how it stands."""
    if typed.get("opened", item.edition) != item.edition:
        raise ValidationError(_("Somebody changed or handed in what is recorded of it here, while you were typing."), code="stale")
    draft = item.draft
    line = item.line or CloseOutLine(initiative=item.initiative)
    for name in TYPED:
        setattr(line, name, typed.get(name) or (None if name == "source" else ""))
    line.summary, line.locator = line.summary.strip(), line.locator.strip()
    if line.pk or line.holds_something or draft or item.by_hand:
        item.line = line
    line.clean_fields(exclude=["close_out", "update"])

    if line.outcome in ("", CloseOutLine.NOT_MENTIONED):
        line.update = None
        if draft:
            discard(record=draft, by=by, reason=reason, now=now)
            item.rows.remove(draft)
        return
    status = "" if line.outcome == CloseOutLine.NO_CHANGE else line.outcome
    if status and status not in allowed(item.initiative.kind):
        raise ValidationError({"outcome": StatusUpdate(initiative=item.initiative, status=status).off_ladder_message()})
    proof = line.source or close_out.source
    if draft:
        missing = {} if line.summary else {"summary": _("A draft needs its sentence. To take the draft back, choose “Undecided”.")}
        if not proof:
            missing["source"] = _("A draft needs its source. To take the draft back, choose “Undecided”.")
        if missing:
            raise ValidationError(missing)
        line.update = _amend(draft, status=status, summary=line.summary, source=proof, locator=line.locator, by=by, reason=reason, now=now)
    elif line.summary and proof:
        line.update = record_status(
            initiative=item.initiative,
            status=status,
            role=ROLE_AT_A_MEETING[status],
            date=close_out.meeting.end or close_out.meeting.start,
            meeting=close_out.meeting,
            summary=line.summary,
            citations=[{"source": proof, "locator": line.locator}],
            by=by,
            reason=reason,
            now=now,
        )
    else:
        line.update = None
        return
    item.rows = [row for row in item.rows if row.pk != line.update.pk] + [line.update]


def _amend(draft: StatusUpdate, *, status: str, summary: str, source: Source, locator: str, **who: Any) -> StatusUpdate:
    """The draft with what the line says; what only the full form can say stays as it is there."""
    proofs = [{name: getattr(proof, name) for name in ("source", *CITATION_FIELDS)} for proof in draft.citations.all()]
    first = (proofs[0] if proofs else {}) | {"source": source, "locator": locator}
    if proofs and first == proofs[0] and (status, summary) == (draft.status, draft.summary):
        return draft
    row = {"summary": summary}
    if status != draft.status:
        row |= {"status": status, "role": ROLE_AT_A_MEETING[status]}
        if not status:
            row["step_back_reason"] = ""
    translations = {key.removeprefix("summary_"): text for key, text in (draft.i18n or {}).items()}
    others = [proof for proof in proofs[1:] if any(proof[name] != first.get(name, "") for name in ("source", "locator", "supports"))]
    return change_draft(update=draft, citations=[first, *others], translations=translations, **row, **who)


def _by_field(refusal: ValidationError) -> dict[str, Any]:
    """The refusal of one line, at the boxes that the page of a close-out has."""
    if not hasattr(refusal, "error_dict"):
        return {NON_FIELD_ERRORS: refusal.error_list}
    found: dict[str, Any] = {}
    for name, errors in refusal.error_dict.items():
        box = {"status": "outcome", "citations": "source"}.get(name, name)
        found.setdefault(box if box in TYPED else NON_FIELD_ERRORS, []).extend(errors)
    return found
