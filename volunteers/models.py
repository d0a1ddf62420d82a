"""A person: who they are, what they offer, what they agreed to.

Never asked, and so never stored: nationality, origin, religion, residence status, health.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement import times
from engagement.folding import folded
from engagement.languages import interface_languages
from engagement.models import Field, LanguageAtLevel, Neighbourhood, Postcode, Proof, Skill


class Motive(models.TextChoices):
    GIVE_BACK = "give_back", _("I want to give something back")
    USE_QUALIFICATION = "use_qualification", _("I want to use what I have learned")
    WAY_INTO_WORK = "way_into_work", _("I am looking for a way into work")
    MEET_PEOPLE = "meet_people", _("I want to meet people")
    LEARN_GERMAN = "learn_german", _("I want to practise German")
    OTHER = "other", _("another reason")


class Channel(models.TextChoices):
    PHONE = "phone", _("by phone")
    EMAIL = "email", _("by e-mail")
    MESSENGER = "messenger", _("by messenger (agree with the office)")
    LETTER = "letter", _("by letter")
    ORGANISATION = "organisation", _("through an association")


class Rhythm(models.TextChoices):
    ONCE = "once", _("once")
    REGULAR = "regular", _("again and again")
    PROJECT = "project", _("for some weeks")


class Company(models.TextChoices):
    ALONE = "alone", _("alone")
    TEAM = "team", _("in a team")


class Reach(models.IntegerChoices):
    """How far somebody goes, in kilometres as the crow flies."""

    ON_FOOT = 2, _("on foot, up to 2 km")
    BICYCLE = 5, _("by bicycle, up to 5 km")
    TRAM = 8, _("by bus or tram, up to 8 km")
    CITY = 15, _("through the whole city, up to 15 km")
    REGION = 50, _("farther, up to 50 km")


# The states of a match, an upper floor's, in which the agency may still do something about it.
UNDER_WAY = ["proposed", "interested", "trial", "placed", "parked"]


class VolunteerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself; for staff, whom their agency accompanies or has a match under way with; for administrators, all."""
        if user.is_superuser:
            return self
        if not user.is_authenticated:
            return self.none()
        agency = {"memberships__user": user, "kind": "agency"}
        accompanied = Q(**{f"accompaniments__agency__{key}": value for key, value in agency.items()})
        matched = Q(**{f"matches__opportunity__agency__{key}": value for key, value in agency.items()})
        matched &= Q(matches__state__in=UNDER_WAY)
        # Three questions, each with an index of its own: one with OR would read everybody.
        oneself, *others = (
            self.model.objects.filter(one).order_by().values("pk") for one in (Q(user=user), accompanied, matched)
        )
        return self.filter(pk__in=oneself.union(*others))

    def available(self, now=None):
        """Those who may be suggested: they agreed to it, and are neither paused for good nor until a later day."""
        agreed = Consent.objects.filter(volunteer=OuterRef("pk"), purpose=Consent.Purpose.PROFILE, withdrawn_at=None)
        today = timezone.localdate(now)
        return self.filter(Exists(agreed), Q(paused_until=None) | Q(paused_until__lte=today), is_paused=False)

    def with_proofs_to_recheck(self, now=None):
        """Those with a proof that somebody has to look at again, since the day that is ``recheck_on``."""
        due = ProofInspection.objects.due_for_recheck(now).order_by().values("volunteer")
        first = due.filter(volunteer=OuterRef("pk")).annotate(first=Min("recheck_on")).values("first")
        return self.filter(pk__in=due).annotate(recheck_on=Subquery(first))


class Volunteer(models.Model):
    # From this age nobody else needs to agree.
    ADULT = 18

    class Gender(models.TextChoices):
        WOMAN = "woman", _("woman")
        MAN = "man", _("man")
        DIVERSE = "diverse", _("diverse")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="volunteer",
        verbose_name=_("account"),
    )
    first_name = models.CharField(_("first name or nickname"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    # Only opportunities with a minimum age need it; the year is enough.
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    # Self-declared, and only for opportunities that are stated to be for women.
    gender = models.CharField(_("gender"), max_length=8, choices=Gender, blank=True)

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("neighbourhood")
    )
    postcode = models.ForeignKey(
        Postcode, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("postcode")
    )
    reach_km = models.PositiveSmallIntegerField(_("how far"), choices=Reach, null=True, blank=True)
    times = ArrayField(
        models.PositiveSmallIntegerField(choices=times.choices), verbose_name=_("times"), default=list, blank=True
    )
    motives = ArrayField(
        models.CharField(max_length=20, choices=Motive), verbose_name=_("motives"), default=list, blank=True
    )
    fields = models.ManyToManyField(Field, blank=True, related_name="+", verbose_name=_("fields wished"))
    # "Never this kind": nothing of these fields is suggested.
    refused_fields = models.ManyToManyField(
        Field, blank=True, related_name="+", verbose_name=_("fields never to suggest")
    )
    proofs = models.ManyToManyField(Proof, blank=True, related_name="+", verbose_name=_("proofs at hand"))

    # What staff ask in the first conversation and read again before they decide: no points come of it.
    rhythms = ArrayField(
        models.CharField(max_length=8, choices=Rhythm), verbose_name=_("how often"), default=list, blank=True
    )
    company = models.CharField(_("alone or in a team"), max_length=8, choices=Company, blank=True)
    with_whom = models.CharField(_("with whom, and with whom not"), max_length=200, blank=True)
    doubts = models.CharField(_("what makes unsure"), max_length=300, blank=True)

    channel = models.CharField(_("how to be reached"), max_length=12, choices=Channel, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.TextField(_("postal address"), max_length=300, blank=True)
    call_times = models.CharField(_("best time to call"), max_length=200, blank=True)
    # Of what is written. People can be called and spoken to in every language that they speak.
    language = models.CharField(
        _("language of letters and mails"), max_length=12, default="de", choices=interface_languages
    )

    max_load = models.PositiveSmallIntegerField(_("engagements at the same time"), default=2)
    is_paused = models.BooleanField(_("paused"), default=False)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    # After a year without a sign we ask whether the profile may stay.
    asked_at = models.DateTimeField(_("asked whether we may keep it"), null=True, editable=False)
    # As the desk searches for it (``engagement/finding.py``).
    folded_name = folded("first_name", "last_name")

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        ordering = ["first_name", "last_name", "pk"]

    def __str__(self):
        return self.short_name

    @property
    def short_name(self) -> str:
        """First name and initial: as much of a name as a list or a mail needs."""
        return f"{self.first_name} {self.last_name[:1]}." if self.last_name else self.first_name

    @property
    def may_be_minor(self) -> bool:
        """Whether somebody may be under 18: the year alone leaves the birthday open."""
        return self.birth_year is not None and timezone.localdate().year - self.birth_year <= self.ADULT

    @property
    def has_break(self) -> bool:
        """Whether nothing is to be suggested today (``available`` asks the same of the database)."""
        return self.is_paused or (self.paused_until is not None and self.paused_until > timezone.localdate())


class SpokenLanguage(LanguageAtLevel):
    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, related_name="spoken_languages", verbose_name=_("volunteer")
    )

    class Meta:
        verbose_name = _("spoken language")
        verbose_name_plural = _("spoken languages")
        ordering = ["-level", "language"]
        constraints = [models.UniqueConstraint(fields=["volunteer", "language"], name="spoken_language_once")]


class Competence(models.Model):
    """A skill of a person, in the vocabulary's words and their own."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="competences", verbose_name=_("volunteer"))
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", verbose_name=_("skill"))
    own_words = models.CharField(_("in your own words"), max_length=200, blank=True)
    # A profession, a study or practice behind it; a foreign one counts without recognition.
    has_evidence = models.BooleanField(_("learned or practised"), default=False)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["skill"]
        constraints = [models.UniqueConstraint(fields=["volunteer", "skill"], name="competence_once")]

    def __str__(self):
        return str(self.skill)


class ProofInspectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_superuser else self.filter(volunteer__in=Volunteer.objects.visible_to(user).values("pk"))

    def due_for_recheck(self, now=None):
        """The newest of each person and proof, where the day to look again has come."""
        newer = self.model.objects.filter(
            Q(seen_on__gt=OuterRef("seen_on")) | Q(seen_on=OuterRef("seen_on"), pk__gt=OuterRef("pk")),
            volunteer=OuterRef("volunteer"),
            proof=OuterRef("proof"),
        )
        return self.filter(~Exists(newer), recheck_on__lte=timezone.localdate(now))


class ProofInspection(models.Model):
    """Somebody saw a proof, and nothing in it was against the engagement: otherwise there is no row.

    Neither a file nor its content is kept (§ 72a Abs. 5 SGB VIII).
    """

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="inspections", verbose_name=_("volunteer"))
    proof = models.ForeignKey(Proof, models.PROTECT, related_name="+", verbose_name=_("proof"))
    issued_on = models.DateField(_("date of the proof"), null=True, blank=True)
    seen_on = models.DateField(_("seen on"), default=timezone.localdate)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("seen by")
    )
    recheck_on = models.DateField(_("recheck on"), null=True, blank=True)

    objects = ProofInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection of a proof")
        verbose_name_plural = _("inspections of proofs")
        ordering = ["-seen_on"]

    def __str__(self):
        return f"{self.proof} – {self.seen_on}"


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """What a person agreed to: for which purpose, which text, when and how; and when they took it back."""

    class Purpose(models.TextChoices):
        PROFILE = "profile", _("keep my profile and suggest opportunities")
        CONTACT = "contact", _("contact me about one opportunity")
        IDEAS = "ideas", _("send me ideas by e-mail")
        THROUGH = "through", _("let my association know what I am interested in")
        GUARDIAN = "guardian", _("a parent or guardian agrees")
        HAND_OVER = "hand_over", _("be accompanied by another agency")

    class Given(models.TextChoices):
        WEBSITE = "website", _("on the website")
        IN_PERSON = "in_person", _("in a conversation")
        PHONE = "phone", _("by phone")
        PAPER = "paper", _("on paper")

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="consents", verbose_name=_("volunteer"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    text_version = models.CharField(_("version of the text"), max_length=20)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    given_how = models.CharField(_("how"), max_length=10, choices=Given)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at"]

    def __str__(self):
        return self.get_purpose_display()
