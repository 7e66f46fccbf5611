from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    """What is promised, who takes part, how it stands and how it stood."""

    name = "initiatives"
    verbose_name = _("Initiatives")
