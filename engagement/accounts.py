"""Accounts as this house keeps them: mails leave through the outbox, and nobody learns who has an account."""

from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, override

from . import mail


class AccountAdapter(DefaultAccountAdapter):
    def new_user(self, request):
        """Who signs up on an Arabic page gets Arabic mails."""
        user = super().new_user(request)
        user.language = get_language()
        return user

    def clean_email(self, email):
        """One sign-up after the other for the same address: the second one finds the account of the first."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [email.lower()])
        return email

    def send_account_already_exists_mail(self, email):
        # A new account hashes its password; without the same work here the time would tell who has one already.
        make_password(str(uuid4()))
        super().send_account_already_exists_mail(email)

    def send_mail(self, template_prefix, email, context):
        """A mail of allauth as a row of the outbox, in the language of the page that caused it."""
        context = {
            **self.with_own_address(context),
            "current_site": {"name": "Engagement", "domain": settings.SITE_URL},
        }
        message = self.render_mail(template_prefix, email, {**context, "email": email})
        html = {
            "subject": message.subject,
            "text": message.body,
            "lang": get_language(),
            "dir": "rtl" if get_language_bidi() else "ltr",
            "site_url": settings.SITE_URL,
        }
        mail.post_rendered(
            key=f"account {uuid4()}",
            to=email,
            language=get_language(),
            subject=message.subject,
            text=message.body,
            html=render_to_string("engagement/email/plain_message.html", html),
        )

    def with_own_address(self, context):
        """Links in mails lead to our address, whatever host a request named."""
        asked = self.request.build_absolute_uri("/")
        own = f"{settings.SITE_URL}/"
        return {key: value.replace(asked, own) if isinstance(value, str) else value for key, value in context.items()}

    def get_login_redirect_url(self, request):
        """One's own first page, in the language of the account: this may be another device than last time."""
        with override(request.user.language):
            return reverse("admin:index") if request.user.is_staff else super().get_login_redirect_url(request)


def is_verified(user) -> bool:
    """Whether ``user`` is logged in and has shown that mails to the address of the account arrive."""
    return user.is_authenticated and user.emailaddress_set.filter(email__iexact=user.email, verified=True).exists()
