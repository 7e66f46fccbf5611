from django.apps import AppConfig
from django.contrib.admin import apps as admin

from . import checks  # noqa: F401 - importing registers them


class OtsTrackerConfig(AppConfig):
    name = "ots_tracker"


class TrackerAdminConfig(admin.AdminConfig):
    """Django's admin with our site in place of the stock one."""

    default = False  # this module is that of the ots_tracker app first
    default_site = "ots_tracker.admin.TrackerAdminSite"
