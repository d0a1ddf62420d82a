"""What the machine suggests, and what people decide."""

from .accompaniment import Accompaniment
from .erasure import Erasure
from .hand_over import HandOver
from .intermediary import Intermediary
from .match import Match, MatchEvent
from .nightly_figures import NightlyFigures
from .pending_rescoring import PendingRescoring
from .postponement import Postponement
from .record import CandidateRecord, OpportunityRecord
from .region import Region
from .rule import Rule
from .suggestion import Suggestion
from .waiting_opportunity import WaitingOpportunity
from .waiting_volunteer import WaitingVolunteer

__all__ = [
    "Accompaniment",
    "CandidateRecord",
    "Erasure",
    "Intermediary",
    "HandOver",
    "Match",
    "MatchEvent",
    "NightlyFigures",
    "OpportunityRecord",
    "PendingRescoring",
    "Postponement",
    "Region",
    "Rule",
    "Suggestion",
    "WaitingOpportunity",
    "WaitingVolunteer",
]
