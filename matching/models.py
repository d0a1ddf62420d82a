"""What the machine suggests, and what people decide."""

from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.models import City
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .boxes import EVERYWHERE, BoxField
from .scoring import FACTORS, Weights

EXACTLY_ONE_CANDIDATE = Q(volunteer__isnull=False, organisation=None) | Q(volunteer=None, organisation__isnull=False)


def looked_after_by(user):
    """Opportunities whose agency ``user`` is a member of; for administrators, all."""
    if user.is_superuser:
        return Opportunity.objects.all()
    return Opportunity.objects.filter(agency__memberships__user=user.pk)


def of_own_agency(queryset, user):
    """Rows whose opportunity is looked after by an agency of ``user``; for administrators, all."""
    return queryset if user.is_superuser else queryset.filter(opportunity__in=looked_after_by(user))


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

    The points are whole and make 100. ``text_version`` is that of the rule itself, as ``scoring.py`` states it.
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


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return of_own_agency(self, user)

    def undecided(self):
        """Without the pairs on which somebody has acted since they were computed."""
        decided = Match.objects.filter(opportunity=OuterRef("opportunity")).filter(
            Q(volunteer=OuterRef("volunteer")) | Q(organisation=OuterRef("organisation"))
        )
        return self.exclude(Exists(decided))

    def of_candidate(self, user):
        """Those for ``user`` as a volunteer, or for the self-organisations they speak for."""
        own = Organisation.objects.of(user).filter(kind=Organisation.Kind.MSO)
        return self.filter(Q(volunteer__user=user) | Q(organisation__in=own))

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


class Region(models.Model):
    """The candidates of one town, who are rescored together; one row for all whose town is not known.

    ``demand`` is what its candidates are expected to apply for, as of ``priced_at`` (see ``pricing.py``).
    """

    city = models.ForeignKey(City, models.CASCADE, null=True, related_name="+", db_index=False, verbose_name=_("town"))
    priced_at = models.DateTimeField(_("priced"), null=True)
    demand = models.BinaryField(_("demand"), default=bytes)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["city"], name="region_once", nulls_distinct=False)]

    def __str__(self):
        return self.city.name if self.city else "–"


class PackedRecord(models.Model):
    """What the rule looks at, packed (see ``packing.py``). Derived: whoever may not be matched now has none.

    ``vocabulary`` says of which numbers of words the record was made (see ``records.py``).
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    record = models.BinaryField(_("record"))
    vocabulary = models.CharField(_("vocabulary"), max_length=50)

    class Meta:
        abstract = True


class CandidateRecord(PackedRecord):
    """``reach`` covers every place that the candidate goes to."""

    volunteer = models.OneToOneField(
        Volunteer, models.CASCADE, null=True, related_name="+", verbose_name=_("volunteer")
    )
    organisation = models.OneToOneField(
        Organisation, models.CASCADE, null=True, related_name="+", verbose_name=_("self-organisation")
    )
    reach = BoxField(_("reach"), default=EVERYWHERE)

    class Meta:
        verbose_name = _("record of a candidate")
        verbose_name_plural = _("records of candidates")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=EXACTLY_ONE_CANDIDATE, name="record_has_one_candidate"),
        ]
        indexes = [GistIndex(fields=["reach"], name="candidate_reach")]

    def __str__(self):
        return f"{self.volunteer_id or ''} {self.organisation_id or ''}".strip()


class OpportunityRecord(PackedRecord):
    """``area`` covers all its places, or everything for what is done from home.

    ``price`` is the chance that a place is still free; it starts as the ``nightly_price`` and falls with each
    connection until the next night. ``expected`` is how many suitable people are expected to apply. ``floor`` is the
    standing of the last in its full list, as it was when the list was last put in order; 0 if there is room.
    """

    opportunity = models.OneToOneField(Opportunity, models.CASCADE, related_name="+", verbose_name=_("opportunity"))
    area = BoxField(_("area"), default=EVERYWHERE)
    price = models.FloatField(_("price"), default=1)
    nightly_price = models.FloatField(_("price of the night"), default=1)
    expected = models.FloatField(_("expected applicants"), default=0)
    floor = models.FloatField(_("standing of the last"), default=0)

    class Meta:
        verbose_name = _("record of an opportunity")
        verbose_name_plural = _("records of opportunities")
        ordering = ["pk"]
        indexes = [GistIndex(fields=["area"], name="opportunity_area")]

    def __str__(self):
        return str(self.opportunity_id)


class Suggestion(models.Model):
    """The machine's: replaced whenever it is recomputed, so nothing refers to it.

    Points are out of the weight of their factor (see ``scoring.py``); None where the opportunity does not ask.
    ``score`` is their sum, rescaled to 0…100. ``standing`` orders the list of an opportunity, ``appeal`` that of a
    candidate (see ``ranking.py``). ``open_points`` are flags of ``scoring.OpenPoint``. ``region`` is the candidate's.

    The keys are not checked by the database: that would take several times as long as all the rest of writing them.
    ``rescoring.py`` sees to it that no row outlives what it refers to.
    """

    opportunity = models.ForeignKey(
        Opportunity,
        models.CASCADE,
        related_name="suggestions",
        db_constraint=False,
        db_index=False,
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
    computed_at = models.DateTimeField(_("computed"), default=timezone.now)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["opportunity", "-standing", "pk"]
        constraints = [
            models.CheckConstraint(condition=EXACTLY_ONE_CANDIDATE, name="suggestion_has_one_candidate"),
            models.UniqueConstraint(
                fields=["opportunity", "volunteer", "organisation"], name="suggestion_once", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(fields=["opportunity", "-standing"], name="suggestion_standing"),
            models.Index(fields=["volunteer", "-appeal"], name="suggestion_appeal"),
            models.Index(
                fields=["organisation", "-appeal"],
                name="suggestion_appeal_group",
                condition=Q(organisation__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.opportunity} – {self.candidate}"

    @property
    def candidate(self) -> Volunteer | Organisation:
        return self.volunteer or self.organisation  # type: ignore[return-value]  # one is there: a check constraint


class MatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return of_own_agency(self, user)

    def returned(self, now=None):
        """Parked until a day that has come: somebody decides again."""
        return self.filter(state=Match.State.PARKED, parked_until__lte=timezone.localdate(now))

    def placed(self):
        """Those that take one of the places of their opportunity."""
        return self.filter(state__in=Match.TAKES_A_PLACE)

    def of_candidate(self, user):
        """The other side's own: what concerns ``user`` as a volunteer, or the self-organisations they speak for."""
        own = Organisation.objects.of(user).filter(kind=Organisation.Kind.MSO)
        return self.filter(Q(volunteer__user=user) | Q(organisation__in=own))

    def known_to_candidate(self):
        """What the candidate was asked, or said. What staff put aside before anybody asked is no news for them."""
        told = MatchEvent.objects.filter(
            match=OuterRef("pk"), to_state__in=[Match.State.PROPOSED, Match.State.INTERESTED]
        )
        return self.filter(Exists(told))


class Match(models.Model):
    """People's: from the first yes, or no, to the farewell. ``review.py`` is the one place that changes its state."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        INTERESTED = "interested", _("interested")
        TRIAL = "trial", _("trial visit")
        PLACED = "placed", _("placed")
        ENDED = "ended", _("ended")
        DECLINED = "declined", _("declined")
        PARKED = "parked", _("parked")

    # An agreement takes a place, a trial visit does not yet.
    TAKES_A_PLACE = (State.PLACED,)

    class Origin(models.TextChoices):
        SUGGESTION = "suggestion", _("suggestion")
        INTEREST = "interest", _("interest")

    class Side(models.TextChoices):
        STAFF = "staff", _("staff")
        CANDIDATE = "candidate", _("volunteer or self-organisation")
        HOST = "host", _("host")

    class Reason(models.TextChoices):
        NO_COMMON_TIME = "no_common_time", _("no time in common")
        TOO_FAR = "too_far", _("too far")
        LANGUAGE = "language", _("language not sufficient")
        OTHER_TASK = "other_task", _("another task suits better")
        TOO_MUCH = "too_much", _("too much at the moment")
        NOT_WANTED = "not_wanted", _("the person does not want to")
        NO_ANSWER = "no_answer", _("no answer")
        TAKEN = "taken", _("the place is taken")
        OTHER = "other", _("another reason")

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="matches", verbose_name=_("opportunity"))
    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, null=True, blank=True, related_name="matches", verbose_name=_("volunteer")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="matches", verbose_name=_("self-organisation")
    )
    state = models.CharField(_("state"), max_length=10, choices=State)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    parked_until = models.DateField(_("parked until"), null=True, blank=True)
    declined_by = models.CharField(_("declined by"), max_length=9, choices=Side, blank=True)
    reason = models.CharField(_("reason"), max_length=14, choices=Reason, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=EXACTLY_ONE_CANDIDATE, name="match_has_one_candidate"),
            models.UniqueConstraint(
                fields=["opportunity", "volunteer"], condition=Q(organisation=None), name="match_once_volunteer"
            ),
            models.UniqueConstraint(
                fields=["opportunity", "organisation"], condition=Q(volunteer=None), name="match_once_organisation"
            ),
            # Article 22 GDPR: a person declines, and says why.
            models.CheckConstraint(
                condition=~Q(state="declined") | (~Q(declined_by="") & ~Q(reason="")),
                name="declined_has_side_and_reason",
            ),
        ]

    def __str__(self):
        return f"{self.opportunity} – {self.candidate}"

    @property
    def candidate(self) -> Volunteer | Organisation:
        return self.volunteer or self.organisation  # type: ignore[return-value]  # one is there: a check constraint


class MatchEvent(models.Model):
    """Who did what, when and why. Rows are added, never changed."""

    match = models.ForeignKey(Match, models.CASCADE, related_name="events", verbose_name=_("match"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    # Empty only where a person without an account said "I am interested".
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    side = models.CharField(_("side"), max_length=9, choices=Match.Side)
    from_state = models.CharField(_("from"), max_length=10, choices=Match.State, blank=True)
    to_state = models.CharField(_("to"), max_length=10, choices=Match.State)
    reason = models.CharField(_("reason"), max_length=14, choices=Match.Reason, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"

    @property
    def actor(self) -> str:
        """Who did it, by the name that staff know."""
        if self.side == Match.Side.CANDIDATE:
            return str(self.match.candidate)
        return str(self.by or self.get_side_display())

    @property
    def sentence(self) -> str:
        """What happened, as the history tells it."""
        if self.to_state == Match.State.INTERESTED and self.side == Match.Side.CANDIDATE:
            sentence = _("%(who)s said: I am interested.")
        else:
            sentence = WHAT_HAPPENED[self.to_state]
        until = date_format(self.until, "SHORT_DATE_FORMAT") if self.until else ""
        return sentence % {"who": self.actor, "reason": self.get_reason_display(), "until": until}


WHAT_HAPPENED = {
    Match.State.PROPOSED: _("%(who)s accepted the suggestion."),
    Match.State.INTERESTED: _("%(who)s noted that the candidate said yes."),
    Match.State.TRIAL: _("%(who)s noted that a trial visit is agreed."),
    Match.State.PLACED: _("%(who)s noted the agreement."),
    Match.State.ENDED: _("%(who)s ended the engagement."),
    Match.State.PARKED: _("%(who)s parked it until %(until)s."),
    Match.State.DECLINED: _("%(who)s declined: %(reason)s."),
}


class AccompanimentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_superuser else self.filter(agency__memberships__user=user.pk)


class Accompaniment(models.Model):
    """An agency accompanies a volunteer; several may accompany the same person."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="accompaniments", verbose_name=_("volunteer"))
    agency = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="accompaniments",
        verbose_name=_("agency"),
        limit_choices_to={"kind": "agency"},
    )
    since = models.DateTimeField(_("since"), default=timezone.now)

    objects = AccompanimentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accompaniment")
        verbose_name_plural = _("accompaniments")
        ordering = ["agency", "volunteer"]
        constraints = [models.UniqueConstraint(fields=["volunteer", "agency"], name="accompaniment_once")]

    def __str__(self):
        return f"{self.volunteer} – {self.agency}"


class WaitingVolunteer(Volunteer):
    """A volunteer, as the desk lists those who wait (see ``waiting.py``)."""

    class Meta:
        proxy = True
        verbose_name = _("volunteer who waits")
        verbose_name_plural = _("volunteers who wait")


class PendingRescoring(models.Model):
    """Somebody changed and waits to be scored again: a note that survives a broker which forgets."""

    volunteer = models.OneToOneField(Volunteer, models.CASCADE, null=True, related_name="+")
    organisation = models.OneToOneField(Organisation, models.CASCADE, null=True, related_name="+")
    opportunity = models.OneToOneField(Opportunity, models.CASCADE, null=True, related_name="+")
    region = models.OneToOneField(Region, models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("pending rescoring")
        verbose_name_plural = _("pending rescorings")
        ordering = ["since"]

    def __str__(self):
        return str(self.volunteer_id or self.organisation_id or self.opportunity_id or self.region_id)


class NightlyFiguresQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_superuser else self.none()


class NightlyFigures(models.Model):
    """How a region, or the whole house, did on one day (see ``figures.py``).

    ``numbers`` by name; ``groups`` by kind and key.
    """

    region = models.ForeignKey(Region, models.CASCADE, null=True, related_name="+", verbose_name=_("region"))
    day = models.DateField(_("day"))
    numbers = models.JSONField(_("numbers"), default=dict)
    groups = models.JSONField(_("languages and neighbourhoods"), default=dict)
    measured_at = models.DateTimeField(_("measured"), default=timezone.now)

    objects = NightlyFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures over time")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="figures_once", nulls_distinct=False)]

    def __str__(self):
        return date_format(self.day, "SHORT_DATE_FORMAT")
