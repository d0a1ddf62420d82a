"""What organisations post."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement import times
from engagement.languages import pick
from engagement.models import City, Field, Neighbourhood, Proof, Skill

from .organisation import Organisation

# When the desk reminds of the last day, and when it asks whether a notice is still true.
ENDS_SOON, CONFIRM_AFTER = timedelta(days=14), timedelta(days=90)


class OpportunityQuerySet(models.QuerySet):
    def looked_after_by(self, user):
        """Those whose agency ``user`` is a member of; for administrators, all."""
        return self if user.is_superuser else self.filter(agency__memberships__user=user.pk)

    def visible_to(self, user):
        """What one's organisation posted or looks after; for administrators, all."""
        if user.is_superuser:
            return self
        if not user.is_authenticated:
            return self.none()
        mine = Q(agency__memberships__user=user) | Q(host__memberships__user=user)
        return self.filter(pk__in=self.model.objects.filter(mine).values("pk"))

    def open(self, now=None):
        """What the public may see: published, verified, and not expired."""
        today = timezone.localdate(now)
        return self.filter(status=Opportunity.Status.PUBLISHED, host__verified_at__isnull=False).filter(
            Q(valid_until=None) | Q(valid_until__gte=today)
        )

    def expiring(self, now=None):
        """Open, and soon at its last day. What happens on one day only ends with it, and nobody has to decide that."""
        return self.open(now).filter(day=None, valid_until__lte=timezone.localdate(now) + ENDS_SOON)

    def unconfirmed(self, now=None):
        """Open, and for a long time nobody has said that it is still true."""
        return self.open(now).filter(confirmed_at__lte=(now or timezone.now()) - CONFIRM_AFTER)

    def with_owners(self):
        return self.select_related("field", "city", "host", "agency")

    def with_facts(self):
        """With the rows that a notice shows, in four queries."""
        return self.with_owners().prefetch_related(*shown_facts())


def shown_facts():
    """What a notice shows beside its own row: three queries for any number of notices."""
    places = Neighbourhood.objects.select_related("city").defer("geometry")
    tongues = Opportunity.needed_languages.field.model.objects.select_related("language")
    return ["texts", models.Prefetch("neighbourhoods", places), models.Prefetch("needed_languages", tongues)]


class Opportunity(models.Model):
    """Something to do. An empty value means "unknown" everywhere, never "no"."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        FILLED = "filled", _("filled")
        CLOSED = "closed", _("closed")

    class Place(models.TextChoices):
        NEIGHBOURHOOD = "neighbourhood", _("in one or several neighbourhoods")
        CITY = "city", _("in the whole city")
        REMOTE = "remote", _("from home")
        MOBILE = "mobile", _("at changing places in the city")

    class Frequency(models.TextChoices):
        ONCE = "once", _("once")
        WEEKLY = "weekly", _("every week")
        BIWEEKLY = "biweekly", _("every two weeks")
        MONTHLY = "monthly", _("every month")
        ON_DEMAND = "on_demand", _("when needed")
        PROJECT = "project", _("for some weeks")

    class Reimbursement(models.TextChoices):
        NONE = "none", _("none")
        EXPENSES = "expenses", _("expenses such as travel")
        ALLOWANCE = "allowance", _("an allowance")
        FEE = "fee", _("a fee")

    class Insurance(models.TextChoices):
        ORGANISATION = "organisation", _("the organisation")
        STATE = "state", _("the state of North Rhine-Westphalia")

    class OnlyFor(models.TextChoices):
        WOMEN = "women", _("women")

    class GermanNeeded(models.IntegerChoices):
        NONE = 0, _("no German")
        A1 = 1, _("A1 – a few words")
        A2 = 2, _("A2 – a little")
        B1 = 3, _("B1 – medium")
        B2 = 4, _("B2 – good")
        C1 = 5, _("C1 – very good")

    host = models.ForeignKey(Organisation, models.PROTECT, related_name="opportunities", verbose_name=_("posted by"))
    agency = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="opportunities_looked_after",
        verbose_name=_("looked after by"),
        limit_choices_to={"kind": "agency"},
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    field = models.ForeignKey(Field, models.PROTECT, related_name="+", verbose_name=_("field"))

    place = models.CharField(_("place"), max_length=13, choices=Place, default=Place.NEIGHBOURHOOD)
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("town"))
    neighbourhoods = models.ManyToManyField(
        Neighbourhood, blank=True, related_name="opportunities", verbose_name=_("neighbourhoods")
    )
    meeting_point = models.CharField(_("meeting point"), max_length=200, blank=True)

    german_needed = models.PositiveSmallIntegerField(_("German needed"), choices=GermanNeeded, null=True, blank=True)
    skills_required = models.ManyToManyField(Skill, blank=True, related_name="+", verbose_name=_("skills needed"))
    skills_wanted = models.ManyToManyField(Skill, blank=True, related_name="+", verbose_name=_("skills wished"))
    proofs = models.ManyToManyField(Proof, blank=True, related_name="+", verbose_name=_("proofs"))
    min_age = models.PositiveSmallIntegerField(
        _("minimum age"), null=True, blank=True, validators=[MinValueValidator(10), MaxValueValidator(99)]
    )
    only_for = models.CharField(_("only for"), max_length=5, choices=OnlyFor, blank=True)
    only_for_reason = models.CharField(_("reason"), max_length=200, blank=True)

    times = ArrayField(
        models.PositiveSmallIntegerField(choices=times.choices), verbose_name=_("times"), default=list, blank=True
    )
    frequency = models.CharField(_("how often"), max_length=9, choices=Frequency, blank=True)
    hours_per_week = models.PositiveSmallIntegerField(_("hours a week"), null=True, blank=True)
    minimum_weeks = models.PositiveSmallIntegerField(_("at least … weeks"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(
        _("number of places"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    # Only for what happens once, in the time of Germany; see ``days.py``.
    day = models.DateField(_("on this day only"), null=True, blank=True)
    begins_at = models.TimeField(_("begins at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    has_trial_visit = models.BooleanField(_("trial visit possible"), null=True, blank=True)
    is_in_team = models.BooleanField(_("in a team"), null=True, blank=True)
    is_accompanied = models.BooleanField(_("with a fixed contact person"), null=True, blank=True)
    gives_certificate = models.BooleanField(_("a certificate at the end"), null=True, blank=True)
    serves_newcomers = models.BooleanField(_("for people who are new here"), null=True, blank=True)
    reimbursement = models.CharField(_("reimbursement"), max_length=9, choices=Reimbursement, blank=True)
    insured_by = models.CharField(_("insured through"), max_length=12, choices=Insurance, blank=True)

    # Shown to the public; the coordinator gets the mails.
    contact_name = models.CharField(_("contact person"), max_length=100, blank=True)
    contact_phone = models.CharField(_("phone of the contact person"), max_length=40, blank=True)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("coordinator"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    # When somebody last said that it is true: by writing it, by publishing it, or at the desk ("still current").
    confirmed_at = models.DateTimeField(_("confirmed"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(only_for="") | ~Q(only_for_reason=""), name="restriction_has_a_reason"),
            models.CheckConstraint(condition=Q(begins_at=None) | Q(day__isnull=False), name="hours_have_a_day"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(begins_at__isnull=False, ends_at__gt=F("begins_at")), name="end_follows"
            ),
            # Whatever asks what is open need not know of days.
            models.CheckConstraint(
                condition=Q(day=None) | Q(valid_until__isnull=False, valid_until__lte=F("day")),
                name="over_after_its_day",
            ),
        ]
        indexes = [models.Index(fields=["status", "-published_at"], name="opportunity_newest")]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return self.text.title if self.text else ""

    @property
    def text(self):
        """The text that suits the reader best, or None; its ``language`` tells which one it is."""
        texts = {text.language: text for text in self.texts.all()}
        return pick(texts)[1] or None
