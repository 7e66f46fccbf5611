"""An open revision as the boxes of a form, so that work on it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, models, transaction

from editorial import workflow
from editorial.models import Revision
from editorial.snapshots import put_back

from .boxes import Boxes
from .forms import as_refusal
from .merging import DELETE, ID, INITIAL, TOTAL, read_rows

BEFORE, TYPED = "before", "typed"


def kept_form(before: Boxes, typed: Boxes) -> dict[str, Boxes]:
    """What a revision keeps of the form it was made with: what the boxes held, and what was typed."""
    return {BEFORE: before, TYPED: typed}


def boxes_of_revision(revision: Revision, record: models.Model, now: Boxes, look: Callable[[models.Model], Boxes]) -> tuple[Boxes, Boxes]:
    """What the boxes held when the revision was made, and what it typed into them.

    One made without a form, such as by an action on many records, is tried on
    the record and undone; `look` reads the boxes of the record it makes.
    `now` are the boxes of the record as it stands. Raises ValidationError for
    one that can no longer be written, such as with a source that is no more.
    """
    if {BEFORE, TYPED} <= revision.form.keys():
        return revision.form[BEFORE], revision.form[TYPED]
    try:
        with transaction.atomic():
            tried = type(record)._base_manager.get(pk=record.pk)
            rows = put_back(tried, {name: revision.after.get(name) for name in revision.fields})
            tried.version += 1
            workflow.write(tried)
            rows(tried)
            applied = look(type(record)._base_manager.get(pk=record.pk))
            transaction.set_rollback(True)
    except DatabaseError as error:
        raise as_refusal(error) from error
    return now, as_typed(now, applied)


def as_typed(before: Boxes, after: Boxes) -> Boxes:
    """A later form as somebody would type it into the former: rows that are no more ticked off, rows that came without a number."""
    typed = dict(after)
    for name in [name.removesuffix(f"-{TOTAL}") for name in after if name.endswith(f"-{TOTAL}")]:
        saved = {row[ID]: row for row in read_rows(before, name) if row.get(ID)}
        rows = read_rows(after, name)
        kept = {row.get(ID): row for row in rows}
        for key in [key for key in typed if key.startswith(f"{name}-") and key.removeprefix(f"{name}-")[:1].isdigit()]:
            del typed[key]
        order = [kept.get(number, row | {DELETE: "on"}) for number, row in saved.items()]
        order += [row | {ID: ""} for row in rows if row.get(ID) not in saved]
        typed |= {f"{name}-{number}-{key}": value for number, row in enumerate(order) for key, value in row.items()}
        typed |= {f"{name}-{TOTAL}": str(len(order)), f"{name}-{INITIAL}": str(len(saved))}
    return typed
