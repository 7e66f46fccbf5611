"""Pages of what records point at: parties, themes, sources.

What stands above (meetings, initiatives) is read through reverse relations,
so that nothing here imports it.
"""

from __future__ import annotations

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import DetailView, ListView

from .models import Membership, Party, Source, Theme

# Longer lists end in a link to the filtered list of the same.
SHOWN = 20


class PartyList(ListView):
    """Who can act: states first, then OTS bodies, then everybody else."""

    def get_queryset(self):
        return Party.objects.public().with_initiative_count()

    def get_context_data(self, **kwargs):
        parties = list(self.object_list)
        kinds = Party.Kind
        return super().get_context_data(
            members=[party for party in parties if party.kind == kinds.MEMBER_STATE],
            observers=[party for party in parties if party.kind == kinds.OBSERVER_STATE],
            bodies=[party for party in parties if party.kind == kinds.BODY],
            others=[party for party in parties if party.kind not in (kinds.MEMBER_STATE, kinds.OBSERVER_STATE, kinds.BODY)],
            **kwargs,
        )


class PartyDetail(DetailView):
    """One party: what it belongs to, what it takes part in, its steps, its meetings."""

    slug_field = "code"

    def get_queryset(self):
        return Party.objects.public().for_detail()

    def get_context_data(self, **kwargs):
        party = self.object
        steps = party.updates.public().for_timeline().prefetch_related("steps").latest_first()
        meetings = party.meetings_in_it.model.objects.public().for_page(on=timezone.localdate()).latest_first()
        return super().get_context_data(
            initiatives=Party.objects.initiatives_of(party).for_list().order_by("sort_name", "id"),
            steps=steps[:SHOWN],
            step_count=party.updates.public().count(),
            meetings=meetings.filter(Q(country=party) | Q(host=party))[:SHOWN],
            meeting_count=party.meetings_in_it.public().count(),
            shown=SHOWN,
            **kwargs,
        )


class ThemeList(ListView):
    """What initiatives are about."""

    def get_queryset(self):
        initiatives = Theme.initiatives.rel.related_model.objects.public()
        counted = Count("initiatives", filter=Q(initiatives__in=initiatives))
        return Theme.objects.public().annotate(initiative_count=counted).order_by("sort_name", "id")


class ThemeDetail(DetailView):
    """One theme and how its initiatives stand."""

    def get_queryset(self):
        return Theme.objects.public()

    def get_context_data(self, **kwargs):
        initiatives = self.object.initiatives.public().for_list().order_by("sort_name", "id")
        return super().get_context_data(initiatives=initiatives, today=timezone.localdate(), **kwargs)


class SourceDetail(DetailView):
    """One page that was read, and everything public that rests on it."""

    def get_queryset(self):
        return Source.objects.public()

    def get(self, request, *args, **kwargs):
        number = kwargs["slug"]
        if number.isdecimal():
            return redirect(get_object_or_404(self.get_queryset(), pk=number[:18]), permanent=True)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        source = self.object
        return super().get_context_data(
            updates=_resting_on(source.status_citations).for_timeline().prefetch_related("steps").latest_first(),
            initiatives=_resting_on(source.initiative_citations).for_list(),
            meetings=_resting_on(source.meeting_citations).for_page(on=timezone.localdate()).latest_first(),
            documents=_resting_on(source.document_citations).for_list(),
            provisions=_resting_on(source.provision_citations).for_list(),
            conflicts=_resting_on(source.conflict_citations).prefetch_related("citations__source"),
            participants=_participants(source),
            memberships=_memberships(source),
            **kwargs,
        )


def _resting_on(citations):
    """Public records to which these citations belong."""
    parents = citations.model._meta.get_field("parent").related_model
    return parents.objects.public().filter(pk__in=citations.values("parent"))


def _memberships(source: Source):
    """Memberships between public parties that rest on the source."""
    public = Party.objects.public()
    memberships = Membership.objects.filter(body__in=public, member__in=public, citations__source=source)
    return memberships.select_related("body", "member")


def _participants(source: Source):
    """People whose presence at a public meeting rests on the source."""
    participants = source.participant_citations.model._meta.get_field("parent").related_model
    meetings = participants._meta.get_field("meeting").related_model.objects.public()
    return participants.objects.filter(meeting__in=meetings, citations__source=source).select_related("meeting", "party")
