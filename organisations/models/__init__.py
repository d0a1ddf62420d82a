"""Agencies, migrant self-organisations and hosts, and the opportunities they post."""

from .course import Course
from .membership import Membership
from .need import Need
from .needed_language import NeededLanguage
from .opportunity import Opportunity
from .opportunity_text import OpportunityText
from .organisation import MemberLanguage, Organisation
from .origin import Origin
from .saved_search import SavedSearch

__all__ = [
    "Course",
    "MemberLanguage",
    "Membership",
    "Need",
    "NeededLanguage",
    "Opportunity",
    "OpportunityText",
    "Organisation",
    "Origin",
    "SavedSearch",
]
