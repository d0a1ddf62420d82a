"""What an association sees of the people who are reached through it, and who agreed that it does."""

from .models import Intermediary, Match

# What somebody was asked or said yes to; a no is nobody else's business.
SHOWN = [Match.State.PROPOSED, Match.State.INTERESTED, Match.State.TRIAL, Match.State.PLACED]


def of(user) -> list[dict]:
    """First names, each with what they are interested in and how far that is, for whom ``user`` acts."""
    people = Intermediary.objects.known_to(user).select_related("volunteer", "organisation")
    matches = Match.objects.filter(volunteer__in=people.values("volunteer"), state__in=SHOWN).known_to_candidate()
    interests = {}
    for match in matches.prefetch_related("opportunity__texts"):
        interest = {"opportunity": match.opportunity, "words": match.get_state_display()}
        interests.setdefault(match.volunteer_id, []).append(interest)
    return [
        {
            "name": person.volunteer.first_name,
            "association": person.organisation,
            "interests": interests.get(person.volunteer_id, []),
        }
        for person in people.order_by("organisation__name", "volunteer__first_name", "pk")
    ]
