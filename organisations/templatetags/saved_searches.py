"""What the board and one's own page show of saved searches."""

from django import template

from ..saved_searches import SaveForm

register = template.Library()


@register.inclusion_tag("organisations/save_search_form.html", takes_context=True)
def save_search_form(context, search, form=None):
    """One field and a button, or the button alone for an account; ``form``: the one that was sent, with its faults."""
    is_known = context["request"].user.is_authenticated
    return {
        "csrf_token": context["csrf_token"],
        "form": form or (None if is_known else SaveForm()),
        "query": search.query(order=None),
    }
