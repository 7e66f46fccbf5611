"""Pages of the desk: a list in full, and the note that a search found nothing new."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from editorial.desk.forms import add_refusal, as_refusal
from initiatives.dashboard import REMEMBERED, Desk, Pages, SearchForm
from initiatives.models import Initiative
from initiatives.workflow import record_check


def section(request, slug):
    """One list of the desk, all of it."""
    desk = Desk(admin.site, request)
    found = desk.section(slug)
    if found is None:
        raise Http404
    request.current_app = admin.site.name
    page = Pages(found).get_page(request.GET.get("p"))
    context = {**admin.site.each_context(request), "title": found.title, "desk": desk, "section": found, "page": page}
    return TemplateResponse(request, "admin/desk_section.html", context)


def searched(request, pk):
    """Note that a source was searched for an initiative and had nothing new: one click on the desk, a page of its own otherwise."""
    initiative = get_object_or_404(Initiative.objects.public(), pk=pk)
    desk = Desk(admin.site, request)
    if not desk.may_record:
        raise PermissionDenied
    form = SearchForm(desk, request.POST if request.method == "POST" else None)
    back = way_back(request)
    if request.method == "POST" and form.is_valid():
        source = form.cleaned_data["source"]
        try:
            record_check(initiative=initiative, source=source, by=request.user)
        except (ValidationError, DatabaseError) as error:
            form.instance = initiative
            add_refusal(form, as_refusal(error))
        else:
            request.session[REMEMBERED] = source.pk
            said = {"initiative": initiative, "source": source.publisher}
            messages.success(
                request, _("“%(initiative)s”: nothing new at %(source)s. The note waits for review, and the clock starts again.") % said
            )
            return HttpResponseRedirect(back)
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": _("Checked, nothing new"),
        "subtitle": str(initiative),
        "initiative": initiative,
        "form": form,
        "back": back,
        "media": form.media,
    }
    return TemplateResponse(request, "admin/searched.html", context)


def way_back(request) -> str:
    """Where the person came from, if that is a page of this site; else the desk."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else reverse("admin:index")


admin.site.add_page("desk/searched/<int:pk>/", searched, "searched")
admin.site.add_page("desk/<slug:slug>/", section, "desk_section")
