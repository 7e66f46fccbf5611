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

    def called(self, text: str):
        """Parties one of whose names contains the text, whatever its case and accents."""
        wanted = fold(text)
        return self.filter(
            models.Q(sort_name__contains=wanted)
            | models.Q(names__folded__contains=wanted)
        ).distinct()


class SourceQuerySet(ReferenceQuerySet):
    pass
