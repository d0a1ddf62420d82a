"""For what nobody is in sight, as a page of the desk."""

from django.utils.translation import gettext_lazy as _

from organisations.models import Opportunity


class WaitingOpportunity(Opportunity):
    """An opportunity, as the desk lists those without candidates (see ``waiting.py``)."""

    class Meta:
        proxy = True
        verbose_name = _("opportunity without candidates")
        verbose_name_plural = _("opportunities without candidates")
