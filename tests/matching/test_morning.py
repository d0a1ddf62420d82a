"""What waits at the desk: each number is that of its list, and nobody counts what is another agency's."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from engagement.models import Mail
from matching import morning
from matching.models import Accompaniment, Match
from matching.morning.kinds import ANSWER, KINDS, MAILS, REVIEW, VERIFY
from organisations.models import Opportunity
from tests.factories import (
    MailFactory,
    MatchFactory,
    OpportunityFactory,
    OrganisationFactory,
    ProofFactory,
    SuggestionFactory,
    VolunteerFactory,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
LABELS = [kind.label for kind in KINDS]


def ago(days):
    return NOW - timedelta(days=days)


@pytest.fixture
def a_full_desk(cast):
    """One of everything that the desk of the agency counts."""
    mine = {"host": cast.agency, "agency": cast.agency}
    proposed = OpportunityFactory(**mine)
    for state in [
        {"state": Match.State.INTERESTED, "changed_at": ago(1)},
        {"state": Match.State.PROPOSED, "changed_at": ago(8)},
        {"state": Match.State.TRIAL},
        {"state": Match.State.TRIAL, "candidate_says": "suits", "host_says": "suits"},
        {"state": Match.State.PLACED, "checkin_due": TODAY, "unreached": 2},
        {"state": Match.State.PARKED, "parked_until": TODAY},
    ]:
        MatchFactory(opportunity=proposed, volunteer=VolunteerFactory(), **state)
    person = VolunteerFactory(created_at=ago(40))
    Accompaniment.objects.create(volunteer=person, agency=cast.agency)
    person.inspections.create(proof=ProofFactory(), recheck_on=TODAY)
    OrganisationFactory(kind="mso", verified_at=None)
    OpportunityFactory(**mine, valid_until=TODAY + timedelta(days=3))
    OpportunityFactory(**mine, confirmed_at=ago(91))
    SuggestionFactory(opportunity=OpportunityFactory(**mine), volunteer=person)
    MailFactory(state=Mail.State.DEAD)
    agreed = VolunteerFactory(agreed_to="hand_over")
    pair = {"from_agency": OrganisationFactory(), "to_agency": cast.agency}
    agreed.hand_overs.create(consent=agreed.consents.get(), **pair)
    given = VolunteerFactory(agreed_to="hand_over")
    pair = {"from_agency": cast.agency, "to_agency": OrganisationFactory()}
    given.hand_overs.create(consent=given.consents.get(), welcomed_at=NOW, **pair)


def tasks_of(user, agency=None):
    return {task.kind.label: task for task in morning.waiting_for(user, agency)}


# --- Who must not -----------------------------------------------------------------------------------------------------


def test_another_agency_counts_nothing_of_it(cast, a_full_desk):
    # Whoever waits for an agency may be taken on by any.
    assert [*tasks_of(cast.stranger)] == [VERIFY.label]


def test_mails_are_for_administrators(cast, a_full_desk):
    assert MAILS.label not in tasks_of(cast.staff)
    assert MAILS.label in tasks_of(cast.administrator)


def test_nobody_confirms_what_another_agency_looks_after(client, cast):
    opportunity = OpportunityFactory(host=cast.agency, confirmed_at=ago(91))
    client.force_login(cast.stranger)
    assert client.post(reverse("admin:organisations_opportunity_confirm", args=[opportunity.pk])).status_code == 404
    assert Opportunity.objects.unconfirmed().get() == opportunity


# --- Numbers and lists ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["staff", "administrator"])
def test_the_desk_shows_every_kind(cast, a_full_desk, reader):
    expected = {*LABELS} if reader == "administrator" else {*LABELS} - {MAILS.label}
    assert {*tasks_of(getattr(cast, reader))} == expected


def rows_of(client, task):
    page = client.get(task.url)
    return page.context["total"] if task.kind is REVIEW else page.context["cl"].result_count


@pytest.mark.parametrize("reader", ["staff", "administrator"])
def test_each_number_is_that_of_the_list_behind_it(client, cast, a_full_desk, reader):
    client.force_login(getattr(cast, reader))
    tasks = morning.waiting_for(getattr(cast, reader))
    assert [(task.kind.label, rows_of(client, task)) for task in tasks] == [
        (task.kind.label, task.number) for task in tasks
    ]


def test_a_list_shows_the_oldest_first_as_the_desk_does(client, cast):
    opportunity = OpportunityFactory(host=cast.agency)
    matches = [MatchFactory(opportunity=opportunity, state="interested", changed_at=ago(days)) for days in (1, 5, 3)]
    client.force_login(cast.staff)
    task = tasks_of(cast.staff)[ANSWER.label]
    assert [*client.get(task.url).context["cl"].result_list] == task.rows == [matches[1], matches[2], matches[0]]


def test_an_administrator_looks_at_one_agency(client, cast, a_full_desk):
    theirs = MatchFactory(opportunity=OpportunityFactory(host=cast.other_agency), state="interested")
    client.force_login(cast.administrator)
    task = tasks_of(cast.administrator, cast.other_agency)[ANSWER.label]
    assert [*client.get(task.url).context["cl"].result_list] == [theirs]
    page = client.get(reverse("admin:index"), {"agency": cast.other_agency.pk})
    assert page.context["chosen"] == cast.other_agency


@pytest.mark.parametrize("agency", ["x", "0", "9" * 5000, "\0"])
def test_an_unknown_agency_is_named_and_left_out(client, cast, a_full_desk, agency):
    client.force_login(cast.staff)
    page = client.get("/en/admin/", {"agency": agency})
    assert "You see no such agency." in page.content.decode()
    assert page.context["tasks"]


@pytest.mark.parametrize("name", ["task", "agency"])
@pytest.mark.parametrize("value", ["x", "visible_to", "9" * 5000])
def test_an_odd_address_of_a_list_breaks_nothing(client, cast, name, value):
    client.force_login(cast.administrator)
    for page in ("matching_match", "organisations_opportunity", "volunteers_volunteer", "matching_waitingopportunity"):
        assert client.get(reverse(f"admin:{page}_changelist"), {name: value}).status_code in (200, 302)


# --- The clock --------------------------------------------------------------------------------------------------------


def at_hour(day, hour):
    return datetime.combine(day, time(hour), timezone.get_current_timezone())


def interested_on(cast, *days):
    opportunity = OpportunityFactory(host=cast.agency)
    for day in days:
        at = at_hour(day, 12)
        MatchFactory(opportunity=opportunity, state="interested", changed_at=at)


def answers_due(cast, day):
    now = at_hour(day, 9)
    return next(task for task in morning.waiting_for(cast.staff, now=now) if task.kind is ANSWER)


# A Thursday, whose answer is due on the Tuesday after it.
THURSDAY, TUESDAY = date(2026, 11, 19), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("today", "remains", "late", "share"),
    [
        (date(2026, 11, 19), "5 days left", 0, 0),
        (date(2026, 11, 23), "1 day left", 0, 80),
        (TUESDAY, "until today", 0, 100),
        (date(2026, 11, 25), "overdue for 1 day", 1, 100),
    ],
)
def test_whoever_is_interested_waits_three_working_days_at_most(cast, today, remains, late, share):
    interested_on(cast, THURSDAY)
    task = answers_due(cast, today)
    assert (task.due, task.late, task.share) == (TUESDAY, late, share)
    with translation.override("en"):
        assert task.remains == remains


def test_only_those_are_overdue_whose_day_is_over(cast):
    interested_on(cast, THURSDAY, date(2026, 11, 20), date(2026, 11, 24))
    task = answers_due(cast, date(2026, 11, 25))
    assert (task.number, task.late, task.age) == (3, 1, 6)


def test_what_is_overdue_stands_first(cast):
    opportunity = OpportunityFactory(host=cast.agency)
    OpportunityFactory(host=cast.agency, valid_until=TODAY)
    MatchFactory(opportunity=opportunity, state="interested", changed_at=ago(30))
    SuggestionFactory(opportunity=opportunity)
    tasks = morning.waiting_for(cast.staff)
    assert [task.kind.label for task in tasks][0] == ANSWER.label
    assert [bool(task.due) for task in tasks] == [True, True, False, False]


# --- What somebody does about it --------------------------------------------------------------------------------------


def test_one_press_confirms_an_opportunity(client, cast):
    opportunity = OpportunityFactory(host=cast.agency, confirmed_at=ago(91))
    client.force_login(cast.staff)
    response = client.post(reverse("admin:organisations_opportunity_confirm", args=[opportunity.pk]), follow=True)
    assert response.redirect_chain[-1][0] == reverse("admin:index")
    assert not Opportunity.objects.unconfirmed().exists()


def test_an_empty_desk_says_so(client, cast):
    client.force_login(cast.staff)
    assert "Nothing waits for you" in client.get("/en/admin/").content.decode()


def test_the_first_rows_are_named_and_the_others_counted(client, cast):
    opportunity = OpportunityFactory(host=cast.agency, title="Lesen üben")
    for number in range(6):
        volunteer = VolunteerFactory(first_name=f"Rana{number}", call_times="am Abend")
        MatchFactory(opportunity=opportunity, volunteer=volunteer, state="interested", changed_at=ago(9 - number))
    client.force_login(cast.staff)
    page = client.get("/en/admin/").content.decode()
    assert [f"Rana{number}" in page for number in range(6)] == [True] * 4 + [False] * 2
    assert "am Abend" in page
    assert "2 more" in page
