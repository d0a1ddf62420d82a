"""The page of an opportunity as volunteers will see it, for whoever writes it: any state, any language, no way in."""

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override

from engagement.workdays import answer_by

from .facts import Facts
from .models import Opportunity, OpportunityText
from .sharing import qr_code
from .showing import told_at_length


def show(request, pk: int, *, language: str | None = None):
    """The page in ``language``, or where that is none of the interface in the active one; nobody else finds it.

    ``language`` is given where the address of the page is not the preview's own: then it leads to no other language.
    """
    chosen = language if language in dict(settings.LANGUAGES) else get_language()
    opportunity = told_at_length(Opportunity.objects).get(pk=pk)
    with override(chosen):
        notice = Facts(opportunity)
    # What was taken over from elsewhere may have no words yet.
    notice.text = notice.text or OpportunityText(language=chosen)
    context = {"notice": notice, "answer_by": answer_by(timezone.localdate()), "code": qr_code(notice.address)}
    context |= {"is_preview": True, "is_unsaved": language is not None}
    with override(chosen):
        response = render(request, "organisations/preview_opportunity.html", context)
    response["Content-Language"] = chosen
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
