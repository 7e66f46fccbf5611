"""What every page knows: where it is, what stands in the menu, and the same page in the other languages."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, get_language_from_path
from django.utils.translation import gettext as _


def page(request):
    path = _path_without_language(request.path)
    asked = f"?{query}" if (query := request.META.get("QUERY_STRING", "")) else ""
    here = get_language()
    return {
        "site_url": settings.SITE_URL,
        "address": settings.SITE_URL + request.path,
        "menu": [
            {
                "url": url,
                "label": label,
                "current": "page" if request.path == url else "true" if request.path.startswith(url) else "",
            }
            for url, label in _menu()
        ],
        "languages": [
            {
                "code": code,
                "name": name,
                "path": _in_language(path, code),
                "url": _in_language(path, code) + asked,
                "current": code == here,
            }
            for code, name in settings.LANGUAGES
        ],
    }


def _menu():
    return [
        (reverse("initiatives"), _("Initiatives")),
        (reverse("meetings"), _("Meetings")),
        (reverse("parties"), _("Parties")),
        (reverse("themes"), _("Themes")),
        (reverse("about"), _("About")),
    ]


def _path_without_language(path):
    language = get_language_from_path(path)
    return path.removeprefix(f"/{language}") if language else path


def _in_language(path, code):
    return path if code == settings.LANGUAGE_CODE else f"/{code}{path}"
