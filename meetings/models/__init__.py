"""Who met, when and where, and what they adopted, provision by provision."""

from .document import Document, DocumentCitation, Provision, ProvisionCitation
from .meeting import Meeting, MeetingCitation, MeetingName, Participant, ParticipantCitation, Series

__all__ = [
    "Document",
    "DocumentCitation",
    "Meeting",
    "MeetingCitation",
    "MeetingName",
    "Participant",
    "ParticipantCitation",
    "Provision",
    "ProvisionCitation",
    "Series",
]
