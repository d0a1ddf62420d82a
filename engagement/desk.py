"""The desk: where staff work. Django's admin, entered through our own log-in and only with a second factor."""

from functools import wraps

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import looks


def lacks_second_factor(user) -> bool:
    """Whether this account must set up a passkey or an authenticator app before it may enter.

    Who has one is asked for it at every log-in. Recovery codes are a way back in, not a factor of their own.
    """
    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return settings.STAFF_SECOND_FACTOR == "required" and not factors.exists()


class Autocomplete(AutocompleteJsonView):
    def process_request(self, request):
        term, page, field, to_field = super().process_request(request)
        if not field.concrete:
            # Nobody chooses along a link from the other side, and Django would answer with an error.
            raise PermissionDenied
        return term, page, field, to_field


class Desk(admin.AdminSite):
    site_title = site_header = _("Desk")
    index_title = _("My desk")
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """The pages of our own rows only: those that come with libraries know no agency."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        ours = [model for model in models if is_ours(model)]
        super().register(ours, admin_class, **options)

    def admin_view(self, view, cacheable=False):
        """A page of the desk; what administrators see there is noted.

        In a language that the desk does not speak it leads to the same page in German.
        """
        page = super().admin_view(view, cacheable)

        @wraps(view)
        def answer(request, *args, **kwargs):
            if get_language() not in settings.DESK_LANGUAGES:
                return redirect(translate_url(request.get_full_path(), settings.LANGUAGE_CODE))
            response = page(request, *args, **kwargs)
            looks.note(request, response)
            return response

        return answer

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)

    def has_permission(self, request):
        return super().has_permission(request) and not lacks_second_factor(request.user)

    def login(self, request, extra_context=None):  # noqa: ARG002 (Django's signature)
        return enter(request)

    def password_change(self, request, extra_context=None):  # noqa: ARG002 (Django's signature)
        return redirect("account_change_password")

    password_change_done = password_change


def is_ours(model):
    return model._meta.app_config.path.startswith(str(settings.BASE_DIR / model._meta.app_config.name))


@secure_admin_login
def enter(request):
    """Whoever is not logged in does that first; staff without a second factor set one up."""
    if lacks_second_factor(request.user):
        messages.info(request, _("You work with other people's data. Please set up a second factor first."))
        return redirect("mfa_index")
    return redirect("admin:index")
