"""Filters of lists that ask for more than the value of a field."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Mine(admin.SimpleListFilter):
    """Records that the person who asks began."""

    title = _("author")
    parameter_name = "mine"

    def lookups(self, request, model_admin):
        return [("yes", _("written by me"))]

    def queryset(self, request, queryset):
        return queryset.filter(created_by=request.user) if self.value() == "yes" else queryset


class Needs(admin.SimpleListFilter):
    """What a record still needs. A subclass gives each need its words, and the sentence of the queryset that tells it."""

    title = _("what is to be done")
    parameter_name = "needs"
    needs: dict[str, tuple[str | Promise, Callable[[QuerySet], QuerySet]]] = {}

    def lookups(self, request, model_admin):
        return [(name, words) for name, (words, _sentence) in self.needs.items()]

    def queryset(self, request, queryset):
        if self.value() not in self.needs:
            return queryset
        _words, sentence = self.needs[self.value()]
        # By number, so that the list keeps its own order and counts.
        return queryset.filter(pk__in=sentence(queryset.model.objects.public()).order_by().values("pk"))
