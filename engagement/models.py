"""The ground floor: accounts, the vocabulary that both sides speak, and the outbox."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .folding import folded
from .languages import interface_languages, pick
from .looks import Look as Look
from .uploads import Upload as Upload


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself; staff see the members of their organisations and of those these accompany; administrators all."""
        if user.is_superuser:
            return self
        if not user.is_authenticated:
            return self.none()
        seen = Q(pk=user.pk)
        if user.is_staff:
            # The upper floors name these relations.
            seen |= Q(memberships__organisation__memberships__user=user)
            seen |= Q(memberships__organisation__agency__memberships__user=user)
        return self.filter(pk__in=self.model.objects.filter(seen).values("pk"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, password=None, **extra):
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **extra):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """An account. The e-mail is the log-in, kept in lower case so that one person has one account."""

    email = models.EmailField(_("e-mail"), unique=True, max_length=254)
    name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(
        _("language of mails and pages"), max_length=12, default="de", choices=interface_languages
    )
    is_staff = models.BooleanField(_("may use the desk"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("since"), default=timezone.now)
    # As the desk searches for it (``finding.py``).
    folded_name = folded("name", "email")

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="user_email_is_lower_case"),
        ]

    def __str__(self):
        return self.name or self.email

    def clean(self):
        super().clean()
        self.email = self.email.strip().lower()

    def get_short_name(self):
        return str(self)


class Level(models.IntegerChoices):
    """How well somebody speaks a language: the Common European Framework of Reference (CEFR), and a first language."""

    A1 = 1, _("A1 – a few words")
    A2 = 2, _("A2 – a little")
    B1 = 3, _("B1 – medium")
    B2 = 4, _("B2 – good")
    C1 = 5, _("C1 – very good")
    C2 = 6, _("C2 – like a first language")
    NATIVE = 7, _("first language")


class TermQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(is_active=True)


class Term(models.Model):
    """A word of the vocabulary: loaded from a file, named in several languages."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    names = models.JSONField(_("names"), default=dict)
    descriptions = models.JSONField(_("descriptions"), default=dict, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    # A word that left the file stays for the rows that use it, and is no longer offered.
    is_active = models.BooleanField(_("offered"), default=True)
    # Empty: written or changed by hand, so that loading the file again leaves it alone.
    loaded_from = models.CharField(_("loaded from"), max_length=100, blank=True, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return pick(self.names)[1] or self.code

    @property
    def description(self) -> str:
        return pick(self.descriptions)[1]


class Language(Term):
    """A language by its BCP 47 code."""

    class Direction(models.TextChoices):
        LTR = "ltr", _("left to right")
        RTL = "rtl", _("right to left")

    autonym = models.CharField(_("own name"), max_length=80, blank=True)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction, default=Direction.LTR)
    # 0 German, 1 the most frequent in North Rhine-Westphalia, 3 rare.
    tier = models.PositiveSmallIntegerField(_("tier"), default=2)

    class Meta(Term.Meta):
        verbose_name = _("language")
        verbose_name_plural = _("languages")


class LanguageAtLevel(models.Model):
    """A language of a person or a group, or one that a task needs.

    An empty level: not told yet. That is neither a level nor its absence.
    """

    language = models.ForeignKey(Language, models.PROTECT, related_name="+", verbose_name=_("language"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.language} {self.get_level_display() or ''}".strip()


class SkillGroup(Term):
    class Meta(Term.Meta):
        verbose_name = _("group of skills")
        verbose_name_plural = _("groups of skills")


class Skill(Term):
    class EscoMatch(models.TextChoices):
        EXACT = "exact", _("exact")
        CLOSE = "close", _("close")
        BROAD = "broad", _("broad")
        NONE = "none", _("none")

    group = models.ForeignKey(SkillGroup, models.PROTECT, related_name="skills", verbose_name=_("group"))
    synonyms = ArrayField(models.CharField(max_length=100), verbose_name=_("also called"), default=list, blank=True)
    esco_uri = models.URLField(_("ESCO address"), blank=True)
    esco_match = models.CharField(_("ESCO match"), max_length=5, choices=EscoMatch, default=EscoMatch.NONE)

    class Meta(Term.Meta):
        verbose_name = _("skill")
        verbose_name_plural = _("skills")


# The names under which a certificate of good conduct is asked for; one certificate, the first, serves them all.
GOOD_CONDUCT = ("EFZ", "EFZ_OFT", "EFZ_KINDER")
# Certificates that cost volunteers nothing, once the organisation confirms what they are for (JVKostG, KV 1130).
FREE_FOR_VOLUNTEERS = (*GOOD_CONDUCT, "FZ_OFT")


class ProofQuerySet(TermQuerySet):
    def papers(self):
        """Each paper that somebody can hold, once, whatever it is asked for."""
        return self.exclude(code__in=GOOD_CONDUCT[1:])


class Proof(Term):
    """A certificate, declaration or course that an opportunity may ask for. Only its inspection is ever recorded."""

    basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    recheck_months = models.PositiveSmallIntegerField(_("recheck after months"), null=True, blank=True)
    is_inspection_only = models.BooleanField(_("only the inspection is recorded"), default=True)

    objects = ProofQuerySet.as_manager()

    class Meta(Term.Meta):
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")

    @property
    def is_free(self) -> bool:
        return self.code in FREE_FOR_VOLUNTEERS


class Field(Term):
    """A field of engagement."""

    category = models.CharField(_("category"), max_length=100, blank=True)
    usual_min_age = models.PositiveSmallIntegerField(_("usual minimum age"), null=True, blank=True)
    typical_skills = models.ManyToManyField(Skill, blank=True, verbose_name=_("typical skills"))
    typical_proofs = models.ManyToManyField(Proof, blank=True, verbose_name=_("typical proofs"))

    class Meta(Term.Meta):
        verbose_name = _("field of engagement")
        verbose_name_plural = _("fields of engagement")


class City(models.Model):
    name = models.CharField(_("name"), max_length=100)
    # Amtlicher Gemeindeschlüssel of the town or, where only that is known, of its Kreis.
    ags = models.CharField(_("official key"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("town")
        verbose_name_plural = _("towns")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name", "ags"], name="city_once")]

    def __str__(self):
        return self.name


class Neighbourhood(models.Model):
    """A Stadtteil: a polygon where its borders are known, else a point. Positions are WGS 84 degrees."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    city = models.ForeignKey(City, models.PROTECT, related_name="neighbourhoods", verbose_name=_("town"))
    district = models.CharField(_("district"), max_length=100, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    area_km2 = models.FloatField(_("area in km²"), null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    geometry = models.JSONField(_("borders"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    attribution = models.CharField(_("attribution"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    is_active = models.BooleanField(_("offered"), default=True)
    loaded_from = models.CharField(_("loaded from"), max_length=100, blank=True, editable=False)
    neighbours = models.ManyToManyField("self", through="Adjacency", verbose_name=_("neighbours"))

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")
        ordering = ["city__name", "name"]

    def __str__(self):
        return f"{self.city.name}-{self.name}"


class Adjacency(models.Model):
    """Two neighbourhoods side by side, stored once for each pair, the lower code first."""

    class Relation(models.TextChoices):
        TOUCHES = "touches", _("share a border")
        NEAR = "near", _("centres at most 2.5 km apart")

    one = models.ForeignKey(Neighbourhood, models.CASCADE, related_name="+", verbose_name=_("one"))
    other = models.ForeignKey(Neighbourhood, models.CASCADE, related_name="+", verbose_name=_("other"))
    relation = models.CharField(_("relation"), max_length=8, choices=Relation)
    distance_km = models.FloatField(_("distance in km"))
    crosses_rhine = models.BooleanField(_("across the Rhine"), default=False)

    class Meta:
        verbose_name = _("adjacency")
        verbose_name_plural = _("adjacencies")
        # By the keys alone: following them to the names would join four tables.
        ordering = ["one_id", "other_id"]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="adjacency_once")]

    def __str__(self):
        return f"{self.one} – {self.other}"


class Postcode(models.Model):
    code = models.CharField(_("postcode"), max_length=5, unique=True)
    city = models.ForeignKey(City, models.PROTECT, related_name="postcodes", verbose_name=_("town"))
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.SET_NULL, null=True, blank=True, related_name="postcodes", verbose_name=_("neighbourhood")
    )

    class Meta:
        verbose_name = _("postcode")
        verbose_name_plural = _("postcodes")
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} {self.city.name}"


class MailQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_superuser else self.none()

    def due(self, now=None):
        """What waits, and what a worker left half-done long ago (see ``delivery.py``)."""
        under_way = [Mail.State.QUEUED, Mail.State.SENDING]
        return self.filter(state__in=under_way, due_at__lte=now or timezone.now())

    def given_up(self):
        return self.filter(state=Mail.State.DEAD)


class Mail(models.Model):
    """One mail of the outbox, written in the transaction of the decision that causes it (see ``delivery.py``)."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")

    # The same key is the same mail: a second one is impossible.
    key = models.CharField(_("key"), max_length=200, unique=True)
    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=12)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    # Where its reader ends mails of this kind; empty where somebody has to get it.
    stop_url = models.URLField(_("address to stop"), max_length=500, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=250, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["queued", "sending"]), name="mail_due"),
        ]

    def __str__(self):
        return self.subject
