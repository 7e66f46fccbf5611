"""Admin pages of initiatives, their history, and conflicts between sources."""

from . import cutting, desk  # noqa: F401 - mount their pages
from .conflict import ConflictAdmin
from .history import StatusUpdateAdmin
from .initiative import InitiativeAdmin

__all__ = ["ConflictAdmin", "InitiativeAdmin", "StatusUpdateAdmin"]
