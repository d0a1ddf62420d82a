""" "I am interested": with a profile by one press, without by a name and one way to answer."""

import re
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from engagement.models import Mail
from matching import interest, tickets
from matching.models import Match
from tests.factories import MatchFactory, MembershipFactory, OpportunityFactory, UserFactory
from tests.letters import check_parts
from volunteers import consents
from volunteers.models import Consent, Volunteer

RANA = {"name": "Rana", "contact": "0221 4710011", "call_times": ["evening"], "consent": "on"}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.mso, agency=cast.agency)


def path(opportunity, page="express_interest"):
    return reverse(f"matching:{page}", args=[opportunity.pk])


def opened(client, opportunity, ago=10):
    """The page as it was opened some seconds ago, so that nobody was too fast."""
    with time_machine.travel(timezone.now() - timedelta(seconds=ago)):
        return {"stamp": client.get(path(opportunity)).context["form"]["stamp"].value()}


def press(client, opportunity, ago=10, **data):
    return client.post(path(opportunity), {**opened(client, opportunity, ago), **RANA, **data})


@pytest.mark.parametrize(
    "hidden",
    [{"status": "draft"}, {"valid_until": "2020-01-01"}, {"status": "filled"}],
    ids=["draft", "expired", "full"],
)
def test_what_is_not_open_has_no_such_page(client, cast, hidden):
    opportunity = OpportunityFactory(host=cast.mso, agency=cast.agency, **hidden)
    assert client.get(path(opportunity)).status_code == 404
    assert client.post(path(opportunity), RANA).status_code == 404
    assert client.get(path(opportunity, "interest_sent")).status_code == 404


def test_an_address_without_opportunity_is_not_found(client, db):
    assert client.get(reverse("matching:express_interest", args=[10**30])).status_code == 404


def test_a_visitor_leaves_a_name_and_a_number(client, opportunity):
    address = press(client, opportunity).url
    match = Match.objects.get()
    assert tickets.redeem(address.split("/")[-2]) == match
    rana = match.volunteer
    assert (match.state, match.origin, match.opportunity) == ("interested", "interest", opportunity)
    assert (rana.first_name, rana.phone, rana.channel, rana.user) == ("Rana", "0221 4710011", "phone", None)
    assert [(consent.purpose, consent.given_how) for consent in rana.consents.all()] == [("contact", "website")]


def test_a_visitor_is_not_suggested_elsewhere(client, opportunity):
    press(client, opportunity)
    assert not Volunteer.objects.available().filter(first_name="Rana").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"contact": ""}, "contact"),
        ({"contact": "call me"}, "contact"),
        ({"contact": "+ - - - - -"}, "contact"),
        ({"contact": "rana@"}, "contact"),
        ({"contact": f"rana@{'x' * 60}.{'y' * 60}.{'z' * 60}.{'w' * 60}.example.org"}, "contact"),
        ({"consent": ""}, "consent"),
        ({"website": "https://example.org"}, "website"),
        ({"stamp": "forged"}, "__all__"),
        ({"name": "\0"}, "name"),
        ({"name": "x" * 900_000}, "name"),
        ({"call_times": ["\0"]}, "call_times"),
    ],
    ids=[
        "name",
        "contact",
        "phone",
        "no digits",
        "email",
        "long email",
        "consent",
        "robot",
        "forged",
        "NUL",
        "long",
        "times",
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_kept(client, opportunity, wrong, field):
    form = press(client, opportunity, **wrong).context["form"]
    assert set(form.errors) == {field}
    assert (Match.objects.count(), Volunteer.objects.filter(user=None).count()) == (0, 0)


@pytest.mark.parametrize("ago", [0, 25 * 60 * 60], ids=["too fast", "too old"])
def test_a_second_press_goes_through(client, opportunity, ago):
    refused = press(client, opportunity, ago=ago).context["form"]
    assert set(refused.errors) == {"__all__"}
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        sent = client.post(path(opportunity), {**RANA, "stamp": refused["stamp"].value()})
    assert sent.status_code == 302


def test_the_same_contact_is_the_same_person(client, opportunity):
    press(client, opportunity)
    press(client, opportunity, contact="+49 (221) 471-0011")
    press(client, opportunity, contact="Rana@example.org")
    press(client, opportunity, contact="rana@example.org")
    assert Match.objects.count() == 2


def test_digits_of_other_scripts_are_a_number_too(client, opportunity):
    press(client, opportunity, contact="٠٢٢١ ٤٧١٠٠١١")
    press(client, opportunity, contact="0221 4710012")
    phones = Volunteer.objects.filter(user=None).values_list("phone", flat=True)
    assert set(phones) == {"0221 4710011", "0221 4710012"}


def test_the_same_contact_for_another_opportunity_is_kept_apart(client, cast, opportunity):
    press(client, opportunity)
    press(client, OpportunityFactory(host=cast.other_agency, agency=cast.other_agency))
    assert Volunteer.objects.filter(user=None).count() == 2


def test_one_address_cannot_send_without_end(client, opportunity):
    answers = [press(client, opportunity, contact=f"0221 47100{n}").status_code for n in range(10, 32)]
    assert answers == [302] * 20 + [200] * 2


def test_a_volunteer_needs_one_press(client, cast, opportunity):
    client.force_login(cast.samira.user)
    assert client.get(path(opportunity)).status_code == 200
    for _ in range(2):
        assert client.post(path(opportunity)).url == path(opportunity, "interest_sent")
    match = Match.objects.get()
    assert (match.volunteer, match.state, match.events.get().by) == (cast.samira, "interested", cast.samira.user)


def test_the_button_of_the_opportunity_is_that_press_or_leads_to_the_form(client, cast, opportunity):
    page = reverse("organisations:show_opportunity", args=[opportunity.pk])
    button = f'<form method="post" action="{path(opportunity)}">'
    assert button not in client.get(page).content.decode()
    newcomer = UserFactory(name="Rana")
    client.force_login(newcomer)
    assert button in client.get(page).content.decode()
    form = client.post(path(opportunity)).context["form"]
    assert (form.errors, form["name"].value(), form["contact"].value()) == ({}, "Rana", newcomer.email)


def test_a_contact_answers_for_the_self_organisation(client, cast):
    opportunity = OpportunityFactory(host=cast.agency)
    client.force_login(cast.contact)
    assert client.post(path(opportunity)).status_code == 302
    assert Match.objects.get().organisation == cast.mso


def test_whoever_may_answer_for_two_says_for_whom(client, cast):
    opportunity = OpportunityFactory(host=cast.agency)
    MembershipFactory(user=cast.samira.user, organisation=cast.mso, role="contact")
    client.force_login(cast.samira.user)
    assert set(client.post(path(opportunity)).context["form"].errors) == {"candidate"}
    client.post(path(opportunity), {"candidate": f"organisation-{cast.mso.pk}"})
    assert Match.objects.get().organisation == cast.mso


def test_a_self_organisation_does_not_answer_itself(client, cast, opportunity):
    client.force_login(cast.contact)
    client.post(path(opportunity))
    assert not Match.objects.exists()


def test_nobody_answers_for_a_foreign_organisation(client, cast, opportunity):
    client.force_login(cast.samira.user)
    client.post(path(opportunity), {"candidate": f"organisation-{cast.mso.pk}"})
    assert not Match.objects.filter(organisation=cast.mso).exists()


def test_an_account_without_a_profile_gets_one_with_its_name(client, opportunity):
    user = UserFactory()
    client.force_login(user)
    press(client, opportunity, contact=user.email)
    assert Match.objects.get().volunteer.user == user


def test_who_then_agrees_to_a_profile_may_be_suggested(client, opportunity):
    user = UserFactory()
    client.force_login(user)
    press(client, opportunity)
    client.post(reverse("volunteers:edit_profile") + "?step=4", {"reach_km": 2})
    assert user.volunteer.reach_km is None
    client.post(reverse("volunteers:edit_profile") + "?step=1", {"first_name": "Rana", "consent": "on"})
    assert Volunteer.objects.available().filter(user=user).exists()


@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once_are_one_interest(client, cast):
    opportunity = OpportunityFactory(host=cast.mso, agency=cast.agency)
    data = {**opened(client, opportunity), **RANA}
    answers = []

    def send():
        answers.append(client.post(path(opportunity), data).status_code)
        connection.close()

    presses = [threading.Thread(target=send) for _ in range(6)]
    [thread.start() for thread in presses]
    [thread.join() for thread in presses]
    assert answers == [302] * 6
    assert (Match.objects.count(), Match.objects.get().volunteer.consents.count()) == (1, 1)


def test_only_the_one_who_pressed_gets_the_way_back(client, opportunity):
    sheet = opened(client, opportunity)
    first = client.post(path(opportunity), {**sheet, **RANA})
    again = client.post(path(opportunity), {**sheet, **RANA})
    somebody_else = press(client, opportunity)
    assert tickets.redeem(again.url.split("/")[-2]) == tickets.redeem(first.url.split("/")[-2])
    assert somebody_else.url == path(opportunity, "interest_sent")
    assert Match.objects.count() == 1


def test_one_sheet_used_for_two_opportunities_is_two_matches(client, cast, opportunity):
    sheet, other = opened(client, opportunity), OpportunityFactory(host=cast.agency)
    for one in [opportunity, other]:
        client.post(path(one), {**sheet, **RANA})
    assert Match.objects.values("ticket").distinct().count() == 2


@pytest.fixture
def yes(client, opportunity):
    """The address at which Rana, without an account, sees what became of her yes of Friday, 20 November."""
    with time_machine.travel(datetime(2026, 11, 20, 10, tzinfo=UTC), tick=False):
        return press(client, opportunity).url


def visit(client, yes, day=21):
    with time_machine.travel(datetime(2026, 11, day, 10, tzinfo=UTC)):
        return client.get(yes)


def test_the_way_back_says_who_answers_and_by_when(client, yes, opportunity):
    html = visit(client, yes).content.decode()
    assert "25. November 2026" in html
    assert opportunity.agency.name in html
    assert "Rana" not in html
    assert "4710011" not in html


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_whoever_left_an_e_mail_gets_the_way_back_there(client, opportunity, language, direction):
    with translation.override(language):
        address = press(client, opportunity, name="Rana Kanarie", contact="rana@example.org").url
    mail = Mail.objects.get(to="rana@example.org")
    check_parts(mail, language, direction)
    [way_back] = re.findall(rf"http://\S+/{language}/interest/\S+", mail.text)
    assert way_back.split("/")[-2].split(":")[0] == address.split("/")[-2].split(":")[0]
    assert client.get(way_back.removeprefix(settings.SITE_URL)).status_code == 200
    # Somebody else's address may have been typed: nothing else that was typed goes there.
    assert "Kanarie" not in mail.text + mail.html + mail.subject


def test_whoever_left_a_number_or_came_before_gets_no_mail(client, opportunity):
    press(client, opportunity)
    for _ in range(2):
        press(client, opportunity, contact="rana@example.org")
    assert Mail.objects.filter(to="rana@example.org").count() == 1
    assert Mail.objects.filter(key__contains="way_back").count() == 1


def test_the_mail_goes_with_a_yes_that_is_taken_back(client, opportunity):
    address = press(client, opportunity, contact="rana@example.org").url
    client.post(address)
    assert not Mail.objects.filter(to="rana@example.org").exists()


def test_an_office_that_is_late_says_so(client, yes):
    assert visit(client, yes, day=25).context["is_late"] is False
    assert visit(client, yes, day=26).context["is_late"] is True


def test_the_way_back_is_kept_by_nobody_else(client, yes):
    response = visit(client, yes)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"


def test_looking_changes_nothing_and_a_press_ends_it(client, yes):
    visit(client, yes)
    match = Match.objects.get()
    assert match.state == Match.State.INTERESTED
    for _ in range(2):
        assert client.post(yes).url == yes
    match.refresh_from_db()
    assert (match.state, match.declined_by, match.reason) == ("declined", "candidate", "not_wanted")
    assert match.events.count() == 2


def test_with_the_consent_go_the_ways_to_reach_somebody(client, yes):
    client.post(yes)
    rana = Volunteer.objects.get(first_name="Rana")
    assert (rana.phone, rana.email, rana.call_times, rana.channel) == ("", "", "", "")
    assert not consents.has(rana, Consent.Purpose.CONTACT)


def test_who_agreed_to_more_stays_reachable_for_that(client, yes):
    rana = Volunteer.objects.get(first_name="Rana")
    consents.record(rana, Consent.Purpose.PROFILE)
    client.post(yes)
    rana.refresh_from_db()
    assert rana.phone == "0221 4710011"


@pytest.mark.parametrize("state", [Match.State.TRIAL, Match.State.PARKED, Match.State.PLACED, Match.State.ENDED])
def test_a_yes_can_be_taken_back_at_any_time(client, yes, state):
    Match.objects.update(state=state)
    assert client.post(yes).status_code == 302
    over = Match.State.ENDED if state in ("placed", "ended") else Match.State.DECLINED
    assert Match.objects.get().state == over
    assert visit(client, yes).context["can_withdraw"] is False


def test_a_ticket_that_is_forged_old_or_of_an_account_leads_nowhere(client, yes, cast):
    word = Match.objects.get().ticket
    for address in [yes.replace(word, "0" * 32), yes[:-2] + "/", "/de/interest/%00/", f"/de/interest/{word}/"]:
        assert visit(client, address).status_code == 404
        assert client.post(address).status_code == 404
    with time_machine.travel(datetime(2027, 2, 19, tzinfo=UTC)):
        assert client.get(yes).status_code == 404
    Volunteer.objects.filter(first_name="Rana").update(user=UserFactory())
    assert visit(client, yes).status_code == 404
    assert Match.objects.get().state == Match.State.INTERESTED


def test_the_way_back_needs_few_queries(client, yes, django_assert_num_queries):
    # The match with all it shows, texts, events, and the savepoint around the page.
    with django_assert_num_queries(5):
        visit(client, yes)


def test_with_an_account_the_page_says_by_when_too(client, cast, opportunity):
    match = MatchFactory(volunteer=cast.samira, opportunity=opportunity, state=Match.State.INTERESTED)
    match.events.create(side="candidate", to_state=Match.State.INTERESTED, at=datetime(2026, 11, 20, 10, tzinfo=UTC))
    assert interest.answer_by(match) == date(2026, 11, 25)
    assert client.get(path(opportunity, "interest_sent")).context.get("answer_by") is None
    client.force_login(cast.samira.user)
    assert client.get(path(opportunity, "interest_sent")).context["answer_by"] == date(2026, 11, 25)
