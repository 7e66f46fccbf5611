"""Admin pages of initiatives, their history, and conflicts between sources."""

from . import cutting, desk, uploads  # noqa: F401 - mount their pages
from .close_out import CloseOutAdmin
from .conflict import ConflictAdmin
from .history import StatusUpdateAdmin
from .initiative import InitiativeAdmin

__all__ = ["CloseOutAdmin", "ConflictAdmin", "InitiativeAdmin", "StatusUpdateAdmin"]
