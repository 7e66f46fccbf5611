"""What every answer gets on its way: its language, and what the browser may load with it."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.core.exceptions import BadRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

# Rooms whose language is the reader's own, whatever the address: they have one address for all.
OF_THE_READER = ("/admin/", "/api/", "/i18n/")


class LanguageMiddleware(LocaleMiddleware):
    """Pages speak the language of their address; the admin and the API speak that of their reader.

    A quoted address must show the same page to everybody, so neither a cookie
    nor the browser's wish changes what `/initiatives/` says.
    """

    def process_request(self, request):
        if request.path_info.startswith(OF_THE_READER):
            translation.activate(translation.get_language_from_request(request))
            request.LANGUAGE_CODE = translation.get_language()
        else:
            super().process_request(request)

    def process_response(self, request, response):
        response.headers.setdefault("Content-Language", translation.get_language())
        if request.path_info.startswith(OF_THE_READER):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """Nothing foreign and nothing inline, except that the stock admin styles its own widgets inline."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/"):
            parts.update = {"style-src": [SELF, UNSAFE_INLINE], **(parts.update or {})}
        return parts


class NoNullBytesMiddleware:
    """Refuse the one character no database text can hold, before a query meets it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if "%00" in request.META.get("QUERY_STRING", "") and not request.path_info.startswith("/api/"):
            raise BadRequest("A null byte in the address.")
