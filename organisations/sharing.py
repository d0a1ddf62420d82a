"""An opportunity on its way to others: as a picture on paper, and as data for those who search the web."""

import json
from functools import lru_cache

import segno
from django.template.defaultfilters import linebreaks_filter
from django.utils.safestring import SafeString, mark_safe

from .facts import Facts
from .models import Opportunity

# Nothing that somebody wrote ends the element around it.
HARMLESS = str.maketrans({character: f"\\u{ord(character):04X}" for character in "<>&"})
# The norm asks for four; the paper around it is white as well.
MARGIN = 2
# Every reader knows all eight patterns; to weigh them against each other took as long as half of the page.
MASK = 0


@lru_cache(maxsize=512)
def qr_code(address: str) -> SafeString:
    """``address`` as a QR code (ISO/IEC 18004, level M), black, in SVG that needs no style."""
    code = segno.make_qr(address, error="m", mask=MASK, boost_error=False)
    return mark_safe(code.svg_inline(border=MARGIN, svgclass="qr", lineclass=None, omitsize=True))


def job_posting(notice: Facts) -> SafeString:
    """What schema.org calls a JobPosting, as JSON for a script element. People's names and numbers are not in it."""
    posting = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": notice.text.title,
        "description": linebreaks_filter(notice.text.body or notice.text.title),
        "employmentType": "VOLUNTEER",
        "datePosted": (notice.published_at or notice.created_at).date().isoformat(),
        "validThrough": notice.valid_until and notice.valid_until.isoformat(),
        "jobStartDate": notice.day and notice.day.isoformat(),
        "totalJobOpenings": notice.places,
        "url": notice.address,
        "identifier": {"@type": "PropertyValue", "name": "Engagement", "value": str(notice.pk)},
        "hiringOrganization": without_nothing(
            {"@type": "Organization", "name": notice.host.name, "sameAs": notice.host.website}
        ),
        **whereabouts(notice),
    }
    return mark_safe(json.dumps(without_nothing(posting), ensure_ascii=False).translate(HARMLESS))


def whereabouts(notice):
    if notice.place == Opportunity.Place.REMOTE:
        home = {"@type": "Country", "name": "DE"}
        return {"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": home}
    places = [located(place.city.name, place) for place in notice.neighbourhoods.all()]
    return {"jobLocation": places or [located(notice.city.name)] if places or notice.city else None}


def located(town, place=None):
    address = {"@type": "PostalAddress", "addressLocality": town, "addressCountry": "DE"}
    if place is None:
        return {"@type": "Place", "address": address}
    point = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return {"@type": "Place", "name": place.name, "address": address, "geo": point}


def without_nothing(data):
    return {name: value for name, value in data.items() if value}
