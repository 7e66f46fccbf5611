from django.urls import path

from . import views

urlpatterns = [
    path("parties/", views.PartyList.as_view(), name="parties"),
    path("parties/<slug:slug>/", views.PartyDetail.as_view(), name="party"),
    path("themes/", views.ThemeList.as_view(), name="themes"),
    path("themes/<slug:slug>/", views.ThemeDetail.as_view(), name="theme"),
    path("sources/<slug:slug>/", views.SourceDetail.as_view(), name="source"),
]
