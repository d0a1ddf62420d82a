"""What everybody may see: the board with its notices, and one notice."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .browsing import Search, reader_of
from .facts import Facts
from .models import Opportunity

NOTICES_ON_A_PAGE = 12


@require_safe
def browse_opportunities(request):
    search = Search(request.GET, reader_of(request.user))
    page = Paginator(search.results, NOTICES_ON_A_PAGE).get_page(request.GET.get("page"))
    numbers = page.paginator.get_elided_page_range(page.number)
    context = {
        "search": search,
        "page": page,
        "page_numbers": numbers,
        "notices": [Facts(opportunity) for opportunity in page],
    }
    return render(request, "organisations/browse_opportunities.html", context)


@require_safe
def show_opportunity(request, pk):
    """One notice. Whatever is not open looks the same as what never was."""
    opportunities = Opportunity.objects.open().with_facts()
    opportunity = opportunities.prefetch_related("skills_required", "skills_wanted", "proofs").filter(pk=pk).first()
    if opportunity is None:
        return render(request, "organisations/opportunity_gone.html", status=404)
    return render(request, "organisations/show_opportunity.html", {"notice": Facts(opportunity)})
