"""A person goes from one agency to another."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from volunteers.models import Consent, Volunteer


class HandOverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both agencies see it, for it is the deed of one and the work of the other; administrators see all."""
        if user.is_superuser:
            return self
        mine = Organisation.objects.agencies().filter(memberships__user=user.pk).values("pk")
        return self.filter(Q(from_agency__in=mine) | Q(to_agency__in=mine))

    def to_welcome(self, user):
        """Those whom the agencies of ``user`` were given, and whom nobody there has welcomed yet."""
        waiting = self.filter(welcomed_at=None)
        mine = Organisation.objects.agencies().filter(memberships__user=user.pk).values("pk")
        return waiting if user.is_superuser else waiting.filter(to_agency__in=mine)


class HandOver(models.Model):
    """An agency handed a volunteer over to another one, with the volunteer's consent. ``handing_over.py`` does it.

    The profile is shared from then on; what the first agency noted about its matches stays with it.
    """

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="hand_overs", verbose_name=_("volunteer"))
    from_agency = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("from"))
    to_agency = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="+",
        verbose_name=_("agency that will accompany"),
        limit_choices_to={"kind": "agency", "verified_at__isnull": False},
    )
    consent = models.OneToOneField(Consent, models.CASCADE, related_name="+", verbose_name=_("consent"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    is_shared = models.BooleanField(_("both agencies accompany"), default=False)
    welcomed_at = models.DateTimeField(_("welcomed"), null=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.volunteer}: {self.from_agency} → {self.to_agency}"
