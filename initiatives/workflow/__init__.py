"""The verbs of initiatives: what touches a history or the close-out of a meeting, and the sources found on the way."""

from .close_out import ROLE_AT_A_MEETING, close_out_meeting, keeps_it_open, version_of
from .history import CITATION_FIELDS, change_draft, check, correct_status, record_check, record_status
from .sources import add_source, source_at

__all__ = [
    "CITATION_FIELDS",
    "ROLE_AT_A_MEETING",
    "add_source",
    "change_draft",
    "check",
    "close_out_meeting",
    "correct_status",
    "keeps_it_open",
    "record_check",
    "record_status",
    "source_at",
    "version_of",
]
