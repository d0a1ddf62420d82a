"""What suits somebody who looks at the board: first for them, and nothing hidden."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matching.models import Match, OpportunityRecord
from matching.readers import Reader
from matching.rescoring import rescore_everything
from organisations.models import Opportunity
from tests.factories import LanguageFactory, MatchFactory, NeighbourhoodFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
BOARD = "/en/"


@pytest.fixture
def place():
    return NeighbourhoodFactory()


@pytest.fixture
def board(cast, place):
    """Three notices, the newest last: around the corner, farther away, and with a language that Samira lacks."""
    now = timezone.now()
    farther = NeighbourhoodFactory(code="koeln-ehrenfeld", latitude=50.9500, longitude=6.9100)
    near, far, foreign = (
        OpportunityFactory(title=title, neighbourhoods=[where], published_at=now + timedelta(minutes=at))
        for at, (title, where) in enumerate([("Near", place), ("Far", farther), ("Foreign", place)])
    )
    foreign.needed_languages.create(language=LanguageFactory(), role="required")
    cast.samira.neighbourhood = place
    cast.samira.save()
    rescore_everything()
    return near, far, foreign


def titles(client, query=""):
    return [notice.title for notice in client.get(BOARD + query).context["notices"]]


def orders(client, query=""):
    return [way.label for way in client.get(BOARD + query).context["search"].orders]


# --- Who must not -----------------------------------------------------------------------------------------------------
def test_visitors_and_those_without_a_profile_see_the_newest_first(client, cast, board):
    assert (titles(client), orders(client)) == (["Foreign", "Far", "Near"], ["First: the newest"])
    for user in [cast.staff, cast.stranger]:
        client.force_login(user)
        assert (titles(client, "?order=for_you"), orders(client)) == (["Foreign", "Far", "Near"], ["First: the newest"])


def test_who_cannot_be_matched_now_is_not_known(cast, board):
    cast.samira.is_paused = True
    cast.samira.save()
    rescore_everything()
    reader = Reader(cast.samira.user)
    assert (reader.is_known, reader.home, reader.favourites()) == (False, None, [])
    assert not Reader(AnonymousUser()).is_known


# --- For you first ----------------------------------------------------------------------------------------------------
def test_what_suits_comes_first_and_the_rest_follows(client, cast, board):
    client.force_login(cast.samira.user)
    assert titles(client) == ["Near", "Far", "Foreign"]
    assert orders(client) == ["First: for you", "First: near to you", "First: the newest"]


def test_the_price_counts(client, cast, board):
    near, far, _foreign = board
    OpportunityRecord.objects.filter(opportunity=near).update(price=0.2)
    assert Reader(cast.samira.user).favourites() == [far.pk, near.pk]


def test_overlooked_is_what_waits_long_and_where_fewest_are_led(cast, board):
    near, far, foreign = board
    long_ago = timezone.now() - timedelta(weeks=3)
    Opportunity.objects.filter(pk__in=[far.pk, foreign.pk]).update(published_at=long_ago)
    OpportunityRecord.objects.filter(opportunity=far).update(price=0.2)
    reader = Reader(AnonymousUser())
    assert (reader.overlooked(1), reader.overlooked(9)) == ([foreign.pk], [foreign.pk, far.pk])


def test_what_is_overlooked_is_marked_but_never_more_than_one_in_ten(client, cast, board):
    html = client.get(BOARD).content.decode()
    assert "often overlooked" not in html
    long_ago = timezone.now() - timedelta(weeks=3)
    for number in range(7):
        OpportunityFactory(title=f"Notice {number}", published_at=long_ago)
    rescore_everything()
    assert client.get(BOARD).content.decode().count("often overlooked") == 1


def test_one_may_sort_by_nearness_and_by_newness(client, cast, board):
    client.force_login(cast.samira.user)
    assert titles(client, "?order=new") == ["Foreign", "Far", "Near"]
    assert titles(client, "?order=near") == ["Foreign", "Near", "Far"]


def test_whoever_names_a_place_sees_the_nearest_first(client, cast, board, place):
    client.force_login(cast.samira.user)
    search = client.get(f"{BOARD}?place={place}").context["search"]
    assert (search.order, search.possible_orders) == ("near", ["for_you", "near", "new"])
    assert titles(client, f"?place={place}&order=for_you") == ["Near", "Far", "Foreign"]


def test_the_order_goes_on_to_the_next_search_only_if_it_was_asked_for(client, cast, board):
    client.force_login(cast.samira.user)
    for query, kept in [("?order=new", "order=new"), ("", ""), ("?order=%00", "")]:
        assert client.get(BOARD + query).context["search"].query() == kept


def test_what_is_decided_is_no_favourite(cast, board):
    near, far, _foreign = board
    MatchFactory(opportunity=near, volunteer=cast.samira, state=Match.State.PARKED)
    assert Reader(cast.samira.user).favourites() == [far.pk]


def test_a_contact_sees_what_suits_the_self_organisation(cast, board, place):
    cast.mso.reached.add(place)
    near, far, _foreign = board
    rescore_everything()
    assert Reader(cast.contact).favourites()[0] == near.pk


def test_new_words_leave_the_order_to_time(cast, board):
    LanguageFactory(code="tr")
    assert Reader(cast.samira.user).favourites() == []


def test_every_notice_is_shown_once_over_all_pages(client, cast, place):
    for number in range(14):
        OpportunityFactory(title=f"Notice {number}", neighbourhoods=[place])
    rescore_everything()
    client.force_login(cast.samira.user)
    assert sorted(titles(client) + titles(client, "?page=2")) == sorted(f"Notice {number}" for number in range(14))


def test_queries_do_not_depend_on_the_notices(client, cast, board, place):
    client.force_login(cast.samira.user)
    counts = []
    for number in [1, 4]:
        for _ in range(number):
            OpportunityFactory(neighbourhoods=[place])
        rescore_everything()
        with CaptureQueriesContext(connection) as queries:
            client.get(BOARD)
        counts.append(len(queries))
    assert counts[0] == counts[1]
