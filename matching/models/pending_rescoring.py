"""What is still to be scored again."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .region import Region


class PendingRescoring(models.Model):
    """Somebody changed and waits to be scored again: a note that survives a broker which forgets."""

    volunteer = models.OneToOneField(Volunteer, models.CASCADE, null=True, related_name="+")
    organisation = models.OneToOneField(Organisation, models.CASCADE, null=True, related_name="+")
    opportunity = models.OneToOneField(Opportunity, models.CASCADE, null=True, related_name="+")
    region = models.OneToOneField(Region, models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("pending rescoring")
        verbose_name_plural = _("pending rescorings")
        ordering = ["since"]

    def __str__(self):
        return str(self.volunteer_id or self.organisation_id or self.opportunity_id or self.region_id)
