"""The close-out of a meeting: one page on which an editor says, initiative by initiative, what the meeting did."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial.desk.forms import as_refusal
from editorial.models import State
from initiatives.agenda import agenda
from initiatives.models import CloseOut, CloseOutLine
from initiatives.statuses import Status
from initiatives.workflow import ROLE_AT_A_MEETING, close_out_meeting, keeps_it_open
from meetings.models import Meeting

from .close_out_sheet import Sheet, put_together, with_one_more
from .new_source import BOXES, known_already


def close_out(request, pk):
    """Every initiative the meeting could have touched, each with one line to fill in; saved in one go, as often as needed."""
    if not request.user.has_perm("initiatives.add_statusupdate"):
        raise PermissionDenied
    meeting = get_object_or_404(Meeting.objects.select_related("series"), pk=pk)
    obstacle = keeps_it_open(meeting)
    sheet = Sheet(meeting, data=request.POST if request.method == "POST" and not obstacle else None)
    if sheet.data is not None:
        if "_add" in request.POST:
            sheet = with_one_more(sheet)
        elif sheet.is_valid():
            try:
                return save(request, sheet)
            except (ValidationError, DatabaseError) as error:
                refusal = as_refusal(error)
                if is_stale(refusal):
                    sheet = put_together(request, sheet)
                else:
                    sheet.add_errors(refusal)
    request.current_app = admin.site.name
    waiting = [row for item in sheet.items for row in item.settled if row.state == State.IN_REVIEW]
    context = {
        **admin.site.each_context(request),
        "title": _("Close-out: %(meeting)s") % {"meeting": meeting},
        "meeting": meeting,
        "obstacle": obstacle,
        "sheet": sheet,
        "new_source": [sheet.head[name] for name in BOXES],
        "decided": sum(item.is_decided for item in sheet.items),
        "waiting": len(waiting),
        "meanings": [(rung, ROLE_AT_A_MEETING[rung].label) for rung in Status],
        "reviewed": ROLE_AT_A_MEETING[""].label,
        "has_errors": any(form.errors for form in sheet.forms if form.is_bound),
        "media": forms.Media(js=["admin/js/core.js"]) + sheet.head.media,
    }
    return TemplateResponse(request, "admin/close_out.html", context)


def is_stale(refusal: ValidationError) -> bool:
    found = refusal.error_dict.values() if hasattr(refusal, "error_dict") else [refusal.error_list]
    return any(error.code == "stale" for errors in found for error in errors)


def save(request, sheet: Sheet):
    """Save the whole page through the verb, say what became of it, and show it as it is now."""
    hand_in, before = "_submit" in request.POST, {row.pk for item in sheet.items for row in item.rows}
    with transaction.atomic():
        # A new source goes with the lines it proves: refused together, kept together.
        source = sheet.head.found_source(by=request.user)
        done = close_out_meeting(
            meeting=sheet.meeting,
            source=source,
            lines=sheet.decided(),
            by=request.user,
            hand_in=hand_in,
            opened=sheet.head.cleaned_data["opened"] or 0,
            reason=sheet.head.cleaned_data["reason"],
        )
    if sheet.head.known_source:
        messages.info(request, known_already(sheet.head.known_source))
    items = agenda(sheet.meeting)
    handed_in = sum(row.state == State.IN_REVIEW for item in items for row in item.rows) if hand_in else 0
    drafts = sum(item.draft is not None for item in items)
    made = sum(row.pk not in before for item in items for row in item.rows)
    counts = [
        (made, ngettext("%(count)d draft made.", "%(count)d drafts made.", made)),
        (handed_in, ngettext("%(count)d row waits for a reviewer.", "%(count)d rows wait for a reviewer.", handed_in)),
        (drafts, ngettext("%(count)d draft is not handed in yet.", "%(count)d drafts are not handed in yet.", drafts)),
    ]
    messages.success(request, " ".join([_("Saved."), *(sentence % {"count": count} for count, sentence in counts if count)]))
    if done.done_at:
        messages.success(request, _("Everything is decided: the meeting is closed out."))
    return HttpResponseRedirect(reverse("admin:close_out", args=[sheet.meeting.pk]))


admin.site.add_page("meetings/<int:pk>/close-out/", close_out, "close_out")


class LineInline(admin.TabularInline):
    model = CloseOutLine
    fields = ["initiative", "outcome", "summary", "update"]
    readonly_fields = fields
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("close_out__meeting", "initiative", "update__initiative")

    def has_view_permission(self, request, obj=None):
        return True  # to whom the page it stands on is open


@admin.register(CloseOut)
class CloseOutAdmin(admin.ModelAdmin):
    """The list of close-outs, and their history. They are written on the page of the meeting's close-out."""

    list_display = ["meeting", "done_at", "page"]
    list_filter = [("done_at", admin.EmptyFieldListFilter)]
    fields = ["meeting", "source", "done_at", "page"]
    readonly_fields = fields
    inlines = [LineInline]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("meeting", "source")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("initiatives.view_statusupdate")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("page"))
    def page(self, close_out):
        address = reverse("admin:close_out", args=[close_out.meeting_id])
        return format_html('<a href="{}">{}</a>', address, _("Open the close-out"))
