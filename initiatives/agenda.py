"""The agenda of a close-out: what a meeting could have touched, and what is recorded of it already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from editorial.models import State
from meetings.models import Document, DocumentCitation, Meeting
from reference.models import Source

from .models import CloseOutLine, Initiative, ProvisionLink, StatusUpdate
from .statuses import Status

# The documents that say what the whole meeting did.
TELL_OF_THE_MEETING = {Document.Kind.COMMUNIQUE, Document.Kind.DECLARATION}


@dataclass
class Item:
    """One initiative the meeting could have touched."""

    initiative: Initiative
    reasons: list[str] = field(default_factory=list)  # why it is listed, in sentences
    rows: list[StatusUpdate] = field(default_factory=list)  # of its history at this meeting, drafts included
    line: CloseOutLine | None = None
    by_hand: bool = False  # listed for no other reason than that an editor wants it

    @property
    def draft(self) -> StatusUpdate | None:
        """The row that the close-out may still change: its own, or one that an editor drafted elsewhere."""
        drafts = [row for row in self.rows if row.state == State.DRAFT]
        own = [row for row in drafts if self.line is not None and row.pk == self.line.update_id]
        return next(iter(own or drafts), None)

    @property
    def settled(self) -> list[StatusUpdate]:
        """Rows that are published or wait for a reviewer: they are read here, and not changed."""
        return [row for row in self.rows if row.state != State.DRAFT]

    @property
    def is_decided(self) -> bool:
        """Whether it is recorded what the meeting did for it, or that it did nothing."""
        return bool(self.rows) or (self.line is not None and self.line.outcome == CloseOutLine.NOT_MENTIONED)

    @property
    def is_open(self) -> bool:
        """Whether there is something to type: nothing settled yet, or more begun beside it."""
        line = self.line
        begun = line is not None and not line.update_id and line.outcome != CloseOutLine.NOT_MENTIONED and line.holds_something
        return not self.settled or self.draft is not None or begun

    @property
    def edition(self) -> str:
        """What tells whether somebody changed the draft, or settled it, since this was shown."""
        return f"{self.draft.pk}.{self.draft.version}" if self.draft else ""


def agenda(meeting: Meeting, *, also: Collection[int] = ()) -> list[Item]:
    """Every initiative with a row at the meeting, named by a provision of its documents, or last seen in its series.

    The last only while they are unfinished. `also` are numbers of initiatives
    that an editor adds by hand. A fixed number of queries, by name.
    """
    standing = StatusUpdate.objects.exclude(corrected_by__state=State.PUBLISHED).in_order()
    rows = list(standing.filter(meeting=meeting).prefetch_related("citations__source"))
    earlier = {one.pk: one for one in Meeting.objects.earlier_than(meeting).exclude(state=State.WITHDRAWN)}
    # The nearest meeting comes first, so it has the last word.
    order = {number: place for place, number in enumerate(earlier)}
    seen: dict[int, int] = {}
    for initiative, at in standing.filter(meeting__in=earlier).values_list("initiative", "meeting"):
        seen[initiative] = min(at, seen.get(initiative, at), key=order.__getitem__)
    links: dict[int, list[str]] = {}
    named = ProvisionLink.objects.filter(provision__document__meeting=meeting).exclude(provision__state=State.WITHDRAWN)
    for initiative, document, code in named.values_list("initiative", "provision__document__slug", "provision__code"):
        links.setdefault(initiative, []).append(f"{document}/{code}")
    lines = {
        line.initiative_id: line for line in CloseOutLine.objects.filter(close_out__meeting=meeting).select_related("source", "update")
    }

    wanted = {*lines, *also}
    listed = {*(row.initiative_id for row in rows), *seen, *links, *wanted}
    items = []
    for initiative in Initiative.objects.filter(pk__in=listed):
        number = initiative.pk
        item = Item(initiative, line=lines.get(number), rows=[row for row in rows if row.initiative_id == number])
        if item.settled:
            item.reasons.append(_("Something is recorded of it at this meeting."))
        if item.draft:
            item.reasons.append(_("A draft names this meeting."))
        if number in links:
            item.reasons.append(_("Provisions of its documents name it: %(codes)s.") % {"codes": ", ".join(links[number])})
        if number in seen and not (initiative.status and Status(initiative.status).rung.final):
            item.reasons.append(_("Last seen in this series at: %(meeting)s.") % {"meeting": earlier[seen[number]]})
        item.by_hand = not item.reasons
        if item.by_hand and number in wanted:
            item.reasons.append(_("Added by an editor."))
        if item.reasons and (initiative.state != State.WITHDRAWN or number in wanted):
            items.append(item)
    return items


def usual_source(meeting: Meeting) -> Source | None:
    """The communiqué, as far as it can be told.

    The one official source that the meeting and its documents cite, or else
    the one source that its communiqués and declarations cite.
    """
    proofs = DocumentCitation.objects.filter(parent__meeting=meeting).exclude(parent__state=State.WITHDRAWN)
    of_documents = list(proofs.select_related("source", "parent"))
    cited = {citation.source for citation in (*meeting.citations.select_related("source"), *of_documents)}
    official = {source for source in cited if source.is_official}
    told = {citation.source for citation in of_documents if citation.parent.kind in TELL_OF_THE_MEETING}
    return next((next(iter(sources)) for sources in (official, told) if len(sources) == 1), None)
