"""Admin pages of initiatives, their history, and conflicts between sources."""

from . import cutting  # noqa: F401 - mounts its page
from .conflict import ConflictAdmin
from .history import StatusUpdateAdmin
from .initiative import InitiativeAdmin

__all__ = ["ConflictAdmin", "InitiativeAdmin", "StatusUpdateAdmin"]
