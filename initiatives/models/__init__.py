"""What is promised, who takes part, how it stands and how it stood."""

from .close_out import CloseOut, CloseOutLine
from .derived import derived_fields, put_back, standing_of, standings_on, store_standing
from .history import Certainty, Role, StatusCitation, StatusUpdate, Step
from .initiative import Initiative, InitiativeCitation, InitiativeName, InitiativeParty, InitiativeRelation, Scope
from .links import Conflict, ConflictCitation, ProvisionLink
from .upload import Upload

__all__ = [
    "Certainty",
    "CloseOut",
    "CloseOutLine",
    "Conflict",
    "ConflictCitation",
    "Initiative",
    "InitiativeCitation",
    "InitiativeName",
    "InitiativeParty",
    "InitiativeRelation",
    "ProvisionLink",
    "Role",
    "Scope",
    "StatusCitation",
    "StatusUpdate",
    "Step",
    "Upload",
    "derived_fields",
    "put_back",
    "standing_of",
    "standings_on",
    "store_standing",
]
