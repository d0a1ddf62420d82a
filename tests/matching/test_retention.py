"""What is old goes by itself: the clock runs from thirty days to five years."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from engagement.models import Mail, User
from engagement.periods import months_later
from matching import keeping
from matching.models import Match
from matching.personal.retention import forget_old
from organisations.models import Membership
from tests.factories import (
    MailFactory,
    MatchFactory,
    MembershipFactory,
    MSOFactory,
    OpportunityFactory,
    ProofFactory,
    SavedSearchFactory,
    UserFactory,
    VolunteerFactory,
)
from volunteers.models import Consent, ProofInspection, Volunteer

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY, tick=False):
        yield


def after(days=0, months=0):
    """One night, so much later."""
    night = months_later(TODAY, months) + timedelta(days=days)
    with time_machine.travel(night, tick=False):
        forget_old()


def every_quarter(years):
    for quarter in range(1, years * 4 + 1):
        after(months=3 * quarter)


def is_there(row):
    return type(row).objects.filter(pk=row.pk).exists()


def ended(**candidate):
    return MatchFactory(state=Match.State.ENDED, changed_at=TODAY, **candidate)


# --- Mails, sign-ups, notes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (30, False)])
def test_mails_go_thirty_days_after_they_were_sent(days, is_kept):
    sent = MailFactory(state=Mail.State.SENT, sent_at=TODAY)
    given_up = MailFactory(state=Mail.State.DEAD, due_at=TODAY)
    after(days=days)
    assert (is_there(sent), is_there(given_up)) == (is_kept, is_kept)


def test_a_mail_that_still_waits_is_never_lost():
    waiting = MailFactory(state=Mail.State.QUEUED, created_at=TODAY, due_at=TODAY)
    after(days=300)
    assert is_there(waiting)


@pytest.mark.parametrize(("days", "is_kept"), [(6, True), (7, False)])
def test_a_sign_up_that_nobody_confirmed_goes_after_a_week(days, is_kept):
    user = UserFactory(verified=False)
    user.emailaddress_set.create(email=user.email, verified=False)
    after(days=days)
    assert is_there(user) == is_kept


def test_accounts_that_others_made_wait_for_their_first_log_in(cast):
    made = [cast.staff, MembershipFactory(role=Membership.Role.CONTACT).user, VolunteerFactory(user=UserFactory()).user]
    User.objects.update(last_login=None)
    after(days=300)
    assert [user for user in made if not is_there(user)] == []


@pytest.mark.parametrize(("months", "is_kept"), [(11, True), (12, False)])
def test_the_notes_of_the_desk_go_after_a_year(cast, months, is_kept):
    desk = ContentType.objects.get_for_model(Volunteer)
    note = LogEntry.objects.create(user=cast.staff, content_type=desk, object_id="1", action_flag=CHANGE)
    after(months=months)
    assert is_there(note) == is_kept


# --- Visits and proofs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_kept"), [(89, True), (90, False)])
def test_a_visitor_is_forgotten_once_all_is_over_for_ninety_days(days, is_kept):
    visitor = VolunteerFactory(agreed_to=Consent.Purpose.CONTACT)
    ended(volunteer=visitor)
    after(days=days)
    assert is_there(visitor) == is_kept


def test_a_visitor_with_something_under_way_stays():
    visitor = VolunteerFactory(agreed_to=Consent.Purpose.CONTACT)
    ended(volunteer=visitor)
    MatchFactory(volunteer=visitor, state=Match.State.INTERESTED)
    after(days=200)
    assert is_there(visitor)


def test_who_took_back_every_consent_is_forgotten_like_a_visitor():
    volunteer, other = VolunteerFactory(), VolunteerFactory()
    volunteer.consents.update(withdrawn_at=TODAY)
    after(days=90)
    assert (is_there(volunteer), is_there(other)) == (False, True)


@pytest.mark.parametrize(("months", "is_kept"), [(2, True), (3, False)])
def test_the_note_of_a_proof_goes_three_months_after_the_end(months, is_kept):
    volunteer = VolunteerFactory()
    ended(volunteer=volunteer)
    ProofInspection.objects.create(volunteer=volunteer, proof=ProofFactory(), seen_on=TODAY - timedelta(days=400))
    after(months=months)
    assert ProofInspection.objects.exists() == is_kept


def test_the_note_of_a_proof_stays_during_an_engagement():
    volunteer = VolunteerFactory()
    MatchFactory(volunteer=volunteer, state=Match.State.PLACED)
    ProofInspection.objects.create(volunteer=volunteer, proof=ProofFactory())
    every_quarter(years=5)
    assert ProofInspection.objects.exists()


# --- Profiles that nobody uses ----------------------------------------------------------------------------------------


def letters(address):
    return [mail.subject for mail in Mail.objects.filter(to=address)]


def asked(volunteer):
    return Volunteer.objects.get(pk=volunteer.pk).asked_at


def test_a_profile_is_asked_about_after_a_year_and_erased_after_another_half(cast):
    samira = cast.samira
    after(months=11)
    assert letters(samira.user.email) == []
    after(months=12)
    after(months=13)
    assert letters(samira.user.email) == ["May we keep what you told us?"]
    after(months=17)
    assert is_there(samira)
    after(months=18)
    assert (is_there(samira), is_there(samira.user), letters(samira.user.email)) == (False, False, [])


@pytest.fixture(autouse=True)
def _in_english(cast):
    Volunteer.objects.update(language="en")
    User.objects.update(language="en")


def test_nobody_is_erased_who_was_not_asked_half_a_year_ago(cast):
    after(months=60)
    assert is_there(cast.samira)
    after(months=65)
    assert is_there(cast.samira)
    after(months=66)
    assert not is_there(cast.samira)


@pytest.mark.parametrize("sign", ["log-in", "answer", "decision"])
def test_any_sign_begins_another_year(client, cast, sign):
    samira = cast.samira
    after(months=12)
    with time_machine.travel(months_later(TODAY, 16), tick=False):
        if sign == "log-in":
            User.objects.filter(pk=samira.user_id).update(last_login=months_later(TODAY, 16))
        elif sign == "answer":
            samira.refresh_from_db()
            client.post(reverse("matching:keep_profile", args=[keeping.issue(samira)]))
        else:
            MatchFactory(volunteer=samira, state=Match.State.DECLINED, declined_by="staff", reason="other")
    after(months=27)
    assert asked(samira) == months_later(TODAY, 12)
    after(months=28)
    assert asked(samira) == months_later(TODAY, 28)
    after(months=33)
    assert is_there(samira)
    after(months=34)
    assert not is_there(samira)


def test_whoever_is_engaged_is_not_asked(cast):
    MatchFactory(volunteer=cast.samira, state=Match.State.PLACED)
    every_quarter(years=5)
    assert (is_there(cast.samira), asked(cast.samira)) == (True, None)


def test_who_has_no_address_is_called_by_their_own_agency_only(cast):
    nour = VolunteerFactory(first_name="Nour", last_name="Aziz")
    nour.accompaniments.create(agency=cast.agency)
    after(months=12)
    [mail] = Mail.objects.filter(subject__startswith="Please call")
    assert mail.to == cast.staff.email
    assert "Nour A." in mail.text
    assert "Aziz" not in mail.text + mail.html
    nour.delete()
    assert not is_there(mail)


def test_an_account_with_a_task_outlives_its_profile(cast):
    MembershipFactory(user=cast.samira.user, organisation=MSOFactory(), role=Membership.Role.CONTACT)
    every_quarter(years=2)
    assert (is_there(cast.samira), is_there(cast.samira.user)) == (False, True)


def test_an_empty_account_goes_and_a_saved_search_keeps_it(db):
    empty, searching = UserFactory(), UserFactory()
    SavedSearchFactory(user=searching, email="")
    after(months=17)
    assert is_there(empty)
    after(months=18)
    assert (is_there(empty), is_there(searching)) == (False, True)


def test_after_five_years_without_a_sign_nobody_is_left_but_the_staff(cast):
    VolunteerFactory(agreed_to=Consent.Purpose.CONTACT, email="rana@example.org")
    opportunity = OpportunityFactory(host=cast.agency)
    MatchFactory(volunteer=VolunteerFactory(), opportunity=opportunity, state=Match.State.PROPOSED)
    UserFactory(verified=False)
    every_quarter(years=5)
    assert not Volunteer.objects.exists()
    assert {user.name for user in User.objects.all()} == {"Elif Yildiz", "Jonas Brandt", "Rojda Demir", "Admin"}
    assert not Mail.objects.exclude(state=Mail.State.QUEUED).exists()


def test_a_second_time_does_nothing(cast):
    for _ in range(2):
        after(months=12)
    assert len(letters(cast.samira.user.email)) == 1
