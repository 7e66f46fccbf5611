"""What records point at: parties, themes, sources, and the citation every claim carries."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from .names import Name, SortKeyField, language_code
from .partial_dates import PartialDateField, date_constraint
from .querysets import PartyQuerySet, ReferenceQuerySet, SourceQuerySet
from .slugs import SlugField, slug_constraint
from .versions import no_write_skips_the_version


class Reference(models.Model):
    """Common ground of Party, Theme and Source: shared records without an editorial life of their own.

    They become public together with the first public record that points at
    them (see editorial.workflow.publish), so that a draft cannot be guessed
    from what it cites.
    """

    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Set by itself when the first public record points here. Readers see only public ones.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True
        triggers = [no_write_skips_the_version()]

    @property
    def changes_wait(self) -> bool:
        """Whether a change waits for review instead of being seen at once."""
        return self.is_public

    def refresh_derived(self, *, by, now) -> None:
        """Bring stored answers that follow from this record in step, in the same transaction."""


class Party(Reference):
    """Who can act: a state, an OTS body, an institution, a ministry, a chamber, a company."""

    class Kind(models.TextChoices):
        MEMBER_STATE = "member_state", _("member state")
        OBSERVER_STATE = "observer_state", _("observer state")
        BODY = "body", _("OTS body")
        INSTITUTION = "institution", _("institution")
        MINISTRY = "ministry", _("ministry")
        CHAMBER = "chamber", _("chamber")
        COMPANY = "company", _("company")
        OTHER = "other", _("other")

    code = SlugField(_("code"), max_length=40, help_text=_("Two-letter country code for states (az, kz), a short word otherwise (tcci)."))
    name = models.CharField(_("name"), max_length=200, help_text=_("In English, as the organization itself uses it."))
    sort_name = SortKeyField(source="name")
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind, help_text=_("What it is; states are told apart by their standing in the OTS.")
    )
    note = models.TextField(_("note"), blank=True, help_text=_("What a reader should know about this party; public."))
    i18n = TranslationField(fields=("name",))

    objects = PartyQuerySet.as_manager()
    ledger_children = ("names",)

    class Meta(Reference.Meta):
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["sort_name", "id"]
        constraints = [
            slug_constraint("code", "party_code_shape"),
            models.CheckConstraint(
                condition=Q(kind__in=["member_state", "observer_state", "body", "institution", "ministry", "chamber", "company", "other"]),
                name="party_kind_known",
            ),
        ]

    def __str__(self):
        return self.name_i18n

    def get_absolute_url(self):
        return reverse("party", args=[self.code])

    @property
    def slug(self) -> str:
        """The code, under the name every other addressable record uses."""
        return self.code


class PartyName(Name):
    """A party's name in one language or spelling."""

    parent = models.ForeignKey(Party, models.CASCADE, related_name="names", verbose_name=_("party"))

    class Meta(Name.Meta):
        verbose_name = _("name of a party")
        verbose_name_plural = _("names of parties")
        constraints = [models.UniqueConstraint(fields=["parent", "language", "text"], name="party_name_once")]


class Membership(models.Model):
    """A period in which one party was a member or observer of another.

    Kept as periods, because memberships differ per body and change: a state
    may be an observer of the OTS and a full member of its chamber.
    """

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        OBSERVER = "observer", _("observer")

    body = models.ForeignKey(
        Party, models.PROTECT, related_name="memberships_in_it", verbose_name=_("body"), help_text=_("What it belongs to.")
    )
    member = models.ForeignKey(
        Party, models.PROTECT, related_name="memberships", verbose_name=_("member"), help_text=_("Who belongs to it.")
    )
    role = models.CharField(
        _("role"), max_length=10, choices=Role, help_text=_("Member or observer; a change of role is a period of its own.")
    )
    since = PartialDateField(_("since"), blank=True, help_text=_("As well as it is known; empty when nobody says."))
    until = PartialDateField(_("until"), blank=True, help_text=_("Empty while it lasts."))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    ledger_children = ("citations",)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["body", "role", "member__sort_name"]
        constraints = [
            date_constraint("since", "membership_since_shape"),
            date_constraint("until", "membership_until_shape"),
            models.CheckConstraint(condition=~Q(body=F("member")), name="membership_not_in_itself"),
            models.UniqueConstraint(fields=["body", "member", "role", "since"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(until="") | Q(since="") | Q(until__last__gte=F("since__first")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(condition=Q(role__in=["member", "observer"]), name="membership_role_known"),
        ]
        triggers = [no_write_skips_the_version()]

    def __str__(self):
        return f"{self.member} – {self.body} ({self.get_role_display()})"

    @property
    def is_public(self) -> bool:
        """As public as the two parties it ties together."""
        return self.body.is_public and self.member.is_public

    @property
    def changes_wait(self) -> bool:
        """Whether a change waits for review instead of being seen at once."""
        return self.is_public

    def leans_on(self):
        """Its sources, which become public with it."""
        return [citation.source for citation in self.citations.select_related("source")]


class Theme(Reference):
    """What an initiative is about: digital, space, customs, energy."""

    slug = SlugField(_("slug"), max_length=40, help_text=_("Its name in addresses; it stays once readers can see it."))
    name = models.CharField(_("name"), max_length=100, help_text=_("In English, one or two words."))
    sort_name = SortKeyField(source="name")
    description = models.CharField(_("description"), max_length=300, blank=True, help_text=_("One sentence: what belongs here."))
    i18n = TranslationField(fields=("name", "description"))

    objects = ReferenceQuerySet.as_manager()

    class Meta(Reference.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["sort_name", "id"]
        constraints = [slug_constraint("slug", "theme_slug_shape")]

    def __str__(self):
        return self.name_i18n

    def get_absolute_url(self):
        return reverse("theme", args=[self.slug])


class Source(Reference):
    """One page or document that was read.

    Its address may die, so the copy that was read can be archived with its
    SHA-256; a source without an address is still a source (a paper, a page
    whose address was not kept), and says so.
    """

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("official site")
        LEGAL = "legal", _("legal database")
        AGENCY = "agency", _("news agency")
        NEWSPAPER = "newspaper", _("newspaper")
        PORTAL = "portal", _("news portal")
        MIRROR = "mirror", _("mirror of another page")
        AGGREGATOR = "aggregator", _("aggregator")
        BLOG = "blog", _("blog")

    class Health(models.TextChoices):
        UNCHECKED = "unchecked", _("not checked yet")
        ALIVE = "alive", _("answers")
        MOVED = "moved", _("moved")
        DEAD = "dead", _("does not answer")

    slug = SlugField(_("slug"), help_text=_("Its name in addresses; it stays once readers can see it."))
    publisher = models.CharField(_("publisher"), max_length=200, help_text=_("Whose page it is: “Trend News Agency”, “OTS Secretariat”."))
    origin = models.CharField(
        _("newsroom"),
        max_length=200,
        blank=True,
        help_text=_("Whose reporting this is, when the page repeats another's. Two pages of one newsroom are one witness."),
    )
    title = models.CharField(_("title"), max_length=400, blank=True, help_text=_("The headline, as the page has it."))
    url = models.URLField(_("address"), max_length=1000, blank=True, help_text=_("The page itself, without tracking parameters."))
    language = models.CharField(
        _("language"), max_length=3, validators=[language_code], help_text=_("The language of the page, by its code: en, ru, tr.")
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, help_text=_("What sort of page it is; official sites and legal databases weigh most.")
    )
    published = PartialDateField(_("published"), blank=True, help_text=_("The date on the page, as well as it is known."))
    retrieved = PartialDateField(_("retrieved"), blank=True, help_text=_("The day you read it."))
    note = models.TextField(_("note"), blank=True, help_text=_("What a reader should beware of; public."))

    archived_copy = models.FileField(_("archived copy"), upload_to="sources/", blank=True, max_length=200, editable=False)
    archived_sha256 = models.CharField(_("SHA-256 of the copy"), max_length=64, blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    health = models.CharField(_("link"), max_length=10, choices=Health, default=Health.UNCHECKED, editable=False)
    checked_at = models.DateTimeField(_("link checked"), null=True, blank=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta(Reference.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["slug"]
        indexes = [
            # "Is this page already recorded?": the admin form and the import.
            models.Index(fields=["url"], name="source_url")
        ]
        constraints = [
            slug_constraint("slug", "source_slug_shape"),
            date_constraint("published", "source_published_shape"),
            date_constraint("retrieved", "source_retrieved_shape"),
            models.CheckConstraint(condition=Q(url="") | Q(url__regex=r"^https?://"), name="source_url_is_http"),
            models.CheckConstraint(
                condition=Q(archived_sha256="") | Q(archived_sha256__regex=r"^[0-9a-f]{64}$"), name="source_sha256_shape"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["official", "legal", "agency", "newspaper", "portal", "mirror", "aggregator", "blog"]),
                name="source_kind_known",
            ),
            models.CheckConstraint(condition=~Q(publisher=""), name="source_has_publisher"),
        ]
        # That a link still answers is noted every night, and is nobody's change.
        triggers = [no_write_skips_the_version(bookkeeping="checked_at")]

    def __str__(self):
        return f"{self.publisher}, {self.published}" if self.published else self.publisher

    def get_absolute_url(self):
        return reverse("source", args=[self.slug])

    def refresh_derived(self, *, by, now):
        """Its kind and newsroom weigh as evidence: every history that cites it is judged anew."""
        judged = set()
        for citation in self.status_citations.filter(parent__state="published").select_related("parent__initiative"):
            if citation.parent.initiative_id not in judged:
                judged.add(citation.parent.initiative_id)
                citation.parent.refresh_derived(by=by, now=now)

    @property
    def newsroom(self) -> str:
        """Whose reporting this is: the unit in which independent witnesses are counted."""
        return self.origin or self.publisher

    @property
    def is_official(self) -> bool:
        """An institution's own page or a legal database, rather than a report about it."""
        return self.kind in (self.Kind.OFFICIAL, self.Kind.LEGAL)

    @property
    def is_second_hand(self) -> bool:
        """A copy or a collection of other people's pages: no witness by itself."""
        return self.kind in (self.Kind.MIRROR, self.Kind.AGGREGATOR, self.Kind.BLOG)


CITED = _("The page that says so; found by publisher, title, slug or address.")


class Citation(models.Model):
    """Source + where in it + what it supports.

    Abstract: each kind of record has its own concrete citation with a plain
    foreign key `parent`, so the database can insist on evidence.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("source"), help_text=CITED)
    locator = models.CharField(_("where in it"), max_length=100, blank=True, help_text=_("Paragraph, page or heading."))
    supports = models.CharField(
        _("what it supports"), max_length=200, blank=True, help_text=_("Which of the claims it proves, when it is not all of them.")
    )
    quotation = models.TextField(_("quotation"), max_length=500, blank=True, help_text=_("A short one, typed by you, in its language."))
    note = models.CharField(_("caution"), max_length=500, blank=True, help_text=_("What this source gets wrong or leaves open; public."))

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self):
        return f"{self.source}, {self.locator}" if self.locator else str(self.source)


class MembershipCitation(Citation):
    """The proof of a membership."""

    parent = models.ForeignKey(Membership, models.CASCADE, related_name="citations", verbose_name=_("membership"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="membership_citations", verbose_name=_("source"), help_text=CITED)

    class Meta(Citation.Meta):
        verbose_name = _("citation of a membership")
        verbose_name_plural = _("citations of memberships")
