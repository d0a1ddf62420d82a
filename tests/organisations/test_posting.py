from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from organisations.models import Opportunity
from organisations.posting import close, confirm, publish
from organisations.signals import opportunity_saved
from tests.factories import MSOFactory, NeighbourhoodFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Europe/Berlin"))
Status = Opportunity.Status


@pytest.fixture
def draft(cast):
    vingst = NeighbourhoodFactory()
    return OpportunityFactory(host=cast.mso, status=Status.DRAFT, published_at=None, neighbourhoods=[vingst])


def test_publishing_announces_once(cast, draft):
    heard = []

    def hear(opportunity, by, **kwargs):
        heard.append((opportunity, by))

    opportunity_saved.connect(hear)
    assert publish(draft, by=cast.staff, now=NOON)
    assert not publish(draft, by=cast.staff)
    opportunity_saved.disconnect(hear)
    assert heard == [(draft, cast.staff)]


def test_the_first_publication_is_remembered(cast, draft):
    publish(draft, by=cast.staff, now=NOON)
    close(draft, by=cast.staff)
    publish(draft, by=cast.staff)
    assert (draft.status, draft.published_at) == (Status.PUBLISHED, NOON)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_until": date(2026, 11, 21)}, "valid_until"),
        ({"place": "city"}, "city"),
    ],
)
def test_an_obstacle_is_named(cast, draft, changes, field):
    Opportunity.objects.filter(pk=draft.pk).update(**changes)
    draft.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        publish(draft, by=cast.staff, now=NOON)
    assert list(error.value.message_dict) == [field]


def test_nothing_of_an_unverified_organisation_is_published(cast):
    mso = MSOFactory(agency=cast.agency, verified_at=None)
    draft = OpportunityFactory(host=mso, status=Status.DRAFT, place="remote")
    with pytest.raises(ValidationError):
        publish(draft, by=cast.staff)


def test_nothing_without_a_title_is_published(cast, draft):
    draft.texts.all().delete()
    with pytest.raises(ValidationError):
        publish(draft, by=cast.staff)


def test_a_draft_cannot_be_closed(cast, draft):
    assert not close(draft, by=cast.staff)


def test_publishing_and_confirming_say_that_it_is_true(cast, draft):
    publish(draft, by=cast.staff, now=NOON)
    assert draft.confirmed_at == NOON
    assert confirm(draft, by=cast.staff, now=NOON + timedelta(days=80))
    assert draft.confirmed_at == NOON + timedelta(days=80)


def test_what_is_not_on_the_board_is_not_confirmed(cast, draft):
    assert not confirm(draft, by=cast.staff)


@pytest.mark.parametrize(("days", "asks"), [(89, False), (90, True)])
def test_after_ninety_days_somebody_asks_whether_it_is_still_true(cast, draft, days, asks):
    publish(draft, by=cast.staff, now=NOON)
    assert Opportunity.objects.unconfirmed(NOON + timedelta(days=days)).exists() is asks
    close(draft, by=cast.staff)
    assert not Opportunity.objects.unconfirmed(NOON + timedelta(days=days)).exists()


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"valid_until": date(2026, 12, 6)}, True),
        ({"valid_until": date(2026, 12, 7)}, False),
        ({"valid_until": date(2026, 11, 21)}, False),
        ({"valid_until": date(2026, 11, 29), "day": date(2026, 11, 29)}, False),
        ({}, False),
    ],
    ids=["in two weeks", "later", "over", "on one day only", "without an end"],
)
def test_the_desk_reminds_of_what_ends_soon(cast, draft, changes, is_told):
    publish(draft, by=cast.staff, now=NOON)
    Opportunity.objects.update(**changes)
    assert Opportunity.objects.expiring(NOON).exists() is is_told
