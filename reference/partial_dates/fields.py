"""The model field of a partial date, and its twins in SQL."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .forms import PartialDateFormField
from .value import BASIS_MARK, UNKNOWN, PartialDate


class PartialDateField(models.Field):
    """A PartialDate in one text column: `2025-10`, or `2025-10~inferred` when the basis is not `stated`.

    One column, so that a date can never lose its basis. The lookups `first`,
    `last` and `sort` are SQL functions of migration reference 0001, usable in
    filters, ordering, constraints and indexes (`order_by("date__sort")`).
    Never null: an unknown date is the empty string.
    """

    description = _("Partial date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("default", UNKNOWN)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("max_length") == 30:
            del kwargs["max_length"]
        if kwargs.get("default") == UNKNOWN:
            del kwargs["default"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "CharField"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> PartialDate | None:
        return None if value is None else PartialDate.from_column(value)

    def to_python(self, value: Any) -> PartialDate:
        if isinstance(value, str) and BASIS_MARK in value:
            return PartialDate.from_column(value)
        return PartialDate.parse(value)

    def get_prep_value(self, value: Any) -> str | None:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return self.to_python(value).as_column()

    def value_to_string(self, obj: models.Model) -> str:
        return self.to_python(self.value_from_object(obj)).as_column()

    def formfield(self, **kwargs: Any) -> forms.Field:  # type: ignore[override]
        return PartialDateFormField(
            required=not self.blank,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
            initial=kwargs.get("initial"),
            widget=kwargs.get("widget"),
        )

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _AlwaysPartialDate(self))


class _AlwaysPartialDate(models.query_utils.DeferredAttribute):
    """Reads as a PartialDate even right after `record.date = "2024"`, before any save.

    What cannot be parsed is kept as it is, so that `full_clean` refuses it by field.
    """

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, str) or value is None:
            with suppress(ValidationError):
                value = self.field.to_python(value)
        instance.__dict__[self.field.attname] = value


class _DatePart(models.Transform):
    output_field: models.Field = models.DateField()


@PartialDateField.register_lookup
class First(_DatePart):
    """SQL twin of PartialDate.first."""

    lookup_name = "first"
    function = "partial_date_first"


@PartialDateField.register_lookup
class Last(_DatePart):
    """SQL twin of PartialDate.last."""

    lookup_name = "last"
    function = "partial_date_last"


@PartialDateField.register_lookup
class Sort(models.Transform):
    """SQL twin of PartialDate.sort_key."""

    lookup_name = "sort"
    function = "partial_date_sort"
    output_field = models.CharField(max_length=10)


@PartialDateField.register_lookup
class IsValid(models.Transform):
    """True when the column holds a date of one of the allowed shapes; used by the check constraints."""

    lookup_name = "is_valid"
    function = "partial_date_is_valid"
    output_field = models.BooleanField()


def date_constraint(field: str, name: str) -> models.CheckConstraint:
    """The database's own check of a partial date's shape. `name` must be unique in the database."""
    return models.CheckConstraint(condition=Q(**{f"{field}__is_valid": True}), name=name)
