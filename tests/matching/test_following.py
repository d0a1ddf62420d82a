from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from django.core.exceptions import PermissionDenied

from matching import following, review
from matching.models import Match, MatchEvent
from matching.models.agreement import checkin_days, months_after
from matching.refusals import NoSuchStep, NotedMeanwhile
from matching.storytelling import tell
from tests.factories import MatchFactory, MembershipFactory, OpportunityFactory

pytestmark = pytest.mark.django_db

BEGINNING = date(2026, 1, 31)
FIRST = date(2026, 2, 28)  # four weeks later
SECOND = date(2026, 4, 30)  # three months later; April has no 31st
THIRD = date(2026, 10, 31)  # half a year after that


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def match(cast):
    return MatchFactory(opportunity=OpportunityFactory(host=cast.agency), volunteer=cast.samira, state="interested")


@pytest.fixture
def placed(cast, match):
    return place(match, cast)


def place(match, cast, **more):
    terms = {"begins_on": BEGINNING, "contact_name": "Frau Peters", **more}
    return review.move(match, "placed", by=cast.staff, side="staff", now=noon(BEGINNING), **terms)


@pytest.fixture
def on_trial(cast, match):
    return review.move(match, "trial", by=cast.staff, side="staff", trial_on=FIRST, now=noon(BEGINNING))


def note(match, how, cast, day, **more):
    return following.note_checkin(match, how, by=cast.staff, now=noon(day), **more)


# --- Who must not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["stranger", "contact"])
def test_only_staff_of_the_agency_note_how_it_goes(cast, placed, who):
    with pytest.raises(PermissionDenied):
        following.note_checkin(placed, "goes_well", by=getattr(cast, who))
    assert not MatchEvent.objects.filter(kind="check_in").exists()


@pytest.mark.parametrize("state", ["proposed", "interested", "trial", "ended", "declined"])
def test_nothing_is_asked_about_what_does_not_run(cast, match, state):
    Match.objects.update(state=state, declined_by="staff", reason="other")
    with pytest.raises(NoSuchStep):
        note(match, "goes_well", cast, FIRST)


# --- The plan ---------------------------------------------------------------------------------------------------------


def test_the_plan_is_four_weeks_three_months_then_each_half_year():
    assert list(islice(checkin_days(BEGINNING), 4)) == [FIRST, SECOND, THIRD, date(2027, 4, 30)]


def test_a_month_later_may_be_its_last_day():
    assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)


def test_an_agreement_begins_the_plan(placed):
    assert (placed.begins_on, placed.checkin_due, placed.checkin_lapses) == (BEGINNING, FIRST, SECOND)


@pytest.mark.parametrize(
    ("how", "due", "lapses"),
    [
        ("goes_well", SECOND, THIRD),
        ("needs_talk", FIRST + timedelta(weeks=2), SECOND),
        ("not_reached", FIRST + timedelta(weeks=1), SECOND),
    ],
)
def test_a_check_in_sets_the_day_of_the_next(cast, placed, how, due, lapses):
    noted = note(placed, how, cast, FIRST)
    assert (noted.checkin_due, noted.checkin_lapses) == (due, lapses)


def test_a_check_in_shortly_before_its_day_is_that_check_in(cast, placed):
    assert note(placed, "goes_well", cast, FIRST - timedelta(days=3)).checkin_due == SECOND
    assert note(Match.objects.get(), "goes_well", cast, SECOND - timedelta(days=40)).checkin_due == SECOND


def test_the_end_ends_the_plan(cast, placed):
    ended = review.move(placed, "ended", by=cast.staff, side="staff", reason="planned")
    assert (ended.checkin_due, ended.checkin_lapses, ended.begins_on) == (None, None, BEGINNING)
    assert review.accept(ended, by=cast.staff).begins_on is None


def test_a_planned_end_before_the_next_check_in_is_one(cast, match):
    placed = place(match, cast, ends_on=date(2026, 2, 20))
    assert placed.checkin_due == date(2026, 2, 20)


# --- Who is to be asked -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "is_due"), [(FIRST - timedelta(days=1), False), (FIRST, True)])
def test_a_check_in_is_due_on_its_day(placed, day, is_due):
    assert Match.objects.due_for_checkin(noon(day)).exists() == is_due


def flagged(match, day):
    in_list = match in Match.objects.flagged(noon(day))
    assert Match.objects.get().is_flagged(noon(day)) == in_list
    return in_list


def test_two_in_a_row_who_were_not_reached_raise_a_flag(cast, placed):
    placed = note(placed, "not_reached", cast, FIRST)
    assert not flagged(placed, FIRST)
    placed = note(placed, "not_reached", cast, FIRST + timedelta(weeks=1))
    assert flagged(placed, FIRST + timedelta(weeks=1))
    placed = note(placed, "goes_well", cast, FIRST + timedelta(weeks=2))
    assert not flagged(placed, FIRST + timedelta(weeks=2))


def test_a_check_in_left_until_the_next_is_due_raises_a_flag(placed):
    assert not flagged(placed, SECOND - timedelta(days=1))
    assert flagged(placed, SECOND)


def test_what_has_ended_raises_no_flag(cast, placed):
    review.move(placed, "ended", by=cast.staff, side="staff", reason="planned")
    assert not flagged(placed, THIRD)


# --- What is written down ---------------------------------------------------------------------------------------------


def test_a_check_in_is_written_down_and_changes_no_state(cast, placed):
    note(placed, "needs_talk", cast, FIRST, note="Wünscht sich andere Zeiten")
    event = MatchEvent.objects.filter(kind="check_in").get()
    assert (event.by, event.side, event.word, event.note) == (
        cast.staff,
        "staff",
        "needs_talk",
        "Wünscht sich andere Zeiten",
    )
    assert (event.from_state, event.to_state, event.at) == ("", "", noon(FIRST))
    assert Match.objects.get().state == "placed"


def test_a_second_press_on_an_old_page_is_told_and_not_written(cast, placed):
    seen = Match.objects.get()
    note(placed, "goes_well", cast, FIRST)
    with pytest.raises(NotedMeanwhile):
        note(seen, "not_reached", cast, FIRST)
    assert MatchEvent.objects.filter(kind="check_in").count() == 1


def test_what_staff_note_is_no_part_of_the_story_that_the_volunteer_reads(cast, on_trial):
    before = tell(on_trial)
    following.note_feedback(on_trial, "host", "does_not", by=cast.staff)
    assert tell(Match.objects.get()) == before


# --- After a trial visit ----------------------------------------------------------------------------------------------


def feedback(match, side, word, cast):
    return following.note_feedback(match, side, word, by=cast.staff)


@pytest.mark.parametrize(("day", "is_open"), [(FIRST, False), (FIRST + timedelta(days=1), True)])
def test_a_trial_visit_is_followed_up_from_the_day_after(on_trial, day, is_open):
    assert Match.objects.trials_to_follow_up(noon(day)).exists() == is_open


def test_it_is_followed_up_until_both_sides_have_said_how_it_was(cast, on_trial):
    feedback(on_trial, "candidate", "suits", cast)
    assert Match.objects.trials_to_follow_up(noon(SECOND)).exists()
    feedback(on_trial, "host", "unsure", cast)
    assert not Match.objects.trials_to_follow_up(noon(SECOND)).exists()


def test_the_same_word_twice_is_one_note_and_another_word_replaces_it(cast, on_trial):
    for word in ("unsure", "unsure", "suits"):
        feedback(on_trial, "candidate", word, cast)
    assert list(MatchEvent.objects.filter(kind="feedback").values_list("side", "word")) == [
        ("candidate", "unsure"),
        ("candidate", "suits"),
    ]
    assert Match.objects.get().candidate_says == "suits"


def test_another_trial_visit_begins_without_a_word(cast, on_trial):
    feedback(on_trial, "candidate", "suits", cast)
    declined = review.decline(Match.objects.get(), by=cast.staff, reason="other")
    asked = review.move(review.accept(declined, by=cast.staff), "interested", by=cast.staff, side="staff")
    again = review.move(asked, "trial", by=cast.staff, side="staff", trial_on=SECOND, now=noon(FIRST))
    assert (again.trial_on, again.candidate_says, again.host_says) == (SECOND, "", "")


@pytest.mark.parametrize("who", ["stranger", "contact"])
def test_only_staff_of_the_agency_note_how_the_visit_was(cast, on_trial, who):
    with pytest.raises(PermissionDenied):
        following.note_feedback(on_trial, "host", "suits", by=getattr(cast, who))


# --- Thanks, and who is responsible -----------------------------------------------------------------------------------


def test_thanks_are_noted_once_and_only_after_the_end(cast, placed):
    with pytest.raises(NoSuchStep):
        following.note_thanks(placed, by=cast.staff)
    ended = review.move(placed, "ended", by=cast.staff, side="staff", reason="planned")
    for _ in range(2):
        following.note_thanks(ended, by=cast.staff)
    assert MatchEvent.objects.filter(kind="thanks").count() == 1
    assert Match.objects.get().is_thanked


def test_somebody_else_of_the_office_takes_over(cast, placed):
    colleague = MembershipFactory(organisation=cast.agency).user
    for _ in range(2):
        following.hand_over(placed, colleague, by=cast.staff)
    event = MatchEvent.objects.filter(kind="responsible").get()
    assert (Match.objects.get().responsible, event.person, event.by) == (colleague, colleague, cast.staff)


@pytest.mark.parametrize("who", ["stranger", "contact", "administrator"])
def test_nobody_outside_the_office_becomes_responsible(cast, placed, who):
    with pytest.raises(PermissionDenied):
        following.hand_over(placed, getattr(cast, who), by=cast.staff)
    assert Match.objects.get().responsible == cast.staff


def test_a_stranger_names_nobody(cast, placed):
    with pytest.raises(PermissionDenied):
        following.hand_over(placed, cast.staff, by=cast.stranger)
