"""Accounts in a real browser: the ways through its pages, with the codes that really were mailed."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from engagement.models import User
from tests.browser.pages import check_axe, check_page, check_width
from tests.factories import UserFactory
from tests.stage import PASSWORD, mailed_code

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(live_server):
    return lambda name: live_server.url + reverse(name)


def submit(page, **fields):
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.locator("main form button.btn").first.click()


def log_in(page, address, user):
    page.goto(address("account_login"))
    submit(page, login=user.email, password=PASSWORD)
    page.wait_for_url(lambda url: "/account/" not in url)


def open_with_password(page, url):
    """What guards the account asks for the password once more."""
    page.goto(url)
    submit(page, password=PASSWORD)
    page.wait_for_url(url)


def test_a_new_account_is_confirmed_by_the_code_in_the_mail(new_context, address):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(address("account_signup"))
    submit(page, email="Rojda@Example.org", password1=PASSWORD)
    submit(page, code=mailed_code("rojda@example.org"))
    assert page.get_by_role("link", name="Abmelden").is_visible()
    assert User.objects.get().emailaddress_set.get().verified


def test_a_code_opens_an_account_without_password(page, address):
    user = UserFactory()
    page.goto(address("account_request_login_code"))
    submit(page, email=user.email)
    check_width(page)
    check_axe(page)
    submit(page, code=mailed_code(user.email))
    assert page.get_by_role("link", name="Abmelden").is_visible()


def test_a_forgotten_password_is_replaced(page, address):
    user = UserFactory()
    page.goto(address("account_reset_password"))
    submit(page, email=user.email)
    submit(page, code=mailed_code(user.email))
    submit(page, password1="quite another one", password2="quite another one")
    page.wait_for_load_state()
    user.refresh_from_db()
    assert user.check_password("quite another one")


def test_an_authenticator_app_is_set_up_and_asked_for(page, address):
    user = UserFactory()
    log_in(page, address, user)
    open_with_password(page, address("mfa_activate_totp"))
    check_width(page)
    check_axe(page)
    submit(page, code=current_code(page.input_value("#authenticator_secret")))
    page.wait_for_url("**/recovery-codes/")
    check_axe(page)
    page.context.clear_cookies()
    page.goto(address("account_login"))
    submit(page, login=user.email, password=PASSWORD)
    assert "/2fa/authenticate/" in page.url
    check_axe(page)


def current_code(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_a_passkey_is_made_and_opens_the_account(page, address):
    user = UserFactory()
    plug_in_authenticator(page)
    log_in(page, address, user)
    open_with_password(page, address("mfa_add_webauthn"))
    check_width(page)
    page.fill("[name=name]", "Laptop")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    check_page(page, address("mfa_list_webauthn"))
    page.context.clear_cookies()
    page.goto(address("account_login"))
    page.click("#passkey_login")
    page.get_by_role("link", name="Abmelden").wait_for()
    assert Authenticator.objects.get(user=user, type=Authenticator.Type.WEBAUTHN)


def plug_in_authenticator(page):
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
