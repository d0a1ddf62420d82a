"""The desk's pages for organisations and for what they post."""

from .course import CourseAdmin
from .need import NeedAdmin
from .opportunity import OpportunityAdmin
from .organisation import OrganisationAdmin

__all__ = ["CourseAdmin", "NeedAdmin", "OpportunityAdmin", "OrganisationAdmin"]
