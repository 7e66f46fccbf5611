"""Every address of the site. English has no prefix; the other languages stand before the same paths."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path

from . import views
from .sitemaps import sitemaps

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots),
    path(".well-known/security.txt", views.security),
    path("sitemap.xml", index, {"sitemaps": sitemaps, "sitemap_url_name": "sitemap"}),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": sitemaps}, name="sitemap"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    *i18n_patterns(
        path("", views.Home.as_view(), name="home"),
        path("", include("initiatives.urls")),
        path("", include("initiatives.about_urls")),
        path("", include("meetings.urls")),
        path("", include("reference.urls")),
        path("", include("editorial.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "ots_tracker.views.bad_request"
