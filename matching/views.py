from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from organisations.models import Organisation
from volunteers import steps
from volunteers.models import Volunteer

from .models import Match
from .storytelling import tell

RUNNING = [Match.State.INTERESTED, Match.State.TRIAL, Match.State.PLACED, Match.State.PARKED]
OVER = [Match.State.ENDED, Match.State.DECLINED]


@login_required
def my_page(request):
    """What one said yes to and is asked, and how much of the profile is told."""
    volunteer = Volunteer.objects.filter(user=request.user).first()
    organisations = Organisation.objects.of(request.user).filter(kind=Organisation.Kind.MSO)
    if volunteer is None and not organisations and not request.user.is_staff:
        return redirect("volunteers:edit_profile")
    matches = own_matches(request.user)
    context = {
        "volunteer": volunteer,
        "missing": steps.missing(volunteer) if volunteer else [],
        "organisations": organisations,
        "proposals": [match for match in matches if match.state == Match.State.PROPOSED],
        "running": [match for match in matches if match.state in RUNNING],
        "over": [match for match in matches if match.state in OVER],
    }
    return render(request, "matching/my_page.html", context)


def own_matches(user):
    matches = Match.objects.of_candidate(user).known_to_candidate()
    matches = matches.select_related("opportunity__agency", "volunteer", "organisation")
    matches = list(matches.prefetch_related("opportunity__texts", "events"))
    for match in matches:
        match.story = tell(match)
    return matches
