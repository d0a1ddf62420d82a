import pytest

from engagement.models import Level
from matching.models import Accompaniment, Match
from matching.packing import NEEDED_LANGUAGES
from tests.factories import (
    CourseFactory,
    LanguageFactory,
    MatchFactory,
    MSOFactory,
    OpportunityFactory,
    SuggestionFactory,
    VolunteerFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/en/admin/matching/suggestion/why/"


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.agency, title="Lesen üben", german_needed=Level.B1, times=[1])


@pytest.fixture
def samira(cast):
    Accompaniment.objects.create(volunteer=cast.samira, agency=cast.agency)
    return cast.samira


@pytest.fixture
def desk(cast, client):
    client.force_login(cast.staff)
    return client


def ask(client, opportunity, **candidate):
    query = {"opportunity": opportunity.pk, **{name: row.pk for name, row in candidate.items()}}
    return client.get(PAGE, query).content.decode()


def test_a_stranger_reads_nothing_of_the_agency(cast, client, opportunity, samira):
    client.force_login(cast.stranger)
    page = ask(client, opportunity, volunteer=samira)
    assert "Lesen üben" not in page
    assert "Samira" not in page
    assert "of 100 points" not in page
    assert "Select a valid choice" in page


def test_staff_do_not_learn_of_people_whom_others_accompany(desk, opportunity):
    page = ask(desk, opportunity, volunteer=VolunteerFactory(first_name="Oleh"))
    assert "Oleh" not in page
    assert "of 100 points" not in page


def test_whoever_waits_in_the_queue_can_be_asked_about(desk, opportunity):
    oleh = VolunteerFactory(first_name="Oleh")
    SuggestionFactory(opportunity=opportunity, volunteer=oleh)
    assert "of 100 points" in ask(desk, opportunity, volunteer=oleh)


def test_who_is_not_staff_is_sent_to_the_log_in(cast, client):
    client.force_login(cast.contact)
    assert client.get(PAGE).status_code == 302


def test_why_not_and_what_would_change_it(desk, opportunity, samira):
    german = LanguageFactory(code="de", names={"en": "German"})
    samira.spoken_languages.create(language=german, level=Level.A1)
    page = ask(desk, opportunity, volunteer=samira)
    assert "Not suggested: something is in the way." in page
    assert "German: A1 – a few words. Needed: B1 – medium, so more than one step is missing." in page
    assert "With German A2 instead of A1" in page
    assert "of 100 points" in page
    assert "No time told on" not in page
    assert "Times not known yet." in page


def test_a_course_that_would_close_the_gap_is_told(desk, cast, opportunity, samira):
    german = LanguageFactory(code="de", names={"en": "German"})
    samira.spoken_languages.create(language=german, level=Level.A1)
    CourseFactory(agency=cast.agency, title="<b>Deutsch</b>", language=german, level=Level.B1)
    page = ask(desk, opportunity, volunteer=samira)
    assert "German B1: the course “&lt;b&gt;Deutsch&lt;/b&gt;” on" in page


def test_what_has_no_room_in_a_record_is_not_compared(desk, opportunity, samira):
    for number in range(NEEDED_LANGUAGES + 1):
        opportunity.needed_languages.create(language=LanguageFactory(code=f"q{number}"))
    page = ask(desk, opportunity, volunteer=samira)
    assert "Not suggested: something is in the way." in page
    assert "This cannot be compared: the profile or the opportunity has more entries than there is room for." in page
    assert "of 100 points" not in page


def test_a_self_organisation_is_asked_for_in_the_same_way(desk, opportunity):
    assert "Members" not in ask(desk, opportunity, organisation=MSOFactory(verified_at=None))
    assert "Newroz" in ask(desk, opportunity, organisation=MSOFactory(name="Newroz"))


@pytest.mark.parametrize(
    ("state", "expected"),
    [("suggestion", "This pair is suggested."), ("match", "Somebody has decided: parked.")],
)
def test_what_became_of_the_pair_is_said(desk, opportunity, samira, state, expected):
    if state == "suggestion":
        SuggestionFactory(opportunity=opportunity, volunteer=samira)
    else:
        MatchFactory(opportunity=opportunity, volunteer=samira, state=Match.State.PARKED)
    assert expected in ask(desk, opportunity, volunteer=samira)


def test_without_consent_nobody_is_suggested(desk, opportunity, samira):
    assert "has not agreed" not in ask(desk, opportunity, volunteer=samira)
    samira.consents.all().delete()
    assert "Not suggested: the person has not agreed to suggestions." in ask(desk, opportunity, volunteer=samira)


def test_the_page_of_a_row_leads_here_with_the_row_chosen(desk, opportunity, samira):
    for address in (f"volunteers/volunteer/{samira.pk}", f"organisations/opportunity/{opportunity.pk}"):
        page = desk.get(f"/en/admin/{address}/change/").content.decode()
        assert f'"{PAGE}?{address.split("/")[1]}={address.split("/")[2]}"' in page
    page = desk.get(PAGE, {"volunteer": samira.pk}).content.decode()
    assert f'<option value="{samira.pk}" selected>Samira H.</option>' in page
    assert "Please choose" not in page


def test_one_opportunity_and_one_candidate_are_needed(desk, cast, opportunity, samira):
    sentence = "Please choose an opportunity, and either a volunteer or a self-organisation."
    assert sentence in ask(desk, opportunity, volunteer=samira, organisation=cast.mso)
    assert sentence in desk.get(PAGE, {"opportunity": "", "volunteer": "", "organisation": ""}).content.decode()
    assert "Please choose a self-organisation." in ask(desk, opportunity, organisation=cast.agency)


@pytest.mark.parametrize("value", ["x", "\0", "²", "-1", "9" * 18, "9" * 30])
def test_an_odd_address_breaks_nothing(desk, opportunity, value):
    assert desk.get(PAGE, {"opportunity": value, "volunteer": value, "organisation": value}).status_code == 200


def test_the_number_of_queries_is_bounded(desk, opportunity, samira, django_assert_max_num_queries):
    with django_assert_max_num_queries(70):
        ask(desk, opportunity, volunteer=samira)
