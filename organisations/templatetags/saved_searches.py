"""What the board shows of saved searches."""

from django import template

from ..links import STOP, token_for
from ..models import SavedSearch
from ..news import in_words, search_for
from ..saved_searches import SaveForm

register = template.Library()
MOST_SHOWN = 50


@register.inclusion_tag("organisations/save_search_form.html", takes_context=True)
def save_search_form(context, query, form=None):
    """One field and a button; for an account the button alone, or the way to stop what it has saved already.

    ``query``: that of the search; ``form``: the one that was sent, with its faults.
    """
    user = context["request"].user
    saved = SavedSearch.objects.of(user).filter(query=query).first() if user.is_authenticated else None
    return {
        "csrf_token": context["csrf_token"],
        "form": form or (None if user.is_authenticated else SaveForm()),
        "query": query,
        "stop": saved and token_for(STOP, saved),
    }


@register.inclusion_tag("organisations/own_searches.html", takes_context=True)
def own_searches(context):
    """What an account has saved, in words, each with its board and the way to stop it."""
    saved = SavedSearch.objects.of(context["request"].user)[:MOST_SHOWN]
    return {"searches": [told(row) for row in saved]}


def told(saved):
    return {"words": in_words(search_for(saved.query)), "query": saved.query, "stop": token_for(STOP, saved)}
