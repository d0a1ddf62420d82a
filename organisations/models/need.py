"""What a neighbourhood lacks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.models import Field, Neighbourhood

from .organisation import Organisation


class NeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What one's organisation reported, and what those reported whom one's agency accompanies."""
        if user.is_superuser:
            return self
        mine = Q(memberships__user=user.pk) | Q(agency__memberships__user=user.pk)
        return self.filter(organisation__in=Organisation.objects.filter(mine).values("pk"))


class Need(models.Model):
    """Reported by an organisation that knows the neighbourhood; an agency makes opportunities of it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="needs", verbose_name=_("reported by"))
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+", verbose_name=_("neighbourhood"))
    field = models.ForeignKey(Field, models.PROTECT, related_name="+", verbose_name=_("field"))
    text = models.TextField(_("what is missing"), max_length=1000)
    is_covered = models.BooleanField(_("covered"), default=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("reported"), default=timezone.now, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["is_covered", "-created_at", "-pk"]

    def __str__(self):
        return f"{self.neighbourhood}: {self.field}"
