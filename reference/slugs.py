"""The permanent names of records in addresses."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

SLUG = r"^[a-z0-9]+([_-][a-z0-9]+)*$"
slug_shape = RegexValidator(
    SLUG, _("Write small Latin letters and digits, joined by single hyphens, such as “rdi-fund”."), code="invalid_slug"
)


class SlugField(models.SlugField):
    """A record's permanent name in addresses: small letters, digits and hyphens, never digits alone.

    Digits alone would read as a number of a row; the database checks the shape
    too (see `slug_constraint`).
    """

    default_validators = [slug_shape]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 80)
        kwargs.setdefault("unique", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        if kwargs.get("max_length") == 80:
            del kwargs["max_length"]
        if not self.unique:
            # Left out as Django's own default, it would come back from a migration as ours: unique.
            kwargs["unique"] = False
        return name, "reference.models.SlugField", args, kwargs  # as migrations have called it from the first


def slug_constraint(field: str, name: str) -> models.CheckConstraint:
    """The database's own check of a slug: the same shape, and not a bare number."""
    return models.CheckConstraint(condition=Q(**{f"{field}__regex": SLUG}) & ~Q(**{f"{field}__regex": r"^[0-9]+$"}), name=name)
