"""The door of the desk: one log-in, and a second factor."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR = "required"


def test_the_desk_has_no_log_in_of_its_own(client):
    login = client.get(client.get(reverse("admin:index")).url)
    assert login.url == f"{reverse('account_login')}?next={reverse('admin:index').replace('/', '%2F')}"


@pytest.mark.parametrize("language", ["tr", "de-simple"])
def test_the_desk_opens_in_german_where_it_lacks_a_language(client, cast, language):
    client.force_login(cast.staff)
    response = client.get(f"/{language}/admin/matching/match/?q=x")
    assert response.url == "/de/admin/matching/match/?q=x"


def test_who_is_not_staff_is_turned_away(client, cast):
    client.force_login(cast.contact)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_staff_without_a_second_factor_are_led_to_set_one_up(client, cast, required):
    client.force_login(cast.staff)
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("mfa_index")


def test_recovery_codes_alone_are_no_second_factor(client, cast, required):
    Authenticator.objects.create(user=cast.staff, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(cast.staff)
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("factor", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_staff_with_a_second_factor_enter(client, cast, required, factor):
    Authenticator.objects.create(user=cast.staff, type=factor, data={})
    client.force_login(cast.staff)
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_password_is_changed_where_everybody_changes_it(client, cast):
    client.force_login(cast.staff)
    assert client.get(reverse("admin:password_change")).url == reverse("account_change_password")


def test_pages_of_libraries_are_not_at_the_desk():
    assert not admin.site.is_registered(Group)
    assert not admin.site.is_registered(Authenticator)
