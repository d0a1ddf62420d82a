"""The demo data: invented, in the right proportions, and always the same."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.models import Count, Q

from engagement.models import Mail, User
from matching.demo import LOGINS, PASSWORD
from matching.demo.building import build
from matching.models import Match, NightlyFigures, OpportunityRecord, Region, Suggestion
from organisations.models import Opportunity, Organisation
from tests.snapshot import restore_vocabulary
from volunteers.models import ProofInspection, SpokenLanguage, Volunteer

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """One demo for all tests of this module, which only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        restore_vocabulary()
        build(volunteers=1000, organisations=30, opportunities=None, seed=1, now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(built, db):
    """The demo, as a fixture of each test."""


def test_the_demo_has_its_size_and_proportions(demo):
    assert Volunteer.objects.count() == 1000
    assert Opportunity.objects.open(NOW).count() == 81
    assert Opportunity.objects.values("city").distinct().count() == 20
    assert Opportunity.objects.values("field").distinct().count() == 29
    assert Organisation.objects.filter(kind="mso").count() == 30
    assert Opportunity.objects.filter(host__kind="mso").count() == 23
    first = Counter(SpokenLanguage.objects.filter(level=7).values_list("language__code", flat=True))
    # Nationals in North Rhine-Westphalia: Türkei 490, Syrien 288, Ukraine 280, Polen 218 thousand.
    assert first["de"] > first["tr"] > first["ar"] > first["pl"] > first["ti"] > 0
    assert 90 < first["tr"] < 140
    assert len(first) >= 20
    towns = Counter(Volunteer.objects.values_list("neighbourhood__city__name", flat=True))
    assert 80 < towns["Köln"] < 140


def test_one_of_them_happens_on_a_day_that_is_still_to_come(demo):
    once = Opportunity.objects.get(day__isnull=False)
    # The first Saturday after two weeks, in the afternoon.
    assert (once.day.isoformat(), str(once.begins_at), str(once.ends_at)) == ("2026-12-12", "14:00:00", "15:30:00")
    assert (once.frequency, once.valid_until, once.times) == ("once", once.day, [16])
    assert (once.city.name, once.hours_per_week, once.minimum_weeks) == ("Köln", None, None)


def test_some_have_not_told_everything(demo):
    everybody = Volunteer.objects.annotate(
        german=Count("spoken_languages", filter=Q(spoken_languages__language__code="de"))
    )
    for untold in (Q(times=[]), Q(motives=[]), Q(reach_km=None), Q(gender=""), Q(birth_year=None), Q(german=0)):
        assert 10 < everybody.filter(untold).count() < 500
    assert Volunteer.objects.filter(neighbourhood=None, postcode=None).exists()
    assert SpokenLanguage.objects.filter(level=None).exists()


def test_nobody_can_be_reached_outside(demo):
    addresses = [*User.objects.values_list("email", flat=True), *Volunteer.objects.values_list("email", flat=True)]
    addresses += [*Organisation.objects.values_list("email", flat=True), *Mail.objects.values_list("to", flat=True)]
    assert {address for address in addresses if address and not address.endswith("@example.org")} == set()
    numbers = [*Volunteer.objects.values_list("phone", flat=True)]
    numbers += [*Opportunity.objects.values_list("contact_phone", flat=True)]
    numbers += [*Organisation.objects.values_list("phone", flat=True)]
    assert {number[:9] for number in numbers if number} == {"0221 4710"}


def test_every_login_works(demo):
    for _who, email in LOGINS:
        user = User.objects.get(email=email)
        assert user.check_password(PASSWORD)
        assert user.emailaddress_set.get().verified
    staff = User.objects.filter(email__in=["yildiz@example.org", "brandt@example.org"], is_staff=True)
    agencies = Organisation.objects.filter(memberships__user__in=staff).values_list("name", "city__name")
    assert set(agencies) == {("Integrationsagentur Domviertel", "Köln"), ("Integrationsagentur Zollbrücke", "Essen")}


def test_coordinators_read_different_languages(demo):
    languages = set(Opportunity.objects.values_list("coordinator__language", flat=True))
    assert languages == {"de", "en", "ar"}


def test_both_kinds_of_candidates_are_suggested_and_every_state_occurs(demo):
    assert Suggestion.objects.exclude(volunteer=None).exists()
    assert Suggestion.objects.exclude(organisation=None).exists()
    assert set(Match.objects.values_list("state", flat=True)) == set(Match.State.values)
    assert Match.objects.filter(volunteer__user__email="samira@example.org").exists()
    assert ProofInspection.objects.exclude(recheck_on=None).exists()


def test_a_night_has_priced_every_region(demo):
    assert set(Region.objects.values_list("priced_at", flat=True)) == {NOW}
    prices = OpportunityRecord.objects.values_list("price", flat=True)
    assert len(prices) == 81
    assert min(prices) < 0.5 < max(prices) <= 1


def test_the_figures_of_that_night_show_what_was_suggested_and_decided(demo):
    house = NightlyFigures.objects.get(region=None, day=NOW.date()).numbers
    cologne = NightlyFigures.objects.get(region__city__name="Köln", day=NOW.date()).numbers
    assert 0.8 * house["volunteers"] < house["volunteers_suggested"] < house["volunteers"]
    assert 0.8 * cologne["volunteers"] < cologne["volunteers_suggested"] < cologne["volunteers"] < house["volunteers"]
    assert house["opportunities_connected"] > 0
    assert 0.9 < house["certificate"] <= cologne["certificate"] <= 1


def test_mails_about_the_matches_wait_in_the_outbox(demo):
    languages = Mail.objects.filter(state=Mail.State.QUEUED).values_list("language", flat=True)
    assert set(languages) == {"de", "en"}


def test_an_opportunity_is_as_its_sample_states(demo):
    opportunity = Opportunity.objects.get(texts__title="Ukrainisch oder Russisch in der Asylberatung")
    assert [str(place) for place in opportunity.neighbourhoods.all()] == ["Duisburg-Dellviertel"]
    assert (opportunity.places, opportunity.german_needed, opportunity.times) == (3, 3, [6])
    needed = opportunity.needed_languages.values_list("language__code", "level", "role")
    assert set(needed) == {("uk", 4, "one_of"), ("ru", 4, "one_of")}
    assert opportunity.texts.get(language="de-simple").title == "In der Beratung übersetzen: Ukrainisch"
    assert opportunity.gives_certificate is None
    remote = Opportunity.objects.filter(place=Opportunity.Place.REMOTE)
    assert remote.count() == 3
    women = Opportunity.objects.exclude(only_for="")
    assert women.count() == 7
    assert not women.filter(only_for_reason="").exists()
