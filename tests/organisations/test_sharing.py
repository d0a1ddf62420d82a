"""What leaves the page: data for search engines, a code on paper, a link to pass on."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from organisations.models import Opportunity
from organisations.sharing import qr_code
from tests.factories import CityFactory, NeighbourhoodFactory, OpportunityFactory, OrganisationFactory, ProofFactory

pytestmark = pytest.mark.django_db


def html_of(client, opportunity, language="en"):
    return client.get(f"/{language}/opportunities/{opportunity.pk}/").content.decode()


def posting_of(client, opportunity, language="en"):
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html_of(client, opportunity, language))
    (text,) = scripts
    return json.loads(text)


def test_search_engines_read_a_job_posting_for_volunteers(client):
    today = timezone.localdate()
    opportunity = OpportunityFactory(
        title="Hausaufgabenhilfe",
        host=OrganisationFactory(name="Verein", website="https://example.org"),
        neighbourhoods=[NeighbourhoodFactory()],
        valid_until=today + timedelta(days=9),
        places=3,
    )
    posting = posting_of(client, opportunity)
    assert (posting["@type"], posting["employmentType"], posting["title"]) == (
        "JobPosting",
        "VOLUNTEER",
        "Hausaufgabenhilfe",
    )
    assert posting["url"] == f"http://localhost:8000/en/opportunities/{opportunity.pk}/"
    assert posting["hiringOrganization"] == {"@type": "Organization", "name": "Verein", "sameAs": "https://example.org"}
    assert posting["jobLocation"][0]["address"]["addressLocality"] == "Köln"
    assert (posting["datePosted"], posting["validThrough"]) == (
        today.isoformat(),
        (today + timedelta(days=9)).isoformat(),
    )
    assert posting["totalJobOpenings"] == 3


def test_work_from_home_is_told_as_such(client):
    posting = posting_of(client, OpportunityFactory(place=Opportunity.Place.REMOTE))
    assert posting["jobLocationType"] == "TELECOMMUTE"
    assert "jobLocation" not in posting


def test_whole_town_is_a_place_and_nowhere_is_none(client):
    town = OpportunityFactory(place=Opportunity.Place.CITY, city=CityFactory())
    nowhere = OpportunityFactory(place=Opportunity.Place.CITY)
    assert posting_of(client, town)["jobLocation"][0]["address"]["addressLocality"] == "Köln"
    assert "jobLocation" not in posting_of(client, nowhere)


def test_nothing_that_somebody_wrote_ends_the_data(client):
    opportunity = OpportunityFactory(title="</script><script>alert(1)</script> <!-- & \u2028 \"'\\")
    assert posting_of(client, opportunity)["title"] == "</script><script>alert(1)</script> <!-- & \u2028 \"'\\"
    assert html_of(client, opportunity).count("<script>") == 0


def test_search_engines_are_told_of_nobody(client):
    opportunity = OpportunityFactory(contact_name="Elif Yildiz", contact_phone="0221 4710011")
    assert "Elif" not in json.dumps(posting_of(client, opportunity))


def test_code_is_drawn_without_style_and_with_room_around_it():
    svg = qr_code("http://localhost:8000/de/opportunities/7/")
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    # Version 3 has 29 modules a side, and two of margin on each side.
    assert size == 29 + 4
    assert "style" not in svg


def test_code_and_link_lead_to_the_page_in_the_language_of_the_reader(client):
    opportunity = OpportunityFactory()
    address = f"http://localhost:8000/ar/opportunities/{opportunity.pk}/"
    html = html_of(client, opportunity, "ar")
    assert qr_code(address) in html
    assert f'<bdi dir="ltr"><a href="{address}">{address}</a></bdi>' in html


def test_link_in_a_mail_keeps_every_character(client):
    html = html_of(client, OpportunityFactory(title='Tee & "Kuchen"? 100 %'))
    assert "mailto:?subject=Tee%20%26%20%22Kuchen%22%3F%20100%20%25&amp;body=http%3A%2F%2Flocalhost" in html


@pytest.mark.parametrize(("code", "is_free"), [("EFZ_OFT", True), ("FZ_OFT", True), ("SCHWIMM", False)])
def test_only_certificates_of_good_conduct_are_said_to_be_free(client, code, is_free):
    opportunity = OpportunityFactory()
    opportunity.proofs.add(ProofFactory(code=code))
    assert ("For volunteers it costs nothing" in html_of(client, opportunity)) is is_free
