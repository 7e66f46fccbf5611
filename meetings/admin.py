"""Admin pages of series, meetings, documents and provisions."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from editorial.desk import PublishableAdmin
from editorial.desk.filters import Mine, Needs
from reference.admin import CitationInline, FoldedSearch, NameInline, YearFilter, in_other_languages

from .models import (
    Document,
    DocumentCitation,
    Meeting,
    MeetingCitation,
    MeetingName,
    Participant,
    ParticipantCitation,
    Provision,
    ProvisionCitation,
    Series,
)


@admin.register(Series)
class SeriesAdmin(FoldedSearch, PublishableAdmin):
    list_display = ["name_i18n", "state_shown", "slug", "order"]
    list_filter = ["state", Mine]
    search_fields = ["sort_name", "slug"]
    ordering = ["order", "sort_name", "id"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "description", "order"]}),
        in_other_languages(Series),
        PublishableAdmin.editorial_fieldset,
    ]


class MeetingForm(forms.ModelForm):
    """A meeting; what the database would refuse is said at its field."""

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if end and not start:
            self.add_error("start", _("Say when it started, as it has an end."))
        elif end and end.last < start.first:
            self.add_error("end", _("It ends before it starts."))
        series, ordinal = cleaned.get("series"), cleaned.get("ordinal")
        if series and ordinal is not None:
            same = Meeting.objects.filter(series=series, ordinal=ordinal).exclude(state="withdrawn").exclude(pk=self.instance.pk).first()
            if same:
                self.add_error("ordinal", _("“%(meeting)s” has this number in its series already.") % {"meeting": same})
        return cleaned


class MeetingNameInline(NameInline):
    model = MeetingName


class MeetingCitationInline(CitationInline):
    model = MeetingCitation


class ParticipantInline(admin.TabularInline):
    """Who took part. The proof of one person's part is on the participant's own page."""

    model = Participant
    fields = ["person", "office", "party"]
    autocomplete_fields = ["party"]
    extra = 0
    show_change_link = True
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("party")


class MeetingNeeds(Needs):
    """The lists of the desk, as filters."""

    needs = {
        "documents": (_("held, without documents"), lambda meetings: meetings.without_documents()),
        "close-out": (_("held, not closed out"), lambda meetings: meetings.without_close_out()),
        "news": (_("planned, and its date has passed"), lambda meetings: meetings.overdue_for_news(on=timezone.localdate())),
    }


@admin.register(Meeting)
class MeetingAdmin(FoldedSearch, PublishableAdmin):
    form = MeetingForm
    list_display = ["name_i18n", "state_shown", "start_shown", "phase", "place", "country", "series"]
    list_filter = [
        "state",
        MeetingNeeds,
        Mine,
        "phase",
        YearFilter.of("start", _("year")),
        ("series", admin.RelatedOnlyFieldListFilter),
        ("country", admin.RelatedOnlyFieldListFilter),
    ]
    date_hierarchy = "created_at"
    list_select_related = ["series", "country"]
    search_fields = ["sort_name", "slug", "names__folded"]
    autocomplete_fields = ["series", "country", "host"]
    fieldsets = [
        (None, {"fields": ["series", "ordinal", "name", "slug", "start", "end", "phase"]}),
        (_("Where"), {"fields": ["place", "country", "host", "format"]}),
        (_("More"), {"fields": ["theme", "notes"]}),
        in_other_languages(Meeting),
        PublishableAdmin.editorial_fieldset,
    ]
    inlines = [MeetingCitationInline, ParticipantInline, MeetingNameInline]

    @admin.display(description=_("start"), ordering="start__sort")
    def start_shown(self, meeting):
        return meeting.start


class ParticipantCitationInline(CitationInline):
    model = ParticipantCitation


@admin.register(Participant)
class ParticipantAdmin(admin.ModelAdmin):
    list_display = ["person", "office", "party", "meeting"]
    list_filter = [("party", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["person", "office"]
    autocomplete_fields = ["meeting", "party"]
    ordering = ["person", "id"]
    fields = ["meeting", "person", "office", "party"]
    inlines = [ParticipantCitationInline]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("meeting", "party")


class DocumentCitationInline(CitationInline):
    model = DocumentCitation


@admin.register(Document)
class DocumentAdmin(FoldedSearch, PublishableAdmin):
    list_display = ["title_i18n", "state_shown", "kind", "adopted_shown", "text_known", "meeting"]
    list_filter = ["state", Mine, "kind", "text_known", YearFilter.of("adopted", _("year of adoption"))]
    date_hierarchy = "created_at"
    search_fields = ["sort_name", "slug"]
    autocomplete_fields = ["meeting"]
    fieldsets = [
        (None, {"fields": ["meeting", "title", "slug", "kind", "adopted", "text_known", "note"]}),
        in_other_languages(Document),
        PublishableAdmin.editorial_fieldset,
    ]
    inlines = [DocumentCitationInline]
    slug_from = "title"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("meeting")

    @admin.display(description=_("adopted"), ordering="adopted__sort")
    def adopted_shown(self, document):
        return document.adopted or "–"


class ProvisionCitationInline(CitationInline):
    model = ProvisionCitation


@admin.register(Provision)
class ProvisionAdmin(PublishableAdmin):
    list_display = ["__str__", "state_shown", "verb", "force", "summary_short", "addressee", "reported"]
    list_filter = ["state", Mine, "force", "reported", ("document", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["code", "verb", "summary", "document__slug", "document__sort_name"]
    autocomplete_fields = ["document", "addressee", "meeting_decided"]
    fieldsets = [
        (None, {"fields": ["document", "code", "order", "verb", "force", "summary", "text", "reported"]}),
        (_("More"), {"fields": ["addressee", "deadline", "meeting_decided"]}),
        in_other_languages(Provision),
        PublishableAdmin.editorial_fieldset,
    ]
    inlines = [ProvisionCitationInline]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("document__meeting", "addressee")

    def get_readonly_fields(self, request, obj=None):
        """The code is the anchor that readers link to: it stays once it was public."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "document", "code"] if obj is not None and obj.published_at else fields

    @admin.display(description=_("summary"), ordering="summary")
    def summary_short(self, provision):
        return Truncator(provision.summary_i18n).chars(90)
