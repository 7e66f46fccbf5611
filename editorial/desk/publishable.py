"""Steps of the workflow as buttons and as actions on many records: each calls a verb of `editorial.workflow`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from editorial import previews, workflow
from editorial.four_eyes import authors
from editorial.models import State
from editorial.roles import PUBLISH_ALONE

from .forms import add_refusal, as_refusal, is_number
from .ledgered import LedgeredAdmin, can_publish
from .opening import opening_of
from .proposing import note_of

MEANINGS = {
    State.DRAFT: gettext_lazy("Only editors see it."),
    State.IN_REVIEW: gettext_lazy("Only editors see it; it waits for a reviewer."),
    State.PUBLISHED: gettext_lazy("Everybody sees it."),
    State.WITHDRAWN: gettext_lazy("It was public and was taken back; its address says so."),
}


@dataclass(frozen=True)
class Step:
    """One step of the workflow, as the admin offers it."""

    verb: Callable
    label: str | Promise
    button: str | Promise
    done: str | Promise
    states: tuple[State, ...]
    for_reviewers: bool = True
    asks_why: bool = True


STEPS = {
    "submit": Step(
        workflow.submit,
        gettext_lazy("Submit for review"),
        gettext_lazy("Save and submit for review"),
        ngettext_lazy("%d record handed in for review.", "%d records handed in for review."),
        (State.DRAFT,),
        for_reviewers=False,
        asks_why=False,
    ),
    "publish": Step(
        workflow.publish,
        gettext_lazy("Publish"),
        gettext_lazy("Save and publish"),
        ngettext_lazy("%d record published.", "%d records published."),
        (State.DRAFT, State.IN_REVIEW),
        asks_why=False,
    ),
    "send_back": Step(
        workflow.send_back,
        gettext_lazy("Send back"),
        gettext_lazy("Send back …"),
        ngettext_lazy("%d record sent back.", "%d records sent back."),
        (State.IN_REVIEW,),
    ),
    "withdraw": Step(
        workflow.withdraw,
        gettext_lazy("Withdraw"),
        gettext_lazy("Withdraw …"),
        ngettext_lazy("%d record withdrawn.", "%d records withdrawn."),
        (State.PUBLISHED,),
    ),
    "restore": Step(
        workflow.restore,
        gettext_lazy("Restore"),
        gettext_lazy("Restore …"),
        ngettext_lazy("%d record restored.", "%d records restored."),
        (State.WITHDRAWN,),
    ),
}


class PublishableAdmin(LedgeredAdmin):
    """Pages of records with an editorial life."""

    steps = STEPS
    actions = ["submit_selected", "publish_selected", "send_back_selected", "withdraw_selected", "restore_selected", "discard_selected"]
    readonly_fields = ("state_explained", "created_by", "published_at")
    slug_from = "name"

    editorial_fieldset = (gettext_lazy("Editorial"), {"fields": readonly_fields, "classes": ["collapse"]})

    def get_prepopulated_fields(self, request, obj=None):
        """The slug follows the name while the record is new, and never after."""
        has_slug = any(field.name == "slug" for field in self.opts.fields)
        return {"slug": (self.slug_from,)} if obj is None and has_slug else {}

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, record):
        return format_html('<span class="state state-{}">{}</span>', record.state, record.get_state_display())

    @admin.display(description=gettext_lazy("state"))
    def state_explained(self, record):
        return format_html("{} – {}", self.state_shown(record), MEANINGS[State(record.state)])

    # Steps offered

    def steps_for(self, request, record) -> dict[str, Step]:
        """The steps this person may take with this record now."""
        state = record.state if record else State.DRAFT
        steps = {name: step for name, step in self.steps.items() if state in step.states and self._may(request, step)}
        if record is not None and record.is_final:
            steps.pop("withdraw", None)
        return steps

    def _may(self, request, step: Step) -> bool:
        return can_publish(request) if step.for_reviewers else self.has_change_permission(request)

    def has_publish_permission(self, request):
        return can_publish(request)

    def get_urls(self):
        return [
            path(
                f"<path:object_id>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(self.step_view),
                {"name": name},
                name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
            )
            for name, step in self.steps.items()
            if step.asks_why
        ] + super().get_urls()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        steps = self.steps_for(request, obj) if not context.get("is_popup") else {}
        may_save = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        saves_at_once = may_save and (obj is None or not obj.is_public)
        context["save_steps"] = {
            name: step
            for name, step in steps.items()
            if saves_at_once and not step.asks_why and (name != "publish" or self._may_publish(request, obj))
        }
        context["page_steps"] = [
            {"label": step.button, "url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[obj.pk])}
            for name, step in steps.items()
            if obj is not None and step.asks_why
        ]
        context["stays_draft"] = saves_at_once
        context["note"] = note_of(obj) if obj is not None else None
        context["state_of_record"] = self.state_explained(obj) if obj is not None else None
        context["preview"] = obj and previews.url(opening_of(request).revision or obj)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def _may_publish(self, request, record) -> bool:
        """Whether publishing it from its form can come to anything: nobody publishes alone what they wrote."""
        if request.user.has_perm(PUBLISH_ALONE):
            return True
        return record is not None and request.user.get_username() not in authors(record)

    # Steps taken

    def save_record(self, request, form, formsets, change):
        record, new_slug = form.instance, getattr(form.instance, "slug", "")
        waits = opening_of(request).waits
        renamed = change and not waits and "slug" in form.changed_data and record.published_at is not None
        if renamed:
            record.slug = form.initial["slug"]
        saved = super().save_record(request, form, formsets, change)
        if renamed:
            # Its old address may have been cited, so it keeps redirecting.
            workflow.rename(record=saved, slug=new_slug, by=request.user, reason=form.cleaned_data["reason"])
            record.slug = new_slug
        return saved

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        name = request.POST.get("_step")
        if name and not opening_of(request).waits:
            steps = self.steps_for(request, form.instance)
            if name not in steps or steps[name].asks_why:
                raise PermissionDenied
            steps[name].verb(record=form.instance, by=request.user, reason=form.cleaned_data["reason"])
            self.message_user(request, steps[name].done % 1, messages.SUCCESS)

    def step_view(self, request, object_id, name):
        """Ask why, and for a withdrawal what takes its place; then take the step with this one record."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record) or name not in self.steps_for(request, record):
            raise PermissionDenied
        step = self.steps[name]
        form = self.step_form(name, one=True)(request.POST or None)
        if request.method == "POST" and form.is_valid():
            seen = request.POST.get("opened_version", "")
            try:
                step.verb(record=record, by=request.user, opened=int(seen) if is_number(seen) else 0, **form.cleaned_data)
            except (ValidationError, DatabaseError) as error:
                form.instance = record = self.get_object(request, unquote(object_id))
                add_refusal(form, as_refusal(error))
            else:
                self.message_user(request, step.done % 1, messages.SUCCESS)
                return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk]))
        return self.asking_page(request, label=step.label, form=form, records=[record], opened=record.version)

    def step_form(self, name, *, one):
        """The form of a step: why; and when one record is withdrawn, what replaces it."""
        fields = {}
        if one and name == "withdraw" and hasattr(self.model, "replaced_by"):
            field = self.opts.get_field("replaced_by")
            fields["replaced_by"] = forms.ModelChoiceField(
                label=_("Replaced by"),
                required=False,
                queryset=self.model.objects.public(),
                help_text=_("Readers who come to the old address are told."),
                widget=AutocompleteSelect(field, self.admin_site),
            )
        return self.why_form(**fields)

    def take_with_many(self, request, queryset, name):
        """One step with every record selected; those it is refused for are named with the reason."""
        step, given = self.steps[name], {}

        def verb(record, by, **kwargs):
            step.verb(record=record, by=by, opened=record.version, **kwargs)

        if step.asks_why:
            form = self.step_form(name, one=False)(request.POST if "confirmed" in request.POST else None)
            if not form.is_valid():
                return self.asking_page(request, label=step.label, form=form, records=queryset, action=f"{name}_selected")
            given = form.cleaned_data
        self.for_each(request, queryset, verb, done=lambda n: step.done, **given)
        return None

    @admin.action(description=STEPS["submit"].label, permissions=["change"])
    def submit_selected(self, request, queryset):
        return self.take_with_many(request, queryset, "submit")

    @admin.action(description=STEPS["publish"].label, permissions=["publish"])
    def publish_selected(self, request, queryset):
        return self.take_with_many(request, queryset, "publish")

    @admin.action(description=STEPS["send_back"].label, permissions=["publish"])
    def send_back_selected(self, request, queryset):
        return self.take_with_many(request, queryset, "send_back")

    @admin.action(description=STEPS["withdraw"].label, permissions=["publish"])
    def withdraw_selected(self, request, queryset):
        return self.take_with_many(request, queryset, "withdraw")

    @admin.action(description=STEPS["restore"].label, permissions=["publish"])
    def restore_selected(self, request, queryset):
        return self.take_with_many(request, queryset, "restore")
