"""Sentences about reference records: "parties that are ..."."""

from __future__ import annotations

from django.db import models

from .names import fold


class ReferenceQuerySet(models.QuerySet):
    """Records that others point at. Hidden until something public points at them."""

    def public(self):
        """The ones readers may see: the only door for pages, feeds, search and API."""
        return self.filter(is_public=True)


class PartyQuerySet(ReferenceQuerySet):
    def states(self):
        """Member and observer states."""
        return self.filter(kind__in=["member_state", "observer_state"])

    def initiatives_of(self, party):
        """Public initiatives in which the party has a role. Reached through the reverse relation: nothing here imports them."""
        parts = self.model.initiatives.rel.related_model
        initiatives = parts._meta.get_field("initiative").related_model.objects.public()
        return initiatives.filter(pk__in=parts.objects.filter(party=party).values("initiative"))

    def with_initiative_count(self):
        """With the number of public initiatives in which each has a role."""
        parts = self.model.initiatives.rel.related_model
        initiatives = parts._meta.get_field("initiative").related_model.objects.public()
        public = models.Q(initiatives__initiative__in=initiatives)
        counted = models.Count("initiatives__initiative", filter=public, distinct=True)
        return self.annotate(initiative_count=counted).order_by("sort_name", "id")  # counting forgets the usual order

    def for_detail(self):
        """With names, memberships, presence at meetings, provisions addressed to it and conflicts, and the proof of each."""
        model, related = self.model, lambda name: getattr(self.model, name).rel.related_model.objects
        memberships = related("memberships").filter(body__in=model.objects.public(), member__in=model.objects.public())
        memberships = memberships.select_related("body", "member").prefetch_related(_public_proof(related("memberships").model))
        meetings = related("meetings_in_it").public()
        presence = (
            related("participants")
            .filter(meeting__in=meetings)
            .select_related("meeting")
            .order_by(models.F("meeting__start__sort").desc(), "id")
        )
        return self.prefetch_related(
            "names",
            models.Prefetch("memberships", queryset=memberships),
            models.Prefetch("memberships_in_it", queryset=memberships.order_by("role", "member__sort_name")),
            models.Prefetch("participants", queryset=presence.prefetch_related("citations__source")),
            models.Prefetch("provisions_addressed_to_it", queryset=related("provisions_addressed_to_it").public().for_list()),
            models.Prefetch("conflicts", queryset=related("conflicts").public().prefetch_related("citations__source")),
        )

    def called(self, text: str):
        """Parties one of whose names contains the text, whatever its case and accents."""
        wanted = fold(text)
        return self.filter(models.Q(sort_name__contains=wanted) | models.Q(names__folded__contains=wanted)).distinct()


def _public_proof(memberships):
    """Citations of memberships whose source is public: a membership has no editorial life that would make it so."""
    citations = memberships.citations.rel.related_model.objects
    return models.Prefetch("citations", queryset=citations.filter(source__is_public=True).select_related("source"))


class SourceQuerySet(ReferenceQuerySet):
    pass
