"""Revisions: what waits, the old text and the new side by side, and what a reviewer decides about it."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import DatabaseError
from django.db.models import Case, Value, When
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from editorial import previews, revisions, workflow
from editorial.models import Change, Revision, State
from editorial.roles import PUBLISH
from editorial.snapshots import snapshot

from .comparing import differences
from .forms import add_refusal, as_refusal, is_number
from .opening import edition
from .proposing import note_of
from .publishable import STEPS, PublishableAdmin, Step
from .words import TRANSLATIONS, kind_in_words, label, model_of, verb_in_words


def _publish(*, record, by, reason="", opened=None):
    if subject_of(record) is None:
        raise ValidationError(_("The record that this revision changes is no more; discard it."), code="gone")
    return revisions.publish(revision=record, by=by, reason=reason, opened=opened)


def may_discard(user, revision: Revision) -> bool:
    """Its author throws a change away, or somebody who may publish; nobody else's work goes with one click."""
    return user.has_perm(PUBLISH) or (revision.created_by_id is not None and revision.created_by_id == user.pk)


def refuse_discarding(user, revision: Revision) -> None:
    if not may_discard(user, revision):
        raise ValidationError(_("Only its author, or somebody who may publish, discards a revision."), code="not_yours")


def _discard(*, record, by, reason="", opened=None):
    refuse_discarding(by, record)
    if not reason.strip():
        raise ValidationError({"reason": _("Note or reason: say why it is discarded; the ledger keeps it.")}, code="required")
    workflow.discard(record=record, by=by, reason=reason, opened=opened)


DISCARD = Step(
    _discard,
    gettext_lazy("Discard"),
    gettext_lazy("Discard"),
    ngettext_lazy("%d revision discarded.", "%d revisions discarded."),
    revisions.OPEN,
    for_reviewers=False,
    asks_why=False,
)
# In the order in which they are offered: from the most to the least wanted.
REVISION_STEPS = {
    "publish": replace(STEPS["publish"], verb=_publish),
    "submit": STEPS["submit"],
    "send_back": STEPS["send_back"],
    "discard": DISCARD,
}


class TypeFilter(admin.SimpleListFilter):
    """Kinds of records, by their names, as they occur."""

    title = gettext_lazy("type")
    parameter_name = "type"

    def lookups(self, request, model_admin):
        found = model_admin.model.objects.order_by().values_list("type", flat=True).distinct()
        return sorted(((type, kind_in_words(type)) for type in found), key=lambda choice: choice[1])

    def queryset(self, request, queryset):
        return queryset.filter(type=self.value()) if self.value() else queryset


class RevisionAdmin(PublishableAdmin):
    """Changes to public records that wait. They are made on the form of the record and decided here."""

    steps = REVISION_STEPS
    actions = ["submit_selected", "publish_selected", "send_back_selected", "discard_selected"]
    list_display = ["label", "kind", "state_shown", "created_by", "what_changes", "updated_at"]
    list_filter = ["state", TypeFilter, ("created_by", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["created_by"]
    search_fields = ["label"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or may_discard(request.user, obj))

    def steps_for(self, request, record):
        steps = super().steps_for(request, record)
        if record is not None and not may_discard(request.user, record):
            steps.pop("discard", None)
        return steps

    def refuse_deletion(self, request, record):
        refuse_discarding(request.user, record)
        super().refuse_deletion(request, record)

    def delete_model(self, request, obj):
        """A revision is thrown away on its own page or from the list, in one way only."""
        if request.POST.get("opened_version") != edition(obj):
            raise workflow.Stale(obj)
        _discard(record=obj, by=request.user, reason=request.POST.get("reason", ""), opened=obj.version)

    def get_ordering(self, request):
        """What waits for a reviewer first, then what is still written on, then what is done."""
        turn = Case(When(state=State.IN_REVIEW, then=Value(0)), When(state=State.DRAFT, then=Value(1)), default=Value(2))
        return [turn.asc(), "-updated_at", "-pk"]

    @admin.display(description=gettext_lazy("type"), ordering="type")
    def kind(self, revision):
        return kind_in_words(revision.type)

    @admin.display(description=gettext_lazy("what it changes"))
    def what_changes(self, revision):
        return get_text_list([_changed(revision, name) for name in revision.fields], _("and"))

    # The page of one

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None:
            raise PermissionDenied
        revision = self.get_object(request, unquote(object_id))
        if revision is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, revision):
            raise PermissionDenied
        form = self.why_form(required=False)(request.POST or None)
        if request.method == "POST" and form.is_valid():
            name = request.POST.get("_step")
            if name not in self.steps_for(request, revision) or not self.has_change_permission(request, revision):
                raise PermissionDenied
            try:
                return self._decide(request, revision, name, form.cleaned_data["reason"])
            except (ValidationError, DatabaseError) as error:
                form.instance = revision = self.get_object(request, unquote(object_id)) or revision
                add_refusal(form, as_refusal(error))
        return self._side_by_side(request, revision, form)

    def _decide(self, request, revision, name, reason):
        step, seen = self.steps[name], request.POST.get("opened_version", "")
        step.verb(record=revision, by=request.user, reason=reason, opened=int(seen) if is_number(seen) else 0)
        self.message_user(request, step.done % 1, messages.SUCCESS)
        if name == "discard":
            return HttpResponseRedirect(reverse("admin:editorial_revision_changelist"))
        return HttpResponseRedirect(address_of_subject(revision) if name == "publish" else request.path)

    def _side_by_side(self, request, revision, form):
        model, record = model_of(revision.type), subject_of(revision)
        is_open = revision.state in revisions.OPEN
        present = snapshot(record)
        overtaken = revisions.moved_on(revision, present) if record is not None and is_open else []
        steps = self.steps_for(request, revision) if self.has_change_permission(request, revision) else {}
        is_mine = "publish" in steps and not self._may_publish(request, revision)
        if is_mine:
            del steps["publish"]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Revision: %s") % revision,
            "opts": self.opts,
            "original": revision,
            "object_id": str(revision.pk),
            "revision": revision,
            "kind": kind_in_words(revision.type),
            "state": self.state_explained(revision),
            "record": record,
            "record_page": address_of_subject(revision) if record is not None else None,
            "differences": differences(model, revision.before, revision.after),
            "overtaken": differences(model, *({name: shot.get(name) for name in overtaken} for shot in (revision.before, present))),
            "changes": [(change, verb_in_words(change.verb)) for change in Change.objects.of(revision).order_by("-serial")],
            "note": note_of(revision),
            "form": form,
            "steps": {name: step.label for name, step in steps.items()},
            "is_mine": is_mine,
            "is_open": is_open,
            "preview": previews.url(revision) if record is not None and is_open and not overtaken else None,
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/revision.html", context)


def _changed(revision: Revision, name: str) -> str:
    """A field that a revision changes, as its list names it; of the translations, into which languages."""
    said = label(model_of(revision.type), name)
    if name != TRANSLATIONS:
        return said
    before, after = (shot.get(name) or {} for shot in (revision.before, revision.after))
    codes = sorted({key.rpartition("_")[2] for key in {*before, *after} if before.get(key) != after.get(key)})
    return f"{said} ({', '.join(codes)})"


def subject_of(revision: Revision):
    """The record it would change; None when that is no more."""
    try:
        return revisions.subject(revision)
    except (ObjectDoesNotExist, LookupError):
        return None


def address_of_subject(revision: Revision) -> str:
    app, name = revision.type.split(".")
    return reverse(f"admin:{app}_{name}_change", args=[revision.record_id])
