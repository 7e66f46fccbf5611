"""Saving and deleting in the admin goes through the verbs, whatever kind of record it is."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, models, transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial import ledger, workflow
from editorial.four_eyes import public_at_once
from editorial.roles import PUBLISH

from .boxes import first_error, is_number
from .forms import REASONS, as_refusal, sentences, what_was_changed
from .history import HistoryPages
from .lists import SafeLists
from .opening import OpensKnowingly, edition, opening_of
from .proposing import ProposesRevisions

MISTAKE = gettext_lazy("Entered by mistake")


def can_publish(request) -> bool:
    """Whether this person may make records public."""
    return request.user.has_perm(PUBLISH)


class LedgeredAdmin(OpensKnowingly, ProposesRevisions, HistoryPages, SafeLists, admin.ModelAdmin):
    """A change page whose every save is one verb: record, belongings and ledger row, or nothing.

    The admin site mixes this into every page registered with it. A change to
    what is public waits as a revision; what was ever public is not deleted.
    The stock admin's own log is not kept: the ledger is the history.
    """

    actions = ["discard_selected"]
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})}}

    def has_delete_permission(self, request, obj=None):
        was_public = getattr(obj, "changes_wait", False)
        return super().has_delete_permission(request, obj) and not was_public

    # The form

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
        if record is None or record is opening_of(request).record:
            return record
        if request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return record
        try:
            workflow.locked(record)
        except ObjectDoesNotExist:  # deleted since
            return None
        record = super().get_object(request, object_id, from_field)
        self.tell_all(record)
        record.ledger_before = ledger.snapshot(record)
        return record

    def tell_all(self, record) -> None:
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
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        context["first_error"] = first_error(context["adminform"].form, formsets) if context["errors"] else None
        return super().render_change_form(request, context, *args, **kwargs)

    # Writing

    def save_model(self, request, obj, form, change):
        """Nothing yet: `save_related` saves the record together with its belongings."""

    def save_related(self, request, form, formsets, change):
        if change and not form.cleaned_data["reason"]:
            form.cleaned_data["reason"] = what_was_changed(form, formsets)
        self.save_record(request, form, formsets, change)

    def save_record(self, request, form, formsets, change):
        """Save record, belongings and ledger row in one verb, or keep them as a revision; return the record."""
        record, reason = form.instance, form.cleaned_data["reason"]
        self.tell_all(record)

        def children(_record):
            super(LedgeredAdmin, self).save_related(request, form, formsets, change)

        if opening_of(request).waits:
            return self.propose(request, record, children=children, reason=reason)
        if getattr(record, "is_public", False):
            reason = public_at_once(by=request.user, reason=reason)
        before = getattr(record, "ledger_before", None)
        return workflow.save(record=record, by=request.user, before=before, children=children, reason=reason)

    # Deleting

    def delete_model(self, request, obj):
        if request.POST.get("opened_version") != edition(obj):
            raise workflow.Stale(obj)
        workflow.discard(record=obj, by=request.user, reason=request.POST.get("reason", ""), opened=getattr(obj, "version", None))

    def render_delete_form(self, request, context):
        context |= {"opened_version": edition(context["object"]), "reason": MISTAKE}
        return super().render_delete_form(request, context)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except (ValidationError, DatabaseError) as error:
            for sentence in sentences(as_refusal(error), self.model):
                self.message_user(request, sentence, messages.ERROR)
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id]))

    def refuse_deletion(self, request, record) -> None:
        """Raise ValidationError, in words, for what this person cannot delete."""
        if not self.has_delete_permission(request, record):
            raise ValidationError(_("It is or was public, so it is not deleted."), code="was_public")

    @admin.action(description=gettext_lazy("Delete (only what was never public)"), permissions=["delete"])
    def discard_selected(self, request, queryset):
        def discard(record, by, reason):
            self.refuse_deletion(request, record)
            workflow.discard(record=record, by=by, reason=reason)

        form = self.why_form(initial=MISTAKE)(request.POST if "confirmed" in request.POST else None)
        if not form.is_valid():
            return self.asking_page(request, label=_("Delete"), form=form, records=queryset, action="discard_selected")
        done = lambda n: ngettext("%d record deleted.", "%d records deleted.", n)  # noqa: E731
        self.for_each(request, queryset, discard, done=done, **form.cleaned_data)
        return None

    # The stock log is not kept: every one of these has its row in the ledger.

    def construct_change_message(self, request, form, formsets, add=False):
        return []

    def log_addition(self, request, obj, message):
        pass

    def log_change(self, request, obj, message):
        pass

    def log_deletions(self, request, queryset):
        pass

    def get_view_on_site_url(self, obj=None):
        """A link to the public page, where there is one."""
        if obj is None or not getattr(obj, "is_public", False) or not hasattr(obj, "get_absolute_url"):
            return None
        return obj.get_absolute_url()
