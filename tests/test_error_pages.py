"""The pages for a request that was refused before a view saw it."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_form_that_was_open_too_long_asks_to_send_it_again():
    response = Client(enforce_csrf_checks=True).post("/en/account/login/", {"login": "a@example.org"})
    assert response.status_code == 403
    assert "Please send that again" in response.content.decode()


def test_more_than_a_page_may_carry_is_refused_in_words(client):
    client.raise_request_exception = False
    response = client.post("/en/account/login/", {"login": "x" * 1_100_000})
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()
