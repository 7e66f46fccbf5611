"""Which files an exchange folder has, in the order in which they lean on each other, and which keys each takes."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models

from initiatives.models import (
    Certainty,
    Conflict,
    ConflictCitation,
    Initiative,
    InitiativeCitation,
    InitiativeName,
    InitiativeParty,
    InitiativeRelation,
    ProvisionLink,
    Role,
    Scope,
    StatusUpdate,
)
from initiatives.models.history import StatusCitation
from initiatives.statuses import Kind, Status
from meetings.models import (
    Document,
    DocumentCitation,
    Meeting,
    MeetingCitation,
    MeetingName,
    Participant,
    ParticipantCitation,
    Provision,
    ProvisionCitation,
    Series,
)
from reference.models import Citation, Membership, MembershipCitation, Party, PartyName, Source, Theme
from reference.names import Name, NameKind

from .belongings import Belongings, References
from .columns import Choice, Column, Date, Fixed, Lines, Reference, Translated, required
from .resource import ByType, Resource


def _citations(model: type[Citation]) -> Belongings:
    texts = [Column(name) for name in ("locator", "supports", "quotation", "note")]
    return Belongings("citations", model, [Reference("source", Source, required=True), *texts])


def _names(model: type[Name]) -> Belongings:
    parts = [required(Column("language")), required(Column("text")), Choice("kind", choices=NameKind, empty=NameKind.ALIAS.value)]
    return Belongings("names", model, parts)


def _one_name(type: str, model: type[Name], owner: type[models.Model]) -> Resource:
    parts = (required(Column("language")), required(Column("text")), Choice("kind", choices=NameKind, empty=NameKind.ALIAS.value))
    columns = (Fixed("type", type), Reference("record", owner, "parent", required=True), *parts)
    return Resource("names", model, ("type", "record", "language", "text"), columns, within="parent")


def _text(*keys: str) -> list[Column]:
    return [Column(key) for key in keys]


_slug: Callable[[], Column] = lambda: required(Column("slug"))  # noqa: E731

RESOURCES: tuple[Resource | ByType, ...] = (
    Resource(
        "sources",
        Source,
        ("slug",),
        (
            _slug(),
            required(Column("publisher")),
            *_text("origin", "title", "url"),
            required(Column("language")),
            Choice("kind", choices=Source.Kind),
            Date("published"),
            Date("retrieved"),
            Column("note"),
        ),
    ),
    Resource(
        "parties",
        Party,
        ("code",),
        (
            required(Column("code")),
            Choice("kind", choices=Party.Kind),
            required(Column("name")),
            Translated("name"),
            _names(PartyName),
            Column("note"),
        ),
    ),
    Resource(
        "memberships",
        Membership,
        ("body", "member", "role", "since"),
        (
            Reference("body", Party, required=True),
            Reference("member", Party, required=True),
            Choice("role", choices=Membership.Role),
            Date("since"),
            Date("until"),
            _citations(MembershipCitation),
        ),
    ),
    Resource(
        "themes",
        Theme,
        ("slug",),
        (_slug(), required(Column("name")), Translated("name"), Column("description"), Translated("description")),
    ),
    Resource(
        "series",
        Series,
        ("slug",),
        (
            _slug(),
            required(Column("name")),
            Translated("name"),
            Column("description"),
            Translated("description"),
            Column("order", kind=int, empty=100),
        ),
    ),
    Resource(
        "meetings",
        Meeting,
        ("slug",),
        (
            _slug(),
            Reference("series", Series, required=True),
            Column("ordinal", kind=int, empty=None),
            required(Column("name")),
            Translated("name"),
            _names(MeetingName),
            Date("start"),
            Date("end"),
            Column("place"),
            Reference("country", Party),
            Reference("host", Party),
            Choice("format", choices=Meeting.Format, empty=Meeting.Format.IN_PERSON.value),
            Column("theme"),
            Translated("theme"),
            Choice("state", "phase", choices=Meeting.Phase, empty=Meeting.Phase.PLANNED.value),
            Lines("notes"),
            _citations(MeetingCitation),
        ),
    ),
    Resource(
        "participants",
        Participant,
        ("meeting", "person"),
        (
            Reference("meeting", Meeting, required=True),
            required(Column("person")),
            Column("office"),
            Reference("party", Party),
            _citations(ParticipantCitation),
        ),
        within="meeting",
    ),
    Resource(
        "documents",
        Document,
        ("slug",),
        (
            _slug(),
            Reference("meeting", Meeting, required=True),
            Choice("kind", choices=Document.Kind),
            required(Column("title")),
            Translated("title"),
            Date("adopted"),
            Column("text_known", kind=bool, empty=False),
            Column("note"),
            _citations(DocumentCitation),
        ),
    ),
    Resource(
        "initiatives",
        Initiative,
        ("slug",),
        (
            _slug(),
            Choice("kind", choices=Kind),
            Choice("scope", choices=Scope, empty=Scope.OTS.value),
            required(Column("name")),
            Translated("name"),
            _names(InitiativeName),
            Column("summary"),
            Translated("summary"),
            References("themes", Theme),
            Belongings(
                "parties",
                InitiativeParty,
                [Reference("party", Party, required=True), Choice("role", choices=InitiativeParty.PartyRole)],
                owner="initiative",
            ),
            Date("deadline"),
            Column("deadline_note"),
            Lines("notes"),
            _citations(InitiativeCitation),
        ),
        last=(
            Belongings(
                "relations",
                InitiativeRelation,
                [Reference("to", Initiative, "target", required=True), Choice("kind", choices=InitiativeRelation.RelationKind)],
                owner="initiative",
            ),
        ),
    ),
    Resource(
        "provisions",
        Provision,
        ("document", "code"),
        (
            Reference("document", Document, required=True),
            required(Column("code")),
            Column("order", kind=int, empty=0),
            required(Column("verb")),
            Choice("force", choices=Provision.Force),
            required(Column("summary")),
            Translated("summary"),
            Column("text"),
            Reference("addressee", Party),
            Date("deadline"),
            Column("reported", kind=bool, empty=True),
            Reference("meeting_decided", Meeting),
            Belongings(
                "initiatives",
                ProvisionLink,
                [
                    Reference("initiative", Initiative, required=True),
                    Choice("relation", choices=ProvisionLink.LinkKind, empty=ProvisionLink.LinkKind.TOUCHED.value),
                ],
                owner="provision",
                attribute="initiative_links",
            ),
            _citations(ProvisionCitation),
        ),
    ),
    Resource(
        "status-updates",
        StatusUpdate,
        ("code",),
        (
            Column("code"),
            Reference("initiative", Initiative, required=True),
            Choice("status", choices=Status, optional=True),
            Date("date"),
            Reference("meeting", Meeting),
            Choice("role", choices=Role),
            Reference("party", Party),
            required(Column("summary")),
            Translated("summary"),
            Choice("certainty", choices=Certainty, empty=Certainty.STATED.value),
            Column("conflict"),
            Column("step_back_reason"),
            Reference("corrects", StatusUpdate),
            _citations(StatusCitation),
        ),
        nameless=True,
    ),
    Resource(
        "conflicts",
        Conflict,
        ("slug",),
        (
            _slug(),
            required(Column("topic")),
            Translated("topic"),
            required(Column("version_a")),
            Translated("version_a"),
            required(Column("version_b")),
            Translated("version_b"),
            References("initiatives", Initiative),
            References("meetings", Meeting),
            References("parties", Party),
            _citations(ConflictCitation),
        ),
    ),
    ByType(
        "names",
        {
            "initiative": _one_name("initiative", InitiativeName, Initiative),
            "meeting": _one_name("meeting", MeetingName, Meeting),
            "party": _one_name("party", PartyName, Party),
        },
    ),
)
