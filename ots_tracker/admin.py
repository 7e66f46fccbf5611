from django.contrib import admin


class TrackerAdminSite(admin.AdminSite):
    """The editors' side of the tracker."""
