from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagement.models import User
from engagement.robots import too_often
from organisations.browsing import asked
from organisations.models import Opportunity, Organisation
from volunteers import steps
from volunteers.models import Volunteer
from volunteers.preferences import refuse

from . import ideas, interest, keeping, members, publishing, review, tickets
from .finder import Finder
from .forms import AnswerForm, CandidateForm, IdeaForm, InterestForm
from .models import Match, Rule
from .personal import erasing, exporting
from .refusals import CannotDecide
from .storytelling import tell
from .transitions import possible_steps

RUNNING = [Match.State.INTERESTED, Match.State.TRIAL, Match.State.PLACED, Match.State.PARKED]
OVER = [Match.State.ENDED, Match.State.DECLINED]


def show_rule(request):
    """How we suggest: the rule that is in force, for everybody."""
    rule = Rule.objects.newest()
    return render(request, "matching/show_rule.html", {"rule": rule, "factors": publishing.factors(rule.weights)})


@require_safe
def find_opportunities(request):
    """Four questions, one a page, then the ideas. Nobody needs an account, and nothing is stored."""
    finder = Finder(asked(request))
    template = "matching/finder_ideas.html" if finder.is_done else "matching/finder_question.html"
    return render(request, template, {"finder": finder})


def express_interest(request, pk):
    """ "I am interested", with a profile by one press, without by name and phone or e-mail."""
    opportunity = get_object_or_404(Opportunity.objects.open().select_related("host", "agency"), pk=pk)
    candidates = interest.own_candidates(request.user, opportunity)
    if candidates:
        return answer_with_profile(request, opportunity, candidates)
    return answer_as_visitor(request, opportunity)


def answer_with_profile(request, opportunity, candidates):
    form = CandidateForm(candidates, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return show_interest(request, opportunity, form, "matching/confirm_interest.html")
    review.express_interest(opportunity, form.chosen(), by=request.user)
    return redirect("matching:interest_sent", pk=opportunity.pk)


def answer_as_visitor(request, opportunity):
    user = request.user
    initial = {"name": user.name, "contact": user.email} if user.is_authenticated else {}
    # The button on the page of the opportunity brings whoever has no profile yet to this form.
    form = InterestForm(request.POST if "stamp" in request.POST else None, initial=initial)
    if form.is_valid() and too_often(request, "interest"):
        form.add_error(None, _("Many people wrote from here within an hour. Please call us, or try again later."))
    if not form.is_valid():
        return show_interest(request, opportunity, form, "matching/express_interest.html")
    match = interest.from_visitor(opportunity, user, sheet=form.sheet, **form.person())
    if match.ticket == tickets.word_for(opportunity, form.sheet):
        return redirect("matching:follow_interest", ticket=tickets.issue(match))
    return redirect("matching:interest_sent", pk=opportunity.pk)


def show_interest(request, opportunity, form, template):
    return render(request, template, {"opportunity": opportunity, "form": form})


def interest_sent(request, pk):
    """What happens next. It says nothing about anybody else, so everybody may open it."""
    opportunity = get_object_or_404(Opportunity.objects.open().select_related("agency"), pk=pk)
    own = Match.objects.of_candidate(request.user) if request.user.is_authenticated else Match.objects.none()
    match = own.filter(opportunity=opportunity).first()
    context = {"opportunity": opportunity, **(promise(match) if match else {})}
    return render(request, "matching/interest_sent.html", context)


def promise(match):
    """Until when the agency answers, as the pages say it."""
    day = interest.answer_by(match)
    return {"answer_by": day, "is_late": bool(day) and day < timezone.localdate()}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_interest(request, ticket):
    """Where a yes without an account stands. Opening it changes nothing; its buttons take it back or delete all."""
    match = tickets.redeem(ticket)
    if match is None:
        response = render(request, "matching/ticket_gone.html", status=404)
    elif "erase" in request.POST:
        erasing.erase_profile(match.volunteer)
        messages.success(request, _("Everything about you is deleted. Thank you, and all the best."))
        response = redirect("organisations:browse_opportunities")
    elif request.method == "POST":
        interest.withdraw(match)
        messages.success(request, _("Thank you for your answer. A no is fine."))
        response = redirect("matching:follow_interest", ticket=ticket)
    else:
        response = render(request, "matching/follow_interest.html", follow(match))
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep_profile(request, word):
    """Where the mail leads that asks whether a profile may stay. Opening it changes nothing; its buttons do."""
    volunteer = keeping.redeem(word)
    if volunteer is None:
        return render(request, "matching/ticket_gone.html", status=404)
    if "erase" in request.POST and not volunteer.user_id:
        erasing.erase_profile(volunteer)
        messages.success(request, _("Everything about you is deleted. Thank you, and all the best."))
        return redirect("organisations:browse_opportunities")
    if request.method == "POST":
        keeping.keep(volunteer)
        return redirect(request.path)
    context = {"volunteer": volunteer, "is_kept": keeping.is_kept(volunteer)}
    return render(request, "matching/keep_profile.html", context)


def follow(match):
    match.story = tell(match)
    return {
        "match": match,
        "opportunity": match.opportunity,
        "works_until": tickets.works_until(match),
        "can_withdraw": match.state not in OVER,
        **promise(match),
    }


@login_required
def my_page(request):
    """What one is asked and said yes to, ideas to say yes to, and how much of the profile is told."""
    volunteer = Volunteer.objects.filter(user=request.user).first()
    organisations = Organisation.objects.of(request.user).self_organisations()
    if volunteer is None and not organisations and not request.user.is_staff:
        return redirect("volunteers:edit_profile")
    matches, own_ideas = own_matches(request.user), ideas.of(request.user)
    proposals = [match for match in matches if match.state == Match.State.PROPOSED]
    ideas.tell_reasons([*proposals, *own_ideas])
    context = {
        "volunteer": volunteer,
        "missing": steps.missing(volunteer) if volunteer else [],
        "organisations": organisations,
        "proposals": proposals,
        "ideas": own_ideas,
        "running": [match for match in matches if match.state in RUNNING],
        "over": [match for match in matches if match.state in OVER],
    }
    return render(request, "matching/my_page.html", context)


def own_matches(user):
    """The matches of ``user`` as the page tells them: their story, and what can be answered."""
    matches = Match.objects.of_candidate(user).known_to_candidate()
    matches = matches.select_related("opportunity__agency", "volunteer", "organisation")
    matches = list(matches.prefetch_related("opportunity__texts", "events"))
    for match in matches:
        match.story = tell(match)
        match.answer_by, match.is_late = promise(match).values()
        possible = possible_steps(match, Match.Side.CANDIDATE)
        match.can_say_no = Match.State.DECLINED in {step.to_state for step in possible}
        # Each form on the page has ids of its own.
        match.answer_form = AnswerForm(auto_id=f"answer-{match.pk}-%s")
    return matches


@login_required
def my_members(request):
    """Whom we reach through the association of whoever is signed in, as far as these people agreed."""
    return render(request, "matching/my_members.html", {"people": members.of(request.user)})


@login_required
@require_POST
def answer_idea(request, pk):
    """ "Not now", or "never this kind"."""
    opportunity = Opportunity.objects.open().select_related("field").filter(pk=pk).first()
    candidates = interest.own_candidates(request.user, opportunity) if opportunity else []
    form = IdeaForm(candidates, request.POST)
    if not candidates or not form.is_valid():
        messages.info(request, _("This has changed meanwhile. Here is how it stands."))
    elif form.cleaned_data["answer"] == "later":
        day = date_format(ideas.postpone(opportunity, form.chosen()), "DATE_FORMAT")
        messages.success(request, _("Good. We do not ask you about this before %(date)s.") % {"date": day})
    else:
        refuse(form.chosen(), opportunity.field, by=request.user)
        field = {"field": opportunity.field.name}
        messages.success(request, _("Good. We suggest nothing more of this kind: %(field)s.") % field)
    return redirect("matching:my_page")


@login_required
@require_POST
def answer_proposal(request, pk):
    """Yes or no to what was proposed, or a no to what one said yes to before."""
    match = get_object_or_404(Match.objects.of_candidate(request.user).known_to_candidate(), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose yes or no."))
    else:
        say(request, match, form.cleaned_data)
    return redirect("matching:my_page")


def say(request, match, answer):
    try:
        if answer["answer"] == "yes":
            review.express_interest(match.opportunity, match.candidate, by=request.user)
            messages.success(request, _("Thank you for your yes. We will contact you."))
        else:
            review.decline(match, by=request.user, side=Match.Side.CANDIDATE, reason=answer["reason"])
            messages.success(request, _("Thank you for your answer. A no is fine."))
    except CannotDecide:
        messages.info(request, _("This has changed meanwhile. Here is how it stands."))


@login_required
def my_data(request):
    """What the house keeps about whoever is signed in: to take home, or to delete."""
    return render(request, "matching/my_data.html")


@login_required
@require_safe
def export_my_data(request):
    data = exporting.export(request.user)
    headers = {"Content-Disposition": 'attachment; filename="engagement.json"'}
    return JsonResponse(data, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


@login_required
@require_POST
def erase_my_data(request):
    """At once and completely. Staff ask an administrator: what they look after needs somebody else first."""
    if request.user.is_staff:
        return redirect("matching:my_data")
    user = User.objects.get(pk=request.user.pk)
    logout(request)
    erasing.erase_account(user)
    messages.success(request, _("Everything about you is deleted. Thank you, and all the best."))
    return redirect("organisations:browse_opportunities")
