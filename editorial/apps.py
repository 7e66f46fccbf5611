from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    """How records become public, and the ledger of every change."""

    name = "editorial"
    verbose_name = _("Editorial")
