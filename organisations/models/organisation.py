"""Agencies, migrant self-organisations and hosts."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement import times
from engagement.models import City, Field, LanguageAtLevel, Neighbourhood, Skill


class OrganisationQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(memberships__user=user).distinct()

    def agencies(self):
        return self.filter(kind=Organisation.Kind.AGENCY)

    def self_organisations(self):
        return self.filter(kind=Organisation.Kind.MSO)

    def awaiting_verification(self):
        """Whoever came in and was taken on by no agency yet. An agency itself is verified by whoever enters it."""
        return self.exclude(kind=Organisation.Kind.AGENCY).filter(verified_at=None, agency=None)

    def visible_to(self, user):
        """One's own; for staff also what is verified, and what waits for an agency; for administrators, all."""
        if user.is_superuser:
            return self
        if not user.is_authenticated:
            return self.none()
        seen = Q(memberships__user=user)
        if user.is_staff:
            seen |= Q(agency__memberships__user=user) | Q(verified_at__isnull=False) | Q(agency=None)
        return self.filter(pk__in=self.model.objects.filter(seen).values("pk"))

    def changeable_by(self, user):
        """One's own and those one's agency accompanies; whoever waits for an agency may be taken on by any."""
        if user.is_superuser:
            return self
        if not user.is_authenticated:
            return self.none()
        mine = Q(memberships__user=user)
        if user.is_staff:
            waiting = Q(agency=None, verified_at=None) & ~Q(kind=Organisation.Kind.AGENCY)
            mine |= Q(agency__memberships__user=user) | waiting
        return self.filter(pk__in=self.model.objects.filter(mine).values("pk"))

    def hosts_for(self, user):
        """Those in whose name ``user`` may post at the desk."""
        return self.changeable_by(user).filter(verified_at__isnull=False)

    def candidates(self):
        """Self-organisations that may be suggested."""
        return self.self_organisations().filter(verified_at__isnull=False, is_paused=False)


class Organisation(models.Model):
    class Kind(models.TextChoices):
        AGENCY = "agency", _("integration agency")
        MSO = "mso", _("migrant self-organisation")
        HOST = "host", _("host")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    name = models.CharField(_("name"), max_length=150)
    description = models.TextField(_("about us"), max_length=2000, blank=True)
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("town"))
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("seat")
    )
    contact_name = models.CharField(_("contact person"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)

    # The agency that accompanies a self-organisation or a host. Verification decides it. An agency cannot be deleted
    # while it accompanies somebody: nobody verified would then answer for them.
    agency = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accompanied",
        verbose_name=_("accompanied by"),
        limit_choices_to={"kind": "agency"},
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )

    # The potential of a self-organisation: what its members bring together. Communities are never asked.
    group_size = models.PositiveSmallIntegerField(_("how many people can help"), null=True, blank=True)
    skills = models.ManyToManyField(Skill, blank=True, related_name="+", verbose_name=_("skills"))
    reached = models.ManyToManyField(
        Neighbourhood, blank=True, related_name="+", verbose_name=_("neighbourhoods reached")
    )
    fields = models.ManyToManyField(Field, blank=True, related_name="+", verbose_name=_("fields wished"))
    times = ArrayField(
        models.PositiveSmallIntegerField(choices=times.choices), verbose_name=_("times"), default=list, blank=True
    )
    max_load = models.PositiveSmallIntegerField(_("engagements at the same time"), default=5)
    is_paused = models.BooleanField(_("paused"), default=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            # Whoever is verified is accompanied by an agency, or is one.
            models.CheckConstraint(
                condition=Q(verified_at=None) | Q(kind="agency") | Q(agency__isnull=False),
                name="verified_has_an_agency",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class MemberLanguage(LanguageAtLevel):
    """A language that members of an organisation speak, at the level of those who speak it best."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="member_languages", verbose_name=_("organisation")
    )

    class Meta:
        verbose_name = _("language of members")
        verbose_name_plural = _("languages of members")
        ordering = ["-level", "language"]
        constraints = [models.UniqueConstraint(fields=["organisation", "language"], name="member_language_once")]
