"""The pages that explain: what the tracker is, how evidence is judged, and what every status means."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from reference.models import Source
from reference.partial_dates import Basis

from .models import Certainty, InitiativeParty, InitiativeRelation, Role
from .standing import QUIET_AFTER, Evidence, Schedule
from .statuses import LADDER, Family, Kind, Status

CERTAINTIES = [
    (Certainty.STATED, _("The source says it outright.")),
    (Certainty.IMPLIED, _("The source takes it for granted without saying it; it counts as a claim only.")),
    (Certainty.INFERRED, _("The editors concluded it from what the sources say, and the row tells how.")),
    (Certainty.DISPUTED, _("Another source says otherwise; both are shown, and it counts as a claim only.")),
]


class About(TemplateView):
    """What this is, how to read a page, how evidence is judged, how a mistake is put right."""

    template_name = "about/about.html"
    extra_context = {"evidence": list(Evidence), "source_kinds": Source.Kind.choices, "bases": Basis.choices}

    def get_context_data(self, **kwargs):
        return super().get_context_data(contact=settings.SECURITY_CONTACT, **kwargs)


class Statuses(TemplateView):
    """Every word a page uses for how something stands, with its meaning, from the tables the tracker itself runs on."""

    template_name = "about/statuses.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            rungs=[_explained(status) for status in Status],
            families=[(family, _kinds(family)) for family in Family],
            evidence=list(Evidence),
            schedule=list(Schedule),
            quiet_days=QUIET_AFTER.days,
            certainties=CERTAINTIES,
            roles=Role.choices,
            party_roles=InitiativeParty.PartyRole.choices,
            relations=InitiativeRelation.RelationKind.choices,
            **kwargs,
        )


def _explained(status: Status) -> dict:
    families = LADDER[status].families
    return {
        "status": status,
        "rung": LADDER[status],
        "families": [] if families == frozenset(Family) else [family for family in Family if family in families],
    }


def _kinds(family: Family) -> list[Kind]:
    return [kind for kind in Kind if kind.family == family]
