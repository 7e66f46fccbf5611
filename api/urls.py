"""Mounted by ots_tracker.urls under /api/."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from .docs import DocsView
from .v1.index import UnknownAddress

app_name = "api"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api:docs")),
    path("v1/", include("api.v1.urls")),
    path("docs/", DocsView.as_view(), name="docs"),
    re_path(r"^(?P<rest>.*)$", UnknownAddress.as_view()),
]
