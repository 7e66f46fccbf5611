"""The addresses of version 1."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from .changes import ChangesView
from .documents import DocumentViewSet, ProvisionViewSet
from .index import IndexView, OpenApiView, UnknownAddress
from .initiatives import InitiativeViewSet
from .meetings import MeetingViewSet, SeriesViewSet
from .reference import PartyViewSet, SourceViewSet, ThemeViewSet
from .updates import StatusUpdateViewSet
from .vocabularies import VocabularyDetail, VocabularyList

router = SimpleRouter()
router.register("initiatives", InitiativeViewSet, "initiative")
router.register("status-updates", StatusUpdateViewSet, "status-update")
router.register("meetings", MeetingViewSet, "meeting")
router.register("series", SeriesViewSet, "series")
router.register("documents", DocumentViewSet, "document")
router.register("provisions", ProvisionViewSet, "provision")
router.register("parties", PartyViewSet, "party")
router.register("themes", ThemeViewSet, "theme")
router.register("sources", SourceViewSet, "source")

urlpatterns = [
    path("", IndexView.as_view(), name="index"),
    path("openapi.json", OpenApiView.as_view(), name="openapi"),
    path("changes/", ChangesView.as_view(), name="changes"),
    path("vocabularies/", VocabularyList.as_view(), name="vocabulary-list"),
    path("vocabularies/<slug:slug>/", VocabularyDetail.as_view(), name="vocabulary-detail"),
    *router.urls,
    re_path(r"^(?P<rest>.*)$", UnknownAddress.as_view(), name="unknown"),
]
