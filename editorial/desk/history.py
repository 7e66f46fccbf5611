"""The history tab of a record: the ledger in the reader's words, and a way back from any change of its fields."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DatabaseError, models, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from editorial import ledger, revisions, workflow
from editorial.four_eyes import public_at_once
from editorial.models import Change, Revision
from editorial.snapshots import put_back

from .comparing import differences
from .forms import add_refusal, as_refusal
from .lists import DERIVED
from .opening import edition, open_revision
from .proposing import page_of
from .words import field_of, label, verb_in_words

ROWS_OF_HISTORY = 50
# A row that touches one of these tells of a step of the workflow, which has a step back of its own.
_OF_THE_WORKFLOW = {"state", "is_public", "published_at"}


class HistoryPages(admin.ModelAdmin):
    """History and reverting."""

    object_history_template = "admin/ledger_of_a_record.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.revert_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_revert"
        return [path("<path:object_id>/revert/<int:serial>/", view, name=name), *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        """The rows of the ledger about this record, newest first."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        page = Paginator(Change.objects.of(record).order_by("-serial"), ROWS_OF_HISTORY).get_page(request.GET.get("p"))
        may_revert = self.has_change_permission(request, record)
        rows = [
            {
                "change": change,
                "deed": verb_in_words(change.verb),
                "differences": differences(self.model, change.before, change.after),
                "revert": may_revert and restorable(self.model, change) and self._revert_address(record, change),
            }
            for change in page
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % record,
            "subtitle": None,
            "page": page,
            "rows": rows,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": record,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)

    def _revert_address(self, record, change) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_revert", args=[record.pk, change.serial])

    def revert_view(self, request, object_id, serial):
        """Show what would be put back and what was changed since, ask why, and put it back as a new change."""
        with transaction.atomic():
            record = self.get_object(request, unquote(object_id))
            if record is None:
                return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            change = Change.objects.of(record).filter(serial=serial).first()
            if change is None or not restorable(self.model, change) or not self.has_change_permission(request, record):
                raise PermissionDenied
            form = self.why_form(initial=_("Change %(serial)s taken back.") % {"serial": serial})(request.POST or None)
            if request.method == "POST" and form.is_valid():
                try:
                    with transaction.atomic():
                        said = self._put_back(request, record, change, form.cleaned_data["reason"])
                except (ValidationError, DatabaseError) as error:
                    form.instance = record
                    add_refusal(form, as_refusal(error))
                else:
                    self.message_user(request, said, messages.SUCCESS)
                    address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
                    return HttpResponseRedirect(address)
            return self._revert_page(request, self.model._base_manager.get(pk=record.pk), change, form)

    def _revert_page(self, request, record, change, form):
        self.tell_all(record)
        present, fields = ledger.snapshot(record), restorable(self.model, change)
        now, before = ({name: shot.get(name) for name in fields} for shot in (present, change.before))
        later = [row for row in Change.objects.of(record).filter(serial__gt=change.serial) if set(row.fields) & set(fields)]
        extra = {
            "differences": differences(self.model, now, before),
            "later": [(row, verb_in_words(row.verb), [label(self.model, name) for name in row.fields if name in before]) for row in later],
            "saves_revision": getattr(record, "changes_wait", False),
        }
        opened = edition(record, open_revision(record))
        return self.asking_page(request, label=_("Put back what it was"), form=form, records=[record], opened=opened, extra=extra)

    def _put_back(self, request, record, change, reason) -> str:
        """Write the earlier text; return the sentence that says what became of it."""
        if request.POST.get("opened_version") != edition(record, open_revision(record)):
            raise workflow.Stale(record)
        if open_revision(record) is not None:
            raise ValidationError(_("Another change of this record waits already: publish or discard it first."), code="waits")
        wanted = {name: change.before.get(name) for name in restorable(self.model, change)}
        if getattr(record, "changes_wait", False):
            rows = put_back(record, wanted)
            revision = revisions.propose(record=record, by=request.user, children=rows, reason=reason)
            if revision is None:
                return _("Nothing differs from what readers see, so nothing waits.")
            # Whoever put it back has seen what becomes different and said why: there is nothing left to write on.
            revision = workflow.submit(record=revision, by=request.user, reason=reason)
            look = format_html('<a href="{}">{}</a>', page_of(revision), _("Compare the two"))
            return format_html("{} {}", _("The earlier text waits for a reviewer; readers keep seeing the present one."), look)
        # An address that was public once is never simply changed: it goes on redirecting.
        slug = wanted.pop("slug", None) if getattr(record, "published_at", None) else None
        rows, verb = put_back(record, wanted), f"{self.opts.model_name}.reverted"
        if getattr(record, "is_public", False):
            reason = public_at_once(by=request.user, reason=reason)
        workflow.save(record=record, by=request.user, before=record.ledger_before, children=rows, reason=reason, verb=verb)
        if slug:
            workflow.rename(record=record, slug=slug, by=request.user, reason=reason)
        return _("The earlier text was put back.")


def restorable(model: type[models.Model], change: Change) -> list[str]:
    """The fields that a row changed and that can be put back: those somebody types.

    None for a row that tells of the beginning, the end or a step of a record,
    or of what only follows from other records; and none of accounts, to which
    a way back could give rights that were taken, or of revisions.
    """
    if not hasattr(model, "version") or model is Revision:
        return []
    if not change.before or not change.after or _OF_THE_WORKFLOW.intersection(change.fields) or change.verb.endswith(DERIVED):
        return []
    return [name for name in change.fields if _is_typed(field_of(model, name))]


def _is_typed(field) -> bool:
    return field is not None and (field.auto_created or field.editable or isinstance(field, models.JSONField))
