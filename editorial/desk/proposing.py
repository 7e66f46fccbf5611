"""Saving what is public writes a revision: readers keep seeing the old text until somebody else has looked."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import revisions, workflow
from editorial.models import Change, Revision, State
from editorial.roles import PUBLISH_ALONE

from .boxes import typed_in
from .opening import opening_of
from .waiting import kept_form

BUTTONS = {"submit": gettext_lazy("Save and submit for review"), "publish": gettext_lazy("Save and publish")}


def page_of(revision: Revision) -> str:
    """The address of a revision's page, the two texts side by side."""
    return reverse("admin:editorial_revision_change", args=[revision.pk])


def note_of(record: models.Model) -> Change | None:
    """The note with which a reviewer sent a draft back; it stands until the draft is handed in again."""
    if getattr(record, "state", None) != State.DRAFT:
        return None
    return Change.objects.of(record).filter(verb__endswith=".sent_back").last()


class ProposesRevisions(admin.ModelAdmin):
    """The change form of a public record: what is saved there waits."""

    def propose(self, request, record, *, children, reason) -> models.Model:
        """Keep the edit as the open revision of the record, and take the step that was asked for; return the record."""
        opening, step = opening_of(request), request.POST.get("_step")
        if step and step not in self.revision_buttons(request):
            raise PermissionDenied
        opening.proposed = True
        opening.revision = revision = revisions.propose(
            record=record,
            by=request.user,
            children=children,
            reason=reason,
            form=kept_form(opening.boxes, typed_in(request.POST)),
            opened=opening.revision and opening.revision.version,
        )
        if revision is not None and step == "submit":
            if revision.state == State.DRAFT:
                opening.revision = workflow.submit(record=revision, by=request.user)
            opening.step = step
        elif revision is not None and step == "publish":
            revisions.publish(revision=revision, by=request.user, reason=reason)
            opening.step = step
        return record

    def revision_buttons(self, request) -> dict:
        """Steps offered beside saving; who may publish alone may do so at once."""
        return {name: label for name, label in BUTTONS.items() if name != "publish" or request.user.has_perm(PUBLISH_ALONE)}

    def response_change(self, request, obj):
        opening = opening_of(request)
        if not opening.proposed:
            return super().response_change(request, obj)
        self.message_user(request, self._what_became_of_it(opening), messages.SUCCESS)
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.path)
        return self.response_post_save_change(request, obj)

    def _what_became_of_it(self, opening) -> str:
        if opening.revision is None:
            return _("Nothing differs from what readers see, so nothing waits.")
        if opening.step == "publish":
            return _("Published: readers see the new text.")
        look = format_html('<a href="{}">{}</a>', page_of(opening.revision), _("Compare the two"))
        if opening.step == "submit":
            return format_html("{} {}", _("Your change waits for a reviewer; readers keep seeing the old text."), look)
        return format_html("{} {}", _("Your change waits as a revision; readers keep seeing the old text."), look)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        opening = opening_of(request)
        context["saves_revision"] = opening.waits and not context["is_popup"]
        if opening.waits:
            context["revision_buttons"] = self.revision_buttons(request)
        if opening.revision is not None:
            context["revision"] = opening.revision
            context["revision_page"] = page_of(opening.revision)
            context["revision_broken"] = opening.broken
            context["revision_note"] = note_of(opening.revision)
            context["revision_last"] = Change.objects.of(opening.revision).last()
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
