"""Agencies, migrant self-organisations and hosts, and the opportunities they post."""

from math import cos, radians

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Sqrt
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement import times
from engagement.folding import Fold
from engagement.languages import interface_languages, pick
from engagement.models import City, Field, Language, Level, Neighbourhood, Proof, Skill


class OrganisationQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(memberships__user=user).distinct()

    def agencies(self):
        return self.filter(kind=Organisation.Kind.AGENCY)

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

    def candidates(self):
        """Self-organisations that may be suggested."""
        return self.filter(kind=Organisation.Kind.MSO, verified_at__isnull=False, is_paused=False)


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


class MemberLanguage(models.Model):
    """A language that members of an organisation speak, at the level of those who speak it best."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="member_languages", verbose_name=_("organisation")
    )
    language = models.ForeignKey(Language, models.PROTECT, related_name="+", verbose_name=_("language"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, null=True, blank=True)

    class Meta:
        verbose_name = _("language of members")
        verbose_name_plural = _("languages of members")
        ordering = ["-level", "language"]
        constraints = [models.UniqueConstraint(fields=["organisation", "language"], name="member_language_once")]

    def __str__(self):
        return f"{self.language} {self.get_level_display() or ''}".strip()


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(organisation__in=Organisation.objects.changeable_by(user))


class Membership(models.Model):
    """Who acts for an organisation. It decides what an account sees."""

    class Role(models.TextChoices):
        LEAD = "lead", _("lead")
        STAFF = "staff", _("integration officer")
        CONTACT = "contact", _("contact person")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("account")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=8, choices=Role)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="membership_once")]

    def __str__(self):
        return f"{self.user} – {self.organisation}"


KM_PER_DEGREE = 111.2
FROM_HOME = Q(place="remote")


def maybe(from_home):
    return FROM_HOME if from_home else Q(pk__in=[])


class OpportunityQuerySet(models.QuerySet):
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

    def with_distance(self, latitude, longitude):
        """``distance``: kilometres as the crow flies to the nearest of its neighbourhoods, None without any."""
        north = (F("neighbourhood__latitude") - latitude) * KM_PER_DEGREE
        east = (F("neighbourhood__longitude") - longitude) * KM_PER_DEGREE * cos(radians(latitude))
        places = Opportunity.neighbourhoods.through.objects.filter(opportunity=OuterRef("pk"))
        nearest = places.annotate(km=Sqrt(north * north + east * east)).order_by("km").values("km")[:1]
        return self.annotate(distance=Subquery(nearest))

    def within(self, kilometres, city, *, or_from_home=False):
        """Those not farther than that, after ``with_distance``, and those anywhere in ``city``."""
        return self.filter(Q(distance__lte=kilometres) | Q(distance=None, city=city) & ~FROM_HOME | maybe(or_from_home))

    def in_city(self, city, *, or_from_home=False):
        places = Opportunity.neighbourhoods.through.objects.filter(neighbourhood__city=city)
        here = Q(city=city) | Q(pk__in=places.values("opportunity"))
        return self.filter(here & ~FROM_HOME | maybe(or_from_home))

    def with_facts(self):
        """With the rows that a notice shows, in a constant number of queries."""
        return self.select_related("field", "city", "host", "agency").prefetch_related(
            "texts", "neighbourhoods__city", "needed_languages__language"
        )


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
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    has_trial_visit = models.BooleanField(_("trial visit possible"), null=True, blank=True)
    is_in_team = models.BooleanField(_("in a team"), null=True, blank=True)
    is_accompanied = models.BooleanField(_("with a fixed contact person"), null=True, blank=True)
    gives_certificate = models.BooleanField(_("a certificate at the end"), null=True, blank=True)
    serves_newcomers = models.BooleanField(_("for people who are new here"), null=True, blank=True)
    reimbursement = models.CharField(_("reimbursement"), max_length=9, choices=Reimbursement, blank=True)

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
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(only_for="") | ~Q(only_for_reason=""), name="restriction_has_a_reason"),
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


class OpportunityText(models.Model):
    """Title and text of an opportunity in one language; Einfache Sprache is a language of its own."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="texts", verbose_name=_("opportunity"))
    language = models.CharField(_("language"), max_length=12, choices=interface_languages)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=4000, blank=True)
    schedule = models.CharField(_("times in words"), max_length=200, blank=True)

    # Kept by the database itself, so that no way of writing a text forgets them: the words by their German stems, and
    # all letters, because stems do not find "Begleitung" in "Behördenbegleitung".
    vector = models.GeneratedField(
        expression=SearchVector("title", "body", config="german"), output_field=SearchVectorField(), db_persist=True
    )
    folded = models.GeneratedField(
        expression=Fold(Concat("title", Value(" "), "body", output_field=models.TextField())),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["opportunity", "pk"]
        constraints = [models.UniqueConstraint(fields=["opportunity", "language"], name="opportunity_text_once")]
        indexes = [GinIndex(fields=["vector"], name="opportunity_text_vector")]

    def __str__(self):
        return self.title


class NeededLanguage(models.Model):
    """A language needed for the task, besides German."""

    class Role(models.TextChoices):
        REQUIRED = "required", _("needed")
        ONE_OF = "one_of", _("one of these is needed")
        WANTED = "wanted", _("wished")

    opportunity = models.ForeignKey(
        Opportunity, models.CASCADE, related_name="needed_languages", verbose_name=_("opportunity")
    )
    language = models.ForeignKey(Language, models.PROTECT, related_name="+", verbose_name=_("language"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, null=True, blank=True)
    role = models.CharField(_("how much"), max_length=8, choices=Role, default=Role.WANTED)

    class Meta:
        verbose_name = _("needed language")
        verbose_name_plural = _("needed languages")
        ordering = ["opportunity", "pk"]
        constraints = [models.UniqueConstraint(fields=["opportunity", "language"], name="needed_language_once")]

    def __str__(self):
        return f"{self.language} {self.get_level_display() or ''}".strip()
