"""The desk's pages for organisations and for what they post."""

from .opportunity import OpportunityAdmin
from .organisation import OrganisationAdmin

__all__ = ["OpportunityAdmin", "OrganisationAdmin"]
