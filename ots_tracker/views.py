"""The front door, and the answers for machines that look after the site."""

import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import TemplateView

from initiatives.models import Initiative, Role, StatusUpdate
from initiatives.statuses import Status
from meetings.models import Meeting

# A page of a few screens: enough to see what is going on, with the whole list one step away.
SHOWN = 6


class Home(TemplateView):
    """What was promised, how much of it stands where, what happened last and what comes next."""

    template_name = "home.html"

    def get_context_data(self, **kwargs):
        day = timezone.localdate()
        initiatives, meetings = Initiative.objects.public(), Meeting.objects.public().for_list()
        counts = dict(initiatives.order_by().values_list("status").annotate(Count("pk")))
        news = StatusUpdate.objects.public().exclude(role=Role.CHECKED).exclude(corrected_by__state="published")
        return super().get_context_data(
            total=sum(counts.values()),
            largest=max(counts.values(), default=0),
            without_status=counts.get("", 0),
            standings=[(status, counts[status]) for status in Status if status in counts],
            events=news.for_timeline().latest_first()[:SHOWN],
            quiet=initiatives.stale(on=day).order_by("last_heard__sort", "sort_name")[:SHOWN],
            quiet_in_all=initiatives.stale(on=day).count(),
            ahead=meetings.ahead(on=day).in_order()[:SHOWN],
            unheard=meetings.overdue_for_news(on=day).latest_first()[:SHOWN],
            **kwargs,
        )


def healthz(request):
    """The process is up. Asks nothing of the database."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request):
    """The database answers and has every migration, so that traffic may come."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("The database does not answer.", content_type="text/plain", status=503)
    if missing:
        return HttpResponse("The database lacks migrations.", content_type="text/plain", status=503)
    return HttpResponse("ready", content_type="text/plain")


def robots(request):
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


def security(request):
    """Where to report a weakness (RFC 9116); good for half a year from each reading."""
    expires = timezone.now().replace(microsecond=0) + datetime.timedelta(days=182)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT or f'{settings.SITE_URL}/about/'}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")


def bad_request(request, exception):
    return render(request, "400.html", status=400)
