"""What a self-organisation does for itself on the site: register, describe its potential, post opportunities."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from engagement.formsets import Together

from . import posting, registration
from .forms import OrganisationForm, PotentialForm, SiteOpportunityForm
from .models import Opportunity, Organisation
from .needs import NeedForm, report
from .parts import open_parts, text_groups
from .rows import MemberLanguageRows, NeededLanguageRows
from .signals import opportunity_saved, organisation_saved

Status = Opportunity.Status
# What somebody can do with an opportunity, by its present state; the first one is also what the Enter key does.
NEXT_STEPS = {
    Status.DRAFT: [
        (Status.DRAFT, gettext_lazy("Save as a draft")),
        (Status.PUBLISHED, gettext_lazy("Publish")),
    ],
    Status.PUBLISHED: [
        (Status.PUBLISHED, gettext_lazy("Save")),
        (Status.FILLED, gettext_lazy("Save: all places are taken")),
        (Status.CLOSED, gettext_lazy("Save and close")),
    ],
    Status.FILLED: [
        (Status.FILLED, gettext_lazy("Save")),
        (Status.PUBLISHED, gettext_lazy("Publish again")),
        (Status.CLOSED, gettext_lazy("Save and close")),
    ],
    Status.CLOSED: [
        (Status.CLOSED, gettext_lazy("Save")),
        (Status.PUBLISHED, gettext_lazy("Publish again")),
    ],
}


def register_organisation(request):
    if not request.user.is_authenticated:
        return render(request, "organisations/join.html")
    initial = {"contact_name": request.user.name, "email": request.user.email}
    data = request.POST if request.method == "POST" else None
    form = OrganisationForm(data, instance=Organisation(kind=Organisation.Kind.MSO), initial=initial)
    if form.is_valid():
        organisation = registration.register(form.instance, by=request.user)
        messages.success(request, gettext("Welcome! Now tell us what your members can do."))
        return redirect("organisations:edit_potential", pk=organisation.pk)
    return render(request, "organisations/edit_organisation.html", {"form": form})


@login_required
def my_organisation(request):
    organisations = registration.represented_by(request.user).select_related("city", "neighbourhood", "agency")
    related = ["member_languages__language", "skills", "fields", "reached__city", "opportunities__texts"]
    related += ["needs__neighbourhood__city", "needs__field"]
    return render(
        request, "organisations/my_organisation.html", {"organisations": organisations.prefetch_related(*related)}
    )


@login_required
def edit_organisation(request, pk):
    organisation = get_object_or_404(registration.represented_by(request.user), pk=pk)
    form = OrganisationForm(request.POST if request.method == "POST" else None, instance=organisation)
    if form.is_valid():
        organisation_saved.send(Organisation, organisation=form.save(), by=request.user)
        messages.success(request, gettext("Your changes are saved."))
        return redirect("organisations:my_organisation")
    return render(request, "organisations/edit_organisation.html", {"form": form})


@login_required
def edit_potential(request, pk):
    organisation = get_object_or_404(registration.represented_by(request.user).select_related("city"), pk=pk)
    page = Together(request, PotentialForm, MemberLanguageRows, instance=organisation)
    if page.is_ready():
        page.save(announce=lambda saved: organisation_saved.send(Organisation, organisation=saved, by=request.user))
        messages.success(request, gettext("Your changes are saved."))
        return redirect("organisations:my_organisation")
    return render(request, "organisations/edit_potential.html", {"page": page, "organisation": organisation})


@login_required
@require_POST
def pause_organisation(request, pk):
    organisation = get_object_or_404(registration.represented_by(request.user), pk=pk)
    registration.pause(organisation, by=request.user, is_paused=request.POST.get("pause") == "yes")
    if organisation.is_paused:
        messages.success(request, gettext("You are taking a break. We do not suggest anything new to you."))
    else:
        messages.success(request, gettext("Welcome back! We suggest opportunities to you again."))
    return redirect("organisations:my_organisation")


@login_required
def report_need(request, pk):
    """What a neighbourhood lacks, for the agency that accompanies the organisation."""
    organisation = get_object_or_404(registration.represented_by(request.user).select_related("city"), pk=pk)
    form = NeedForm(organisation, request.POST if request.method == "POST" else None)
    if form.is_valid():
        report(form.instance, by=request.user)
        messages.success(request, gettext("Thank you. Your agency reads it."))
        return redirect("organisations:my_organisation")
    return render(request, "organisations/report_need.html", {"form": form})


@login_required
def post_opportunity(request, pk):
    host = get_object_or_404(registration.represented_by(request.user).select_related("city", "agency"), pk=pk)
    initial = {"contact_name": host.contact_name, "contact_phone": host.phone}
    return opportunity_page(request, Opportunity(host=host, created_by=request.user), initial=initial)


@login_required
def edit_opportunity(request, pk):
    mine = Opportunity.objects.filter(host__in=registration.represented_by(request.user))
    return opportunity_page(request, get_object_or_404(mine.select_related("host__city", "host__agency"), pk=pk))


def opportunity_page(request, opportunity, **kwargs):
    is_new, status = opportunity.pk is None, opportunity.status
    page = Together(request, SiteOpportunityForm, NeededLanguageRows, instance=opportunity, **kwargs)
    if page.is_ready():
        if not (is_new and posting.posted_already(opportunity, page.form.titles())):
            page.save(announce=lambda saved: opportunity_saved.send(Opportunity, opportunity=saved, by=request.user))
        messages.success(request, saved_message(page.form.instance))
        return redirect("organisations:my_organisation")
    folding = {"text_groups": text_groups(page.form), "open_parts": open_parts(page.form)}
    context = {"page": page, "host": opportunity.host, "is_new": is_new, "steps": steps(opportunity.host, status)}
    return render(request, "organisations/edit_opportunity.html", {**context, **folding})


def saved_message(opportunity):
    if opportunity.status == Status.PUBLISHED:
        return gettext("The opportunity is published. Everybody can see it now.")
    return gettext("The opportunity is saved. It is not shown to the public.")


def steps(host, status):
    """What may be done next. Only who is verified publishes; what was published before goes back to the drafts."""
    if host.is_verified:
        return NEXT_STEPS[status]
    status = Status.DRAFT if status == Status.PUBLISHED else status
    return [step for step in NEXT_STEPS[status] if step[0] != Status.PUBLISHED]
