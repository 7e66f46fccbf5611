"""Recording a status: a form for `record_status`, `change_draft` and `correct_status`, and nothing else."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from editorial.desk import PublishableAdmin
from editorial.desk.forms import is_number
from initiatives.models import Initiative, StatusUpdate
from initiatives.statuses import Status, allowed
from initiatives.workflow import change_draft, correct_status, record_status
from meetings.models import Meeting
from reference.admin import YearFilter, in_other_languages

from .evidence import EvidenceInline, mistaken_row, proofs_of
from .new_source import known_already
from .preview import Previewed, preview_of

NO_CHANGE = _("The status does not change: progress on the same rung, or a check that found nothing new.")
ROW = ["status", "role", "date", "meeting", "party", "summary", "certainty", "conflict", "step_back_reason"]


class StatusForm(forms.ModelForm):
    """One row of history. Which rungs are offered depends on the initiative, so that must be known."""

    class Meta:
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "conflict": forms.Textarea(attrs={"rows": 2, "cols": 80}),
        }

    initiative = None  # set by the page
    is_previewed = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "status" not in self.fields:  # read only
            return
        initiative = self.initiative or self.instance.initiative
        if not self.instance.pk:
            self.instance.initiative = initiative
        offered = [("", rung_label(_("No change"), NO_CHANGE))] + [
            (rung.value, rung_of(initiative, rung)) for rung in allowed(initiative.kind)
        ]
        # Not a ChoiceField: the model refuses a rung of another ladder with a sentence that names those allowed.
        self.fields["status"] = forms.CharField(label=_("Status"), required=False, widget=forms.RadioSelect(choices=offered))
        self.fields["date"].fields[0].error_messages["incomplete"] = _(
            "Say when it happened, as well as it is known: 2024, 2024-H2, 2024-05 or 2024-05-17."
        )

    def is_valid(self):
        """After a preview the form comes back as it was typed, whatever it says."""
        return super().is_valid() and not self.is_previewed

    def _get_validation_exclusions(self):
        """Rules about what happened are left to the verb: it says them in sentences, at the field that mends them."""
        return super()._get_validation_exclusions() | {"role"}


def rung_of(initiative: Initiative, rung: Status):
    """A rung with its meaning; where the initiative stands, and what usually comes next, is marked."""
    now = Status(initiative.status) if initiative.status else None
    usual = now.rung.next if now else (Status.PROPOSED,)
    return rung_label(rung.label, rung.rung.definition, _("now") if rung == now else _("usually next") if rung in usual else "")


def rung_label(label, definition, mark=""):
    marked = format_html(' <span class="rung-mark">{}</span>', mark) if mark else ""
    return format_html('{}{} <span class="definition">{}</span>', label, marked, definition)


class ReadingList(ChangeList):
    """Rows with their proof."""

    def get_queryset(self, request, *args, **kwargs):
        return super().get_queryset(request, *args, **kwargs).prefetch_related("citations__source")


@admin.register(StatusUpdate)
class StatusUpdateAdmin(PublishableAdmin):
    """Drafts can be edited until they are published; published rows are read, and corrected by a new row."""

    form = StatusForm
    # What a reviewer reads one after the other: the sentence beside its proof. The rest is in the filters and on the form.
    list_display = ["date_shown", "state_shown", "initiative", "status_or_progress", "summary", "proofs"]
    list_display_links = ["date_shown"]
    list_filter = ["state", "status", "role", "certainty", YearFilter.of("date", _("year"))]
    linked_by = ["initiative", "meeting"]
    search_fields = ["code", "summary", "initiative__sort_name", "initiative__slug"]
    ordering = ["-date__sort", "-id"]
    autocomplete_fields = ["meeting", "party"]
    readonly_fields = [*PublishableAdmin.readonly_fields, "code", "corrects"]
    fieldsets = [
        (None, {"fields": ["status", "role", "date", "meeting", "party", "summary", "certainty"]}),
        (_("When accounts differ, or it fell back"), {"fields": ["conflict", "step_back_reason"]}),
        in_other_languages(StatusUpdate),
        (_("Editorial"), {"fields": ["code", "corrects", *PublishableAdmin.readonly_fields], "classes": ["collapse"]}),
    ]
    inlines = [EvidenceInline]
    change_form_template = "admin/record_status.html"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("initiative", "meeting", "party")

    def get_changelist(self, request, **kwargs):
        return ReadingList

    @admin.display(description=_("sources"))
    def proofs(self, update):
        return "; ".join(map(str, update.citations.all())) or "–"

    @admin.display(description=_("date"), ordering="date__sort")
    def date_shown(self, update):
        return update.date

    @admin.display(description=_("status"), ordering="status")
    def status_or_progress(self, update):
        return update.get_status_display() or _("no change")

    def has_change_permission(self, request, obj=None):
        """Published history is final, for everybody."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_public)

    # The form

    def initiative_of(self, request, obj=None) -> Initiative | None:
        """The initiative whose history it is: of the row, of the row to correct, or as the address says."""
        if obj is not None:
            return obj.initiative
        if mistaken := mistaken_row(request):
            return mistaken.initiative
        number = request.GET.get("initiative", "")
        return Initiative.objects.select_related("status_meeting").filter(pk=number).first() if is_number(number) else None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.initiative = self.initiative_of(request, obj)
        form.is_previewed = getattr(request, "previewed", False)
        return form

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj is not None else self.fieldsets[:-1]

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        mistaken = mistaken_row(request)
        return {name: getattr(mistaken, name) for name in ROW} if mistaken else initial

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and not obj.pk and (proofs := proofs_of(mistaken_row(request))):
            kwargs["initial"] = proofs
        return kwargs

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        if self.initiative_of(request) is None:
            return self.choose_initiative(request)
        return super().add_view(request, form_url, extra_context)

    def choose_initiative(self, request):
        """Which initiative? Asked first, because the rungs on offer depend on it."""
        field = StatusUpdate._meta.get_field("initiative")
        which = forms.ModelChoiceField(
            label=_("Initiative"), queryset=Initiative.objects.all(), widget=AutocompleteSelect(field, self.admin_site)
        )
        form = type("WhichInitiative", (forms.Form,), {"initiative": which})()
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Record a status"),
            "opts": self.opts,
            "form": form,
            "asked": request.GET.get("initiative"),
            "kept": [(name, value) for name, value in request.GET.items() if name != "initiative"],
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/choose_initiative.html", context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["initiative"] = self.initiative_of(request, obj)
        context["mistaken"] = mistaken = mistaken_row(request) if obj is None else None
        if add:
            context["title"] = _("Correct a row of history") if mistaken else _("Record a status")
            context["subtitle"] = None
        if obj is not None and obj.is_public and self.has_add_permission(request):
            correction = StatusUpdate.objects.filter(corrects=obj).first()
            context["correction"] = correction
            context["may_correct"] = correction is None
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    # Writing

    def save_record(self, request, form, formsets, change):
        row = {name: form.cleaned_data[name] for name in ROW}
        row["translations"] = {
            name.removeprefix("summary_"): text for name, text in form.cleaned_data.items() if name.startswith("summary_")
        }
        proofs = [proof for proof in formsets[0].forms if proof.cleaned_data and not proof.cleaned_data.get("DELETE")]
        row["citations"] = [proof.as_citation(by=request.user) for proof in proofs]
        row |= {"by": request.user, "reason": form.cleaned_data["reason"]}
        if change:
            update = change_draft(update=form.instance, **row)
        elif mistaken := mistaken_row(request):
            update = correct_status(mistaken=mistaken, **row)
        else:
            update = record_status(initiative=form.initiative, **row)
        # The page goes on with the record of the form: it is the row that the verb made.
        form.instance.__dict__.update(update.__dict__)
        for proof in proofs:
            if proof.known_source:
                self.message_user(request, known_already(proof.known_source))
        return update

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "_preview" in request.POST:
            raise Previewed(preview_of(form.instance))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A preview is made by saving and publishing for real; the transaction is then rolled back, and the form comes back as typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Previewed as seen:
            request.previewed = True
            context = {**(extra_context or {}), "timeline_preview": seen.html}
            return super().changeform_view(request, object_id, form_url, context)

    def response_post_save_add(self, request, obj):
        """Back to where the editor came from: the meeting, its close-out, or the initiative with the new draft in its history."""
        return HttpResponseRedirect(
            self.came_from(request, obj) or reverse("admin:initiatives_initiative_change", args=[obj.initiative_id])
        )

    def response_post_save_change(self, request, obj):
        came_from = self.came_from(request, obj)
        return HttpResponseRedirect(came_from) if came_from else super().response_post_save_change(request, obj)

    def came_from(self, request, update) -> str | None:
        """The page that the address of the form says it was opened from."""
        number = request.GET.get("meeting") or update.meeting_id
        if not is_number(number) or not Meeting.objects.filter(pk=number).exists():
            return None
        if request.GET.get("back") == "close_out":
            return reverse("admin:close_out", args=[number])
        return reverse("admin:meetings_meeting_change", args=[number]) if "meeting" in request.GET else None
