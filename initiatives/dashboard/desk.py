"""The desk of one person on one day."""

from __future__ import annotations

import datetime
from functools import cached_property

from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from editorial.four_eyes import authors_of
from editorial.models import Publishable
from editorial.roles import PUBLISH, PUBLISH_ALONE
from initiatives.models import StatusUpdate

from .papers import MyDrafts, SentBack, WaitingForReview
from .searching import SearchForm
from .section import Section
from .subjects import Contradictions, DeadLinks, GoneQuiet, HeldMeetings, Overdue, PassedMeetings, WithoutSummary

# In the order of the work: what others wait for, what one began oneself, what the calendar says, what is to be tidied up.
SECTIONS: list[type[Section]] = [
    WaitingForReview,
    SentBack,
    MyDrafts,
    GoneQuiet,
    Overdue,
    HeldMeetings,
    PassedMeetings,
    Contradictions,
    WithoutSummary,
    DeadLinks,
]


class Desk:
    """Who asks, what they may see and do, and the lists that follow from it."""

    def __init__(self, site: AdminSite, request: HttpRequest, *, today: datetime.date | None = None):
        self.site, self.request, self.user = site, request, request.user
        self.today = today or timezone.localdate()

    @cached_property
    def sections(self) -> list[Section]:
        """The lists this person may see."""
        return [section for section in (one(self) for one in SECTIONS) if section.is_allowed]

    @property
    def empty(self) -> list[Section]:
        """The lists with nothing to do."""
        return [section for section in self.sections if not section.number]

    def section(self, slug: str) -> Section | None:
        """The list of this name, if there is one and this person may see it."""
        return next((section for section in self.sections if section.slug == slug), None)

    @cached_property
    def kinds(self) -> list[type[Publishable]]:
        """Kinds of records with an editorial life that this person may see."""
        return [model for model in self.site._registry if issubclass(model, Publishable) and self.may_see(model)]

    def may_see(self, model: type[Model]) -> bool:
        return model in self.site._registry and self.site._registry[model].has_view_permission(self.request)

    def may_add(self, model: type[Model]) -> bool:
        return self.site._registry[model].has_add_permission(self.request)

    @cached_property
    def may_record(self) -> bool:
        """Whether they may add to histories, a search that found nothing new included."""
        return self.may_add(StatusUpdate)

    @cached_property
    def searching(self) -> SearchForm | None:
        """The box above lines that can be noted as searched for, for those who may note it."""
        return SearchForm(self) if self.may_record else None

    @cached_property
    def may_publish(self) -> bool:
        return self.user.has_perm(PUBLISH)

    @cached_property
    def needs_somebody_else(self) -> bool:
        """Whether they publish what others wrote, and never what they wrote themselves."""
        return self.may_publish and not self.user.has_perm(PUBLISH_ALONE)

    def written_by_me(self, records: list[Publishable]) -> set[Publishable]:
        """Those of the records that count as written by this person (see `editorial.four_eyes`)."""
        names, me = authors_of(records), self.user.get_username()
        return {record for record in records if me in names[record._meta.label_lower, str(record.pk)]}
