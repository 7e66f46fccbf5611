"""Rows of history: the resource `status-updates`, and the same rows inside initiatives and meetings."""

from __future__ import annotations

from django.db.models import Q
from rest_framework import serializers

from initiatives.models import Certainty, Role, StatusUpdate
from initiatives.statuses import Status

from .briefs import Citation, MeetingBrief
from .fields import ApiUrl, Choice, HtmlUrl, Instant, PartialDateField, Slug, Texts
from .filters import StatusUpdateFilter
from .resources import ResourceSerializer, ResourceViewSet


class ChangesStatus(serializers.BooleanField):
    """Whether the row moved the initiative to another status; read from the prefetched steps."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, source="steps", **kwargs)

    def to_representation(self, value):
        return bool(value.all())


class StatusUpdateSerializer(ResourceSerializer):
    """One dated, sourced row of an initiative's history; never changed once it is here, only corrected by a later row."""

    url = ApiUrl()
    html_url = HtmlUrl()
    initiative = Slug(nullable=False)
    status = Choice(Status, nullable=True, help_text="The status the row reports; null for progress on the same rung.")
    changes_status = ChangesStatus(help_text="Whether it moved the initiative to another status.")
    date = PartialDateField(help_text="When it happened.")
    meeting = MeetingBrief(allow_null=True)
    meeting_role = Choice(Role, source="role", help_text="What happened, at the meeting if one is named.")
    party = Slug(help_text="Whose step or claim it was.")
    summary = Texts()
    certainty = Choice(Certainty)
    citations = Citation(many=True)
    corrects = Slug(help_text="Code of the mistaken row this one replaces.")
    corrected_by = Slug(help_text="Code of the row that replaces this one; a corrected row counts no more.")
    recorded_at = Instant(source="published_at", help_text="When it became public here.")

    class Meta:
        model = StatusUpdate
        fields = [
            "id", "code", "url", "html_url", "initiative", "status", "changes_status", "date", "meeting", "meeting_role", "party",
            "summary", "certainty", "conflict", "step_back_reason", "citations", "corrects", "corrected_by", "recorded_at",
            "serial",
        ]  # fmt: skip
        read_only_fields = fields


def timeline():
    """Public rows in order, with all that a row shows."""
    return StatusUpdate.objects.public().for_timeline().prefetch_related("steps")


class StatusUpdateViewSet(ResourceViewSet):
    """Rows of all histories: what happened, when, at which meeting, by whose step, and how we know."""

    serializer_class = StatusUpdateSerializer
    filterset_class = StatusUpdateFilter
    name_field = "code"
    withdrawn = Q(state="published", initiative__state="withdrawn")

    def public(self):
        return timeline()

    def refuse_withdrawn(self, gone):
        super().refuse_withdrawn(gone.initiative)
