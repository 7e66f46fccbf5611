"""What ties initiatives to provisions, and the conflicts between sources."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from editorial.models import Publishable
from meetings.models import Meeting, Provision
from reference.models import CITED, Citation, Party, SlugField, Source, slug_constraint

from .initiative import Initiative


class ProvisionLink(models.Model):
    """A provision that started an initiative or touched it. Here, as foreign keys point down the house."""

    class LinkKind(models.TextChoices):
        STARTED = "started", _("started")
        TOUCHED = "touched", _("touched")

    provision = models.ForeignKey(
        Provision, models.CASCADE, related_name="initiative_links", verbose_name=_("provision"), help_text=_("Found by document and code.")
    )
    initiative = models.ForeignKey(
        Initiative, models.CASCADE, related_name="provision_links", verbose_name=_("initiative"), help_text=_("What it speaks of.")
    )
    relation = models.CharField(
        _("relation"),
        max_length=8,
        choices=LinkKind,
        default=LinkKind.TOUCHED,
        help_text=_("Whether it began the initiative or only touches it."),
    )

    class Meta:
        verbose_name = _("initiative of a provision")
        verbose_name_plural = _("initiatives of provisions")
        ordering = ["provision__document", "provision__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["provision", "initiative"], name="provision_link_once"),
            models.CheckConstraint(condition=Q(relation__in=["started", "touched"]), name="provision_link_relation_known"),
        ]

    def __str__(self):
        return f"{self.provision}: {self.initiative}"


class Conflict(Publishable):
    """Two accounts that cannot both be right, shown as they are and not resolved by guessing."""

    slug = SlugField(_("slug"), help_text=_("Its name in files; readers do not see it."))
    topic = models.CharField(_("topic"), max_length=200, help_text=_("What the accounts disagree on, in a few words."))
    version_a = models.CharField(_("one account"), max_length=400, help_text=_("What the one says, in your words."))
    version_b = models.CharField(_("another account"), max_length=400, help_text=_("What the other says, in your words."))
    initiatives = models.ManyToManyField(
        Initiative,
        related_name="conflicts",
        blank=True,
        verbose_name=_("initiatives"),
        help_text=_("Whose pages tell readers of it."),
    )
    meetings = models.ManyToManyField(
        Meeting, related_name="conflicts", blank=True, verbose_name=_("meetings"), help_text=_("Whose pages tell readers of it.")
    )
    parties = models.ManyToManyField(
        Party, related_name="conflicts", blank=True, verbose_name=_("parties"), help_text=_("Whom it concerns.")
    )
    i18n = TranslationField(fields=("topic", "version_a", "version_b"))

    ledger_children = ("citations",)

    class Meta(Publishable.Meta):
        verbose_name = _("conflict between sources")
        verbose_name_plural = _("conflicts between sources")
        ordering = ["topic", "id"]
        constraints = [*Publishable.Meta.constraints, slug_constraint("slug", "conflict_slug_shape")]

    def __str__(self):
        return self.topic_i18n

    def leans_on(self):
        return [*self.parties.all(), *(citation.source for citation in self.citations.select_related("source"))]

    def obstacles(self):
        if not self.citations.exists():
            return {"citations": _("Name at least one source: nothing goes out without evidence.")}
        return {}


class ConflictCitation(Citation):
    """The proof that a source gives an account; `supports` says which: a or b."""

    parent = models.ForeignKey(Conflict, models.CASCADE, related_name="citations", verbose_name=_("conflict"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="conflict_citations", verbose_name=_("source"), help_text=CITED)

    class Meta(Citation.Meta):
        verbose_name = _("citation of a conflict")
        verbose_name_plural = _("citations of conflicts")
        constraints = [models.UniqueConstraint(fields=["parent", "source", "locator", "supports"], name="conflict_citation_once")]
