"""The verbs of history: recording a status, correcting one, noting that a search found nothing.

Publishing, withdrawing and renaming are the common verbs of
`editorial.workflow`; publishing a row of history brings the initiative's
stored status in step (`StatusUpdate.refresh_derived`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from editorial import ledger
from editorial.models import State
from editorial.workflow import Actor, locked, submit, write
from initiatives.models import Certainty, Initiative, Role, StatusCitation, StatusUpdate
from meetings.models import Meeting
from reference.models import Party, Source
from reference.partial_dates import PartialDate

CITATION_FIELDS = ("locator", "supports", "quotation", "note")


@transaction.atomic
def record_status(
    *,
    initiative: Initiative,
    date: PartialDate | str,
    role: str,
    summary: str,
    citations: Iterable[Mapping[str, Any] | Source],
    by: Actor,
    status: str = "",
    meeting: Meeting | None = None,
    party: Party | None = None,
    certainty: str = Certainty.STATED,
    conflict: str = "",
    step_back_reason: str = "",
    corrects: StatusUpdate | None = None,
    translations: Mapping[str, str] | None = None,
    code: str = "",
    reason: str = "",
    now: datetime.datetime | None = None,
) -> StatusUpdate:
    """Add a row to the initiative's history as a draft and return it.

    `citations` are sources, or mappings with `source` and optionally locator,
    supports, quotation and note. `status` is empty for progress on the same
    rung. `translations` gives the summary by language code. `code` is given by
    imports only.

    Refuses (ValidationError, by field): a status that is not on the ladder of
    this kind of initiative; no citation, or one without a source; no date, or
    a day after today unless the meeting is still to come; a ratification
    nobody made; a reason for a step back that is none.
    """
    now = now or timezone.now()
    initiative = locked(initiative)
    update = StatusUpdate(
        code=code or _next_code(initiative),
        initiative=initiative,
        status=status,
        date=_parsed(date),
        meeting=meeting,
        role=role,
        party=party,
        summary=summary.strip(),
        certainty=certainty,
        conflict=conflict.strip(),
        step_back_reason=step_back_reason.strip(),
        corrects=corrects,
        created_by=None if isinstance(by, str) else by,
        i18n=_translated(translations),
    )
    proofs = _proofs(citations)
    check(update, citations=proofs, today=now.date())
    write(update)
    _keep(proofs, update)
    change = ledger.record(verb="statusupdate.drafted", record=update, by=by, reason=reason, now=now)
    StatusUpdate.objects.filter(pk=update.pk).update(serial=change.serial)
    update.serial = change.serial
    return update


@transaction.atomic
def correct_status(*, mistaken: StatusUpdate, by: Actor, reason: str, now: datetime.datetime | None = None, **row: Any) -> StatusUpdate:
    """Draft the row that replaces a mistaken published one; once published, the old one is marked and counts no more.

    Takes what `record_status` takes; what is left out is taken over from the
    mistaken row. Refuses (ValidationError): no reason, a row that was never
    published (edit it instead), one already corrected.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say what was wrong; the ledger keeps it.")})
    if mistaken.state != State.PUBLISHED:
        raise ValidationError({"corrects": _("This row is not public yet: edit it instead of correcting it.")})
    if StatusUpdate.objects.filter(corrects=mistaken).exists():
        raise ValidationError({"corrects": _("This row has been corrected already; correct the newer row.")})
    kept = ("status", "date", "meeting", "role", "party", "summary", "certainty", "conflict", "step_back_reason")
    proofs = [{name: getattr(proof, name) for name in ("source", *CITATION_FIELDS)} for proof in mistaken.citations.all()]
    row = {name: getattr(mistaken, name) for name in kept} | {"citations": proofs} | row
    return record_status(initiative=mistaken.initiative, corrects=mistaken, by=by, reason=reason, now=now, **row)


@transaction.atomic
def change_draft(
    *,
    update: StatusUpdate,
    citations: Iterable[Mapping[str, Any] | Source],
    by: Actor,
    translations: Mapping[str, str] | None = None,
    opened: int | None = None,
    reason: str = "",
    now: datetime.datetime | None = None,
    **row: Any,
) -> StatusUpdate:
    """Edit a row that is not public yet; return it.

    Takes the fields of `record_status`, of which those left out stay as they
    are; `citations` and `translations` are the whole list. Refuses what
    `record_status` refuses, a row that is published, and one that is no longer
    the version the person saw (`opened`).
    """
    now = now or timezone.now()
    update = locked(update, opened=opened)
    if update.is_public:
        raise ValidationError(_("Published history is final: record a correction instead."), code="final")
    before = ledger.snapshot(update)
    row["date"] = _parsed(row.get("date", update.date))
    for name, value in row.items():
        setattr(update, name, value.strip() if isinstance(value, str) else value)
    update.i18n = _translated(translations)
    proofs = _proofs(citations)
    check(update, citations=proofs, today=now.date())
    update.version += 1
    update.save()
    if list(map(_proof_as_text, proofs)) != list(map(_proof_as_text, update.citations.all())):
        update.citations.all().delete()
        _keep(proofs, update)
    after = ledger.snapshot(update)
    if after != before:
        change = ledger.record(verb="statusupdate.changed", record=update, by=by, before=before, after=after, reason=reason, now=now)
        StatusUpdate.objects.filter(pk=update.pk).update(serial=change.serial)
        update.serial = change.serial
    return update


@transaction.atomic
def record_check(*, initiative: Initiative, source: Source, by: Actor, now: datetime.datetime | None = None) -> StatusUpdate:
    """Note that the source was searched today and had nothing new; hand the row in for review and return it.

    The summary is the tracker's own sentence, in every language of the site.
    Once published, the row resets the clock by which an initiative counts as quiet.
    Refuses (ValidationError) a source that was searched for it today already.
    """
    now = now or timezone.now()
    initiative = locked(initiative)
    today = PartialDate.parse(now.date())
    if initiative.updates.filter(role=Role.CHECKED, date=today, citations__source=source).exists():
        raise ValidationError({"source": _("This source was searched for news of the initiative today already; one note a day is enough.")})
    summaries = {language: _nothing_new_in(source, language) for language, _name in settings.LANGUAGES}
    original = summaries.pop(settings.LANGUAGE_CODE)
    update = record_status(
        initiative=initiative,
        date=today,
        role=Role.CHECKED,
        summary=original,
        # A sentence nobody has translated yet is left to fall back, and to be seen as untranslated.
        translations={language: text for language, text in summaries.items() if text != original},
        citations=[source],
        by=by,
        now=now,
    )
    return submit(record=update, by=by, now=now)


def _nothing_new_in(source: Source, language: str) -> str:
    with translation.override(language):
        return _("Searched %(publisher)s; nothing new was found.") % {"publisher": source.publisher}


def check(update: StatusUpdate, *, citations: list[StatusCitation], today: datetime.date) -> None:
    """Raise ValidationError, by field, for everything that is wrong with a row about to be kept."""
    found: dict[str, Any] = {}
    try:
        update.clean_fields()
        update.clean()
    except ValidationError as error:
        found = dict(error.error_dict)
    if not update.date:
        found["date"] = _("Say when it happened, as well as it is known: 2024, 2024-H2, 2024-05 or 2024-05-17.")
    elif update.date.starts_after(today) and update.status:
        found["status"] = _("%(date)s is still to come, so nothing can have this status yet. Leave it empty.") % {"date": update.date}
    elif update.date.starts_after(today) and not _lies_at_a_meeting_ahead(update):
        found["date"] = _("%(date)s is still to come; only a meeting that is planned can lie ahead, and none is named here.") % {
            "date": update.date
        }
    if update.role == Role.RATIFIED and update.party is None:
        found["party"] = _("Say who ratified it.")
    if update.role == Role.CHECKED and update.status:
        found["status"] = _("A check that found nothing new changes no status: leave it empty, or say what happened.")
    if not citations:
        found["citations"] = _("Name at least one source: no status goes out without evidence.")
    if update.step_back_reason and not update.status:
        found["step_back_reason"] = _("Name the status it fell back to, or leave the reason empty.")
    if found:
        raise ValidationError(found)


def _lies_at_a_meeting_ahead(update: StatusUpdate) -> bool:
    meeting = update.meeting
    if meeting is None or not meeting.is_ahead:
        return False
    return not meeting.start or update.date.overlaps(meeting.start) or update.date.overlaps(meeting.end)


def _parsed(date: PartialDate | str) -> PartialDate:
    try:
        return PartialDate.parse(date)
    except ValidationError as error:
        raise ValidationError({"date": error.messages}) from error


def _proofs(citations: Iterable[Mapping[str, Any] | Source]) -> list[StatusCitation]:
    proofs = []
    for citation in citations:
        row = {"source": citation} if isinstance(citation, Source) else citation
        if not isinstance(row.get("source"), Source):
            raise ValidationError({"citations": _("A citation names a source; choose one or add it first.")})
        proofs.append(StatusCitation(source=row["source"], **{name: row.get(name, "") for name in CITATION_FIELDS}))
    return proofs


def _keep(proofs: list[StatusCitation], update: StatusUpdate) -> None:
    for proof in proofs:
        proof.parent = update
        write(proof)


def _proof_as_text(proof: StatusCitation) -> tuple:
    return proof.source_id, *(getattr(proof, name) for name in CITATION_FIELDS)


def _translated(translations: Mapping[str, str] | None) -> dict[str, str] | None:
    return {f"summary_{language}": text for language, text in (translations or {}).items() if text} or None


def _next_code(initiative: Initiative) -> str:
    """The next free code of the initiative's history: `ptpo-5`. The row lock on the initiative makes it so."""
    number = initiative.updates.count() + 1
    while StatusUpdate.objects.filter(code=f"{initiative.slug}-{number}").exists():
        number += 1
    return f"{initiative.slug}-{number}"
