"""How one record appears inside another: a meeting in brief, a citation with its source, a provision in a line."""

from __future__ import annotations

from rest_framework import serializers

from meetings.models import Document, Meeting, Provision
from reference.models import Source

from .fields import ApiUrl, Choice, HtmlUrl, PartialDateField, Slug, Texts


class Brief(serializers.Serializer):
    """Part of another record; null when it is not there, or not for readers."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("read_only", True)
        super().__init__(*args, **kwargs)

    def get_attribute(self, instance):
        record = super().get_attribute(instance)
        return record if getattr(record, "is_public", True) else None


class MeetingBrief(Brief):
    """A meeting in brief: enough to name it, date it and find it."""

    id = serializers.IntegerField(read_only=True)
    slug = serializers.CharField(read_only=True)
    url = ApiUrl()
    html_url = HtmlUrl()
    name = Texts()
    start = PartialDateField()
    state = Choice(Meeting.Phase, source="phase")


class DocumentBrief(Brief):
    """A document in brief."""

    slug = serializers.CharField(read_only=True)
    url = ApiUrl()
    html_url = HtmlUrl()
    kind = Choice(Document.Kind)
    title = Texts()


class ProvisionBrief(Brief):
    """A provision in a line."""

    slug = serializers.CharField(read_only=True, help_text="Document and code: `isti-2-declaration/next-meeting`.")
    url = ApiUrl()
    html_url = HtmlUrl()
    document = Slug(nullable=False)
    verb = serializers.CharField(read_only=True, help_text="The document's own word.")
    force = Choice(Provision.Force)
    summary = Texts()


class SourceBrief(Brief):
    """What was read."""

    slug = serializers.CharField(read_only=True)
    url = ApiUrl()
    html_url = HtmlUrl()
    publisher = serializers.CharField(read_only=True)
    origin = serializers.CharField(read_only=True, help_text="Whose reporting it is; pages of one newsroom are one witness.")
    title = serializers.CharField(read_only=True)
    address = serializers.CharField(source="url", read_only=True, help_text="Where the page itself was read; empty when that was not kept.")
    language = serializers.CharField(read_only=True)
    kind = Choice(Source.Kind)
    published = PartialDateField()


class PublicCitations(serializers.ListSerializer):
    """Leaves out what cites a source that is not public."""

    def to_representation(self, data):
        return super().to_representation([citation for citation in data.all() if citation.source.is_public])


class Citation(Brief):
    """Source, where in it, and what it supports."""

    source = SourceBrief()
    locator = serializers.CharField(read_only=True, help_text="Paragraph, page or heading.")
    supports = serializers.CharField(read_only=True)
    quotation = serializers.CharField(read_only=True, help_text="Short, in the language of the source.")
    note = serializers.CharField(read_only=True, help_text="What this source gets wrong or leaves open.")

    class Meta:
        list_serializer_class = PublicCitations
