"""What a suggestion and a match have in common."""

from django.db import models
from django.db.models import Q

from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

EXACTLY_ONE_CANDIDATE = Q(volunteer__isnull=False, organisation=None) | Q(volunteer=None, organisation__isnull=False)


class PairQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the agencies of ``user`` look after; for administrators, all."""
        return self if user.is_superuser else self.filter(opportunity__in=Opportunity.objects.looked_after_by(user))

    def of_candidate(self, user):
        """The other side's own: what concerns ``user`` as a volunteer, or the self-organisations they speak for."""
        own = Organisation.objects.of(user).self_organisations()
        return self.filter(Q(volunteer__user=user) | Q(organisation__in=own))


class StoredPair(models.Model):
    """An opportunity and its candidate: a volunteer or a self-organisation, in one of two columns."""

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.opportunity} – {self.candidate}"

    @property
    def candidate(self) -> Volunteer | Organisation:
        return self.volunteer or self.organisation  # type: ignore[return-value]  # one is there: a check constraint
