"""Who waits, as a page of the desk."""

from django.utils.translation import gettext_lazy as _

from volunteers.models import Volunteer


class WaitingVolunteer(Volunteer):
    """A volunteer, as the desk lists those who wait (see ``waiting.py``)."""

    class Meta:
        proxy = True
        verbose_name = _("volunteer who waits")
        verbose_name_plural = _("volunteers who wait")
