"""Boxes for a source that is not recorded yet, beside a choice of those that are."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.workflow import add_source, source_at
from reference.models import Source

NEW = ("url", "publisher", "title", "language", "kind", "published")
NEEDED = ("publisher", "language", "kind")
BOXES = [f"new_{name}" for name in NEW]


def _box(name: str, **more) -> forms.Field:
    return Source._meta.get_field(name).formfield(required=False, **more)


class NewSourceBoxes(forms.Form):
    """Mixed into a form with a field `source`; after `settle_source`, that or `new_source` is what was meant."""

    new_url = _box("url", assume_scheme="https", help_text=_("If the page is recorded already, however its address was spelt, it is used."))
    new_publisher = _box("publisher")
    new_title = _box("title", widget=forms.TextInput)
    new_language = _box("language", help_text=_("Two or three small letters, such as en, tr or kk."))
    new_kind = _box("kind")
    new_published = _box("published")

    known_source: Source | None = None

    def settle_source(self) -> None:
        """Called by `clean`: make the choice one of the two, or say at its box what is missing."""
        typed = self.new_source
        if not any(typed.values()):
            return
        if self.cleaned_data.get("source"):
            self.add_error("source", _("Choose a source from the list or describe a new one, not both."))
        elif typed["url"] and (known := source_at(typed["url"])):
            self.cleaned_data["source"] = self.known_source = known
        else:
            for name in NEEDED:
                if not typed[name] and f"new_{name}" not in self.errors:
                    self.add_error(f"new_{name}", _("A new source needs this."))

    @property
    def new_source(self) -> dict:
        """What was typed about a new source, by the names of its fields."""
        return {name: self.cleaned_data.get(f"new_{name}") for name in NEW}

    def found_source(self, *, by) -> Source | None:
        """The source that is meant: chosen, found by its address, or added now, in the transaction that cites it."""
        if chosen := self.cleaned_data.get("source"):
            return chosen
        return add_source(**self.new_source, by=by) if any(self.new_source.values()) else None


def known_already(source: Source) -> str:
    """What an editor is told whose new source is an old one."""
    return _("“%(source)s” is recorded already under this address (%(slug)s), so that one is cited.") % {
        "source": source,
        "slug": source.slug,
    }
