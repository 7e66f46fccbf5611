"""How a record answers at its address: shown, moved for ever, gone, never there, or not yet: a preview."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import resolve
from django.views import View

from . import previews, revisions
from .models import OldSlug, Revision, State


class PublicRecordMixin:
    """For a DetailView of a public record, found by its slug.

    A former slug redirects for ever; a withdrawn record answers 410 and names
    what replaced it; a draft is as absent as something that never was. The
    view's own `get_queryset` begins at `public()`.
    """

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            slug = self.kwargs[self.slug_url_kwarg]
            if gone := self.withdrawn(**{self.slug_field: slug}):
                return _asked_again(render(request, "410.html", {"replaced_by": self.replacement(gone)}, status=410))
            if address := self.new_address(slug):
                return _asked_again(HttpResponsePermanentRedirect(address))
            raise

    def withdrawn(self, **which):
        """The withdrawn record, of which the reader learns nothing but what took its place."""
        if not hasattr(self.model, "state"):
            return None
        return self.model._base_manager.filter(state=State.WITHDRAWN, **which).first()

    def replacement(self, gone):
        """The public record that took its place, if one did."""
        return self.model.objects.public().filter(pk=getattr(gone, "replaced_by_id", None)).first()

    def new_address(self, slug):
        """Where a renamed record is now; withdrawn ones count, their own address says the rest."""
        old = OldSlug.objects.filter(type=self.model._meta.label_lower, slug=slug).first()
        if old is None:
            return None
        record = self.model.objects.public().filter(pk=old.record_id).first() or self.withdrawn(pk=old.record_id)
        return record.get_absolute_url() if record else None


def _asked_again(response):
    """Browsers would keep both answers for ever; but what was withdrawn can be restored, and a slug can be given back."""
    response["Cache-Control"] = "no-cache"
    return response


class Preview(View):
    """The public page as it would be with what still waits, for whoever was sent the address.

    Nothing may keep it, and no search engine lists it. Once the record is
    public, its own address takes over.
    """

    def get(self, request, token):
        response = self.page(request, token)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def page(self, request, token):
        try:
            record = previews.read(token)
        except previews.NoPreview as problem:
            return render(request, "preview_gone.html", status=410 if problem.gone else 404)
        if record.state == State.PUBLISHED:
            shown = revisions.subject(record) if isinstance(record, Revision) else record
            return HttpResponseRedirect(shown.get_absolute_url())
        try:
            with previews.as_published(record) as shown:
                request.preview_of = record
                match = resolve(urlsplit(shown.get_absolute_url()).path)
                response = match.func(request, *match.args, **match.kwargs)
                return response.render() if hasattr(response, "render") else response
        except ValidationError as refusal:
            return render(request, "preview_refused.html", {"record": record, "reasons": refusal.messages}, status=409)
