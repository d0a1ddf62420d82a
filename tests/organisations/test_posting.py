from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from organisations.models import Opportunity
from organisations.posting import close, publish
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
