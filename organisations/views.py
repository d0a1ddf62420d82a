"""What everybody may see: the board with its notices, and one notice."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagement.workdays import answer_by

from . import board, previewing
from .browsing import Search, asked, reader_of
from .calendar_file import calendar_of
from .facts import Facts
from .hanging import hang
from .mapping import map_of
from .models import Opportunity
from .prints import draw, print_again
from .sharing import job_posting, qr_code
from .showing import find_notice

NOTICES_ON_A_PAGE = 12


@require_safe
def browse_opportunities(request):
    now, template = board.current(), "organisations/browse_opportunities.html"
    return print_again(request, now, template) or draw_board(request, now, template)


def draw_board(request, now, template):
    data = asked(request)
    search = Search(data, reader_of(request.user), now)
    page = Paginator(search.keys, NOTICES_ON_A_PAGE).get_page(data.get("page"))
    numbers = page.paginator.get_elided_page_range(page.number)
    context = {
        "search": search,
        "page": page,
        "map": map_of(search),
        "page_numbers": numbers,
        "notices": hang(search, page.object_list),
    }
    return draw(request, now, template, context, query=search.query(order=None))


@require_safe
def show_opportunity(request, pk):
    """One notice. Whatever is not open looks the same as what never was."""
    now, template = board.current(), "organisations/show_opportunity.html"
    return print_again(request, now, template) or draw_notice(request, now, template, pk)


def draw_notice(request, now, template, pk):
    found = find_notice(pk, request, now)
    if found is None:
        return render(request, "organisations/opportunity_gone.html", status=404)
    notice, similar = found
    context = {"notice": notice, "similar": similar, "trail": request.GET.urlencode()}
    context |= {"answer_by": answer_by(timezone.localdate()), "posting": job_posting(notice)}
    context["code"] = qr_code(notice.address)
    return draw(request, now, template, context)


@login_required
@require_safe
def preview_opportunity(request, pk):
    """One notice before anybody else sees it, for those who post it and their agency."""
    if not Opportunity.objects.visible_to(request.user).filter(pk=pk).exists():
        return render(request, "organisations/opportunity_gone.html", status=404)
    return previewing.show(request, pk)


@require_safe
def show_day(request, pk):
    """The day of one opportunity, for a calendar. What happens more than once has no such file."""
    opportunity = Opportunity.objects.open().with_facts().filter(pk=pk, day__isnull=False).first()
    if opportunity is None:
        return render(request, "organisations/opportunity_gone.html", status=404)
    return HttpResponse(calendar_of(Facts(opportunity)), content_type="text/calendar; charset=utf-8")
