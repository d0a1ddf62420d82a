from functools import partial
from itertools import chain

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engagement.formsets import Together
from engagement.models import User

from .forms import ProfileForm
from .models import Volunteer
from .preferences import PreferencesForm
from .signals import volunteer_saved
from .steps import STEPS, chosen


@login_required
def edit_profile(request):
    """The profile of the signed-in person, on one page or as one of its steps (``?step=``)."""
    volunteer = own_profile(request)
    number = chosen(request.GET.get("step", ""), volunteer)
    steps = [STEPS[number - 1]] if number else STEPS
    form_class = steps[0].form if number else ProfileForm
    page = Together(request, form_class, *chain.from_iterable(step.rows for step in steps), instance=volunteer)
    if page.is_ready():
        page.save(announce=partial(announce, by=request.user))
        return go_on(request, number)
    context = {"page": page, "parts": parts(page, steps), "number": number, "steps": STEPS, "is_new": not volunteer.pk}
    return render(request, "volunteers/edit_profile.html", context)


def own_profile(request):
    """The stored profile, or a new one with what the account tells already."""
    user = request.user
    if request.method == "POST":
        # Two presses come one after the other: neither makes a second profile, nor undoes the other's answers.
        User.objects.select_for_update().get(pk=user.pk)
    fresh = Volunteer(user=user, first_name=user.name[:80], email=user.email, language=get_language())
    return Volunteer.objects.filter(user=user).first() or fresh


@login_required
def edit_preferences(request):
    """A break, language, mails, and what is never suggested."""
    volunteer = own_profile(request)
    if not volunteer.pk:
        return redirect("volunteers:edit_profile")
    form = PreferencesForm(request.POST if request.method == "POST" else None, instance=volunteer)
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("Thank you. Your answers are saved."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "volunteers/edit_preferences.html", {"form": form})


def announce(volunteer, by):
    volunteer_saved.send(Volunteer, volunteer=volunteer, by=by)


def go_on(request, number):
    if number and number < len(STEPS) and "finish" not in request.POST:
        return redirect(f"{reverse('volunteers:edit_profile')}?step={number + 1}")
    messages.success(request, _("Thank you. Your profile is saved."))
    return redirect(settings.LOGIN_REDIRECT_URL)


def parts(page, steps):
    """What the page shows, step by step: title, fields and rows."""
    rows = {type(rows): rows for rows in page.rows}
    return [
        {
            "title": step.title,
            "fields": [page.form[name] for name in step.fields if name in page.form.fields],
            "rows": [rows[kind] for kind in step.rows],
        }
        for step in steps
    ]
