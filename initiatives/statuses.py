"""The status ladder, on one screen.

Everything the project knows about statuses is in this table: the database
trigger, the forms, the colours, the charts and the page that explains them
(`/about/statuses/`) are all made from it.

    proposed → under_discussion → agreed → signed → ratifying → in_force / established → operating → completed
    aside: suspended; final: completed, withdrawn, superseded
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Family(models.TextChoices):
    """What sort of thing was promised; decides which rungs exist."""

    INSTRUMENT = "instrument", _("instrument")
    BODY = "body", _("body")
    WORK = "work", _("work")


class Kind(models.TextChoices):
    """What an initiative is."""

    AGREEMENT = "agreement", _("agreement")
    TREATY = "treaty", _("treaty")
    MEMORANDUM = "memorandum", _("memorandum")
    DECISION = "decision", _("decision")
    INSTITUTION = "institution", _("institution")
    FUND = "fund", _("fund")
    PLATFORM = "platform", _("platform")
    HUB = "hub", _("hub")
    COUNCIL = "council", _("council")
    ZONE = "zone", _("zone")
    PROJECT = "project", _("project")
    PROGRAMME = "programme", _("programme")
    PLAN = "plan", _("plan")
    STRATEGY = "strategy", _("strategy")
    EVENT = "event", _("event")
    FORMAT = "format", _("format of cooperation")
    PROPOSAL = "proposal", _("proposal without a settled form")

    @property
    def family(self) -> Family:
        if self in (Kind.AGREEMENT, Kind.TREATY, Kind.MEMORANDUM, Kind.DECISION):
            return Family.INSTRUMENT
        if self in (
            Kind.INSTITUTION,
            Kind.FUND,
            Kind.PLATFORM,
            Kind.HUB,
            Kind.COUNCIL,
            Kind.ZONE,
        ):
            return Family.BODY
        return Family.WORK


class Status(models.TextChoices):
    """A rung of the ladder."""

    PROPOSED = "proposed", _("Proposed")
    UNDER_DISCUSSION = "under_discussion", _("Under discussion")
    AGREED = "agreed", _("Agreed")
    SIGNED = "signed", _("Signed")
    RATIFYING = "ratifying", _("Being ratified")
    IN_FORCE = "in_force", _("In force")
    ESTABLISHED = "established", _("Established")
    OPERATING = "operating", _("Operating")
    COMPLETED = "completed", _("Completed")
    SUSPENDED = "suspended", _("Suspended")
    WITHDRAWN = "withdrawn", pgettext_lazy("status of an initiative", "Withdrawn")
    SUPERSEDED = "superseded", _("Superseded")

    @property
    def rung(self) -> Rung:
        return LADDER[self]

    @classmethod
    def final(cls) -> list[Status]:
        """Statuses after which nothing more is expected."""
        return [status for status in cls if LADDER[status].final]


@dataclass(frozen=True)
class Rung:
    """What a status means. `height` orders the rungs; those aside of the ladder have none."""

    definition: str | Promise
    height: int | None
    color: str  # name of a colour token of the stylesheet
    families: frozenset[Family]
    next: tuple[Status, ...]  # what usually comes next
    final: bool = False


_ALL = frozenset(Family)
_S = Status

# fmt: off
LADDER: dict[Status, Rung] = {
    _S.PROPOSED: Rung(_("Somebody entitled to has put it forward at a meeting or in public; nobody has taken it up yet."), 10, "proposed", _ALL, (_S.UNDER_DISCUSSION, _S.AGREED)),
    _S.UNDER_DISCUSSION: Rung(_("The parties or their working groups are talking about it; nothing is agreed."), 20, "discussion", _ALL, (_S.AGREED, _S.SIGNED)),
    _S.AGREED: Rung(_("The parties have adopted or decided it; what was agreed has not yet been signed or begun."), 30, "agreed", _ALL, (_S.SIGNED, _S.ESTABLISHED, _S.OPERATING)),
    _S.SIGNED: Rung(_("A text has been signed; it may still need ratification, or work to begin."), 40, "signed", _ALL, (_S.RATIFYING, _S.IN_FORCE, _S.ESTABLISHED, _S.OPERATING)),
    _S.RATIFYING: Rung(_("At least one party has taken a step of ratification; not all have finished."), 50, "ratifying", frozenset({Family.INSTRUMENT, Family.BODY}), (_S.IN_FORCE, _S.ESTABLISHED)),
    _S.IN_FORCE: Rung(_("The instrument binds its parties."), 60, "force", frozenset({Family.INSTRUMENT}), (_S.COMPLETED,)),
    _S.ESTABLISHED: Rung(_("The body has been founded or declared open; it need not be working yet."), 60, "force", frozenset({Family.BODY}), (_S.OPERATING,)),
    _S.OPERATING: Rung(_("It is doing what it was made for."), 70, "operating", frozenset({Family.BODY, Family.WORK}), (_S.COMPLETED,)),
    _S.COMPLETED: Rung(_("What was promised has been done."), 80, "completed", _ALL, (), final=True),
    _S.SUSPENDED: Rung(_("The parties have stopped it for now."), None, "suspended", _ALL, (_S.UNDER_DISCUSSION, _S.OPERATING, _S.WITHDRAWN)),
    _S.WITHDRAWN: Rung(_("Those who put it forward have given it up."), None, "ended", _ALL, (), final=True),
    _S.SUPERSEDED: Rung(_("Something else has taken its place."), None, "ended", _ALL, (), final=True),
}
# fmt: on


def allowed(kind: str) -> list[Status]:
    """The statuses an initiative of this kind can have, in the order of the ladder."""
    return [status for status in Status if Kind(kind).family in LADDER[status].families]


def kinds_with(status: str) -> list[Kind]:
    """The kinds of initiative that can have this status."""
    return [kind for kind in Kind if kind.family in LADDER[Status(status)].families]


def ladder_in_sql(kind: str, status: str) -> str:
    """The ladder as a condition of SQL on these two expressions, for the triggers of the database."""
    rungs = [f"{status} = '{rung}' AND {kind} IN ({', '.join(repr(str(one)) for one in kinds_with(rung))})" for rung in Status]
    return " OR ".join(f"({rung})" for rung in rungs)


def moves(current: str, reported: str, *, step_back: bool = False) -> bool:
    """Whether a report of `reported` changes the status of something that is `current`.

    Repeating a rung, or a rung below, is progress and no change, unless the
    row says that it is a real step back. Statuses aside of the ladder are
    always a change; a final one is only left by a step back.
    """
    if not current:
        return True
    if current == reported:
        return False
    if step_back:
        return True
    if Status(current).rung.final:
        return False
    here, there = Status(current).rung.height, Status(reported).rung.height
    return here is None or there is None or there > here
