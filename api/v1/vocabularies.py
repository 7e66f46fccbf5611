"""Every list of choices, with what each value means: read from the same tables as forms, pages and database checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from initiatives.models import Certainty, InitiativeParty, InitiativeRelation, ProvisionLink, Role, Scope
from initiatives.standing import Evidence, Schedule
from initiatives.statuses import Family, Kind, Status, allowed, kinds_with
from meetings.models import Document, Meeting, Provision
from reference.models import Membership, Party, Source
from reference.names import NameKind
from reference.partial_dates import Basis

from .addresses import list_path
from .resources import ReadOnlyView


def _status(value: Status) -> dict[str, Any]:
    rung = value.rung
    return {
        "definition": str(rung.definition),
        "height": rung.height,
        "color": rung.color,
        "final": rung.final,
        "kinds": [str(kind) for kind in kinds_with(value)],
        "next": [str(status) for status in rung.next],
    }


def _kind(value: Kind) -> dict[str, Any]:
    return {"family": str(value.family), "statuses": [str(status) for status in allowed(value)]}


def _defined(value: Any) -> dict[str, Any]:
    return {"definition": str(value.definition)}


# name: (choices, where they are met, what more is told of each value)
VOCABULARIES: dict[str, tuple[Any, str, Callable[[Any], dict[str, Any]] | None]] = {
    "status": (Status, "`status` of initiatives and status updates: the ladder.", _status),
    "kind": (Kind, "`kind` of initiatives; decides which statuses there are.", _kind),
    "family": (Family, "Families of kinds.", None),
    "scope": (Scope, "`scope` of initiatives.", None),
    "evidence": (Evidence, "`evidence` of initiatives: how well the status is known.", _defined),
    "schedule": (Schedule, "`schedule` of initiatives; the filter also takes `stale`.", _defined),
    "meeting_role": (Role, "`meeting_role` of status updates: what happened.", None),
    "certainty": (Certainty, "`certainty` of status updates: how plainly the source says it.", None),
    "initiative_party_role": (InitiativeParty.PartyRole, "`role` of the parties of an initiative.", None),
    "relation": (InitiativeRelation.RelationKind, "`kind` of relations between initiatives.", None),
    "provision_relation": (ProvisionLink.LinkKind, "`relation` of a provision to an initiative.", None),
    "meeting_state": (Meeting.Phase, "`state` of meetings: whether they were held.", None),
    "meeting_format": (Meeting.Format, "`format` of meetings.", None),
    "document_kind": (Document.Kind, "`kind` of documents.", None),
    "force": (Provision.Force, "`force` of provisions: what the document's word amounts to.", None),
    "party_kind": (Party.Kind, "`kind` of parties.", None),
    "membership_role": (Membership.Role, "`role` of memberships.", None),
    "source_kind": (Source.Kind, "`kind` of sources.", None),
    "source_health": (Source.Health, "`health` of sources: whether the address still answers.", None),
    "name_kind": (NameKind, "`kind` of names.", None),
    "date_basis": (Basis, "`basis` of partial dates: how the date is known.", None),
}


class Words(serializers.ListField):
    """A list of values of some vocabulary."""

    child = serializers.CharField()


class TermSerializer(serializers.Serializer):
    """One value. `definition` and what follows are given where the vocabulary has them."""

    value = serializers.CharField()
    label = serializers.CharField()
    order = serializers.IntegerField(help_text="Place in the list, from 1.")
    definition = serializers.CharField(required=False)
    height = serializers.IntegerField(required=False, allow_null=True, help_text="Statuses: height of the rung; null aside of the ladder.")
    color = serializers.CharField(required=False, help_text="Statuses: name of the colour on the site.")
    final = serializers.BooleanField(required=False, help_text="Statuses: nothing more is expected after it.")
    kinds = Words(required=False, help_text="Statuses: kinds of initiative that can have it.")
    next = Words(required=False, help_text="Statuses: what usually comes next.")
    family = serializers.CharField(required=False, help_text="Kinds: their family.")
    statuses = Words(required=False, help_text="Kinds: the statuses they can have, in order.")


class VocabularySerializer(serializers.Serializer):
    """A list of choices."""

    name = serializers.CharField()
    url = serializers.URLField()
    description = serializers.CharField()
    values = TermSerializer(many=True)


class VocabularyPage(serializers.Serializer):
    """All vocabularies; there is always one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = VocabularySerializer(many=True)


def vocabulary(name: str, base: str) -> dict[str, Any]:
    choices, description, more = VOCABULARIES[name]
    return {
        "name": name,
        "url": f"{base}{list_path('vocabulary')}{name}/",
        "description": description,
        "values": [
            {"value": str(value), "label": str(value.label), "order": order, **(more(value) if more else {})}
            for order, value in enumerate(choices, start=1)
        ],
    }


class VocabularyList(ReadOnlyView):
    """Every list of choices, with labels and definitions in the language asked for."""

    @extend_schema(operation_id="vocabularies_list", responses=VocabularyPage)
    def get(self, request):
        base = request.build_absolute_uri("/")[:-1]
        return Response({"next": None, "previous": None, "results": [vocabulary(name, base) for name in VOCABULARIES]})


class VocabularyDetail(ReadOnlyView):
    """One list of choices."""

    @extend_schema(operation_id="vocabularies_retrieve", responses=VocabularySerializer)
    def get(self, request, slug):
        if slug not in VOCABULARIES:
            raise NotFound(f"There is no vocabulary “{slug}”; there are: {', '.join(VOCABULARIES)}.")
        return Response(vocabulary(slug, request.build_absolute_uri("/")[:-1]))
