"""The records that rows name: found by slug or code, without a question to the database for each."""

from __future__ import annotations

import difflib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

# Looking for the nearest name among thousands takes a while; after so many the file has another fault than spelling.
SUGGESTIONS = 50


def name_of(record: models.Model) -> str:
    """What the exchange format calls a record."""
    return record.code if hasattr(record, "code") else record.slug


class Register:
    """Records already known, by slug or code, so that a row can name another record."""

    def __init__(self) -> None:
        self._known: dict[type[models.Model], dict[str, models.Model]] = {}
        self._nearest: dict[tuple[type[models.Model], str], str] = {}

    def _of(self, model: type[models.Model]) -> dict[str, models.Model]:
        if model not in self._known:
            self._known[model] = {name_of(record): record for record in model.objects.all()}
        return self._known[model]

    def add(self, record: models.Model) -> None:
        """Make a record that was just created known to the rows that follow."""
        if type(record) in self._known:
            self._known[type(record)][name_of(record)] = record

    def find(self, model: type[models.Model], key: Any, column: str) -> models.Model:
        """The record of that name; ValidationError on `column`, with the nearest name, when there is none."""
        known = self._of(model)
        if isinstance(key, str) and key in known:
            return known[key]
        message = _("“%(key)s” is no known %(kind)s.") % {"key": str(key)[:80], "kind": model._meta.verbose_name}
        if near := self._near(model, str(key)[:80]):
            message += " " + _("Did you mean “%(near)s”?") % {"near": near}
        raise ValidationError({column: message})

    def _near(self, model: type[models.Model], key: str) -> str:
        asked = (model, key)
        if asked not in self._nearest and len(self._nearest) < SUGGESTIONS:
            self._nearest[asked] = next(iter(difflib.get_close_matches(key, self._of(model), n=1)), "")
        return self._nearest.get(asked, "")
