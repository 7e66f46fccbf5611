"""Admin pages of the ledger, of old addresses, and of the people who write here."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import ledger
from .desk.comparing import differences
from .desk.exporting import ledger_as_csv
from .desk.revision_admin import RevisionAdmin, TypeFilter
from .desk.words import kind_in_words, model_of, verb_in_words
from .models import Change, OldSlug, Revision

User = get_user_model()


class ReadOnlyAdmin(admin.ModelAdmin):
    """Written by the verbs alone; here it can only be read."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class DeedFilter(admin.SimpleListFilter):
    """What was done, whatever kind of record it was done to."""

    title = _("what was done")
    parameter_name = "deed"

    def lookups(self, request, model_admin):
        deeds = {verb.rpartition(".")[2] for verb in Change.objects.order_by().values_list("verb", flat=True).distinct()}
        return sorted(((deed, verb_in_words(deed)) for deed in deeds), key=lambda choice: choice[1])

    def queryset(self, request, queryset):
        return queryset.filter(verb__endswith=f".{self.value()}") if self.value() else queryset


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """The ledger, newest first."""

    list_display = ["serial", "at", "actor", "deed", "label", "reason", "kind", "public"]
    list_filter = ["public", TypeFilter, DeedFilter, ("actor", admin.AllValuesFieldListFilter)]
    search_fields = ["label", "slug", "actor", "reason"]
    date_hierarchy = "at"
    ordering = ["-serial"]
    fields = ["serial", "at", "actor", "deed", "kind", "slug", "label", "reason", "public", "what_changed", "previous_hash", "hash"]
    change_list_template = "admin/editorial/change/change_list.html"

    def get_queryset(self, request):
        """What was done to accounts is for those who may see accounts."""
        rows = super().get_queryset(request)
        return rows if request.user.has_perm("auth.view_user") else rows.exclude(type__startswith="auth.")

    @admin.display(description=_("what was done"), ordering="verb")
    def deed(self, change):
        return verb_in_words(change.verb)

    @admin.display(description=_("type"), ordering="type")
    def kind(self, change):
        return kind_in_words(change.type)

    @admin.display(description=_("what was changed"))
    def what_changed(self, change):
        told = differences(model_of(change.type), change.before, change.after)
        return render_to_string("admin/_differences.html", {"differences": told}) if told else "–"

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="editorial_change_export"), *super().get_urls()]

    def export_view(self, request):
        """The rows that the list shows with these filters, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            chosen = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters as error:
            raise BadRequest("This list has no such filter.") from error
        return ledger_as_csv(chosen)


admin.site.register(Revision, RevisionAdmin)


@admin.register(OldSlug)
class OldSlugAdmin(ReadOnlyAdmin):
    """Addresses that redirect."""

    list_display = ["slug", "type", "record_id", "retired_at"]
    list_filter = [("type", admin.AllValuesFieldListFilter)]
    search_fields = ["slug"]


admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts and their roles. Nobody gives away more than they have: superusers are made by superusers."""

    list_display = ["username", "first_name", "last_name", "roles", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "groups", "is_superuser"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (
            _("Roles"),
            {
                "fields": ["is_active", "is_staff", "groups"],
                "description": _("An Editor writes, a Reviewer also publishes, an Administrator also manages accounts."),
            },
        ),
        (_("Beyond the roles"), {"fields": ["is_superuser", "user_permissions"], "classes": ["collapse"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Three roles are boxes to tick; the single permissions beyond them are a plain list."""
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all()) or "–"

    def get_readonly_fields(self, request, obj=None):
        beyond = [] if request.user.is_superuser else ["is_superuser", "user_permissions"]
        return [*super().get_readonly_fields(request, obj), *beyond]

    def has_change_permission(self, request, obj=None):
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def user_change_password(self, request, id, form_url=""):
        request.changes_password = True
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    def log_change(self, request, obj, message):
        """A password is changed outside the ordinary form, so its ledger row is written here; it never holds the password."""
        if getattr(request, "changes_password", False):
            ledger.record(verb="user.password_changed", record=obj, by=request.user, before=ledger.snapshot(obj), public=False)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """The roles. `sync_roles` gives the three of editorial/roles.py their permissions back at every start."""

    filter_horizontal = []
