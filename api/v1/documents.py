"""What meetings adopted: documents, and their provisions one by one."""

from __future__ import annotations

from django.db.models import Prefetch, Q
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from editorial.models import OldSlug
from initiatives.models import Initiative, ProvisionLink
from meetings.models import Document, Provision

from .addresses import list_path
from .briefs import Brief, Citation, MeetingBrief
from .fields import ApiUrl, Choice, HtmlUrl, Instant, PartialDateField, Slug, Texts
from .filters import DocumentFilter, ProvisionFilter
from .resources import Moved, ResourceSerializer, ResourceViewSet


class LinkedInitiative(Brief):
    """An initiative a provision started or touched."""

    slug = Slug(source="initiative", nullable=False)
    relation = Choice(ProvisionLink.LinkKind)


class ProvisionSerializer(ResourceSerializer):
    """One addressable paragraph or commitment of a document."""

    slug = serializers.CharField(read_only=True, help_text="Document and code: `isti-2-declaration/next-meeting`.")
    url = ApiUrl()
    html_url = HtmlUrl(help_text="The page of its document, at the provision.")
    document = Slug(nullable=False)
    meeting = MeetingBrief(source="document.meeting", help_text="The meeting that adopted the document.")
    verb = serializers.CharField(read_only=True, help_text="The document's own word.")
    force = Choice(Provision.Force, help_text="What that word amounts to.")
    summary = Texts()
    text = serializers.CharField(read_only=True, help_text="The words of the document, when they are known.")
    addressee = Slug()
    deadline = PartialDateField()
    reported = serializers.BooleanField(read_only=True, help_text="Known from reports only, not from the text itself.")
    meeting_decided = MeetingBrief(allow_null=True, help_text="The meeting it calls.")
    initiatives = LinkedInitiative(many=True, source="initiative_links")
    citations = Citation(many=True)
    created_at = Instant()
    updated_at = Instant()

    class Meta:
        model = Provision
        fields = [
            "id", "slug", "url", "html_url", "document", "meeting", "code", "order", "verb", "force", "summary", "text",
            "addressee", "deadline", "reported", "meeting_decided", "initiatives", "citations", "created_at", "updated_at",
            "serial",
        ]  # fmt: skip
        read_only_fields = fields


def provisions():
    """Public provisions in order, with all that one shows."""
    links = ProvisionLink.objects.filter(initiative__in=Initiative.objects.public()).select_related("initiative")
    found = Provision.objects.public().for_list()
    return found.prefetch_related(Prefetch("initiative_links", queryset=links)).order_by("document_id", "order", "id")


class ProvisionViewSet(ResourceViewSet):
    """Provisions of documents, each with its permanent code."""

    serializer_class = ProvisionSerializer
    filterset_class = ProvisionFilter
    lookup_value_regex = r"[A-Za-z0-9_-]{1,80}(?:/[A-Za-z0-9_-]{1,60})?"
    withdrawn = Q(state="withdrawn") | Q(state="published") & (
        Q(document__state="withdrawn") | Q(document__state="published", document__meeting__state="withdrawn")
    )

    def public(self):
        return provisions()

    def called(self, name):
        document, slash, code = name.partition("/")
        return Q(document__slug=document, code=code) if slash else super().called(name) if name.isdigit() else Q(pk__in=[])

    def look_further(self, name):
        document, slash, code = name.partition("/")
        if not slash and not name.isdigit():
            raise NotFound(f"A provision is named by document and code, `{list_path('provision')}{name}/<code>/`, or by number.")
        old = OldSlug.objects.filter(type=Document._meta.label_lower, slug=document).first()
        now = old and Document.objects.public().filter(pk=old.record_id, provisions__in=self.public().filter(code=code)).first()
        if now:
            raise Moved(f"{list_path('provision')}{now.slug}/{code}/")
        super().look_further(name)

    def refuse_withdrawn(self, gone):
        super().refuse_withdrawn(gone.document)


class DocumentSerializer(ResourceSerializer):
    """What a meeting adopted. Several share a name, so the meeting always stands beside it."""

    url = ApiUrl()
    html_url = HtmlUrl()
    meeting = MeetingBrief()
    kind = Choice(Document.Kind)
    title = Texts()
    adopted = PartialDateField()
    text_known = serializers.BooleanField(read_only=True, help_text="Whether the document itself was read, and not only reports of it.")
    replaced_by = Slug()
    provisions = ProvisionSerializer(many=True, read_only=True)
    citations = Citation(many=True)
    created_at = Instant()
    updated_at = Instant()

    class Meta:
        model = Document
        fields = [
            "id", "slug", "url", "html_url", "meeting", "kind", "title", "adopted", "text_known", "note", "replaced_by",
            "citations", "created_at", "updated_at", "serial", "provisions",
        ]  # fmt: skip
        detail = ("provisions",)
        read_only_fields = fields


class DocumentViewSet(ResourceViewSet):
    """Declarations, communiqués, action plans, memoranda and decisions."""

    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    withdrawn = Q(state="withdrawn") | Q(state="published", meeting__state="withdrawn")

    def public(self):
        return Document.objects.public().for_list()

    def needs(self, field):
        return {
            "citations": ["citations__source"],
            "provisions": [Prefetch("provisions", queryset=provisions())],
            "replaced_by": ["replaced_by"],
        }.get(field, [])
