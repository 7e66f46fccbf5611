from django.urls import path

from .about import About, Statuses

urlpatterns = [
    path("about/", About.as_view(), name="about"),
    path("about/statuses/", Statuses.as_view(), name="statuses"),
]
