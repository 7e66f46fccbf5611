"""A change form knows what it was opened with, so that nobody overwrites what they have not seen."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from django.contrib import admin
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from editorial import revisions
from editorial.models import Change, Revision

from .boxes import Boxes, as_query, held_by, is_number, packed, together, typed_in, unpacked
from .forms import LedgeredForm, LedgeredFormSet, sentences
from .merging import canonical, merge
from .overtaken import Overtaken
from .waiting import boxes_of_revision
from .words import boxes_in_words


def last_serial(model: type[models.Model], number) -> int:
    """The last row of the ledger about a record; 0 before the first."""
    rows = Change.objects.filter(type=model._meta.label_lower, record_id=str(number)[:40])
    return rows.order_by("-serial").values_list("serial", flat=True).first() or 0


def edition(record: models.Model, revision: Revision | None = None, *, serial: int | None = None) -> str:
    """What tells two states of a record apart: its version, and that of its open revision.

    A record without a version, such as an account, is told apart by its last
    ledger row: `serial`, when it was asked for before the record was read.
    """
    if not hasattr(record, "version") and serial is None:
        serial = last_serial(type(record), record.pk)
    known = getattr(record, "version", serial)
    return f"{known}.{revision.pk}.{revision.version}" if revision else str(known)


def open_revision(record: models.Model) -> Revision | None:
    """The change that waits, of a record whose changes do; others are changed at once."""
    return revisions.pending(record) if getattr(record, "changes_wait", False) else None


@dataclass
class Opening:
    """What one request knows about the record whose form it shows or saves."""

    record: models.Model | None = None  # read, and locked when it is about to be written
    edition: str = ""
    waits: bool = False  # whether what is saved waits as a revision: as the record stands, whatever the form makes of it
    revision: Revision | None = None
    boxes: Boxes = field(default_factory=dict)  # what a form of the record itself holds
    waiting: QueryDict | None = None  # what a form of its open revision holds
    overtaken: Overtaken | None = None
    proposed: bool = False  # what was sent is kept as the revision, or nothing when it changes nothing
    broken: list[str] = field(default_factory=list)  # why the revision cannot be shown in the form
    step: str = ""  # and this step was taken with it


def opening_of(request) -> Opening:
    return getattr(request, "opening", None) or Opening()


class OpensKnowingly(admin.ModelAdmin):
    """Compares what a form was opened with and what the record holds when it is sent, and puts the two together."""

    def _changeform_view(self, request, object_id, form_url, extra_context):
        request.opening = Opening()
        to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        if object_id is not None and (not to_field or self.to_field_allowed(request, to_field)):
            # Before the record is read: what is saved in between then counts as not seen.
            is_told_by_serial = not hasattr(self.model, "version") and self.has_change_permission(request)
            serial = last_serial(self.model, unquote(object_id)) if is_told_by_serial else None
            record = self.get_object(request, unquote(object_id), to_field)
            if request.method == "POST" and (answer := self._too_late(request, record)):
                return answer
            if record is not None and self.has_change_permission(request, record):
                self._open(request, record, serial if request.method == "GET" else None)
            request.opening.record = record
        return super()._changeform_view(request, object_id, form_url, extra_context)

    def _open(self, request, record, serial) -> None:
        opening, sent = request.opening, request.POST if request.method == "POST" else None
        opening.waits = getattr(record, "changes_wait", False)
        opening.revision = revision = open_revision(record)
        opening.edition = edition(record, revision, serial=serial)
        is_stale = sent is not None and sent.get("opened_version") != opening.edition
        if not (revision or is_stale or (sent is not None and opening.waits)):
            return
        form, formsets = self.fresh(request, record)
        opening.boxes, parts = held_by(form, formsets), together(form, formsets)
        merged, last = None, None
        now = opening.boxes
        if revision is not None:
            try:
                before, typed = boxes_of_revision(revision, record, now, lambda applied: held_by(*self.fresh(request, applied)))
            except ValidationError as refusal:
                before, typed, opening.broken = now, now, sentences(refusal, self.model)
            merged, last = merge(before, typed, now, together=parts), Change.objects.of(record).last()
            now = merged.boxes
        if sent is None:
            about = {"opened_version": opening.edition, "opened_form": packed(now)}
            opening.waiting = as_query(now | about)
        elif is_stale:
            mine = typed_in(sent)
            merged = merge(unpacked(sent.get("opened_form", "")), mine, now, together=parts)
            last = self._last_change(record, revision, sent.get("opened_version", ""))
            request.POST = resent(sent, mine, merged.boxes | {"opened_version": opening.edition, "opened_form": packed(now)})
        else:
            return
        if not merged.is_quiet:
            opening.overtaken = Overtaken.by(last, merged, form, formsets)

    def fresh(self, request, record):
        """The form and the lists of a record as it stands, nothing typed."""
        looking = copy.copy(request)
        looking.method, looking.resolver_match, looking.opening = "GET", request.resolver_match, Opening()
        fields = flatten_fieldsets(self.get_fieldsets(looking, record))
        form = self.get_form(looking, record, change=True, fields=fields)(instance=record)
        return form, self._create_formsets(looking, record, change=True)[0]

    def _last_change(self, record, revision, opened: str) -> Change | None:
        """The newest row about the record, or about the revision that was or is open."""
        numbers = [number for number in [*opened.split(".")[1:2], str(revision.pk) if revision else ""] if is_number(number)]
        its_own = Q(type=record._meta.label_lower, record_id=str(record.pk))
        return Change.objects.filter(its_own | Q(type=Revision._meta.label_lower, record_id__in=numbers)).order_by("-serial").first()

    def _too_late(self, request, record):
        """The page that gives back what somebody typed into a form of what is deleted, or final, by now."""
        base, typed = unpacked(request.POST.get("opened_form", "")) or {}, typed_in(request.POST)
        written = {name: value for name, value in typed.items() if canonical(value) != canonical(base.get(name))}
        if not written or (record is not None and self.has_change_permission(request, record)):
            return None
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Not saved"),
            "opts": self.opts,
            "record": record,
            "typed": boxes_in_words(self.model, written),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/too_late.html", context, status=404 if record is None else 403)

    # The parts of the form

    def get_object(self, request, object_id, from_field=None):
        opening = opening_of(request)
        if opening.record is not None and str(opening.record.pk) == str(object_id):
            return opening.record
        return super().get_object(request, object_id, from_field)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form, opening = super().get_form(request, obj, change=change, **kwargs), opening_of(request)
        known = {name: getattr(opening, name) for name in ("edition", "waiting", "overtaken")}
        return type(form.__name__, (LedgeredForm, form), {"refusal": getattr(request, "refusal", None), **known})

    def get_inline_instances(self, request, obj=None):
        inlines, known = super().get_inline_instances(request, obj), {"overtaken": opening_of(request).overtaken}
        for inline in inlines:
            inline.formset = type(inline.formset.__name__, (LedgeredFormSet, inline.formset), known)
        return inlines

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs, waiting = super().get_formset_kwargs(request, obj, inline, prefix), opening_of(request).waiting
        return kwargs if waiting is None else kwargs | {"data": waiting}

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if obj is not None and not form.is_bound and self.has_change_permission(request, obj):
            form.fields["opened_form"].initial = packed(held_by(form, [inline.formset for inline in context["inline_admin_formsets"]]))
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)


def resent(sent: QueryDict, mine: Boxes, boxes: Boxes) -> QueryDict:
    """What was sent, with these boxes in place of mine."""
    query = sent.copy()
    for name in mine:
        del query[name]
    for name, values in as_query(boxes).lists():
        query.setlist(name, values)
    return query
