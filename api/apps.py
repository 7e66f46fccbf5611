from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The JSON face of the tracker for partner institutions."""

    name = "api"
    verbose_name = _("API")
