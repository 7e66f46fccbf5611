"""Two accounts that cannot both be right."""

from __future__ import annotations

from django.contrib import admin

from editorial.desk import PublishableAdmin
from editorial.desk.filters import Mine
from initiatives.models import Conflict, ConflictCitation
from reference.admin import CitationInline, in_other_languages


class ConflictCitationInline(CitationInline):
    model = ConflictCitation


@admin.register(Conflict)
class ConflictAdmin(PublishableAdmin):
    list_display = ["topic_i18n", "state_shown", "version_a", "version_b"]
    list_filter = ["state", Mine]
    date_hierarchy = "created_at"
    search_fields = ["slug", "topic", "version_a", "version_b"]
    autocomplete_fields = ["initiatives", "meetings", "parties"]
    fieldsets = [
        (None, {"fields": ["topic", "slug", "version_a", "version_b", "initiatives", "meetings", "parties"]}),
        in_other_languages(Conflict),
        PublishableAdmin.editorial_fieldset,
    ]
    inlines = [ConflictCitationInline]
    slug_from = "topic"
