"""Through whom somebody is reached."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from volunteers.models import Consent, Volunteer


class IntermediaryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(volunteer__in=Volunteer.objects.visible_to(user).values("pk"))

    def known_to(self, user):
        """Those of the verified associations ``user`` acts for, as long as the people agree that it knows of them."""
        agreed = Consent.objects.in_force().filter(volunteer=models.OuterRef("volunteer"))
        return self.filter(
            models.Exists(agreed.filter(purpose=Consent.Purpose.THROUGH)),
            models.Exists(agreed.filter(purpose=Consent.Purpose.PROFILE)),
            organisation__in=Organisation.objects.of(user).filter(verified_at__isnull=False).values("pk"),
        )


class Intermediary(models.Model):
    """The association through which a volunteer is reached who chose this way.

    To choose the way and the association is enough for staff to call there. What the person is interested in the
    association sees only while a consent of its own says so (``Consent.Purpose.THROUGH``).
    """

    volunteer = models.OneToOneField(
        Volunteer, models.CASCADE, related_name="intermediary", verbose_name=_("volunteer")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="+",
        verbose_name=_("association"),
        limit_choices_to={"kind": "mso", "verified_at__isnull": False},
    )

    objects = IntermediaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("association to be reached through")
        verbose_name_plural = _("associations to be reached through")
        ordering = ["organisation", "volunteer"]

    def __str__(self):
        return str(self.organisation)
