"""Courses that agencies offer to people who volunteer."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.models import Language, Level, Proof, Skill

from .organisation import Organisation


class CourseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's own agencies, and for all who work at a desk those that are open to everybody."""
        if user.is_superuser:
            return self
        mine = Q(pk__in=self.model.objects.filter(agency__memberships__user=user.pk).values("pk"))
        return self.filter(mine | Q(is_open=True)) if user.is_staff else self.filter(mine)

    def changeable_by(self, user):
        return self if user.is_superuser else self.filter(agency__in=Organisation.objects.agencies().of(user))

    def coming(self, now=None):
        """Those that have not begun, the next first."""
        return self.filter(begins_on__gte=timezone.localdate(now)).order_by("begins_on", "pk")


class Course(models.Model):
    """What somebody can learn: whoever was there has a proof, a language at a level, or a skill."""

    agency = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="courses",
        verbose_name=_("agency"),
        limit_choices_to={"kind": "agency"},
    )
    title = models.CharField(_("title"), max_length=150)
    begins_on = models.DateField(_("begins on"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    proof = models.ForeignKey(
        Proof, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("gives the proof")
    )
    language = models.ForeignKey(
        Language, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("teaches the language")
    )
    level = models.PositiveSmallIntegerField(_("up to the level"), choices=Level, null=True, blank=True)
    skill = models.ForeignKey(
        Skill, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("teaches the skill")
    )
    is_open = models.BooleanField(_("open to people of all agencies"), default=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["begins_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proof__isnull=False) | Q(language__isnull=False) | Q(skill__isnull=False),
                name="course_gives_something",
            ),
            models.CheckConstraint(
                condition=Q(language=None, level=None) | Q(language__isnull=False, level__isnull=False),
                name="course_language_has_a_level",
            ),
        ]
        indexes = [models.Index(fields=["begins_on"], name="course_begins_on")]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        if not (self.proof_id or self.language_id or self.skill_id):
            raise ValidationError(gettext("Say what the course gives: a proof, a language or a skill."))
        if bool(self.language_id) != bool(self.level):
            raise ValidationError({"level": gettext("A language needs its level, and a level its language.")})
