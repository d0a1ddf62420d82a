"""The figures drawn over time, for administrators alone."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from matching.curves import CHARTS, path
from tests.factories import LanguageFactory, NightlyFiguresFactory, RegionFactory

PAGE = "admin:matching_nightlyfigures_changelist"
DAY = date(2026, 11, 1)


def nights(number):
    for at in range(number):
        numbers = {"opportunities": 100 + at, "opportunities_suggested": 80 + at, "connections": None}
        NightlyFiguresFactory(day=DAY + timedelta(days=at), numbers=numbers)


def days(*offsets):
    return [DAY + timedelta(days=offset) for offset in offsets]


def test_a_line_goes_from_the_first_night_to_the_last():
    assert path(days(0, 1, 2), [0, 5, 10], 10) == "M0.0 160.0h0L300.0 80.0L600.0 0.0"


@pytest.mark.parametrize(
    ("offsets", "values"), [((0, 2), [10, 10]), ((0, 1, 2), [10, None, 10])], ids=["no night", "no number"]
)
def test_a_line_breaks_where_something_is_missing(offsets, values):
    assert path(days(*offsets), values, 10) == "M0.0 0.0h0M600.0 0.0h0"


def test_one_night_is_a_dot():
    assert path(days(0), [5], 10) == "M0.0 80.0h0"


@pytest.mark.parametrize("who", ["staff", "contact", "samira"])
def test_only_administrators_see_the_figures(client, cast, who):
    nights(1)
    client.force_login(cast.samira.user if who == "samira" else getattr(cast, who))
    response = client.get(reverse(PAGE))
    assert response.status_code == (403 if who == "staff" else 302)
    assert reverse(PAGE) not in client.get(reverse("admin:index")).content.decode()


def test_the_page_draws_each_chart_and_writes_its_numbers(client, cast):
    nights(3)
    client.force_login(cast.administrator)
    response = client.get(reverse(PAGE))
    first, *others = response.context["curves"]
    assert len([first, *others]) == len(CHARTS)
    assert first.rows[0] == (DAY + timedelta(days=2), ["102", "82"])
    assert [line.latest for line in first.lines] == ["102", "82"]
    assert first.lines[0].path in response.content.decode()


def test_a_number_that_is_not_kept_is_said_to_be_hidden(client, cast):
    nights(1)
    client.force_login(cast.administrator)
    with_hidden = client.get("/en/admin/matching/nightlyfigures/").context["curves"][2]
    assert [line.latest for line in with_hidden.lines] == ["not shown", "not shown"]


def test_those_with_the_smallest_share_come_first(client, cast):
    few, many, hidden = (LanguageFactory(code=code) for code in ["ku", "ar", "tr"])
    groups = {"language": {}}
    for language, suggested in [(many, 9), (hidden, None), (few, 5)]:
        groups["language"][str(language.pk)] = {"people": 20, "suggested": suggested, "waiting": 0}
    NightlyFiguresFactory(groups=groups)
    client.force_login(cast.administrator)
    assert [group.name for group in client.get(reverse(PAGE)).context["languages"]] == ["Ku", "Ar", "Tr"]


def test_a_region_is_chosen_by_its_key(client, cast):
    nights(1)
    region = RegionFactory(city=cast.agency.city)
    NightlyFiguresFactory(region=region, numbers={"opportunities": 7})
    client.force_login(cast.administrator)
    for query, latest in [(region.pk, "7"), ("", "100"), ("x", "100")]:
        curve = client.get(reverse(PAGE), {"region": query}).context["curves"][0]
        assert curve.lines[0].latest == latest


def test_without_figures_the_page_says_so(client, cast):
    client.force_login(cast.administrator)
    assert "There are no figures yet." in client.get("/en/admin/matching/nightlyfigures/").content.decode()


def test_the_page_shows_a_quarter_in_a_steady_number_of_queries(client, cast, django_assert_max_num_queries):
    nights(100)
    client.force_login(cast.administrator)
    with django_assert_max_num_queries(9):
        response = client.get(reverse(PAGE))
    assert len(response.context["curves"][0].rows) == 91
