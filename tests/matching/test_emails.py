"""The mails about matches, read as their readers get them."""

import pytest

from engagement.models import Mail
from matching import emails, review
from organisations.models import Membership
from tests.factories import (
    LanguageFactory,
    MatchFactory,
    MembershipFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    SuggestionFactory,
    UserFactory,
    VolunteerFactory,
)
from tests.letters import check_parts
from volunteers.models import Channel

pytestmark = pytest.mark.django_db

CANARIES = {
    "last_name": "Kanarienvogel",
    "phone": "0221 5550199",
    "email": "kanarie@example.org",
    "address": "Kanariengasse 7",
    "call_times": "0151 5550188 abends",
}


@pytest.fixture
def place(db):
    return NeighbourhoodFactory()


@pytest.fixture
def volunteer(place):
    volunteer = VolunteerFactory(
        first_name="Samira",
        user=UserFactory(email="konto-kanarie@example.org", name="Konto Kanarie"),
        channel=Channel.PHONE,
        neighbourhood=place,
        **CANARIES,
    )
    volunteer.spoken_languages.create(language=LanguageFactory(code="de"), level=4)
    return volunteer


@pytest.fixture
def opportunity(cast, place):
    return OpportunityFactory(
        host=cast.mso,
        agency=cast.agency,
        coordinator=cast.staff,
        title="Lesen & Schreiben",
        neighbourhoods=[place],
        german_needed=3,
        times=[1],
    )


@pytest.fixture
def suggestion(opportunity, volunteer):
    return SuggestionFactory(opportunity=opportunity, volunteer=volunteer)


def readers(opportunity):
    return sorted(reader.email for reader in emails.coordinators(MatchFactory(opportunity=opportunity)))


def test_a_stranger_a_host_and_who_has_left_get_no_mail(cast, opportunity):
    for outsider in (cast.stranger, cast.contact, UserFactory()):
        opportunity.coordinator = outsider
        assert readers(opportunity) == ["yildiz@example.org"]


def test_who_is_no_longer_active_gets_no_mail(cast, opportunity):
    cast.staff.is_active = False
    cast.staff.save()
    assert readers(opportunity) == []


def test_without_a_coordinator_everybody_at_the_desk_gets_one(cast, opportunity):
    lead = MembershipFactory(organisation=cast.agency, role=Membership.Role.LEAD).user
    opportunity.coordinator = None
    assert readers(opportunity) == sorted([cast.staff.email, lead.email])
    opportunity.coordinator = lead
    assert readers(opportunity) == [lead.email]


def test_nothing_that_reaches_a_volunteer_is_in_a_mail(cast, suggestion, volunteer):
    review.accept(suggestion, by=cast.staff)
    review.express_interest(suggestion.opportunity, volunteer, by=volunteer.user)
    assert Mail.objects.count() == 2
    for mail in Mail.objects.all():
        everything = mail.subject + mail.text + mail.html
        for canary in [*CANARIES.values(), volunteer.user.email, volunteer.user.name]:
            assert canary not in everything
            assert "Samira K." in everything


def test_an_accepted_suggestion_tells_the_coordinator_once_what_to_do(cast, suggestion):
    match = review.accept(suggestion, by=cast.staff)
    emails.tell_coordinator_of_match(match, cast.staff)
    mail = Mail.objects.get()
    assert (mail.to, mail.language) == ("yildiz@example.org", "de")
    assert f"http://localhost:8000/de/admin/matching/match/{match.pk}/change/" in mail.text
    assert "Lesen & Schreiben" in mail.subject
    assert "Lesen &amp; Schreiben" in mail.html


def test_a_mail_names_reasons_and_open_points(cast, suggestion):
    cast.staff.language = "en"
    cast.staff.save()
    review.accept(suggestion, by=cast.staff)
    text = Mail.objects.get().text
    assert 1 <= text.count("\n+ ") <= 3
    assert 1 <= text.count("\n! Still open: ") <= 2
    assert "You accepted this suggestion." in text
    assert "How to be reached: by phone" in text


def test_who_accepted_is_named_to_the_others(cast, suggestion):
    cast.staff.language = "en"
    cast.staff.save()
    review.accept(suggestion, by=cast.administrator)
    assert "Admin accepted this suggestion." in Mail.objects.get().text


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("en", "ltr"), ("ar", "rtl")])
def test_text_and_html_say_the_same_in_the_language_of_the_reader(cast, suggestion, volunteer, language, direction):
    cast.staff.language = language
    cast.staff.save()
    review.accept(suggestion, by=cast.staff)
    review.express_interest(suggestion.opportunity, volunteer, by=volunteer.user)
    for mail in Mail.objects.all():
        check_parts(mail, language, direction)


def test_a_group_is_called_by_its_name_and_size(cast, opportunity):
    cast.staff.language = "en"
    cast.staff.save()
    opportunity.host = cast.agency
    opportunity.save()
    review.accept(SuggestionFactory(opportunity=opportunity, volunteer=None, organisation=cast.mso), by=cast.staff)
    text = Mail.objects.get().text
    assert "Kurdischer Elternverein Newroz e. V." in text
    assert "Migrant self-organisation, group of up to 3 people" in text


def test_interest_is_told_once(cast, opportunity, volunteer):
    for _ in range(3):
        review.express_interest(opportunity, volunteer, by=volunteer.user)
    assert Mail.objects.get().key.startswith("matching/email/interest_expressed:")


def test_declining_and_parking_write_no_mail(cast, suggestion):
    review.decline(suggestion, by=cast.staff, reason="other")
    assert not Mail.objects.exists()
