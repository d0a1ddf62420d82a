""" "Tell me when something appears": the pages for saving a search, confirming it and stopping it."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagement.accounts import is_verified
from engagement.robots import GuardedForm, too_often

from . import saving
from .browsing import Search, asked
from .links import CONFIRM, STOP, key_from
from .models import SavedSearch
from .news import in_words, search_for


class SaveForm(GuardedForm):
    """Where to write to. The button is the wish, the mail that follows asks for the consent."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=saving.CONSENT,
        max_length=SavedSearch._meta.get_field("email").max_length,
        widget=forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
    )

    def __init__(self, data=None, **kwargs):
        # The board has questions of its own beside this one.
        super().__init__(data, auto_id="save_%s", **kwargs)


@require_http_methods(["GET", "HEAD", "POST"])
def save_search(request):
    """Save the search of the query string: with an account by one press, without by an address to be confirmed."""
    search = Search(asked(request))
    if is_verified(request.user):
        return save_for_account(request, search)
    initial = {"email": request.user.email} if request.user.is_authenticated else {}
    form = SaveForm(request.POST if "email" in request.POST else None, initial=initial)
    if form.is_valid() and too_often(request, "search"):
        form.add_error(None, too_many())
    if not form.is_valid():
        return show_form(request, search, form)
    saving.ask(form.cleaned_data["email"], search.query(order=None))
    messages.success(
        request, _("We have sent you a mail. Please press the button in it: only then do we write to you.")
    )
    return back_to_board(search)


def save_for_account(request, search):
    if request.method != "POST":
        return show_form(request, search)
    if too_often(request, "search"):
        messages.error(request, too_many())
    else:
        saving.keep(request.user, search.query(order=None))
        messages.success(request, is_on())
    return back_to_board(search)


def show_form(request, search, form=None):
    context = {"search": search, "query": search.query(order=None), "words": in_words(search), "form": form}
    return render(request, "organisations/save_search.html", context)


def too_many():
    return _("Many people wrote from here within an hour. Please call us, or try again later.")


def is_on():
    return _("It is on. We write to you when something new suits your search, once a day at most.")


def back_to_board(search):
    query = search.query()
    return redirect(reverse("organisations:browse_opportunities") + (f"?{query}" if query else ""))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_search(request, token):
    """The link of the first mail. Opening it shows a button: programs that look into mails open links as well."""
    key = key_from(token, CONFIRM)
    saved = SavedSearch.objects.standing().filter(key=key).first()
    if saved is None:
        return render(request, "organisations/saved_search_gone.html", status=404)
    if request.method == "POST":
        saving.confirm(saved)
        return redirect(request.path)
    return show(request, "organisations/confirm_search.html", saved)


# A mail program that presses the button for its reader has no cookies (RFC 8058); the address itself is the right to.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_search(request, token):
    """The link of every mail. Opening it shows a button; a POST stops, and says so at once, without leading on."""
    key = key_from(token, STOP)
    if key is None:
        return render(request, "organisations/saved_search_gone.html", status=404)
    saved = SavedSearch.objects.filter(key=key).first()
    if saved and request.method == "POST":
        saving.stop(saved)
        saved = None
    return show(request, "organisations/stop_search.html", saved)


def show(request, template, saved):
    """A page about a saved search, or about one that is not there any more."""
    search = search_for(saved.query if saved else "")
    context = {"saved": saved, "search": search, "words": in_words(search)}
    return render(request, template, context)
