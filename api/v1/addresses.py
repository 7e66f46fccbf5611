"""Where a record is found: its word in the API, its address there, its page."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils import translation

# Kind of record, as the ledger and the tables call it: the word for one of them in this API.
WORDS = {
    "initiatives.initiative": "initiative",
    "initiatives.statusupdate": "status-update",
    "initiatives.conflict": "conflict",
    "meetings.meeting": "meeting",
    "meetings.series": "series",
    "meetings.document": "document",
    "meetings.provision": "provision",
    "meetings.participant": "participant",
    "reference.party": "party",
    "reference.membership": "membership",
    "reference.theme": "theme",
    "reference.source": "source",
}
# Those that have an address of their own; the others are read within one of these.
RESOURCES = {
    "initiative": "initiatives",
    "status-update": "status-updates",
    "meeting": "meetings",
    "series": "series",
    "document": "documents",
    "provision": "provisions",
    "party": "parties",
    "theme": "themes",
    "source": "sources",
}


def name_of(record: Model) -> str:
    """Slug or code: what a record is called in addresses."""
    return getattr(record, "slug", "") or record.code


@cache
def list_path(word: str) -> str:
    return reverse(f"api:{word}-list")


def api_path(record: Model) -> str:
    # Not one reverse() a row: an answer of 200 rows holds thousands of addresses.
    return f"{list_path(WORDS[record._meta.label_lower])}{name_of(record)}/"


def html_path(record: Model) -> str:
    """The page without a language prefix: one address for one record, whatever language was asked for."""
    with translation.override(settings.LANGUAGE_CODE):
        return record.get_absolute_url()
