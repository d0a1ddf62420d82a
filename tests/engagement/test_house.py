import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from engagement.models import Proof
from engagement.templatetags.house import explained, tel


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("0221 471-0000", "tel:+492214710000"),
        ("+49 (0)221 4710000", "tel:+492214710000"),
        ("0049 221 4710000", "tel:+492214710000"),
        ("+90 212 555", "tel:+90212555"),
    ],
)
def test_phone_numbers_become_addresses(number, address):
    assert tel(number) == address


def test_icon_is_silent_and_turns_with_the_direction():
    html = Template("{% load house %}{% icon 'go' %}").render(Context())
    assert html == '<svg class="i flip" aria-hidden="true"><use href="/static/img/icons.svg#go"/></svg>'


def test_lost_page_offers_each_language_and_its_own_direction(client, db):
    response = client.get("/ar/nothing-here/")
    assert response.status_code == 404
    html = response.content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert 'lang="de-simple" dir="ltr">Einfache Sprache' in html
    assert "hreflang" not in html


def test_broken_page_needs_neither_request_nor_database():
    assert 'lang="de"' in render_to_string("500.html")


def test_robots_stay_out_of_desk_and_accounts(client, db):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain"
    assert "Disallow: /*/admin/" in response.content.decode()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "شرح"),
        ("tr", '<bdi lang="de-simple" dir="ltr">Einfach</bdi>'),
        ("de", '<bdi lang="de-simple" dir="ltr">Einfach</bdi>'),
    ],
)
def test_rules_are_explained_in_the_own_language_or_in_simple_german(language, text):
    word = Proof(descriptions={"de": "Amtlich", "de-simple": "Einfach", "ar": "شرح"})
    with translation.override(language):
        assert explained(word) == text
