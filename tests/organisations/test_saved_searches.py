"""The pages of saved searches: links that act on a button only, and answers that tell nothing about an address."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from engagement.models import Mail
from organisations import links, saving
from organisations.models import SavedSearch
from tests.factories import FieldFactory, SavedSearchFactory, UserFactory

pytestmark = pytest.mark.django_db
SAVE = "/en/search/save/"
SEEKER = "seeker@example.org"


def stamp(client, ago=10):
    """The page as it was opened some seconds ago, so that nobody was too fast."""
    with time_machine.travel(timezone.now() - timedelta(seconds=ago)):
        return client.get(SAVE).context["form"]["stamp"].value()


def press(client, query="", ago=10, **data):
    return client.post(SAVE + query, {"stamp": stamp(client, ago), "email": SEEKER, **data})


def address(deed, saved):
    return f"/en/search/{deed.split('_')[0]}/{links.token_for(deed, saved)}/"


@pytest.mark.parametrize("deed", [links.CONFIRM, links.STOP])
def test_nobody_guesses_an_address_nor_uses_one_for_another_deed(client, deed):
    saved = SavedSearchFactory(confirmed_at=None)
    other = links.token_for(links.STOP if deed == links.CONFIRM else links.CONFIRM, saved)
    for token in [saved.key, other, "x:y", "\0", "x" * 5000, links.token_for(deed, saved)[:-1]]:
        response = client.post(f"/en/search/{deed.split('_')[0]}/{token}/")
        assert response.status_code == 404
    saved.refresh_from_db()
    assert saved.confirmed_at is None


def test_opening_a_link_changes_nothing(client):
    waiting, on = SavedSearchFactory(confirmed_at=None), SavedSearchFactory()
    before = list(SavedSearch.objects.values())
    for deed in [links.CONFIRM, links.STOP]:
        for saved in [waiting, on]:
            for method in [client.get, client.head]:
                assert method(address(deed, saved)).status_code == 200
    assert list(SavedSearch.objects.values()) == before


def test_the_board_asks_with_one_field_also_where_nothing_hangs(client):
    html = client.get("/en/?text=nothing-like-that&order=new").content.decode()
    assert html.count('name="email"') == 1
    assert f'action="{SAVE}?text=nothing-like-that"' in html


def test_the_mail_leads_to_a_button_and_the_button_to_a_yes(client):
    assert press(client, "?german=2&page=7&order=near").url == "/en/?order=near&german=2"
    link = re.search(r"http://localhost:8000(/en/search/confirm/\S+)", Mail.objects.get().text)[1]
    assert "Yes, write to me" in client.get(link).content.decode()
    assert client.post(link).url == link
    assert "It is on." in client.get(link).content.decode()
    saved = SavedSearch.objects.get()
    assert (saved.query, bool(saved.confirmed_at)) == ("german=2", True)


def test_the_yes_is_guarded_against_other_sites(client):
    saved = SavedSearchFactory(confirmed_at=None)
    assert Client(enforce_csrf_checks=True).post(address(links.CONFIRM, saved)).status_code == 403


def test_a_link_to_confirm_is_over_after_a_week(client):
    saved = SavedSearchFactory(confirmed_at=None, created_at=timezone.now() - timedelta(days=8))
    assert client.post(address(links.CONFIRM, saved)).status_code == 404


def test_a_mail_program_stops_without_cookies_and_is_not_led_on():
    saved = SavedSearchFactory()
    program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = program.post(address(links.STOP, saved), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert "It is stopped." in response.content.decode()
    assert not SavedSearch.objects.exists()


def test_the_answer_is_the_same_whoever_is_known(client):
    UserFactory(email="account@example.org")
    SavedSearchFactory(email="saver@example.org", query="german=2")
    SavedSearchFactory(email="waiting@example.org", query="german=2", confirmed_at=None)
    seen = set()
    for email in ["account@example.org", "saver@example.org", "waiting@example.org", "nobody@example.org"]:
        response = press(client, "?german=2", email=email)
        page = client.get(response.url).content.decode()
        told = re.search(r'<div class="sheet note calm stack" role="status">.*?</div>', page, re.DOTALL)[0]
        seen.add((response.status_code, response.url, told))
        assert Mail.objects.filter(to=email).count() == 1
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "seeker"}, "email"),
        ({"email": "\0"}, "email"),
        ({"email": "x" * 300 + "@example.org"}, "email"),
        ({"email": "a@example.org, b@example.org"}, "email"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "email"),
        ({"website": "https://example.org"}, "website"),
        ({"stamp": "forged"}, "__all__"),
    ],
    ids=["none", "no address", "NUL", "long", "two", "header", "robot", "forged"],
)
def test_a_fault_is_told_and_nothing_is_kept(client, wrong, field):
    response = press(client, "?german=2", **wrong)
    assert set(response.context["form"].errors) == {field}
    assert not SavedSearch.objects.exists()


def test_what_was_typed_stays_however_often_it_is_wrong(client):
    page = press(client, "?german=2&text=%3Cb%3E", email="seeker@")
    for _ in range(2):
        html = page.content.decode()
        assert 'value="seeker@"' in html
        assert f'action="{SAVE}?text=%3Cb%3E&amp;german=2"' in html
        page = press(client, "?german=2&text=%3Cb%3E", email="seeker@")


@pytest.mark.parametrize("ago", [0, 25 * 60 * 60], ids=["too fast", "too old"])
def test_a_second_press_goes_through(client, ago):
    refused = press(client, ago=ago).context["form"]
    assert set(refused.errors) == {"__all__"}
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        sent = client.post(SAVE, {"email": SEEKER, "stamp": refused["stamp"].value()})
    assert sent.status_code == 302


def test_one_address_cannot_send_without_end(client):
    answers = [press(client, email=f"seeker{number}@example.org").status_code for number in range(22)]
    assert answers == [302] * 20 + [200] * 2


def test_an_account_needs_one_press(client, cast):
    client.force_login(cast.contact)
    assert 'name="email"' not in client.get("/en/?german=2").content.decode()
    for _ in range(2):
        assert client.post(f"{SAVE}?german=2").url == "/en/?german=2"
    saved = SavedSearch.objects.get()
    assert (saved.user, saved.email, saved.query, bool(saved.confirmed_at)) == (cast.contact, "", "german=2", True)
    assert not Mail.objects.exists()


def test_an_account_stops_where_it_began_and_another_does_not_see_it(client, cast):
    saved = saving.keep(cast.contact, "german=2")
    for user, query, is_on in [
        (cast.contact, "german=2", True),
        (cast.contact, "", False),
        (cast.staff, "german=2", False),
    ]:
        client.force_login(user)
        html = client.get(f"/en/?{query}").content.decode()
        assert (address(links.STOP, saved) in html, f'action="{SAVE}' in html) == (is_on, not is_on)


def test_an_account_whose_address_nobody_has_verified_confirms_it(client):
    user = UserFactory(verified=False)
    client.force_login(user)
    page = client.post(f"{SAVE}?german=2")
    assert f'value="{user.email}"' in page.content.decode()
    assert not SavedSearch.objects.exists()
    assert press(client, "?german=2", email=user.email).status_code == 302
    assert SavedSearch.objects.get().confirmed_at is None


def test_a_saved_search_knows_only_what_the_board_knows(client):
    FieldFactory(code="SPORT")
    press(client, "?field=SPORT&field=NOBODY&unknown=1&german=99&order=new&page=3&text=%00")
    assert SavedSearch.objects.get().query == "field=SPORT"


def test_page_of_a_search_says_it_in_words(client):
    saved = SavedSearchFactory(query="text=%3Cscript%3E&german=2", confirmed_at=None)
    html = client.get(address(links.CONFIRM, saved)).content.decode()
    assert "“&lt;script&gt;”" in html


HOSTILE = st.text(st.sampled_from(list("aß\0\x0b\u202e\ufffe\U0001f600<>&\"'%;[]{}\\1-9e @:/")), max_size=12)


class HostileInput(TestCase):
    @hypothesis_settings(max_examples=40)
    @given(st.dictionaries(st.sampled_from(["text", "place", "german", "order"]), HOSTILE), HOSTILE, HOSTILE)
    def test_any_query_any_address_and_any_link_get_a_page(self, query, email, token):
        response = self.client.post(SAVE, {"email": email, "stamp": token}, query_params=query)
        assert response.status_code == 200
        for deed in ["confirm", "stop"]:
            assert self.client.post(f"/en/search/{deed}/{quote(token, safe='') or 'x'}/").status_code == 404
        assert not SavedSearch.objects.exists()


def test_the_version_of_the_sentence_is_kept(client):
    press(client)
    assert SavedSearch.objects.get().text_version == saving.TEXT_VERSION
