"""Saving and deleting in the admin goes through the verbs, whatever kind of record it is."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import BadRequest, FieldDoesNotExist, ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError, models, transaction
from django.forms.models import BaseInlineFormSet
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial import ledger, workflow
from editorial.models import Change
from editorial.roles import PUBLISH

from .forms import REASONS, LedgeredForm, as_refusal, is_number, keep_readable, sentences

ROWS_OF_HISTORY = 50
LONGEST_SEARCH = 200


def can_publish(request) -> bool:
    """Whether this person may make records public, and change those that are."""
    return request.user.has_perm(PUBLISH)


class LedgeredAdmin(admin.ModelAdmin):
    """A change page whose every save is one verb: record, belongings and ledger row, or nothing.

    The admin site mixes this into every page registered with it. What is
    public is changed only by those who may publish; what was ever public is
    not deleted. The stock admin's own log is not kept: the ledger is the history.
    """

    actions = ["discard_selected"]
    object_history_template = "admin/ledger_of_a_record.html"
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})}}
    # Links of this record by which other pages of the desk point at its list.
    linked_by: list[str] = []

    # Who may do what

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (not getattr(obj, "is_public", False) or can_publish(request))

    def has_delete_permission(self, request, obj=None):
        was_public = getattr(obj, "is_public", False) or getattr(obj, "published_at", None) is not None
        return super().has_delete_permission(request, obj) and not was_public

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (LedgeredForm, form), {"refusal": getattr(request, "refusal", None)})

    def get_inline_instances(self, request, obj=None):
        inlines = super().get_inline_instances(request, obj)
        for inline in inlines:
            if not issubclass(inline.formset, KeepsWhatWasTyped):
                inline.formset = type(inline.formset.__name__, (KeepsWhatWasTyped, inline.formset), {})
        return inlines

    def get_changeform_initial_data(self, request):
        """What the address prefills, as far as it can be read."""
        return {name: value for name, value in super().get_changeform_initial_data(request).items() if self._is_readable(name, value)}

    def _is_readable(self, name, value) -> bool:
        try:
            field = self.opts.get_field(name)
            if field.is_relation:
                return all(map(is_number, value if isinstance(value, list) else [value]))
            field.to_python(value)
        except (FieldDoesNotExist, ValidationError):
            return False
        return True

    def get_object(self, request, object_id, from_field=None):
        """The record; when it is about to be written, locked and with what it held before."""
        record = super().get_object(request, object_id, from_field)
        if record is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return record
        try:
            workflow.locked(record)
        except ObjectDoesNotExist:  # deleted since
            return None
        record = super().get_object(request, object_id, from_field)
        self._tell_all(record)
        record.ledger_before = ledger.snapshot(record)
        return record

    def _tell_all(self, record) -> None:
        """Everything edited on this page is told in its ledger row, wherever the model draws the line."""
        accessors = [inline.model._meta.get_field(self._link_to_parent(inline)).remote_field.get_accessor_name() for inline in self.inlines]
        record.ledger_children = tuple(dict.fromkeys([*getattr(record, "ledger_children", ()), *accessors]))

    def _link_to_parent(self, inline) -> str:
        return inline.fk_name or next(
            field.name for field in inline.model._meta.fields if field.is_relation and field.related_model is self.model
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What a verb or the database refuses comes back as the form, with the reason at its field."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (ValidationError, DatabaseError) as error:
            if request.method != "POST" or hasattr(request, "refusal"):
                raise
            request.refusal = as_refusal(error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, *args, **kwargs):
        context["reasons"] = REASONS
        return super().render_change_form(request, context, *args, **kwargs)

    # Writing

    def save_model(self, request, obj, form, change):
        """Nothing yet: `save_related` saves the record together with its belongings."""

    def save_related(self, request, form, formsets, change):
        self.save_record(request, form, formsets, change)

    def save_record(self, request, form, formsets, change):
        """Save record, belongings and ledger row in one verb; return the record."""
        record, reason = form.instance, form.cleaned_data["reason"]
        self._tell_all(record)
        if getattr(record, "is_public", False) and not can_publish(request):
            # Such as a participant of a public meeting: public as soon as it is saved.
            raise ValidationError(_("It belongs to what everybody sees, so a reviewer saves it."), code="public")
        return workflow.save(
            record=record,
            by=request.user,
            before=getattr(record, "ledger_before", None),
            children=lambda _record: super(LedgeredAdmin, self).save_related(request, form, formsets, change),
            reason=reason,
        )

    def delete_model(self, request, obj):
        workflow.discard(record=obj, by=request.user)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except (ValidationError, DatabaseError) as error:
            for sentence in sentences(as_refusal(error), self.model):
                self.message_user(request, sentence, messages.ERROR)
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    @admin.action(description=gettext_lazy("Delete (only what was never public)"), permissions=["delete"])
    def discard_selected(self, request, queryset):
        def discard(record, by):
            if not self.has_delete_permission(request, record):
                raise ValidationError(_("It is or was public, so it is not deleted."), code="was_public")
            workflow.discard(record=record, by=by)

        self.for_each(request, queryset, discard, done=lambda n: ngettext("%d record deleted.", "%d records deleted.", n))

    def for_each(self, request, queryset, verb, *, done, **kwargs):
        """Apply a verb to each record by itself, and say what was done and what was refused and why."""
        count = 0
        for record in queryset.order_by("pk"):
            try:
                verb(record=record, by=request.user, **kwargs)
            except (ValidationError, DatabaseError) as error:
                why = " ".join(sentences(as_refusal(error), self.model))
                self.message_user(request, _("“%(record)s”: %(why)s") % {"record": record, "why": why}, messages.ERROR)
            else:
                count += 1
        if count:
            self.message_user(request, done(count) % count, messages.SUCCESS)

    # The stock log is not kept: every one of these has its row in the ledger.

    def construct_change_message(self, request, form, formsets, add=False):
        return []

    def log_addition(self, request, obj, message):
        pass

    def log_change(self, request, obj, message):
        pass

    def log_deletions(self, request, queryset):
        pass

    def history_view(self, request, object_id, extra_context=None):
        """The rows of the ledger about this record, newest first."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        page = Paginator(Change.objects.of(record).order_by("-serial"), ROWS_OF_HISTORY).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % record,
            "subtitle": None,
            "page": page,
            "rows": [(change, differences(change)) for change in page],
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": record,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)

    # Lists

    def lookup_allowed(self, lookup, value, request=None):
        """Only what a filter of this list makes: nobody types a regular expression into the address bar."""
        allowed = set()
        for item in self.get_list_filter(request):
            if isinstance(item, type):
                allowed.add(item.parameter_name)
                continue
            name = item[0] if isinstance(item, list | tuple) else item
            allowed |= {name, *(f"{name}__{ending}" for ending in ("exact", "id__exact", "isnull"))}
        allowed |= {f"{name}__id__exact" for name in self.linked_by}
        if self.date_hierarchy and lookup in {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}:
            return is_number(value) and len(value) <= 4
        return lookup in allowed

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])

    def changelist_view(self, request, extra_context=None):
        if not all(map(is_number, request.POST.getlist(helpers.ACTION_CHECKBOX_NAME))):
            raise BadRequest("A selected record is named by its number.")
        return super().changelist_view(request, extra_context)

    def get_view_on_site_url(self, obj=None):
        """A link to the public page, where there is one."""
        if obj is None or not getattr(obj, "is_public", False) or not hasattr(obj, "get_absolute_url"):
            return None
        return obj.get_absolute_url()


class KeepsWhatWasTyped(BaseInlineFormSet):
    """Rows that somebody else deleted meanwhile come back as an error with their text, not as a crash."""

    def _existing_object(self, pk):
        return super()._existing_object(pk) or self.model()

    def add_fields(self, form, index):
        """In a table the column's heading is no label: each box carries its own."""
        super().add_fields(form, index)
        keep_readable(form.fields.values())
        for field in form.fields.values():
            if not field.widget.is_hidden and field.label:
                # A link to another record is drawn by a widget inside the one with the buttons.
                getattr(field.widget, "widget", field.widget).attrs.setdefault("aria-label", field.label)


def differences(change: Change) -> list[tuple[str, str, str]]:
    """What a ledger row changed: field, before and after, as text."""
    found = [(name, as_text(change.before.get(name)), as_text(change.after.get(name))) for name in change.fields]
    return [row for row in found if row[1] != row[2]]


def as_text(value) -> str:
    """A value of the ledger for people: lists line by line, and a dash for nothing."""
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, list):
        return "\n".join(as_text(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {as_text(item)}" for key, item in value.items())
    return str(value)
