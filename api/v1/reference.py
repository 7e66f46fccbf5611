"""Parties, themes and sources: what records point at."""

from __future__ import annotations

from django.db.models import Prefetch
from rest_framework import serializers

from reference.models import Membership, Party, Source, Theme

from .briefs import Brief, Citation
from .fields import ApiUrl, Choice, HtmlUrl, Instant, Names, PartialDateField, Slug, Texts
from .filters import PartyFilter, SourceFilter, ThemeFilter
from .resources import ResourceSerializer, ResourceViewSet


class MembershipSerializer(Brief):
    """A period in which one party was a member or observer of another."""

    body = Slug(nullable=False)
    member = Slug(nullable=False)
    role = Choice(Membership.Role)
    since = PartialDateField()
    until = PartialDateField(help_text="null while it lasts, or when the end is not known.")
    citations = Citation(many=True)


class PartySerializer(ResourceSerializer):
    """Who can act: a state, an OTS body, an institution, a ministry, a chamber, a company."""

    url = ApiUrl()
    html_url = HtmlUrl()
    kind = Choice(Party.Kind)
    name = Texts()
    names = Names(help_text="Other names and spellings.")
    memberships = MembershipSerializer(many=True, help_text="What it is a member or observer of.")
    members = MembershipSerializer(many=True, source="memberships_in_it", help_text="Who is a member or observer of it.")
    created_at = Instant()
    updated_at = Instant()

    class Meta:
        model = Party
        fields = ["id", "code", "url", "html_url", "kind", "name", "names", "note", "memberships", "members", "created_at", "updated_at"]
        read_only_fields = fields


class PartyViewSet(ResourceViewSet):
    """Who can act: states, OTS bodies, institutions, chambers, companies."""

    serializer_class = PartySerializer
    filterset_class = PartyFilter
    name_field = "code"

    def needs(self, field):
        periods = Membership.objects.filter(body__in=Party.objects.public(), member__in=Party.objects.public())
        periods = periods.select_related("body", "member").prefetch_related("citations__source")
        return {
            "names": ["names"],
            "memberships": [Prefetch("memberships", queryset=periods)],
            "members": [Prefetch("memberships_in_it", queryset=periods)],
        }.get(field, [])


class ThemeSerializer(ResourceSerializer):
    """What an initiative is about."""

    url = ApiUrl()
    html_url = HtmlUrl()
    name = Texts()
    description = Texts()
    created_at = Instant()
    updated_at = Instant()

    class Meta:
        model = Theme
        fields = ["id", "slug", "url", "html_url", "name", "description", "created_at", "updated_at"]
        read_only_fields = fields


class ThemeViewSet(ResourceViewSet):
    """What initiatives are about."""

    serializer_class = ThemeSerializer
    filterset_class = ThemeFilter


class SourceSerializer(ResourceSerializer):
    """One page or document that was read. `url` is this record; the page itself is at `address`."""

    url = ApiUrl()
    html_url = HtmlUrl()
    origin = serializers.CharField(read_only=True, help_text="Whose reporting it is; pages of one newsroom are one witness.")
    address = serializers.CharField(source="url", read_only=True, help_text="Where the page itself was read; empty when that was not kept.")
    kind = Choice(Source.Kind)
    published = PartialDateField()
    retrieved = PartialDateField()
    archived_sha256 = serializers.CharField(read_only=True, help_text="Fingerprint of the archived copy; empty while there is none.")
    archived_at = Instant(allow_null=True)
    health = Choice(Source.Health, help_text="Whether the address still answers.")
    checked_at = Instant(allow_null=True)
    created_at = Instant()
    updated_at = Instant()

    class Meta:
        model = Source
        fields = [
            "id", "slug", "url", "html_url", "publisher", "origin", "title", "address", "language", "kind", "published",
            "retrieved", "note", "archived_sha256", "archived_at", "health", "checked_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class SourceViewSet(ResourceViewSet):
    """Pages and documents that were read."""

    serializer_class = SourceSerializer
    filterset_class = SourceFilter
