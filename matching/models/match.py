"""What people decide, and its history."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from . import history
from .agreement import MISSED, Agreement, CheckIn, Ending, Impression
from .pair import EXACTLY_ONE_CANDIDATE, PairQuerySet, StoredPair

# How long somebody who was asked may think about it.
CALL_AFTER = timedelta(days=7)


class MatchQuerySet(PairQuerySet):
    def decided(self):
        """Without those whose only decision was taken back: their pair is as if nobody had acted on it."""
        return self.exclude(state="")

    def awaiting_answer(self):
        """Somebody said yes, and nobody has answered."""
        return self.filter(state=Match.State.INTERESTED)

    def unanswered(self, now=None):
        """Somebody was asked long ago and has said neither yes nor no: a call helps."""
        return self.filter(state=Match.State.PROPOSED, changed_at__lte=(now or timezone.now()) - CALL_AFTER)

    def tried_out(self):
        """Both sides have said how the trial visit was, and nobody has noted what follows from it."""
        return self.filter(state=Match.State.TRIAL).exclude(Q(candidate_says="") | Q(host_says=""))

    def returned(self, now=None):
        """Parked until a day that has come: somebody decides again."""
        return self.filter(state=Match.State.PARKED, parked_until__lte=timezone.localdate(now))

    def under_way(self):
        """Those that are neither declined nor ended: somebody may still do something about them."""
        return self.decided().exclude(state__in=[Match.State.DECLINED, Match.State.ENDED])

    def placed(self):
        """Those that take one of the places of their opportunity."""
        return self.filter(state__in=Match.TAKES_A_PLACE)

    def known_to_candidate(self):
        """What the candidate was asked, or said. What staff put aside before anybody asked is no news for them."""
        told = MatchEvent.objects.standing().filter(
            match=OuterRef("pk"), to_state__in=[Match.State.PROPOSED, Match.State.INTERESTED]
        )
        return self.filter(Exists(told))

    def trials_to_follow_up(self, now=None):
        """From the day after the visit on, until both sides have said how it was, those longest ago first."""
        missing = Q(candidate_says="") | Q(host_says="")
        over = Q(trial_on__lt=timezone.localdate(now)) | Q(trial_on=None)
        return self.filter(missing, over, state=Match.State.TRIAL).order_by("trial_on", "pk")

    def due_for_checkin(self, now=None):
        """Engagements that somebody should ask after, those overdue longest first."""
        return self.placed().filter(checkin_due__lte=timezone.localdate(now)).order_by("checkin_due", "pk")

    def flagged(self, now=None):
        """Engagements of which two check-ins in a row were missed: nobody was reached twice, or one was left until the
        next was due as well."""
        lapsed = Q(unreached__gte=MISSED) | Q(checkin_lapses__lte=timezone.localdate(now))
        return self.placed().filter(lapsed).order_by("checkin_due", "pk")


class Match(Agreement, StoredPair):
    """People's: from the first yes, or no, to the farewell. ``review.py`` is the one place that changes its state, and
    ``undoing.py`` takes the last change back. Without a state it is undecided again: the first decision was undone.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        INTERESTED = "interested", _("interested")
        TRIAL = "trial", _("trial visit")
        PLACED = "placed", _("placed")
        ENDED = "ended", _("ended")
        DECLINED = "declined", _("declined")
        PARKED = "parked", _("parked")

    # What is noted while it lasts, and at its end; none of them is a state.
    CheckIn, Impression, Ending = CheckIn, Impression, Ending

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

    # Of a refusal, or of an end; what both lists name, they name alike.
    REASONS = list({**dict(Reason.choices), **dict(Ending.choices)}.items())

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
    reason = models.CharField(_("reason"), max_length=14, choices=REASONS, blank=True)
    # Where somebody without an account said yes: the word behind their way back (see ``tickets.py``).
    ticket = models.CharField(max_length=32, null=True, unique=True, editable=False)  # noqa: DJ001 (unique, or none)
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
        indexes = [
            models.Index(fields=["checkin_due"], condition=Q(state="placed"), name="match_checkin_due"),
            models.Index(fields=["trial_on"], condition=Q(state="trial"), name="match_trial_on"),
        ]

    def is_flagged(self, now=None) -> bool:
        """The same as ``flagged()``, of this one."""
        has_lapsed = self.checkin_lapses is not None and self.checkin_lapses <= timezone.localdate(now)
        return self.state == Match.State.PLACED and (self.unreached >= MISSED or has_lapsed)

    def snapshot(self) -> dict[str, str | None]:
        """All that a decision may change, so that it can be put back as it was."""
        fields = [field for field in self._meta.concrete_fields if field.name not in UNCHANGING]
        return {f.name: None if f.value_from_object(self) is None else f.value_to_string(self) for f in fields}

    def put_back(self, snapshot: dict[str, str | None]) -> None:
        for name, value in snapshot.items():
            field = self._meta.get_field(name)
            setattr(self, field.attname, field.to_python(value))
        self.save()


# What a match is from its first day on.
UNCHANGING = {"id", "opportunity", "volunteer", "organisation", "origin", "ticket", "created_at"}


class MatchEventQuerySet(models.QuerySet):
    def standing(self):
        """What still holds: without what was taken back, and without the taking back."""
        return self.filter(undoes=None, undone_by=None)


class MatchEvent(models.Model):
    """Who did what, when and why. Rows are added, never changed: one that ``undoes`` another takes it back."""

    # For so long staff may take back a decision of their own, and mails about it wait.
    UNDO_FOR = timedelta(minutes=10)

    match = models.ForeignKey(Match, models.CASCADE, related_name="events", verbose_name=_("match"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    # Empty only where a person without an account said "I am interested".
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    side = models.CharField(_("side"), max_length=9, choices=Match.Side)
    from_state = models.CharField(_("from"), max_length=10, choices=Match.State, blank=True)
    # Empty where it stays as it is, for somebody only notes something; and where a decision was taken back.
    to_state = models.CharField(_("to"), max_length=10, choices=Match.State, blank=True)
    kind = models.CharField(_("kind"), max_length=11, choices=history.Kind, default=history.Kind.STEP)
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by", verbose_name=_("takes back")
    )
    reason = models.CharField(_("reason"), max_length=14, choices=Match.REASONS, blank=True)
    word = models.CharField(_("how"), max_length=11, choices=history.WORDS, blank=True)
    # Who is responsible from now on.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    until = models.DateField(_("until"), null=True, blank=True)
    # Of the trial visit, or of the beginning.
    day = models.DateField(_("day"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    # What the match held before, from which it is put back.
    before = models.JSONField(null=True, editable=False)

    objects = MatchEventQuerySet.as_manager()

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
    def undo_until(self) -> datetime:
        return self.at + self.UNDO_FOR

    @property
    def sentence(self) -> str:
        """What happened, as the desk reads it."""
        return history.sentence(self)
