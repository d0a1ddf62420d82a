"""What every answer says to the browser, and how the settings of a production site differ."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

pytestmark = pytest.mark.django_db
STRICT = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
PAGES = [
    "/",
    "/de/",
    "/de/nothing-here/",
    "/de/account/login/",
    "/de/me/",
    "/de/admin/",
    "/de/admin/login/",
    "/healthz",
]


def policy(response):
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_strict_policy(client, path):
    response = client.get(path)
    assert policy(response) == STRICT
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_the_desk_carries_the_strict_policy_as_well(client, cast):
    client.force_login(cast.administrator)
    for name in ("admin:index", "admin:organisations_organisation_add", "admin:engagement_user_changelist"):
        assert policy(client.get(reverse(name))) == STRICT


@pytest.mark.parametrize("name", ["account_email", "admin:index"])
def test_what_a_signed_in_person_saw_is_not_kept(client, cast, name):
    client.force_login(cast.staff)
    assert "no-store" in client.get(reverse(name))["Cache-Control"]


def test_cookies_are_out_of_reach_of_scripts(client):
    client.get(reverse("account_login"))
    assert client.cookies[settings.CSRF_COOKIE_NAME]["httponly"]


PRODUCTION = {
    "SITE_URL": "https://engagement.example.org",
    "SECRET_KEY": "a long secret of forty characters and more than fifty in all 1!",
    "DJANGO_SETTINGS_MODULE": "engagement.settings",
    "DEBUG": "0",
    "OPERATOR": "Verein Brücke e. V., Hauptstraße 1",
    "PRIVACY_EMAIL": "data@example.org",
    "FEEDBACK_EMAIL": "barriers@example.org",
    "OPERATOR_TEXTS": "engagement/demo/texts",
}
QUESTIONS = """
import json, django
django.setup()
from django.conf import settings as s
names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
         "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "STAFF_SECOND_FACTOR", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"]
print(json.dumps({name: getattr(s, name) for name in names}))
"""


def in_production(*command):
    environment = {**os.environ, **PRODUCTION}
    for name in ("STAFF_SECOND_FACTOR", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        environment.pop(name, None)
    return subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)


def test_a_site_behind_https_locks_its_cookies_and_its_desk():
    answer = json.loads(in_production("-c", QUESTIONS).stdout)
    assert answer == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "STAFF_SECOND_FACTOR": "required",
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    }


def test_django_finds_nothing_to_say_about_a_production_site():
    check = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert check.returncode == 0, check.stderr
