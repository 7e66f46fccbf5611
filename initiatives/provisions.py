"""The verb behind “cut its text into provisions”: the pieces an editor kept become draft provisions, all of them or none."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from editorial import ledger
from editorial.workflow import Actor, locked, save, write
from meetings.models import Document, Provision, ProvisionCitation
from reference.models import Source

from .models import Initiative, ProvisionLink

REASON = "Cut from the text of the document."


@dataclass(frozen=True)
class Draft:
    """One provision to be: what the document says, what we say of it, and what it started or touched."""

    code: str
    verb: str
    force: str
    summary: str
    text: str
    locator: str = ""
    links: Sequence[tuple[Initiative, str]] = ()


class DraftsRefused(ValidationError):
    """What was refused, draft by draft: `drafts` leads from a draft's place to its ValidationError, by field."""

    def __init__(self, drafts: Mapping[int, ValidationError]):
        super().__init__([message for place in drafts for message in drafts[place].messages], code="drafts")
        self.drafts = drafts


@transaction.atomic
def add_provisions(
    *,
    document: Document,
    source: Source,
    drafts: Sequence[Draft],
    by: Actor,
    text_known: bool = False,
    reason: str = REASON,
    now: datetime.datetime | None = None,
) -> list[Provision]:
    """Save the drafts, in this order, behind the provisions the document has, and return them.

    The text itself was read at `source`, so each cites it and is not marked as
    reported. With `text_known` the document is marked so too, unless it was:
    only for a document that is nobody's to see yet, as a public one is changed
    through a revision.

    Refuses, as `DraftsRefused`: what a provision itself refuses; a code that
    the document or another draft has; a text that the document has already; an
    initiative named twice. Nothing is saved then.
    """
    document = locked(document)
    if not drafts:
        raise ValidationError(_("Keep at least one row: there is nothing to save."), code="nothing")
    there = list(document.provisions.all())
    codes = {provision.code for provision in there}
    texts = {same_words(provision.text): provision.code for provision in there if provision.text}
    behind = max((provision.order for provision in there), default=0)
    made, refused = [], {}
    for place, draft in enumerate(drafts):
        try:
            _refuse_doubles(draft, codes, texts)
            codes.add(draft.code)
            made.append(_save(document, source, draft, behind + 1 + place, by=by, reason=reason, now=now))
        except ValidationError as error:
            refused[place] = error
    if refused:
        raise DraftsRefused(refused)
    if text_known and not document.text_known:
        before = ledger.snapshot(document)
        document.text_known = True
        save(record=document, by=by, before=before, reason=reason, now=now)
    return made


def same_words(text: str) -> str:
    """The text as far as another one can be called the same: spaces and capitals aside."""
    return " ".join(text.casefold().split())


def _refuse_doubles(draft: Draft, codes: set[str], texts: Mapping[str, str]) -> None:
    if draft.code in codes:
        message = _("“%(code)s” is the code of another provision of this document; give it one of its own.") % {"code": draft.code}
        raise ValidationError({"code": message}, code="code_taken")
    if same := texts.get(same_words(draft.text)):
        message = _("The provision %(code)s of this document has this very text; leave this row out.") % {"code": same}
        raise ValidationError({"text": message}, code="same_text")
    named = [initiative for initiative, _relation in draft.links]
    if doubled := next((initiative for initiative in named if named.count(initiative) > 1), None):
        message = _("“%(initiative)s” is named twice.") % {"initiative": doubled}
        raise ValidationError({"links": message}, code="linked_twice")


def _save(document: Document, source: Source, draft: Draft, order: int, **told) -> Provision:
    provision = Provision(
        document=document,
        code=draft.code,
        order=order,
        verb=draft.verb.strip(),
        force=draft.force,
        summary=draft.summary.strip(),
        text=draft.text.strip(),
        reported=False,
    )

    def belongings(saved: Provision) -> None:
        try:
            write(ProvisionCitation(parent=saved, source=source, locator=draft.locator))
        except ValidationError as error:
            raise ValidationError({"number": error.messages}) from error
        for initiative, relation in draft.links:
            try:
                write(ProvisionLink(provision=saved, initiative=initiative, relation=relation))
            except ValidationError as error:
                raise ValidationError({"links": error.messages}) from error

    return save(record=provision, children=belongings, **told)
