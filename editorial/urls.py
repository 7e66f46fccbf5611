from django.urls import path

from .changes import ChangeList

urlpatterns = [path("changes/", ChangeList.as_view(), name="changes")]
