"""The one day of an opportunity as an entry for people's calendars (RFC 5545)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event

from .facts import Facts

GERMANY = ZoneInfo("Europe/Berlin")


def calendar_of(notice: Facts) -> bytes:
    """A calendar with one event, in UTF-8, its lines folded at 75 bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Engagement//Opportunities//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event_of(notice))
    return calendar.to_ical()


def event_of(notice):
    """An event of the whole day where no hour is known. Its number stays the same, so that a change replaces it."""
    event = Event()
    event.add("uid", f"opportunity-{notice.pk}@{settings.SITE_HOST}")
    event.add("dtstamp", notice.changed_at)
    event.add("dtstart", at(notice.day, notice.begins_at) if notice.begins_at else notice.day)
    if notice.ends_at:
        event.add("dtend", at(notice.day, notice.ends_at))
    event.add("summary", notice.title)
    event.add("location", ", ".join([*filter(None, [notice.meeting_point]), *notice.whereabouts]))
    event.add("description", "\n\n".join(filter(None, [notice.text.body, notice.contact, notice.address])))
    event.add("url", notice.address)
    return event


def at(day, hour):
    """An hour in Germany, in UTC: every calendar shows it in the time of its owner, and needs no rules for that."""
    return datetime.combine(day, hour, GERMANY).astimezone(UTC)
