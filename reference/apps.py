from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferenceConfig(AppConfig):
    """What records point at: parties, themes, sources, partial dates, names."""

    name = "reference"
    verbose_name = _("Reference")
