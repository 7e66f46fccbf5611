"""Records on their way to the public, of whatever kind: waiting for review, sent back, begun.

Each list is one query over all kinds that the person may see, read off the
state of the records and the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.db.models import CharField, Count, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.models import Change, Publishable, State

from .section import Line, Section, form_of, list_of


def last(model: type[Model], step: str, column: str) -> Subquery:
    """A column of the ledger row in which the record of the query around it last took this step."""
    steps = Change.objects.filter(type=model._meta.label_lower, verb=f"{model._meta.model_name}.{step}")
    return Subquery(steps.filter(record_id=Cast(OuterRef("pk"), CharField())).order_by("-serial").values(column)[:1])


def together(found: Iterable[QuerySet]) -> QuerySet:
    first, *others = found
    return first.union(*others, all=True)


class Papers(Section):
    """A list of records of every kind. A subclass says which, in what order, and which step its lines tell of."""

    order = ["changed", "of_kind", "pk"]
    step = "submitted"

    @property
    def is_allowed(self):
        return bool(self.desk.kinds)

    def of_kind(self, model: type[Publishable]) -> QuerySet:
        raise NotImplementedError

    def line(self, record: Publishable, told: Change | None) -> Line:
        raise NotImplementedError

    def prepare(self, records: list[Publishable]) -> None:
        """Ask, once for all lines, what they need to know."""

    @cached_property
    def by_kind(self) -> list[tuple[type[Publishable], int]]:
        """How many there are of each kind that has any, in the order of the work."""
        kinds = {model._meta.label: model for model in self.desk.kinds}
        each = [
            self.of_kind(model).order_by().annotate(of_kind=Value(label)).values_list("of_kind").annotate(Count("pk"))
            for label, model in kinds.items()
        ]
        counted = dict(together(each))
        return [(model, counted[label]) for label, model in kinds.items() if counted.get(label)]

    @cached_property
    def number(self):
        return sum(count for _model, count in self.by_kind)

    def lines(self, start, stop):
        kinds = {model._meta.label: model for model in self.desk.kinds}
        found = [
            self.of_kind(model)
            .order_by()
            .annotate(of_kind=Value(label), changed=F("updated_at"), told_in=last(model, self.step, "serial"))
            .values_list("of_kind", "pk", "changed", "told_in")
            for label, model in kinds.items()
        ]
        rows = list(together(found).order_by(*self.order)[start:stop])
        changes = Change.objects.in_bulk([told for *_row, told in rows if told])
        records = {}
        for label in {label for label, *_row in rows}:
            page = self.desk.site._registry[kinds[label]].get_queryset(self.desk.request).select_related("created_by")
            numbers = [number for kind, number, *_row in rows if kind == label]
            records |= {(label, pk): record for pk, record in page.in_bulk(numbers).items()}
        self.prepare(list(records.values()))
        return [self.line(records[kind, pk], changes.get(told)) for kind, pk, _when, told in rows if (kind, pk) in records]


class WaitingForReview(Papers):
    slug = "review"
    title = gettext_lazy("Waiting for review")
    nothing = gettext_lazy("Nothing waits for review.")

    @property
    def about(self):
        if self.desk.may_publish:
            return _("Handed in by their authors, the longest wait first. Publish them or send them back with a note.")
        return _("Handed in by their authors, the longest wait first. A reviewer publishes them or sends them back.")

    def of_kind(self, model):
        return model.objects.waiting_for_review()

    @property
    def lists(self):
        """Each kind with its number and its list, on which many are published at once."""
        asked = f"state__exact={State.IN_REVIEW}"
        return [(model._meta.verbose_name_plural, count, list_of(model, asked)) for model, count in self.by_kind]

    def prepare(self, records):
        self.mine = self.desk.written_by_me(records) if self.desk.needs_somebody_else else set()

    def line(self, record, told):
        why = _("Handed in by %(who)s on %(day)s.") % {"who": told.actor, "day": day_of(told)} if told else ""
        mark = _("You wrote it, so it needs another reviewer.") if record in self.mine else ""
        return Line(named(record), form_of(record), why, mark)


class SentBack(Papers):
    """Drafts that have been handed in before: only `send_back` makes such a draft again, whatever was typed since."""

    slug = "sent-back"
    title = gettext_lazy("Sent back to me")
    about = gettext_lazy("A reviewer asks for something. Mend it and hand it in again.")
    nothing = gettext_lazy("Nothing was sent back to you.")
    order = ["-told_in", "of_kind", "pk"]
    step = "sent_back"

    def of_kind(self, model):
        returned = model.objects.filter(state=State.DRAFT).alias(
            returned=last(model, "sent_back", "serial"), handed_in_by=last(model, "submitted", "actor")
        )
        mine = Q(created_by=self.desk.user) | Q(handed_in_by=self.desk.user.get_username())
        return returned.filter(mine, returned__isnull=False)

    def line(self, record, told):
        note = {"who": told.actor, "day": day_of(told), "note": told.reason}
        return Line(named(record), form_of(record), _("%(who)s on %(day)s: “%(note)s”") % note)


class MyDrafts(Papers):
    slug = "drafts"
    title = gettext_lazy("Drafts of mine")
    about = gettext_lazy("Begun by you and not handed in, the newest first.")
    nothing = gettext_lazy("You have no drafts.")
    order = ["-changed", "of_kind", "pk"]

    def of_kind(self, model):
        begun = model.objects.filter(state=State.DRAFT, created_by=self.desk.user)
        return begun.alias(returned=last(model, "sent_back", "serial")).filter(returned=None)

    def line(self, record, told):
        day = date_format(localtime(record.updated_at), "DATE_FORMAT")
        return Line(named(record), form_of(record), _("Last changed on %(day)s.") % {"day": day})


def named(record: Publishable) -> str:
    """The record with its kind: “Meeting: Summit in …”."""
    return _("%(kind)s: %(record)s") % {"kind": capfirst(record._meta.verbose_name), "record": record}


def day_of(change: Change) -> str:
    return date_format(localtime(change.at), "DATE_FORMAT")
