"""The editors' side: one admin site, on which every page saves through the verbs."""

from __future__ import annotations

from functools import wraps

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import BadRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _

from editorial.desk import LedgeredAdmin
from editorial.desk.words import verb_in_words
from editorial.models import Change
from initiatives.dashboard import Desk

ORDER = ["initiatives", "meetings", "reference", "editorial", "auth"]
LATEST_OF_MINE = 10


class Autocomplete(AutocompleteJsonView):
    """Records as their own page wants them told apart (`in_autocomplete`), or by their name."""

    def serialize_result(self, obj, to_field_name):
        page = self.admin_site.get_model_admin(type(obj))
        return super().serialize_result(obj, to_field_name) | {"text": getattr(page, "in_autocomplete", str)(obj)}


class TrackerAdminSite(admin.AdminSite):
    """The editors' side of the tracker.

    Whatever app registers a page, and however plainly, it writes through the
    verbs: this is the one place that sees to it.
    """

    site_header = site_title = _("OTS tracker – editors")
    index_title = _("Editors' desk")
    enable_nav_sidebar = True

    def __init__(self, name="admin"):
        super().__init__(name)
        # Deleting many records is an action of its own, through the verbs (LedgeredAdmin.discard_selected).
        self.disable_action("delete_selected")

        self.pages = []

    def add_page(self, route, view, name):
        """Mount a desk page that is no record's own, such as the close-out of a meeting, as `admin:<name>`."""
        self.pages.append((route, view, name))

    def get_urls(self):
        return [path(route, self.admin_view(view), name=name) for route, view, name in self.pages] + super().get_urls()

    def register(self, model_or_iterable, admin_class=None, **options):
        admin_class = admin_class or admin.ModelAdmin
        if not issubclass(admin_class, LedgeredAdmin):
            mixed = {"__module__": admin_class.__module__, "__doc__": admin_class.__doc__}
            admin_class = type(admin_class.__name__, (admin_class, LedgeredAdmin), mixed)
        super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view, cacheable=False):
        """Every page refuses what PostgreSQL cannot read."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def refusing(request, *args, **kwargs):
            if "\0" in request.path or any("\0" in text for key, values in request.GET.lists() for text in (key, *values)):
                raise BadRequest("An address holds no NUL characters.")
            return inner(request, *args, **kwargs)

        return refusing

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request, app_label=None):
        """Apps in the order of the work, not of the alphabet."""
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: (ORDER.index(app["app_label"]) if app["app_label"] in ORDER else len(ORDER), app["name"]))

    def index(self, request, extra_context=None):
        mine = Change.objects.filter(actor=request.user.get_username()).order_by("-serial")[:LATEST_OF_MINE]
        for change in mine:
            change.deed = verb_in_words(change.verb)
        return super().index(request, {"desk": Desk(self, request), "mine": mine} | (extra_context or {}))
