"""Whom an agency accompanies changes only with the person; what one agency noted is never the other's."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from matching import handing_over, review
from matching.models import Accompaniment, HandOver, Match
from tests.factories import MatchFactory, MembershipFactory, OpportunityFactory, OrganisationFactory, VolunteerFactory
from volunteers import consents
from volunteers.models import Consent, Volunteer

pytestmark = pytest.mark.django_db
AGREED = {"how": "phone", "on": timezone.localdate()}


@pytest.fixture
def mehmet(cast):
    volunteer = VolunteerFactory(first_name="Mehmet")
    Accompaniment.objects.create(volunteer=volunteer, agency=cast.agency)
    return volunteer


def give(cast, volunteer, *, by=None, is_shared=False, **changes):
    pair = {"giver": cast.agency, "taker": cast.other_agency, **AGREED, **changes}
    return handing_over.hand_over(volunteer, by=by or cast.staff, is_shared=is_shared, **pair)


def agencies(volunteer):
    return {row.agency for row in volunteer.accompaniments.all()}


def sees(user, volunteer):
    return Volunteer.objects.visible_to(user).filter(pk=volunteer.pk).exists()


def test_a_stranger_takes_nobody(cast, mehmet):
    for who in (cast.stranger, cast.contact, cast.samira.user):
        with pytest.raises(PermissionDenied):
            give(cast, mehmet, by=who)
    assert agencies(mehmet) == {cast.agency}
    assert not HandOver.objects.exists()


def test_nobody_hands_over_whom_they_only_have_a_match_with(cast):
    match = MatchFactory(opportunity=OpportunityFactory(host=cast.agency))
    with pytest.raises(PermissionDenied):
        give(cast, match.volunteer)


def test_nobody_is_handed_over_to_somebody_who_is_not_trusted(cast, mehmet):
    for taker in (cast.mso, OrganisationFactory(verified_at=None), cast.agency):
        with pytest.raises(PermissionDenied):
            give(cast, mehmet, taker=taker)


def test_whoever_lets_go_sees_the_profile_no_longer(cast, mehmet):
    give(cast, mehmet)
    assert agencies(mehmet) == {cast.other_agency}
    assert (sees(cast.staff, mehmet), sees(cast.stranger, mehmet)) == (False, True)


def test_both_may_go_on(cast, mehmet):
    give(cast, mehmet, is_shared=True)
    assert sees(cast.staff, mehmet)
    assert sees(cast.stranger, mehmet)


def test_the_consent_says_how_when_and_who_noted_it(cast, mehmet):
    yesterday = timezone.localdate() - timedelta(days=1)
    done = give(cast, mehmet, on=yesterday)
    consent = done.consent
    assert (consent.purpose, consent.given_how, consent.recorded_by) == ("hand_over", "phone", cast.staff)
    assert (timezone.localdate(consent.given_at), consent.text_version) == (yesterday, consents.VERSION)
    assert done.to_agency == cast.other_agency


def test_each_agency_needs_a_consent_of_its_own(cast, mehmet):
    third = OrganisationFactory()
    give(cast, mehmet, is_shared=True)
    give(cast, mehmet, taker=third, is_shared=True)
    assert mehmet.consents.filter(purpose=Consent.Purpose.HAND_OVER).count() == 2


def test_this_consent_keeps_nobody_who_takes_the_others_back(cast, mehmet):
    Volunteer.objects.filter(pk=mehmet.pk).update(phone="0221 4710012")
    give(cast, mehmet)
    mehmet.refresh_from_db()
    consents.withdraw(mehmet, Consent.Purpose.PROFILE)
    mehmet.refresh_from_db()
    assert mehmet.phone == ""


def test_the_matches_and_notes_of_the_giver_stay_with_the_giver(cast, mehmet):
    match = MatchFactory(opportunity=OpportunityFactory(host=cast.agency), volunteer=mehmet, state="ended")
    match.events.create(side="staff", to_state="ended", note="Only for us")
    give(cast, mehmet)
    assert not Match.objects.visible_to(cast.stranger).exists()
    assert list(Match.objects.visible_to(cast.staff)) == [match]
    assert not sees(cast.staff, mehmet)


@pytest.mark.parametrize("state", ["proposed", "interested", "trial", "placed", "parked"])
def test_nobody_lets_go_while_something_is_under_way(cast, mehmet, state):
    MatchFactory(opportunity=OpportunityFactory(host=cast.agency), volunteer=mehmet, state=state)
    with pytest.raises(handing_over.StillUnderWay):
        give(cast, mehmet)
    assert agencies(mehmet) == {cast.agency}
    assert not mehmet.consents.filter(purpose=Consent.Purpose.HAND_OVER).exists()


def test_what_is_under_way_with_another_agency_hinders_nobody(cast, mehmet):
    MatchFactory(opportunity=OpportunityFactory(host=cast.other_agency), volunteer=mehmet)
    give(cast, mehmet)
    assert agencies(mehmet) == {cast.other_agency}


def test_nobody_falls_out_of_sight(cast, mehmet):
    with pytest.raises(handing_over.NobodyElse):
        handing_over.let_go(mehmet, cast.agency, by=cast.staff)
    assert sees(cast.staff, mehmet)


def test_letting_go_deletes_nothing_for_the_other(cast, mehmet):
    give(cast, mehmet, is_shared=True)
    match = MatchFactory(opportunity=OpportunityFactory(host=cast.other_agency), volunteer=mehmet)
    handing_over.let_go(mehmet, cast.agency, by=cast.staff)
    assert agencies(mehmet) == {cast.other_agency}
    assert list(Match.objects.visible_to(cast.stranger)) == [match]


def test_the_taker_welcomes_once(cast, mehmet):
    done = give(cast, mehmet)
    assert list(HandOver.objects.to_welcome(cast.stranger)) == [done]
    with pytest.raises(PermissionDenied):
        handing_over.welcome(done, by=cast.staff)
    assert handing_over.welcome(done, by=cast.stranger)
    assert not handing_over.welcome(done, by=cast.stranger)
    assert not HandOver.objects.to_welcome(cast.stranger).exists()


# The pages


def url(name, volunteer):
    return reverse(f"admin:matching_handover_{name}", args=[volunteer.pk])


def enter(client, user):
    client.force_login(user)
    return client


def answers(cast, **changes):
    today = timezone.localdate().isoformat()
    return {"taker": cast.other_agency.pk, "how": "paper", "on": today, "is_shared": "no", **changes}


@pytest.mark.parametrize("name", ["new", "let_go"])
def test_a_strangers_desk_hands_over_nobody(client, cast, mehmet, name):
    enter(client, cast.stranger)
    for response in (client.get(url(name, mehmet)), client.post(url(name, mehmet), answers(cast))):
        assert response.status_code == 404
    assert agencies(mehmet) == {cast.agency}


def test_one_page_hands_over_and_the_other_desk_sees_it(client, cast, mehmet):
    enter(client, cast.staff)
    assert url("new", mehmet) in client.get(reverse("admin:volunteers_volunteer_change", args=[mehmet.pk])).text
    assert client.post(url("new", mehmet), answers(cast), follow=True).status_code == 200
    done = HandOver.objects.get()
    assert "Mehmet" not in client.get(reverse("admin:index")).text
    enter(client, cast.stranger)
    assert "Mehmet" in client.get(reverse("admin:index")).text
    assert client.get(reverse("admin:matching_handover_changelist")).context["cl"].result_count == 1
    page = reverse("admin:matching_handover_change", args=[done.pk])
    assert reverse("admin:volunteers_volunteer_change", args=[mehmet.pk]) in client.get(page).text
    client.post(page)
    assert not HandOver.objects.to_welcome(cast.stranger).exists()


def test_the_giver_finds_its_deed_but_no_way_to_the_profile(client, cast, mehmet):
    done = give(cast, mehmet)
    page = enter(client, cast.staff).get(reverse("admin:matching_handover_change", args=[done.pk]))
    assert page.status_code == 200
    assert reverse("admin:volunteers_volunteer_change", args=[mehmet.pk]) not in page.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"taker": ""}, "taker"),
        ({"taker": "\0"}, "taker"),
        ({"taker": "9" * 30}, "taker"),
        ({"how": "website"}, "how"),
        ({"on": "2999-01-01"}, "on"),
        ({"on": "soon"}, "on"),
        ({"is_shared": ""}, "is_shared"),
    ],
    ids=str,
)
def test_a_fault_is_told_beside_its_field(client, cast, mehmet, wrong, field):
    response = enter(client, cast.staff).post(url("new", mehmet), answers(cast, **wrong))
    assert field in response.context["form"].errors
    assert agencies(mehmet) == {cast.agency}


def test_what_is_under_way_is_told_and_nothing_typed_is_lost(client, cast, mehmet):
    MatchFactory(opportunity=OpportunityFactory(host=cast.agency), volunteer=mehmet)
    response = enter(client, cast.staff).post(url("new", mehmet), answers(cast))
    assert "is_shared" in response.context["form"].errors
    assert response.context["form"]["how"].value() == "paper"


def test_an_old_match_no_longer_leads_to_the_profile(client, cast, mehmet):
    match = MatchFactory(opportunity=OpportunityFactory(host=cast.agency), volunteer=mehmet, state="ended")
    page = reverse("admin:matching_match_change", args=[match.pk])
    enter(client, cast.staff)
    profile = reverse("admin:volunteers_volunteer_change", args=[mehmet.pk])
    assert profile in client.get(page).text
    give(cast, mehmet)
    assert profile not in client.get(page).text


def test_whoever_has_an_agreement_is_accompanied(cast):
    match = MatchFactory(opportunity=OpportunityFactory(host=cast.agency), state="interested")
    agreement = {"begins_on": timezone.localdate(), "contact_name": "-", "hours_per_week": 3, "ends_on": None}
    review.move(match, "placed", by=cast.staff, side="staff", **agreement)
    assert agencies(match.volunteer) == {cast.agency}


def test_an_administrator_chooses_for_whom(client, cast, mehmet):
    Accompaniment.objects.create(volunteer=mehmet, agency=OrganisationFactory())
    enter(client, cast.administrator)
    assert "giver" in client.post(url("new", mehmet), answers(cast)).context["form"].errors
    assert client.post(url("new", mehmet), answers(cast, giver=cast.agency.pk)).status_code == 302


@pytest.mark.parametrize("agency", ["", "x", "9" * 30])
def test_a_forged_agency_lets_nobody_go(client, cast, mehmet, agency):
    assert enter(client, cast.staff).post(url("let_go", mehmet), {"agency": agency}).status_code == 404


def test_letting_go_asks_first(client, cast, mehmet):
    MembershipFactory(user=cast.staff, organisation=cast.other_agency)
    give(cast, mehmet, is_shared=True)
    enter(client, cast.staff)
    assert client.get(url("let_go", mehmet)).status_code == 200
    assert len(agencies(mehmet)) == 2
    client.post(url("let_go", mehmet), {"agency": cast.agency.pk})
    assert agencies(mehmet) == {cast.other_agency}
