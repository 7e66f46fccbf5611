from django.urls import path

from .changes import ChangeList
from .views import Preview

urlpatterns = [
    path("changes/", ChangeList.as_view(), name="changes"),
    path("preview/<str:token>/", Preview.as_view(), name="preview"),
]
