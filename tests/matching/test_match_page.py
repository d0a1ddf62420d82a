"""The page of a match at the desk."""

from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from engagement.models import Mail
from matching import review
from matching.admin.match_page import path
from matching.models import Match, MatchEvent
from tests.factories import LanguageFactory, MatchFactory, MembershipFactory, OpportunityFactory, SuggestionFactory

pytestmark = pytest.mark.django_db

LIST = "/en/admin/matching/match/"
TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.agency, title="Lesen üben", places=2)


@pytest.fixture
def placed(cast, opportunity):
    return MatchFactory(
        opportunity=opportunity,
        volunteer=cast.samira,
        state="placed",
        begins_on=TODAY - timedelta(days=30),
        checkin_due=YESTERDAY,
        checkin_lapses=TODAY + timedelta(days=60),
    )


@pytest.fixture
def on_trial(cast, opportunity):
    return MatchFactory(opportunity=opportunity, volunteer=cast.samira, state="trial", trial_on=YESTERDAY)


@pytest.fixture
def desk(cast, client):
    client.force_login(cast.staff)
    return client


def page_of(match):
    return f"{LIST}{match.pk}/change/"


def read(client, match):
    return client.get(page_of(match)).content.decode()


def check_in(client, match, how, seen=YESTERDAY, **more):
    data = {"note_of": "checkin", "how": how, "seen": seen.isoformat() if isinstance(seen, date) else seen, **more}
    return client.post(page_of(match), data)


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- Who must not -----------------------------------------------------------------------------------------------------


def test_a_stranger_notes_nothing(cast, client, placed):
    client.force_login(cast.stranger)
    assert check_in(client, placed, "goes_well").status_code == 302
    assert not MatchEvent.objects.exists()


# --- Check-ins --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("goes_well", "Elif Yildiz asked how it goes: it goes well."),
        ("needs_talk", "Elif Yildiz asked how it goes: a talk is needed."),
        ("not_reached", "Elif Yildiz asked how it goes, and could not reach anybody."),
    ],
)
def test_one_press_notes_how_it_goes(desk, placed, how, sentence):
    response = check_in(desk, placed, how, note="Mag die Gruppe")
    assert (response.status_code, response.url) == (302, page_of(placed))
    assert told(response) == ["Noted. The next check-in has its day."]
    page = read(desk, placed)
    assert (sentence in page, "Mag die Gruppe" in page) == (True, True)
    assert Match.objects.get().checkin_due > TODAY


def test_an_old_page_is_told_that_somebody_was_first(desk, placed):
    check_in(desk, placed, "goes_well")
    assert told(check_in(desk, placed, "not_reached"))[-1] == "Somebody has noted this check-in already."
    assert Match.objects.get().unreached == 0


@pytest.mark.parametrize("odd", [{"how": "\0"}, {"how": "maybe"}, {"seen": "x"}, {"seen": "\0"}, {"note": "x" * 1001}])
def test_an_odd_check_in_is_refused_with_words(desk, placed, odd):
    response = check_in(desk, placed, **{"how": "goes_well", **odd})
    assert response.status_code == 302
    assert len(told(response)) == 1
    assert not MatchEvent.objects.exists()


def test_two_missed_check_ins_are_a_flag_on_the_page(desk, placed):
    assert "Two check-ins in a row were missed" not in read(desk, placed)
    Match.objects.update(unreached=2)
    assert "Two check-ins in a row were missed" in read(desk, placed)


# --- The trial visit --------------------------------------------------------------------------------------------------


def test_one_press_notes_what_both_sides_said(desk, on_trial):
    data = {"note_of": "feedback", "candidate_says": "suits", "host_says": "unsure", "note": "Kommt gern wieder"}
    desk.post(page_of(on_trial), data)
    page = read(desk, on_trial)
    assert "Samira H. said after the trial visit: it suits." in page
    assert "The host said after the trial visit: not sure yet." in page
    assert page.count("Kommt gern wieder") == 1
    assert list(MatchEvent.objects.values_list("note", flat=True)) == ["Kommt gern wieder", ""]


def test_one_side_alone_may_be_noted(desk, on_trial):
    desk.post(page_of(on_trial), {"note_of": "feedback", "host_says": "suits"})
    assert (Match.objects.get().candidate_says, Match.objects.get().host_says) == ("", "suits")


def test_a_trial_visit_asks_for_its_day(desk, opportunity):
    match = MatchFactory(opportunity=opportunity, state="interested")
    step = {"candidate": "", "seen": "interested", "to": "trial"}
    for odd in ("", "yesterday", "1900-01-01", "9999-12-31"):
        assert desk.post(page_of(match), {**step, "trial_on": odd}).status_code == 200
    assert desk.post(page_of(match), {**step, "trial_on": TODAY.isoformat()}).status_code == 302
    assert (Match.objects.get().state, Match.objects.get().trial_on) == ("trial", TODAY)


# --- Agreement, farewell and who is responsible -----------------------------------------------------------------------

AGREED = {"begins_on": TODAY.isoformat(), "contact_name": "Frau Peters"}


def step(client, match, to, **answers):
    return client.post(page_of(match), {"candidate": "", "seen": match.state, "to": to, **answers})


def test_what_the_opportunity_says_need_not_be_typed_again(desk, on_trial, opportunity):
    opportunity.contact_name, opportunity.hours_per_week = "Herr Ünal", 4
    opportunity.save()
    page = read(desk, on_trial)
    assert ('value="Herr Ünal"' in page, 'name="hours_per_week" value="4"' in page) == (True, True)


@pytest.mark.parametrize(
    "odd",
    [
        {"begins_on": "x"},
        {"begins_on": "0001-01-01"},
        {"contact_name": " "},
        {"contact_name": "\0"},
        {"contact_name": "x" * 101},
        {"hours_per_week": "9" * 400},
        {"hours_per_week": "-1"},
        {"ends_on": YESTERDAY.isoformat()},
    ],
)
def test_an_odd_agreement_is_asked_again_and_nothing_typed_is_lost(desk, on_trial, odd):
    response = step(desk, on_trial, "placed", **AGREED | odd, note="Telefonat")
    assert (response.status_code, "Telefonat" in response.content.decode()) == (200, True)
    assert Match.objects.get().state == "trial"


def test_an_agreement_is_shown_with_its_days(desk, on_trial):
    step(desk, on_trial, "placed", **AGREED, hours_per_week="3")
    page = read(desk, on_trial)
    assert ("Frau Peters" in page, "Next check-in" in page, "Elif Yildiz noted the agreement" in page) == (True,) * 3


def test_a_farewell_asks_why_and_thanks_may_follow_later(desk, placed):
    assert step(desk, placed, "ended").status_code == 200
    assert step(desk, placed, "ended", reason="found_work").status_code == 302
    page = read(desk, placed)
    assert ("Elif Yildiz ended the engagement: found a job." in page, "Thanks are still open" in page) == (True, True)
    desk.post(page_of(placed), {"note_of": "thanks"})
    page = read(desk, placed)
    assert ("Elif Yildiz noted that thanks were said." in page, "Thanks are still open" in page) == (True, False)


def test_a_colleague_takes_over_and_nobody_else(desk, cast, placed):
    colleague = MembershipFactory(organisation=cast.agency, user__name="Kemal Ünal").user
    page = read(desk, placed)
    assert ("Kemal Ünal" in page, "Jonas Brandt" in page) == (True, False)
    for odd in (cast.stranger.pk, "x", "\0", "9" * 400):
        desk.post(page_of(placed), {"note_of": "responsible", "responsible": odd})
    assert Match.objects.get().responsible is None
    desk.post(page_of(placed), {"note_of": "responsible", "responsible": colleague.pk})
    assert "Elif Yildiz noted that Kemal Ünal is responsible from now on." in read(desk, placed)


# --- Where it stands --------------------------------------------------------------------------------------------------


def stops(match):
    return [(stop.label, stop.kind) for stop in path(match, list(match.events.all()))]


def test_the_way_shows_what_is_behind_and_what_may_come(desk, cast, opportunity, on_trial):
    MatchEvent.objects.create(match=on_trial, side="candidate", to_state="interested")
    assert [kind for _label, kind in stops(on_trial)] == ["skipped", "done", "now", "", ""]


def test_a_refusal_ends_the_way_and_a_pause_does_not(cast, opportunity):
    match = MatchFactory(opportunity=opportunity)
    MatchEvent.objects.create(match=match, side="staff", to_state="proposed")
    match.state = "declined"
    assert [kind for _label, kind in stops(match)] == ["done", "now"]
    match.state = "parked"
    assert [kind for _label, kind in stops(match)] == ["done", "now", "", "", "", ""]


def test_phone_and_mail_are_shown_while_something_is_under_way(desk, cast, opportunity):
    match = MatchFactory(opportunity=opportunity, volunteer__phone="0221 5550199", state="interested")
    assert "0221 5550199" in read(desk, match)
    Match.objects.update(state="declined", declined_by="host", reason="other")
    assert "0221 5550199" not in read(desk, match)


def test_the_load_is_shown(desk, placed):
    assert "Load: 1 of 2 engagements" in read(desk, placed)


def test_staff_see_what_became_of_each_mail(desk, cast, opportunity):
    match = review.accept(SuggestionFactory(opportunity=opportunity), by=cast.staff)
    other = review.accept(SuggestionFactory(opportunity=opportunity), by=cast.staff)
    Mail.objects.filter(key__contains=f":{other.events.get().pk}:").update(subject="Another mail")
    Mail.objects.exclude(subject="Another mail").update(state="dead", subject="Our mail")
    page = read(desk, match)
    assert ("Our mail" in page, "given up" in page, "yildiz@example.org" in page) == (True, True, True)
    assert "Another mail" not in page


# --- The list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "name"), [("trials_to_follow_up", "Trial"), ("due_for_checkin", "Checkin"), ("flagged", "Missed")]
)
def test_the_list_shows_what_is_to_be_looked_after(desk, cast, opportunity, task, name):
    old = TODAY - timedelta(days=100)
    MatchFactory(opportunity=opportunity, volunteer__first_name="Trial", state="trial", trial_on=YESTERDAY)
    days = {"checkin_due": YESTERDAY, "checkin_lapses": TODAY + timedelta(days=9)}
    MatchFactory(opportunity=opportunity, volunteer__first_name="Checkin", state="placed", **days)
    days = {"checkin_due": TODAY + timedelta(days=9), "checkin_lapses": TODAY + timedelta(days=90), "unreached": 2}
    MatchFactory(opportunity=opportunity, volunteer__first_name="Missed", state="placed", begins_on=old, **days)
    MatchFactory(opportunity=opportunity, volunteer__first_name="Nobody", state="placed")
    page = desk.get(LIST, {"task": task}).content.decode()
    names = [name for name in ("Trial", "Checkin", "Missed", "Nobody") if f"<bdi>{name} H." in page]
    assert names == [name]


@pytest.mark.parametrize("query", ["x", "\0", "9" * 5000])
def test_an_odd_question_shows_all(desk, placed, query):
    assert "Samira H." in desk.get(LIST, {"task": query}).content.decode()


def test_the_office_reads_in_which_languages_it_can_talk_to_somebody(cast, desk, opportunity):
    arabic, german = LanguageFactory(code="ar"), LanguageFactory(code="de")
    for language, level in [(german, 2), (arabic, 7), (LanguageFactory(code="fr"), None)]:
        cast.samira.spoken_languages.create(language=language, level=level)
    match = MatchFactory(opportunity=opportunity, volunteer=cast.samira, state="interested")
    page = desk.get(page_of(match))
    assert [str(spoken.language.code) for spoken in page.context["tongues"]] == ["ar", "de", "fr"]
    assert "level not told yet" in page.content.decode()


def test_a_group_is_spoken_to_in_the_languages_of_its_members(cast, desk, opportunity):
    cast.mso.member_languages.create(language=LanguageFactory(code="ku"), level=7)
    match = MatchFactory(opportunity=opportunity, volunteer=None, organisation=cast.mso, state="interested")
    assert [spoken.language.code for spoken in desk.get(page_of(match)).context["tongues"]] == ["ku"]


def test_the_number_of_queries_of_the_list_does_not_grow(desk, opportunity, django_assert_max_num_queries):
    counts = []
    for number in (1, 3):
        while Match.objects.count() < number:
            MatchFactory(opportunity=opportunity, state="placed", checkin_due=YESTERDAY)
        desk.get(LIST)
        with django_assert_max_num_queries(100) as queries:
            desk.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
