"""The file for calendars, read again by the rules of RFC 5545."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import timezone
from icalendar import Calendar

from organisations.models import OpportunityText
from tests.factories import NeighbourhoodFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
SUMMER = date(2030, 7, 6)


def file_of(client, opportunity, language="de"):
    return client.get(f"/{language}/opportunities/{opportunity.pk}/day.ics")


def event_of(client, opportunity, language="de"):
    return Calendar.from_ical(file_of(client, opportunity, language).content).walk("VEVENT")[0]


def once(day=SUMMER, **kwargs):
    return OpportunityFactory(day=day, valid_until=day, **kwargs)


def test_hours_are_those_of_germany(client):
    event = event_of(client, once(begins_at=time(14), ends_at=time(17, 30)))
    assert event["dtstart"].dt == datetime(2030, 7, 6, 12, 0, tzinfo=UTC)
    assert event["dtend"].dt == datetime(2030, 7, 6, 15, 30, tzinfo=UTC)


def test_without_hours_it_is_the_whole_day(client):
    event = event_of(client, once())
    assert (event["dtstart"].dt, event.get("dtend")) == (SUMMER, None)


def test_without_an_end_none_is_invented(client):
    event = event_of(client, once(begins_at=time(14)))
    assert "dtend" not in event


def test_event_says_what_where_and_whom_to_ask(client):
    opportunity = once(
        title="Fest",
        neighbourhoods=[NeighbourhoodFactory()],
        meeting_point="Tor 3; links, dann rechts",
        contact_name="Elif",
    )
    event = event_of(client, opportunity)
    assert event["summary"] == "Fest"
    assert event["location"] == "Tor 3; links, dann rechts, Köln-Vingst"
    assert "Elif" in event["description"]
    assert event["url"] == f"http://localhost:8000/de/opportunities/{opportunity.pk}/"


def test_what_people_type_stays_text(client):
    title = "Fest\\, Musik; \r\nEND:VEVENT\nBEGIN:VALARM \u202e" + "ü" * 60
    opportunity = once(title=title)
    content = file_of(client, opportunity).content
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert content.count(b"\r\nEND:VEVENT\r\n") == 1
    assert b"\r\nBEGIN:VALARM" not in content


def test_reader_gets_the_event_in_the_own_language(client):
    opportunity = once(title="Fest")
    OpportunityText.objects.create(opportunity=opportunity, language="ar", title="عيد")
    assert event_of(client, opportunity, "ar")["summary"] == "عيد"


def test_a_change_replaces_the_event(client):
    opportunity = once()
    before = event_of(client, opportunity)["uid"]
    opportunity.save()
    assert event_of(client, opportunity, "en")["uid"] == before


def test_the_last_day_of_all_has_a_file(client):
    assert event_of(client, once(date.max, begins_at=time(23, 59)))["dtstart"].dt.year == 9999


def test_file_is_a_calendar(client):
    response = file_of(client, once())
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.content.startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("hidden", [{}, {"day": timezone.localdate(), "status": "draft"}, {"day": date(2020, 1, 1)}])
def test_what_is_not_open_or_happens_often_has_no_file(client, hidden):
    opportunity = OpportunityFactory(**hidden, valid_until=hidden.get("day"))
    assert file_of(client, opportunity).status_code == 404


def test_page_and_board_tell_the_day(client):
    opportunity = once(begins_at=time(14), ends_at=time(17))
    for address in ["/de/", f"/de/opportunities/{opportunity.pk}/"]:
        assert "Samstag, 6. Juli 2030, 14:00–17:00" in client.get(address).content.decode()
    assert f'href="/de/opportunities/{opportunity.pk}/day.ics"' in client.get(address).content.decode()
