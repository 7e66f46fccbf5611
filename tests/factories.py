"""Made-up records for tests. Nothing here is a fact about any real meeting or initiative."""

from __future__ import annotations

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone
from factory.django import DjangoModelFactory

from editorial.models import Change, OldSlug, Revision
from initiatives.models import (
    CloseOut,
    CloseOutLine,
    Conflict,
    ConflictCitation,
    Initiative,
    InitiativeCitation,
    InitiativeName,
    InitiativeParty,
    InitiativeRelation,
    ProvisionLink,
    StatusCitation,
    StatusUpdate,
    Step,
    Upload,
)
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
from reference.models import Membership, MembershipCitation, Party, PartyName, Source, Theme


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"made-up-user-{n}")
    is_staff = True


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = Party

    code = factory.Sequence(lambda n: f"made-up-party-{n}")
    name = factory.Sequence(lambda n: f"Made-up party {n}")
    kind = Party.Kind.MEMBER_STATE
    is_public = True


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = Theme

    slug = factory.Sequence(lambda n: f"made-up-theme-{n}")
    name = factory.Sequence(lambda n: f"Made-up theme {n}")
    is_public = True


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    slug = factory.Sequence(lambda n: f"made-up-source-{n}")
    publisher = factory.Sequence(lambda n: f"Made-up Courier {n}")
    url = factory.Sequence(lambda n: f"https://courier.example/{n}")
    language = "en"
    kind = Source.Kind.AGENCY
    published = "2024-05-18"
    is_public = True


class PublicFactory(DjangoModelFactory):
    """Public by default; `state="draft"` makes a draft that was never public."""

    class Meta:
        abstract = True

    state = "published"
    published_at = factory.LazyAttribute(lambda made: timezone.now() if made.state in ("published", "withdrawn") else None)


class SeriesFactory(PublicFactory):
    class Meta:
        model = Series

    slug = factory.Sequence(lambda n: f"made-up-series-{n}")
    name = factory.Sequence(lambda n: f"Made-up series {n}")


class MeetingFactory(PublicFactory):
    class Meta:
        model = Meeting

    slug = factory.Sequence(lambda n: f"made-up-meeting-{n}")
    name = factory.Sequence(lambda n: f"Made-up meeting {n}")
    series = factory.SubFactory(SeriesFactory)
    start = "2024-05-17"
    phase = Meeting.Phase.HELD
    place = "Made-up town"


class DocumentFactory(PublicFactory):
    class Meta:
        model = Document

    slug = factory.Sequence(lambda n: f"made-up-document-{n}")
    title = factory.Sequence(lambda n: f"Made-up declaration {n}")
    kind = Document.Kind.DECLARATION
    meeting = factory.SubFactory(MeetingFactory)
    adopted = "2024-05-17"


class ProvisionFactory(PublicFactory):
    class Meta:
        model = Provision

    document = factory.SubFactory(DocumentFactory)
    code = factory.Sequence(lambda n: f"p{n}")
    verb = "decides"
    force = Provision.Force.DECISION
    summary = "A made-up commitment."


class InitiativeFactory(PublicFactory):
    class Meta:
        model = Initiative

    slug = factory.Sequence(lambda n: f"made-up-initiative-{n}")
    name = factory.Sequence(lambda n: f"Made-up initiative {n}")
    kind = "fund"


class StatusUpdateFactory(DjangoModelFactory):
    """A draft row without evidence, to poke at the database; the `record` fixture makes real ones through the verbs."""

    class Meta:
        model = StatusUpdate

    initiative = factory.SubFactory(InitiativeFactory)
    code = factory.Sequence(lambda n: f"made-up-row-{n}")
    date = "2024-05"
    role = "reviewed"
    summary = "A made-up event."


class StatusCitationFactory(DjangoModelFactory):
    class Meta:
        model = StatusCitation

    parent = factory.SubFactory(StatusUpdateFactory)
    source = factory.SubFactory(SourceFactory)


class StepFactory(DjangoModelFactory):
    class Meta:
        model = Step

    update = factory.SubFactory(StatusUpdateFactory)
    initiative = factory.SelfAttribute("update.initiative")
    position = 0
    status = "proposed"
    since = "2024-05"


class PartyNameFactory(DjangoModelFactory):
    class Meta:
        model = PartyName

    parent = factory.SubFactory(PartyFactory)
    language = "en"
    text = factory.Sequence(lambda n: f"Made-up party name {n}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    body = factory.SubFactory(PartyFactory, kind=Party.Kind.BODY)
    member = factory.SubFactory(PartyFactory)
    role = Membership.Role.MEMBER


class MembershipCitationFactory(DjangoModelFactory):
    class Meta:
        model = MembershipCitation

    parent = factory.SubFactory(MembershipFactory)
    source = factory.SubFactory(SourceFactory)


class MeetingNameFactory(DjangoModelFactory):
    class Meta:
        model = MeetingName

    parent = factory.SubFactory(MeetingFactory)
    language = "tr"
    text = factory.Sequence(lambda n: f"Uydurma toplantı {n}")


class MeetingCitationFactory(DjangoModelFactory):
    class Meta:
        model = MeetingCitation

    parent = factory.SubFactory(MeetingFactory)
    source = factory.SubFactory(SourceFactory)


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    meeting = factory.SubFactory(MeetingFactory)
    person = factory.Sequence(lambda n: f"Made-up Person {n}")
    office = "Minister of Examples"
    party = factory.SubFactory(PartyFactory)


class ParticipantCitationFactory(DjangoModelFactory):
    class Meta:
        model = ParticipantCitation

    parent = factory.SubFactory(ParticipantFactory)
    source = factory.SubFactory(SourceFactory)


class DocumentCitationFactory(DjangoModelFactory):
    class Meta:
        model = DocumentCitation

    parent = factory.SubFactory(DocumentFactory)
    source = factory.SubFactory(SourceFactory)


class ProvisionCitationFactory(DjangoModelFactory):
    class Meta:
        model = ProvisionCitation

    parent = factory.SubFactory(ProvisionFactory)
    source = factory.SubFactory(SourceFactory)


class InitiativeNameFactory(DjangoModelFactory):
    class Meta:
        model = InitiativeName

    parent = factory.SubFactory(InitiativeFactory)
    language = "tr"
    text = factory.Sequence(lambda n: f"Uydurma girişim {n}")


class InitiativePartyFactory(DjangoModelFactory):
    class Meta:
        model = InitiativeParty

    initiative = factory.SubFactory(InitiativeFactory)
    party = factory.SubFactory(PartyFactory)
    role = "participant"


class InitiativeRelationFactory(DjangoModelFactory):
    class Meta:
        model = InitiativeRelation

    initiative = factory.SubFactory(InitiativeFactory)
    target = factory.SubFactory(InitiativeFactory)
    kind = "distinct_from"


class InitiativeCitationFactory(DjangoModelFactory):
    class Meta:
        model = InitiativeCitation

    parent = factory.SubFactory(InitiativeFactory)
    source = factory.SubFactory(SourceFactory)


class ProvisionLinkFactory(DjangoModelFactory):
    class Meta:
        model = ProvisionLink

    provision = factory.SubFactory(ProvisionFactory)
    initiative = factory.SubFactory(InitiativeFactory)


class ConflictFactory(PublicFactory):
    class Meta:
        model = Conflict

    slug = factory.Sequence(lambda n: f"made-up-conflict-{n}")
    topic = "A made-up disagreement"
    version_a = "It was on Monday"
    version_b = "It was on Tuesday"


class ConflictCitationFactory(DjangoModelFactory):
    class Meta:
        model = ConflictCitation

    parent = factory.SubFactory(ConflictFactory)
    source = factory.SubFactory(SourceFactory)


class OldSlugFactory(DjangoModelFactory):
    class Meta:
        model = OldSlug

    type = "initiatives.initiative"
    slug = factory.Sequence(lambda n: f"made-up-old-slug-{n}")
    record_id = "1"
    retired_at = factory.LazyFunction(timezone.now)


class ChangeFactory(DjangoModelFactory):
    """A row for display only: its hash is not that of its content. Real rows come from editorial.ledger."""

    class Meta:
        model = Change

    serial = factory.Sequence(lambda n: 1_000_000 + n)
    at = factory.LazyFunction(timezone.now)
    actor = "made-up-user"
    verb = "initiative.changed"
    type = "initiatives.initiative"
    record_id = "1"
    label = "Made-up initiative"
    public = True
    hash = "0" * 64


class RevisionFactory(DjangoModelFactory):
    class Meta:
        model = Revision

    type = "initiatives.initiative"
    record_id = factory.Sequence(str)
    label = "Made-up initiative"
    before = {"name": "Made-up initiative"}
    after = {"name": "Made-up initiative, renamed"}


class CloseOutFactory(DjangoModelFactory):
    class Meta:
        model = CloseOut

    meeting = factory.SubFactory(MeetingFactory)


class CloseOutLineFactory(DjangoModelFactory):
    class Meta:
        model = CloseOutLine

    close_out = factory.SubFactory(CloseOutFactory)
    initiative = factory.SubFactory(InitiativeFactory)


class UploadFactory(DjangoModelFactory):
    class Meta:
        model = Upload

    resource = "initiatives"
    file_name = "made-up.csv"
    content = b"slug\n"
