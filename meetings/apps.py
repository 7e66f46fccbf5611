from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Who met, and what they adopted, provision by provision."""

    name = "meetings"
    verbose_name = _("Meetings")
