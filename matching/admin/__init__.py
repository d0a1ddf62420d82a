"""The desk's pages for suggestions and matches."""

from .hand_over import HandOverAdmin
from .match import MatchAdmin
from .nightly_figures import NightlyFiguresAdmin
from .rule import RuleAdmin
from .suggestion import SuggestionAdmin
from .volunteer import VolunteerDesk
from .waiting_opportunity import WaitingOpportunityAdmin
from .waiting_volunteer import WaitingVolunteerAdmin

__all__ = [
    "HandOverAdmin",
    "MatchAdmin",
    "NightlyFiguresAdmin",
    "RuleAdmin",
    "SuggestionAdmin",
    "VolunteerDesk",
    "WaitingOpportunityAdmin",
    "WaitingVolunteerAdmin",
]
