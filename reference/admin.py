"""Admin pages of parties, themes and sources, and what lists of dated and named records have in common.

The pages are plain: the site they are registered with (ots_tracker.admin)
makes them save through the verbs.
"""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.functions import Substr
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltrans.translator import get_i18n_field

from .archiving import copies
from .models import Membership, MembershipCitation, Party, PartyName, Source, Theme
from .names import fold

LONGEST_ADDRESS = 60  # of a source in a list to choose from


def in_other_languages(model: type[models.Model]) -> tuple:
    """The fieldset of a record's translations, folded away; the original language stands with the other fields."""
    fields = [field.name for field in get_i18n_field(model).get_translated_fields() if field.language not in (None, "en")]
    return _("In other languages"), {"fields": fields, "classes": ["collapse"]}


class YearFilter(admin.SimpleListFilter):
    """The years that a partial date of the list begins in. A subclass names the field."""

    title = _("year")
    parameter_name = "year"
    field = ""

    def lookups(self, request, model_admin):
        dated = model_admin.get_queryset(request).order_by().exclude(**{self.field: ""})
        years = dated.values_list(Substr(self.field, 1, 4), flat=True).distinct()
        return [(year, year) for year in sorted(set(years), reverse=True)] + [("unknown", _("not known"))]

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset
            case "unknown":
                return queryset.filter(**{self.field: ""})
        return queryset.filter(**{f"{self.field}__startswith": self.value()})

    @classmethod
    def of(cls, field: str, title) -> type[YearFilter]:
        return type(f"{field.title()}YearFilter", (cls,), {"field": field, "title": title})


class FoldedSearch:
    """Search that takes a word in any case and with any accents, as the folded columns keep it."""

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))


def source_in_full(source: Source) -> str:
    """A source as editors tell it from another of the same day: language, title (or else address) and permanent name."""
    address = Truncator(source.url.partition("://")[2].rstrip("/")).chars(LONGEST_ADDRESS)
    return " – ".join(filter(None, [f"{source} ({source.language})", source.title or address, source.slug]))


class NameInline(admin.TabularInline):
    """Names in other languages and spellings; a subclass names the model."""

    fields = ["language", "text", "kind"]
    extra = 0
    classes = ["collapse"]


class CitationInline(admin.StackedInline):
    """The proof; a subclass names the model."""

    fields = ["source", ("locator", "supports"), "quotation", "note"]
    autocomplete_fields = ["source"]
    extra = 0
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 80})}}

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("source")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "source":
            field.label_from_instance = source_in_full
        return field


class ReferenceAdmin(admin.ModelAdmin):
    """Shared records. Their permanent name stays once readers may have cited it."""

    readonly_fields = ["is_public"]
    permanent_name = "slug"
    slug_from = "name"

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return [*fields, self.permanent_name] if obj is not None and obj.is_public else fields

    def get_prepopulated_fields(self, request, obj=None):
        return {self.permanent_name: (self.slug_from,)} if obj is None else {}


class PartyNameInline(NameInline):
    model = PartyName


@admin.register(Party)
class PartyAdmin(FoldedSearch, ReferenceAdmin):
    list_display = ["name_i18n", "code", "kind", "is_public"]
    list_filter = ["kind", "is_public"]
    search_fields = ["sort_name", "code", "names__folded"]
    ordering = ["sort_name", "id"]
    fieldsets = [(None, {"fields": ["name", "code", "kind", "note", "is_public"]}), in_other_languages(Party)]
    inlines = [PartyNameInline]
    permanent_name = "code"

    def get_prepopulated_fields(self, request, obj=None):
        """Codes are words of their own: the country code, an acronym."""
        return {}


class MembershipForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        if cleaned.get("body") and cleaned["body"] == cleaned.get("member"):
            self.add_error("member", _("A party is not a member of itself; choose another one."))
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until.last < since.first:
            self.add_error("until", _("It ends before it starts."))
        return cleaned


class MembershipCitationInline(CitationInline):
    model = MembershipCitation


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    form = MembershipForm
    list_display = ["member", "body", "role", "since", "until"]
    list_filter = ["role", ("body", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["member", "body"]
    search_fields = ["member__sort_name", "member__code", "body__sort_name", "body__code"]
    autocomplete_fields = ["body", "member"]
    fields = ["body", "member", "role", "since", "until"]
    inlines = [MembershipCitationInline]


@admin.register(Theme)
class ThemeAdmin(FoldedSearch, ReferenceAdmin):
    list_display = ["name_i18n", "slug", "description", "is_public"]
    list_filter = ["is_public"]
    search_fields = ["sort_name", "slug"]
    ordering = ["sort_name", "id"]
    fieldsets = [(None, {"fields": ["name", "slug", "description", "is_public"]}), in_other_languages(Theme)]


@admin.register(Source)
class SourceAdmin(ReferenceAdmin):
    list_display = ["slug", "publisher", "title", "kind", "language", "published_shown", "health", "is_public"]
    list_filter = [
        "kind",
        "health",
        "is_public",
        YearFilter.of("published", _("year of publication")),
        ("language", admin.AllValuesFieldListFilter),
    ]
    search_fields = ["slug", "publisher", "origin", "title", "url"]
    ordering = ["slug"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "publisher",
                    "title",
                    "url",
                    "slug",
                    "kind",
                    "language",
                    "origin",
                    "published",
                    "retrieved",
                    "note",
                    "is_public",
                ]
            },
        ),
        (
            _("Kept copy and link"),
            {
                "fields": ["kept_copy", "state_of_link"],
            },
        ),
    ]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    # The copy and the state of the link are written by the machine that fetched the page.
    readonly_fields = ["is_public", "kept_copy", "state_of_link"]
    slug_from = "publisher"
    in_autocomplete = staticmethod(source_in_full)

    @admin.display(description=_("published"), ordering="published__sort")
    def published_shown(self, source):
        return source.published or "–"

    @admin.display(description=_("kept copy"))
    def kept_copy(self, source):
        """When it was kept, its fingerprint and size, and the way to it."""
        if not source.archived_sha256:
            return gettext("None yet. The command archive_sources keeps one.")
        lines = [(format_html("SHA-256: <code>{}</code>", source.archived_sha256),), (self._way_to_the_copy(source),)]
        if source.archived_at:
            day = date_format(localtime(source.archived_at), "DATETIME_FORMAT")
            lines.insert(0, (gettext("Kept on %(day)s.") % {"day": day},))
        return format_html('<span class="kept-copy">{}</span>', format_html_join(mark_safe("<br>"), "{}", lines))

    def _way_to_the_copy(self, source):
        try:
            size = filesizeformat(source.archived_copy.size)
        except (OSError, ValueError):  # not there, or never noted
            return gettext("The file is missing. Bring it back from the backup.")
        address = reverse("admin:reference_source_copy", args=[source.pk])
        return format_html('<a href="{}">{}</a> ({})', address, gettext("Open the kept copy"), size)

    @admin.display(description=_("link"))
    def state_of_link(self, source):
        """What the last visit found, in words."""
        if not source.url:
            return gettext("This source has no address.")
        words = capfirst(source.get_health_display())
        if not source.checked_at:
            return f"{words}."
        day = date_format(localtime(source.checked_at), "DATETIME_FORMAT")
        return gettext("%(state_of_link)s; last checked on %(day)s.") % {"state_of_link": words, "day": day}

    def get_urls(self):
        copy = path("<int:pk>/copy/", self.admin_site.admin_view(self.copy_view), name="reference_source_copy")
        return [copy, *super().get_urls()]

    def copy_view(self, request, pk):
        """Hand out the kept copy as a file to save: a stranger wrote it, so no browser is to run it as a page of ours."""
        source = get_object_or_404(Source, pk=pk)
        if not self.has_view_permission(request, source):
            raise PermissionDenied
        if not source.archived_sha256:
            raise Http404
        file = source.archived_copy
        try:
            body = copies.read(file.name, sha256=source.archived_sha256, storage=file.storage)
        except copies.Missing:
            self.message_user(request, gettext("The file of the kept copy is missing. Bring it back from the backup."), messages.ERROR)
        except copies.Damaged as damage:
            sentence = gettext(
                "The kept copy is not what was kept, so it is not handed out: its SHA-256 is %(found)s. Bring it back from the backup."
            )
            self.message_user(request, sentence % {"found": damage.found}, messages.ERROR)
        else:
            name = copies.file_name(source.slug, file.name)
            headers = {
                "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
                "Content-Security-Policy": "sandbox; default-src 'none'",
                "X-Content-Type-Options": "nosniff",
            }
            return HttpResponse(body, content_type="application/octet-stream", headers=headers)
        return HttpResponseRedirect(reverse("admin:reference_source_change", args=[source.pk]))
