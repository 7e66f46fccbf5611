"""Every address of the site. English has no prefix; the other languages stand before the same paths."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import index, sitemap
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from . import views
from .sitemaps import sitemaps

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots),
    # Asked for by everything that reads no <link rel="icon">. Not for good: the file's name changes with what is in it.
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("img/mark.svg"))),
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
