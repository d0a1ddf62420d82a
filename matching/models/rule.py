"""How much each factor counts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..judging import FACTORS, Weights


class RuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_superuser else self.none()

    def newest(self):
        """The one in force. There always is one: ``receivers.record_rule`` sees to it."""
        return self.latest("version")

    def in_force(self) -> Weights:
        """By which everything is scored now; its ``version`` is what suggestions carry."""
        return self.newest().weights

    def weights_of(self, versions) -> dict[int, Weights]:
        """By which the suggestions of these versions were scored."""
        return {rule.version: rule.weights for rule in self.filter(version__in=versions)}


class Rule(models.Model):
    """How much each factor counts, version by version. Rows are added, never changed; the newest is in force.

    The points are whole and make 100. ``text_version`` is that of the rule itself, as ``judging.py`` states it.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    before = models.OneToOneField("self", models.PROTECT, null=True, editable=False, related_name="after")
    text_version = models.PositiveIntegerField(_("version of the rule"), editable=False)
    language = models.PositiveSmallIntegerField(_("language"))
    skills = models.PositiveSmallIntegerField(_("skills"))
    neighbourhood = models.PositiveSmallIntegerField(_("neighbourhood"))
    time = models.PositiveSmallIntegerField(_("time"))
    field = models.PositiveSmallIntegerField(_("field"))
    motive = models.PositiveSmallIntegerField(_("motive"))
    note = models.TextField(_("why"), max_length=1000)
    # Empty where the house itself made the version: at the start, and when the text of the rule changed.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the weights")
        verbose_name_plural = _("weights of the score")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(language=100 - F("skills") - F("neighbourhood") - F("time") - F("field") - F("motive")),
                name="rule_weights_make_100",
            ),
            models.CheckConstraint(
                condition=Q(**{f"{factor}__lt": 100 for factor in FACTORS}), name="rule_two_factors_count"
            ),
        ]

    def __str__(self):
        return str(self.version)

    @property
    def weights(self) -> Weights:
        return Weights(**{factor: getattr(self, factor) for factor in FACTORS}, version=self.version)

    @property
    def reason(self) -> str:
        """Why there is this version, in the words of whoever made it."""
        if self.note:
            return self.note
        return gettext("The rule itself has changed.") if self.before_id else gettext("This is how we start.")

    @property
    def changes(self) -> list[tuple[str, int, int]]:
        """What counts more or less than in the version before: factor, points before, points now."""
        pairs = [(factor, getattr(self.before, factor, 0), getattr(self, factor)) for factor in FACTORS]
        return [pair for pair in pairs if pair[1] != pair[2]] if self.before_id else []
