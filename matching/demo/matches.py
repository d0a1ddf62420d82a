"""A few decisions of the two agencies that can log in, so that every page has something to show."""

from datetime import datetime, timedelta

from engagement.models import User
from matching import following, review
from matching.models import Match, Suggestion

State, Side, Reason = Match.State, Match.Side, Match.Reason
STAFF = ["yildiz@example.org", "brandt@example.org"]


def create_matches(now: datetime) -> None:
    """What has happened so far. Nothing happens where nothing was suggested."""
    for email in STAFF:
        staff = User.objects.get(email=email)
        # An agreement fills no opportunity: visitors of the demo find all of them.
        suggestions = looked_after_by(staff).exclude(volunteer=None).filter(volunteer__user=None)
        # Who is busy with the other agency may not want more.
        suggestions = suggestions.filter(volunteer__matches=None)
        suggestions = suggestions.exclude(opportunity__places=1)
        for suggestion, story in zip(spread(suggestions[:500]), STORIES, strict=False):
            story(suggestion, staff, now)
    ask_those_who_log_in(User.objects.get(email=STAFF[0]), now)


def looked_after_by(staff: User):
    suggestions = Suggestion.objects.filter(opportunity__agency__memberships__user=staff)
    return suggestions.order_by("-score", "opportunity", "volunteer", "organisation")


def ask_those_who_log_in(staff: User, now: datetime) -> None:
    """The volunteer and the self-organisation with a log-in have a question to answer."""
    suggestions = looked_after_by(staff)
    for mine in (
        suggestions.exclude(volunteer__user=None).exclude(volunteer=None),
        suggestions.filter(organisation__memberships__user__isnull=False),
    ):
        for suggestion in mine[:1]:
            review.accept(suggestion, by=staff, now=now - timedelta(days=1))


def spread(suggestions) -> list[Suggestion]:
    """Suggestions of different people for different opportunities, as far as there are."""
    seen, chosen = set(), []
    for suggestion in suggestions:
        pair = {("opportunity", suggestion.opportunity_id), ("volunteer", suggestion.volunteer_id)}
        if not seen & pair:
            chosen.append(suggestion)
            seen |= pair
    return chosen


def proposed(suggestion: Suggestion, staff: User, now: datetime) -> Match:
    return review.accept(suggestion, by=staff, now=now - timedelta(days=12))


def interested(suggestion: Suggestion, staff: User, now: datetime) -> Match:
    match = proposed(suggestion, staff, now)
    return step(match, State.INTERESTED, staff, now - timedelta(days=9), note="Am Telefon zugesagt.")


def on_trial(suggestion: Suggestion, staff: User, now: datetime) -> Match:
    match, day = interested(suggestion, staff, now), (now - timedelta(days=2)).date()
    return step(match, State.TRIAL, staff, now - timedelta(days=6), trial_on=day)


def placed(suggestion: Suggestion, staff: User, now: datetime) -> Match:
    match, at = on_trial(suggestion, staff, now), now - timedelta(days=3)
    terms = {"begins_on": at.date(), "contact_name": "Frau Peters", "hours_per_week": 2}
    return step(match, State.PLACED, staff, at, **terms)


def running(suggestion: Suggestion, staff: User, now: datetime) -> Match:
    """Its first check-in is due."""
    return placed(suggestion, staff, now - timedelta(days=35))


def unreached(suggestion: Suggestion, staff: User, now: datetime) -> Match:
    """Nobody was reached twice in a row."""
    match = placed(suggestion, staff, now - timedelta(days=50))
    for days in (20, 10):
        at = now - timedelta(days=days)
        match = following.note_checkin(match, Match.CheckIn.NOT_REACHED, by=staff, now=at)
    return match


def ended(suggestion: Suggestion, staff: User, now: datetime) -> Match:
    match = placed(suggestion, staff, now)
    return step(match, State.ENDED, staff, now - timedelta(days=1), reason=Match.Ending.MOVED, is_thanked=True)


def declined(suggestion: Suggestion, staff: User, now: datetime) -> Match:
    return review.decline(suggestion, by=staff, reason=Reason.TOO_MUCH, now=now - timedelta(days=4))


def parked(suggestion: Suggestion, staff: User, now: datetime) -> Match:
    return review.park(suggestion, by=staff, until=(now + timedelta(days=21)).date(), now=now - timedelta(days=2))


def own_interest(suggestion: Suggestion, staff: User, now: datetime) -> Match:  # noqa: ARG001 (a story like the others)
    return review.express_interest(suggestion.opportunity, suggestion.candidate, now=now - timedelta(days=1))


STORIES = [placed, proposed, own_interest, on_trial, declined, parked, interested, ended, running, unreached]


def step(match: Match, to: str, staff: User, at: datetime, **answers) -> Match:
    return review.move(match, to, by=staff, side=Side.STAFF, now=at, **answers)
