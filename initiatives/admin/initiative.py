"""The initiative: what is typed, and below it what follows from its history."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from editorial.desk import PublishableAdmin
from editorial.desk.filters import Mine, Needs
from initiatives.models import Initiative, InitiativeCitation, InitiativeName, InitiativeParty, InitiativeRelation, ProvisionLink
from initiatives.standing import Evidence
from initiatives.statuses import Status, kinds_with
from reference.admin import CitationInline, FoldedSearch, NameInline, YearFilter, in_other_languages

from .bulk import BulkChanges


class InitiativeForm(forms.ModelForm):
    def clean_kind(self):
        """A kind whose ladder lacks the status it has reached would leave it standing on nothing."""
        kind, status = self.cleaned_data["kind"], self.instance.status
        if status and kind not in kinds_with(status):
            raise forms.ValidationError(
                _("Its status is “%(status)s”, which this kind does not have; it can be %(allowed)s.")
                % {
                    "status": self.instance.get_status_display(),
                    "allowed": ", ".join(str(kind.label) for kind in kinds_with(status)),
                }
            )
        return kind

    class Meta:
        widgets = {"themes": forms.CheckboxSelectMultiple}


class RelationForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        if self.instance.initiative_id and cleaned.get("target") == self.instance.initiative:
            self.add_error("target", _("An initiative is not related to itself; choose another one."))
        return cleaned


class InitiativeNameInline(NameInline):
    model = InitiativeName


class InitiativeCitationInline(CitationInline):
    model = InitiativeCitation


class PartyInline(admin.TabularInline):
    model = InitiativeParty
    fields = ["party", "role"]
    autocomplete_fields = ["party"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("party")


class RelationInline(admin.TabularInline):
    model = InitiativeRelation
    form = RelationForm
    fk_name = "initiative"
    fields = ["kind", "target"]
    autocomplete_fields = ["target"]
    extra = 0
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("initiative", "target")


class ProvisionInline(admin.TabularInline):
    model = ProvisionLink
    fields = ["provision", "relation"]
    autocomplete_fields = ["provision"]
    extra = 0
    classes = ["collapse"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("provision__document", "initiative")


class InitiativeNeeds(Needs):
    """The lists of the desk, as filters."""

    needs = {
        "quiet": (_("gone quiet"), lambda initiatives: initiatives.quiet(on=timezone.localdate())),
        "overdue": (_("overdue"), lambda initiatives: initiatives.overdue(on=timezone.localdate())),
        "summary": (_("no summary in your language"), lambda initiatives: initiatives.without_summary(get_language())),
    }


@admin.register(Initiative)
class InitiativeAdmin(BulkChanges, FoldedSearch, PublishableAdmin):
    form = InitiativeForm
    actions = [*PublishableAdmin.actions, "add_theme", "remove_theme", "add_party"]
    list_display = ["name_i18n", "state_shown", "status", "since_shown", "evidence", "kind", "heard_shown"]
    list_filter = [
        "state",
        InitiativeNeeds,
        Mine,
        "status",
        "kind",
        "scope",
        "evidence",
        "themes",
        YearFilter.of("status_since", _("status since")),
    ]
    date_hierarchy = "created_at"
    search_fields = ["sort_name", "slug", "names__folded"]
    ordering = ["sort_name", "id"]
    readonly_fields = [
        *PublishableAdmin.readonly_fields,
        "status_explained",
        "status_since",
        "status_meeting",
        "proposed_at",
        "evidence_explained",
        "last_heard",
        "last_checked",
        "history",
    ]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "scope", "summary", "themes"]}),
        (_("Deadline"), {"fields": ["deadline", "deadline_note"]}),
        (_("Notes"), {"fields": ["notes"]}),
        (
            _("How it stands"),
            {
                "fields": [
                    "status_explained",
                    "status_since",
                    "status_meeting",
                    "proposed_at",
                    "evidence_explained",
                    "last_heard",
                    "last_checked",
                    "history",
                ],
                "description": _("Worked out from the published history and typed by nobody: record a status to change it."),
            },
        ),
        in_other_languages(Initiative),
        PublishableAdmin.editorial_fieldset,
    ]
    inlines = [InitiativeCitationInline, PartyInline, InitiativeNameInline, RelationInline, ProvisionInline]

    def get_fieldsets(self, request, obj=None):
        """A new initiative has no history to show yet."""
        return [fieldset for fieldset in self.fieldsets if obj is not None or "history" not in fieldset[1]["fields"]]

    @admin.display(description=_("since"), ordering="status_since__sort")
    def since_shown(self, initiative):
        return initiative.status_since or "–"

    @admin.display(description=_("last heard"), ordering="last_heard__sort")
    def heard_shown(self, initiative):
        return initiative.last_heard or "–"

    @admin.display(description=_("status"))
    def status_explained(self, initiative):
        if not initiative.status:
            return _("No status has been published yet.")
        return format_html("{} – {}", initiative.get_status_display(), Status(initiative.status).rung.definition)

    @admin.display(description=_("evidence"))
    def evidence_explained(self, initiative):
        return format_html("{} – {}", initiative.get_evidence_display(), Evidence(initiative.evidence).definition)

    @admin.display(description=_("history, drafts included"))
    def history(self, initiative):
        rows = format_html_join(
            "",
            '<li><a href="{}">{}</a>, {}: {} <span class="state state-{}">{}</span></li>',
            (
                (
                    reverse("admin:initiatives_statusupdate_change", args=[row.pk]),
                    row.date,
                    row.get_status_display() or row.get_role_display(),
                    row.summary_i18n,
                    row.state,
                    row.get_state_display(),
                )
                for row in initiative.updates.in_order()
            ),
        )
        return format_html('<ol class="history">{}</ol>', rows) if rows else _("Nothing has been recorded yet.")
