"""Dates as well as they are known.

One value type (`PartialDate`), one model field, one form field, one display,
one JSON form and one sort order; nothing else in the project parses dates of
events.
"""

from .fields import First, IsValid, Last, PartialDateField, Sort, date_constraint
from .forms import PartialDateFormField, PartialDateWidget
from .value import FIRST_YEAR, LAST_YEAR, UNKNOWN, Basis, PartialDate

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "UNKNOWN",
    "Basis",
    "First",
    "IsValid",
    "Last",
    "PartialDate",
    "PartialDateField",
    "PartialDateFormField",
    "PartialDateWidget",
    "Sort",
    "date_constraint",
]
