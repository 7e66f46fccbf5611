"""Files in and files out: upload, look at the plan, confirm; and the exports that have the same form.

Only what a person may add and change by hand can be imported, and only what
can be seen is exported.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect, StreamingHttpResponse
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from initiatives.imports.files import MOST_ROWS
from initiatives.imports.resource import Resource
from initiatives.imports.uploads import BY_NAME, ROWS_A_PAGE, apply, discard, receive
from initiatives.imports.write import FORMATS, exported
from initiatives.models import Upload
from meetings import admin as meetings_admin  # noqa: F401 - its lists get the actions below
from reference import admin as reference_admin  # noqa: F401 - likewise

from . import conflict, history, initiative  # noqa: F401 - likewise

LARGEST_FILE = 10 * 1024 * 1024
STEPS_OF_THE_BAR = 100
logger = logging.getLogger(__name__)


def title_of(name: str) -> str:
    """What people call the kind of records."""
    resource = BY_NAME[name]
    return capfirst(resource.model._meta.verbose_name_plural if isinstance(resource, Resource) else _("names"))


def open_to(user, *actions: str) -> list[str]:
    """The kinds of records with which this person may do all of that."""

    def may(model, action: str) -> bool:
        return user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")

    return [name for name, resource in BY_NAME.items() if all(may(kind.model, action) for kind in resource.kinds for action in actions)]


def importable(user) -> list[str]:
    return open_to(user, "add", "change")


class UploadForm(forms.Form):
    """Which kind of records, and the file."""

    resource = forms.ChoiceField(label=gettext_lazy("Kind of records"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["resource"].choices = [("", "–"), *((name, title_of(name)) for name in importable(user))]
        self.fields["file"].help_text = _(
            "CSV or JSON, as the exports below are; a table is best saved as “CSV UTF-8”. At most %(size)s and %(rows)s rows."
        ) % {"size": filesizeformat(LARGEST_FILE), "rows": number_format(MOST_ROWS, force_grouping=True)}

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("The file has %(size)s, and at most %(most)s can be imported at a time: cut it into several.")
                % {"size": filesizeformat(file.size), "most": filesizeformat(LARGEST_FILE)}
            )
        return file


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin):
    """Imports and how they went. An upload is no record: its pages are a form, a plan and two buttons."""

    list_display = ["file_name", "kind", "stage", "outcome", "uploaded_by", "uploaded_at"]
    list_filter = ["stage"]
    ordering = ["-id"]
    actions = None

    def get_queryset(self, request):
        waiting = super().get_queryset(request).filter(resource__in=importable(request.user))
        return waiting.select_related("uploaded_by").defer("content", "plan")

    def has_view_permission(self, request, obj=None):
        allowed = importable(request.user) if super().has_view_permission(request, obj) else []
        return obj.resource in allowed if obj is not None else bool(allowed)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and bool(importable(request.user))

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("kind of records"), ordering="resource")
    def kind(self, upload):
        return title_of(upload.resource)

    @admin.display(description=gettext_lazy("rows"))
    def outcome(self, upload):
        return ", ".join(sentence for _outcome, sentence in in_words(upload.counts))

    def get_urls(self):
        def page(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"initiatives_upload_{name}")

        return [
            page("<int:pk>/apply/", self.apply_view, "apply"),
            page("<int:pk>/discard/", self.discard_view, "discard"),
            page("export/<slug:name>.<slug:format>", self.export_view, "export"),
            *super().get_urls(),
        ]

    def waiting(self, request, pk) -> Upload:
        """The upload that a button is about."""
        upload = self.get_queryset(request).filter(pk=pk).first()
        if upload is None:
            raise Http404
        if not self.has_view_permission(request, upload) or not self.has_add_permission(request):
            raise PermissionDenied
        return upload

    def context(self, request, title, **more):
        request.current_app = self.admin_site.name
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **more}

    # Upload

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.user, request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            upload = receive(resource=form.cleaned_data["resource"], file_name=file.name, content=file.read(), by=request.user)
            return HttpResponseRedirect(address(upload))
        seen = open_to(request.user, "view")
        exports = [(title_of(name), [(format.upper(), export_address(name, format)) for format in FORMATS]) for name in seen]
        return TemplateResponse(request, "admin/import_form.html", self.context(request, _("Import a file"), form=form, exports=exports))

    # Plan

    def change_view(self, request, object_id, form_url="", extra_context=None):
        upload = self.get_object(request, object_id)
        if upload is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, upload):
            raise PermissionDenied
        counts = upload.counts
        page = Paginator(range(counts.total()), ROWS_A_PAGE).get_page(request.GET.get("p"))
        rows = Upload.objects.filter(pk=upload.pk).values_list(f"plan__{page.number - 1}", flat=True).get() or []
        context = self.context(
            request,
            _("Import: %(file)s") % {"file": upload.file_name},
            upload=upload,
            kind=title_of(upload.resource),
            counts=in_words(counts),
            to_write=sum(counts[outcome] for outcome in ("created", "changed", "proposed")),
            page=page,
            pages=page.paginator.get_elided_page_range(page.number),
            rows=[row | {"url": record_address(upload, row.get("record")), "words": OUTCOMES[row["outcome"]]} for row in rows],
        )
        return TemplateResponse(request, "admin/import_plan.html", context)

    def discard_view(self, request, pk):
        upload = self.waiting(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(address(upload))
        try:
            discard(upload=upload)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return HttpResponseRedirect(address(upload))
        messages.success(request, _("“%(file)s” was thrown away; nothing was imported.") % {"file": upload.file_name})
        return HttpResponseRedirect(reverse("admin:initiatives_upload_changelist"))

    # Apply

    def apply_view(self, request, pk):
        """Import as planned. The answer is a page that grows while the work goes on."""
        upload = self.waiting(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(address(upload))
        mark = "<!-- progress -->"
        context = self.context(request, _("Import: %(file)s") % {"file": upload.file_name}, upload=upload, mark=mark)
        head, tail = render_to_string("admin/import_progress.html", context, request).split(mark)
        answer = StreamingHttpResponse(to_the_end(work(upload, request.user, head, tail)))
        answer["X-Accel-Buffering"] = "no"  # a proxy in front passes each piece on as it comes
        return answer

    # Export

    def export_view(self, request, name, format):
        if name not in BY_NAME or format not in FORMATS:
            raise Http404
        if name not in open_to(request.user, "view"):
            raise PermissionDenied
        return as_file(name, format)


OUTCOMES = {
    "refused": gettext_lazy("mistake"),
    "proposed": gettext_lazy("change for review"),
    "changed": gettext_lazy("change"),
    "created": gettext_lazy("new"),
    "same": gettext_lazy("same"),
}


def in_words(counts: Counter[str]) -> list[tuple[str, str]]:
    """The counts of a plan as phrases, without those that are nought."""
    phrases = {
        "refused": ngettext("%(count)d row with mistakes", "%(count)d rows with mistakes", counts["refused"]),
        "proposed": ngettext("%(count)d change for review", "%(count)d changes for review", counts["proposed"]),
        "changed": ngettext("%(count)d draft changed", "%(count)d drafts changed", counts["changed"]),
        "created": ngettext("%(count)d new draft", "%(count)d new drafts", counts["created"]),
        "same": ngettext("%(count)d row the same", "%(count)d rows the same", counts["same"]),
    }
    return [(outcome, phrase % {"count": counts[outcome]}) for outcome, phrase in phrases.items() if counts[outcome]]


def address(upload: Upload) -> str:
    return reverse("admin:initiatives_upload_change", args=[upload.pk])


def export_address(name: str, format: str) -> str:
    return reverse("admin:initiatives_upload_export", args=[name, format])


def record_address(upload: Upload, number: int | None) -> str:
    """The page of the record a row was about, where it has one."""
    model = BY_NAME[upload.resource].kinds[0].model
    if number is None or not admin.site.is_registered(model):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[number])


def to_the_end(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces as long as somebody listens; then the work goes on unheard, so that a closed window stops no import."""
    listening = True
    for piece in pieces:
        if listening:
            try:
                yield piece
            except GeneratorExit:
                listening = False


def work(upload: Upload, user, head: str, tail: str) -> Iterator[str]:
    """Import, telling after each hundredth how far it is, and at the end what came of it."""
    language, rows, shown = translation.get_language(), upload.summary["rows"], -1
    yield head
    refusal = ""
    try:
        for done, _one in enumerate(apply(upload=upload, by=user), start=1):
            if done * STEPS_OF_THE_BAR // rows > shown:
                shown = done * STEPS_OF_THE_BAR // rows
                with translation.override(language):
                    yield render_to_string("admin/import_bar.html", {"done": done, "rows": rows})
    except ValidationError as error:
        refusal = error.messages[0]
    except Exception:
        logger.exception("The import of upload %s failed; nothing of it was written.", upload.pk)
        refusal = _("Something went wrong that should not; nothing was imported. The people who run this site find it in their log.")
    with translation.override(language):
        said = {"upload": upload, "refusal": refusal, "url": address(upload), "counts": in_words(upload.counts)}
        yield render_to_string("admin/import_outcome.html", said)
    yield tail


def as_file(name: str, format: str, records=None) -> StreamingHttpResponse:
    """The records as a file that is written while it is sent."""
    answer = StreamingHttpResponse(exported(BY_NAME[name], format, records), content_type=FORMATS[format])
    answer["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y-%m-%d}.{format}"'
    return answer


def _name_of_list(page: admin.ModelAdmin) -> str:
    return next(name for name, resource in BY_NAME.items() if isinstance(resource, Resource) and resource.model is page.model)


@admin.action(description=gettext_lazy("Export selected as CSV"), permissions=["view"])
def export_as_csv(page, request, queryset):
    return as_file(_name_of_list(page), "csv", queryset)


@admin.action(description=gettext_lazy("Export selected as JSON"), permissions=["view"])
def export_as_json(page, request, queryset):
    return as_file(_name_of_list(page), "json", queryset)


for _resource in BY_NAME.values():
    if isinstance(_resource, Resource) and admin.site.is_registered(_resource.model):
        _page = admin.site.get_model_admin(_resource.model)
        _page.actions = [*_page.actions, export_as_csv, export_as_json]
