"""The verbs of initiatives: what touches a history or the close-out of a meeting."""

from .history import CITATION_FIELDS, change_draft, check, correct_status, record_check, record_status

__all__ = ["CITATION_FIELDS", "change_draft", "check", "correct_status", "record_check", "record_status"]
