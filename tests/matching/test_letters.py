"""Letters to print: in the name of the agency that accompanies somebody, and by nobody else."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from matching.models import Match
from tests.factories import MatchFactory, OpportunityFactory, ProofFactory, VolunteerFactory

LETTERS = ["certificate", "reference"]


@pytest.fixture
def ali(cast):
    ali = VolunteerFactory(first_name="Ali", last_name="Demir", address="Kuthstraße 1\n51107 Köln")
    ali.accompaniments.create(agency=cast.agency)
    return ali


def letter(client, reader, volunteer, name="certificate", **query):
    client.force_login(reader)
    return client.get(reverse(f"admin:volunteers_volunteer_{name}", args=[volunteer.pk]), query)


@pytest.mark.parametrize("name", LETTERS)
def test_another_agency_writes_nothing(client, cast, ali, name):
    assert letter(client, cast.stranger, ali, name).status_code == 404


@pytest.mark.parametrize("name", LETTERS)
def test_an_agency_that_does_not_accompany_the_person_writes_nothing(client, cast, ali, name):
    MatchFactory(volunteer=ali, opportunity=OpportunityFactory(host=cast.other_agency))
    assert letter(client, cast.stranger, ali, name).status_code == 403


def test_the_letter_names_agency_person_and_opportunity(client, cast, ali):
    opportunity = OpportunityFactory(host=cast.mso, agency=cast.agency, title="Hausaufgaben-Hilfe")
    MatchFactory(volunteer=ali, opportunity=opportunity)
    page = letter(client, cast.staff, ali).content.decode()
    for words in [cast.agency.name, "Ali Demir", "51107 Köln", "Hausaufgaben-Hilfe", cast.mso.name, "§ 30a"]:
        assert words in page


def test_what_needs_a_certificate_comes_first(client, cast, ali):
    needs_none, needs_one = (OpportunityFactory(host=cast.agency, title=title) for title in ["Kochen", "Lesen"])
    needs_one.proofs.add(ProofFactory(code="EFZ_KINDER"))
    for opportunity in [needs_one, needs_none]:
        MatchFactory(volunteer=ali, opportunity=opportunity)
    assert [task["title"] for task in letter(client, cast.staff, ali).context["tasks"]] == ["Lesen", "Kochen"]


def test_an_opportunity_of_another_agency_is_not_named(client, cast, ali):
    MatchFactory(volunteer=ali, opportunity=OpportunityFactory(host=cast.other_agency, title="Foreign"))
    assert "Foreign" not in letter(client, cast.staff, ali).content.decode()


@pytest.mark.parametrize("match", ["\0", "9" * 40, "x", ""])
def test_a_strange_number_names_the_first(client, cast, ali, match):
    MatchFactory(volunteer=ali, opportunity=OpportunityFactory(host=cast.agency, title="Kochen"))
    assert letter(client, cast.staff, ali, match=match).context["task"]["title"] == "Kochen"


def test_the_reference_tells_the_first_and_the_last_day(client, cast, ali):
    match = MatchFactory(volunteer=ali, opportunity=OpportunityFactory(host=cast.agency), state=Match.State.ENDED)
    match.events.create(side="staff", to_state=Match.State.PLACED, at=datetime(2026, 3, 2, 12, tzinfo=UTC))
    match.events.create(side="staff", to_state=Match.State.ENDED, at=datetime(2026, 9, 1, 12, tzinfo=UTC))
    page = letter(client, cast.staff, ali, "reference").content.decode()
    assert "02.03.2026" in page
    assert "01.09.2026" in page


def test_no_reference_is_written_for_what_was_only_proposed(client, cast, ali):
    MatchFactory(volunteer=ali, opportunity=OpportunityFactory(host=cast.agency))
    assert letter(client, cast.staff, ali, "reference").context["tasks"] == []


def test_the_letter_is_german_in_every_language_of_the_desk(client, cast, ali):
    client.force_login(cast.staff)
    page = client.get(f"/ar/admin/volunteers/volunteer/{ali.pk}/certificate/").content.decode()
    assert 'dir="rtl"' in page
    assert 'class="house paper letter" lang="de" dir="ltr"' in page
