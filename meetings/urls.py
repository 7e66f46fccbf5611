from django.urls import path

from . import views

urlpatterns = [
    path("meetings/", views.MeetingList.as_view(), name="meetings"),
    path("meetings/<slug:slug>/", views.MeetingDetail.as_view(), name="meeting"),
    path("series/<slug:slug>/", views.SeriesDetail.as_view(), name="series"),
    path("documents/<slug:slug>/", views.DocumentDetail.as_view(), name="document"),
]
