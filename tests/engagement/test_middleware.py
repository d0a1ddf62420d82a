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


def test_monitors_are_answered_all_the_same(settings, rf):
    settings.MAINTENANCE = True
    assert Maintenance(pages)(rf.get("/healthz")) == "the page"


def test_an_error_before_the_language_is_known_is_told_in_it(rf):
    assert 'lang="ar" dir="rtl"' in handle_error(rf.get("/ar/")).content.decode()
