"""What a meeting adopted, provision by provision."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from editorial.models import Publishable, retired_slugs_stay_retired
from meetings.querysets import DocumentQuerySet, ProvisionQuerySet
from reference.models import CITED, Citation, Party, SlugField, Source, slug_constraint
from reference.names import SortKeyField
from reference.partial_dates import PartialDateField, date_constraint

from .meeting import Meeting


class Document(Publishable):
    """What a meeting adopted: a declaration, communiqué, action plan, memorandum or decision.

    Often only its existence is reported; `text_known` is false until the text
    itself was read. Several documents share a name (“Gabala Declaration” of
    2013 and of 2025), so the meeting always stands beside it.
    """

    class Kind(models.TextChoices):
        DECLARATION = "declaration", _("declaration")
        COMMUNIQUE = "communique", _("communiqué")
        ACTION_PLAN = "action_plan", _("action plan")
        MEMORANDUM = "memorandum", _("memorandum")
        DECISION = "decision", _("decision")
        AGREEMENT = "agreement", _("agreement")
        PROTOCOL = "protocol", _("protocol")
        STATEMENT = "statement", _("statement")
        STRATEGY = "strategy", _("strategy")
        ROADMAP = "roadmap", _("roadmap")
        CHARTER = "charter", _("charter")
        OTHER = "other", _("other")

    slug = SlugField(_("slug"), help_text=_("Its name in addresses; the old one redirects for ever."))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="documents", verbose_name=_("meeting"), help_text=_("The meeting that adopted it.")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, help_text=_("What it calls itself."))
    title = models.CharField(_("title"), max_length=300, help_text=_("In English, with its year when others share the name."))
    sort_name = SortKeyField(source="title")
    adopted = PartialDateField(_("adopted"), blank=True, help_text=_("The day of adoption, as well as it is known."))
    text_known = models.BooleanField(
        _("text known"), default=False, help_text=_("Whether the document itself was read, and not only reports of it.")
    )
    note = models.TextField(_("note"), blank=True, help_text=_("Public."))
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces", editable=False)
    i18n = TranslationField(fields=("title",))

    objects = DocumentQuerySet.as_manager()
    ledger_children = ("citations",)
    waits_with_it = ("provisions",)

    class Meta(Publishable.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-adopted__sort", "-id"]
        indexes = [
            # The documents list, latest first.
            models.Index(models.F("adopted__sort").desc(), models.F("id").desc(), name="document_by_adoption")
        ]
        constraints = [
            *Publishable.Meta.constraints,
            slug_constraint("slug", "document_slug_shape"),
            date_constraint("adopted", "document_adopted_shape"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "declaration",
                        "communique",
                        "action_plan",
                        "memorandum",
                        "decision",
                        "agreement",
                        "protocol",
                        "statement",
                        "strategy",
                        "roadmap",
                        "charter",
                        "other",
                    ]
                ),
                name="document_kind_known",
            ),
        ]
        triggers = [*Publishable.Meta.triggers, retired_slugs_stay_retired("meetings.document")]

    def __str__(self):
        return self.title_i18n

    def get_absolute_url(self):
        return reverse("document", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return super().is_public and self.meeting.is_public

    def leans_on(self):
        return [citation.source for citation in self.citations.select_related("source")]

    def obstacles(self):
        if not self.meeting.is_public:
            return {"meeting": _("Publish the meeting “%(meeting)s” first.") % {"meeting": self.meeting}}
        return {}


class DocumentCitation(Citation):
    """The proof that a document was adopted."""

    parent = models.ForeignKey(Document, models.CASCADE, related_name="citations", verbose_name=_("document"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="document_citations", verbose_name=_("source"), help_text=CITED)

    class Meta(Citation.Meta):
        verbose_name = _("citation of a document")
        verbose_name_plural = _("citations of documents")
        constraints = [models.UniqueConstraint(fields=["parent", "source", "locator", "supports"], name="document_citation_once")]


class Provision(Publishable):
    """One addressable paragraph or commitment of a document.

    Its code is permanent and is the anchor readers link to. `verb` is the
    document's own word (“decides”), `force` what that amounts to. A provision
    known only from reports is marked as reported, whatever its document is.
    """

    class Force(models.TextChoices):
        DECISION = "decision", _("decision")
        INSTRUCTION = "instruction", _("instruction")
        CALL = "call", _("call")
        WELCOME = "welcome", _("welcome")
        STATEMENT = "statement", _("statement")
        PROPOSAL = "proposal", _("proposal")
        REVIEW = "review", _("review")

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="provisions", verbose_name=_("document"), help_text=_("The document it is a part of.")
    )
    code = SlugField(
        _("code"),
        max_length=60,
        unique=False,
        db_index=False,
        help_text=_("The anchor readers link to, such as p12; it stays once it was public."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0, help_text=_("Its place in the document."))
    verb = models.CharField(_("verb"), max_length=60, help_text=_("The document’s own word: decides, welcomes, calls upon."))
    force = models.CharField(_("force"), max_length=12, choices=Force, help_text=_("What that word amounts to."))
    summary = models.TextField(_("summary"), help_text=_("What it says, in one sentence of your own."))
    text = models.TextField(_("text"), blank=True, help_text=_("The words of the document, when they are known."))
    addressee = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="provisions_addressed_to_it",
        verbose_name=_("addressee"),
        help_text=_("Who is to do it."),
    )
    deadline = PartialDateField(_("deadline"), blank=True, help_text=_("By when, if the provision says so."))
    reported = models.BooleanField(_("reported"), default=True, help_text=_("Known from reports only, not from the text itself."))
    meeting_decided = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_by",
        verbose_name=_("meeting it calls"),
        help_text=_("The meeting it convenes, if it does."),
    )
    i18n = TranslationField(fields=("summary",))

    objects = ProvisionQuerySet.as_manager()
    # The links are rows of an app above, read through their reverse manager like everything upward.
    ledger_children = ("initiative_links", "citations")

    class Meta(Publishable.Meta):
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["document", "order", "id"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9]+([_-][a-z0-9]+)*$"), name="provision_code_shape"),
            date_constraint("deadline", "provision_deadline_shape"),
            models.UniqueConstraint(fields=["document", "code"], name="provision_code_once_in_document"),
            models.CheckConstraint(
                condition=Q(force__in=["decision", "instruction", "call", "welcome", "statement", "proposal", "review"]),
                name="provision_force_known",
            ),
        ]

    def __str__(self):
        return f"{self.document.slug}/{self.code}"

    @property
    def is_public(self) -> bool:
        return super().is_public and self.document.is_public

    @property
    def slug(self) -> str:
        """Document and code together: the provision's permanent name in the whole tracker."""
        return f"{self.document.slug}/{self.code}"

    @staticmethod
    def from_reference(name: str) -> dict[str, str]:
        """How to find the provision that a snapshot calls by its slug."""
        document, _slash, code = name.partition("/")
        return {"document__slug": document, "code": code}

    def get_absolute_url(self):
        return f"{self.document.get_absolute_url()}#{self.code}"

    def leans_on(self):
        parties = [self.addressee] if self.addressee else []
        return [*parties, *(citation.source for citation in self.citations.select_related("source"))]

    def obstacles(self):
        found = {}
        if not self.document.is_public:
            found["document"] = _("Publish the document “%(document)s” first.") % {"document": self.document}
        if not self.citations.exists():
            found["citations"] = _("Name at least one source: nothing goes out without evidence.")
        return found


class ProvisionCitation(Citation):
    """The proof of what a provision says."""

    parent = models.ForeignKey(Provision, models.CASCADE, related_name="citations", verbose_name=_("provision"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="provision_citations", verbose_name=_("source"), help_text=CITED)

    class Meta(Citation.Meta):
        verbose_name = _("citation of a provision")
        verbose_name_plural = _("citations of provisions")
        constraints = [models.UniqueConstraint(fields=["parent", "source", "locator", "supports"], name="provision_citation_once")]
