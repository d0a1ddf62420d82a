"""What the machine suggests."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import Now, RowNumber
from django.utils.translation import gettext_lazy as _

from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .match import Match
from .pair import EXACTLY_ONE_CANDIDATE, PairQuerySet, StoredPair
from .postponement import Postponement
from .region import Region


class SuggestionQuerySet(PairQuerySet):
    def undecided(self, now=None):
        """Without the pairs on which somebody has acted since they were computed: staff, or the candidate."""
        same = Q(volunteer=OuterRef("volunteer")) | Q(organisation=OuterRef("organisation"))
        decided = Match.objects.decided().filter(same, opportunity=OuterRef("opportunity"))
        postponed = Postponement.objects.running(now).filter(same, opportunity=OuterRef("opportunity"))
        refused = Volunteer.refused_fields.through.objects.filter(
            volunteer=OuterRef("volunteer"), field=OuterRef("opportunity__field")
        )
        return self.exclude(Exists(decided) | Exists(postponed) | Exists(refused))

    def of_open_opportunities(self, now=None):
        return self.filter(opportunity__in=Opportunity.objects.open(now))

    def best_first(self):
        """As the list of an opportunity is read: who stands highest comes first."""
        return self.order_by("-standing", "pk")

    def best_for_candidate(self):
        """As the list of a candidate is read: what appeals most comes first."""
        return self.order_by("-appeal", "pk")

    def first_of_each_candidate(self, number):
        """The ``number`` that appeal most to each of the candidates."""
        order = [F("appeal").desc(), "pk"]
        place = Window(RowNumber(), partition_by=[F("volunteer"), F("organisation")], order_by=order)
        return self.annotate(place=place).filter(place__lte=number)


class Suggestion(StoredPair):
    """The machine's: replaced whenever it is recomputed, so nothing refers to it.

    Points are out of the weight of their factor (see ``judging.py``); None where the opportunity does not ask.
    ``score`` is their sum, rescaled to 0…100. ``standing`` orders the list of an opportunity, ``appeal`` that of a
    candidate (see ``ranking.py``). ``open_points`` are flags of ``judging.OpenPoint``. ``region`` is the candidate's.

    The keys are not checked by the database: that would take several times as long as all the rest of writing them.
    ``rescoring.py`` sees to it that no row outlives what it refers to.
    """

    opportunity = models.ForeignKey(
        Opportunity,
        models.CASCADE,
        related_name="suggestions",
        db_constraint=False,
        verbose_name=_("opportunity"),
    )
    volunteer = models.ForeignKey(
        Volunteer,
        models.CASCADE,
        null=True,
        related_name="suggestions",
        db_constraint=False,
        db_index=False,
        verbose_name=_("volunteer"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        related_name="suggestions",
        db_constraint=False,
        db_index=False,
        verbose_name=_("self-organisation"),
    )
    region = models.ForeignKey(Region, models.CASCADE, related_name="+", db_constraint=False, verbose_name=_("region"))
    score = models.FloatField(_("score"))
    standing = models.FloatField(_("standing"), default=0)
    appeal = models.FloatField(_("appeal"), default=0)
    language = models.FloatField(_("language"), null=True)
    skills = models.FloatField(_("skills"), null=True)
    neighbourhood = models.FloatField(_("neighbourhood"), null=True)
    time = models.FloatField(_("time"), null=True)
    field = models.FloatField(_("field"), null=True)
    motive = models.FloatField(_("motive"), null=True)
    open_points = models.PositiveIntegerField(_("open points"), default=0)
    rule_version = models.PositiveIntegerField(_("version of the rule"))
    computed_at = models.DateTimeField(_("computed"), db_default=Now())

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["opportunity", "-standing", "pk"]
        constraints = [
            models.CheckConstraint(condition=EXACTLY_ONE_CANDIDATE, name="suggestion_has_one_candidate"),
            # Finds those of a volunteer as well.
            models.UniqueConstraint(
                fields=["volunteer", "organisation", "opportunity"], name="suggestion_once", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "-appeal"],
                name="suggestion_appeal_group",
                condition=Q(organisation__isnull=False),
            ),
        ]
