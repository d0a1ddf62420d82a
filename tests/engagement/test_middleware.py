import pytest
from django.core.exceptions import MiddlewareNotUsed

from engagement.health import handle_error
from engagement.middleware import Maintenance


def pages(request):
    return "the page"


def test_nothing_stands_in_the_way_of_a_house_that_is_open(settings):
    with pytest.raises(MiddlewareNotUsed):
        Maintenance(pages)


@pytest.mark.parametrize(
    ("path", "headers", "words"),
    [
        ("/en/opportunities/1/", {}, "We are back in a moment"),
        ("/de/", {"HTTP_ACCEPT_LANGUAGE": "en"}, 'lang="de"'),
        ("/", {"HTTP_ACCEPT_LANGUAGE": "en"}, "We are back in a moment"),
        ("/ar/admin/", {}, 'dir="rtl"'),
    ],
)
def test_while_it_is_looked_after_every_page_says_so_in_the_readers_language(settings, rf, path, headers, words):
    settings.MAINTENANCE = True
    response = Maintenance(pages)(rf.get(path, **headers))
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert words in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/de/imprint/", "/de-simple/privacy/"])
def test_monitors_and_what_the_law_asks_for_are_answered_all_the_same(settings, rf, path):
    settings.MAINTENANCE = True
    assert Maintenance(pages)(rf.get(path)) == "the page"


def test_an_error_before_the_language_is_known_is_told_in_it(rf):
    assert 'lang="ar" dir="rtl"' in handle_error(rf.get("/ar/")).content.decode()


def language_after(client, user, page, before):
    client.force_login(user)
    client.get(page, headers={"referer": before})
    user.refresh_from_db()
    return user.language


@pytest.mark.django_db
def test_a_language_chosen_while_signed_in_is_kept_with_the_account(client, cast):
    page, before = "/tr/me/", "http://testserver/de/me/"
    assert language_after(client, cast.samira.user, page, before) == "tr"


@pytest.mark.parametrize(
    ("page", "before"),
    [
        ("/tr/me/", ""),
        ("/tr/me/", "http://elsewhere.example/de/me/"),
        ("/tr/me/", "http://testserver/de/"),
        ("/tr/me/", "http://["),
        ("/de/me/", "http://testserver/de/me/"),
    ],
    ids=["no page before", "another site", "another page", "no address", "the same language"],
)
@pytest.mark.django_db
def test_a_link_in_another_language_is_no_choice(client, cast, page, before):
    assert language_after(client, cast.samira.user, page, before) == "de"


@pytest.mark.django_db
def test_a_language_is_remembered_without_an_account(client):
    client.get("/tr/")
    assert client.get("/").url == "/tr/"
