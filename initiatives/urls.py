from django.urls import path

from . import views

urlpatterns = [
    path("initiatives/", views.InitiativeList.as_view(), name="initiatives"),
    path("initiatives/<slug:slug>/", views.InitiativeDetail.as_view(), name="initiative"),
]
