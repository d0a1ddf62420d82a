from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation

from matching import review
from matching.models import Match, Suggestion
from matching.transitions import possible_steps
from tests.factories import MatchFactory, OpportunityFactory, RuleFactory, SuggestionFactory, VolunteerFactory

pytestmark = pytest.mark.django_db

QUEUE = "/en/admin/matching/suggestion/"
NEXT_MONTH = timezone.localdate() + timedelta(days=30)


@pytest.fixture
def opportunity(cast):
    return OpportunityFactory(host=cast.agency, title="Lesen üben", times=[1, 4], places=2)


@pytest.fixture
def suggestion(cast, opportunity):
    return SuggestionFactory(opportunity=opportunity, volunteer=cast.samira, score=88, language=30)


@pytest.fixture
def desk(cast, client):
    client.force_login(cast.staff)
    return client


def review_page(opportunity):
    return f"{QUEUE}opportunity/{opportunity.pk}/"


def match_page(match):
    return f"/en/admin/matching/match/{match.pk}/change/"


def post(client, url, subject, to, seen="", **answers):
    kind = "volunteer" if subject.volunteer_id else "organisation"
    candidate = f"{kind}-{subject.volunteer_id or subject.organisation_id}"
    return client.post(url, {"candidate": candidate, "seen": seen, "to": to, **answers})


def select(client, action, suggestions, **answers):
    """What the page of the queue sends, its hidden fields included."""
    rows = [f"{row.pk}:{row.opportunity_id}:volunteer-{row.volunteer_id}" for row in suggestions]
    data = {"action": action, "_selected_action": [row.pk for row in suggestions], "pair": rows}
    return client.post(QUEUE, {**data, **answers})


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- Who must not -----------------------------------------------------------------------------------------------------


def test_a_stranger_sees_and_decides_nothing(cast, client, suggestion):
    match = MatchFactory(opportunity=suggestion.opportunity)
    client.force_login(cast.stranger)
    for page in (QUEUE, "/en/admin/matching/match/"):
        assert "Lesen üben" not in client.get(page).content.decode()
    assert client.get(review_page(suggestion.opportunity)).status_code == 404
    assert client.get(match_page(match)).status_code == 302
    assert post(client, review_page(suggestion.opportunity), suggestion, "proposed").status_code == 404
    post(client, match_page(match), match, "interested", seen="proposed")
    select(client, "accept_selected", [suggestion])
    assert list(Match.objects.values_list("state", flat=True)) == ["proposed"]
    assert Suggestion.objects.exists()


def test_a_stranger_is_not_told_who_decided(cast, client, suggestion):
    review.accept(suggestion, by=cast.staff)
    other = SuggestionFactory(opportunity=OpportunityFactory(host=cast.other_agency))
    client.force_login(cast.stranger)
    suggestion.pk = 999_999
    assert "Elif Yildiz" not in str(told(select(client, "accept_selected", [suggestion, other])))


def test_who_is_not_staff_is_sent_to_the_log_in(cast, client, suggestion):
    client.force_login(cast.contact)
    for page in (QUEUE, review_page(suggestion.opportunity)):
        assert client.get(page).status_code == 302
    assert post(client, review_page(suggestion.opportunity), suggestion, "proposed").status_code == 302
    assert not Match.objects.exists()


def test_nobody_adds_or_deletes_by_hand(cast, client, suggestion):
    client.force_login(cast.administrator)
    match = MatchFactory(opportunity=suggestion.opportunity)
    for name, row in (("suggestion", suggestion), ("match", match)):
        assert client.get(reverse(f"admin:matching_{name}_add")).status_code == 403
        assert client.post(reverse(f"admin:matching_{name}_delete", args=[row.pk])).status_code == 403


# --- The queue --------------------------------------------------------------------------------------------------------


def test_the_queue_shows_the_best_first_with_reasons(desk, cast, suggestion):
    best = SuggestionFactory(opportunity=suggestion.opportunity, volunteer__first_name="Oleh", score=90)
    page = desk.get(QUEUE).content.decode()
    assert page.index("Oleh") < page.index("Samira")
    assert "Preferred fields not known yet." in page
    assert page.count(f'value="{best.pk}:') == 1


def test_the_queue_is_filtered_by_opportunity_and_kind(desk, cast, suggestion):
    other = SuggestionFactory(opportunity=OpportunityFactory(host=cast.agency), volunteer__first_name="Oleh")
    SuggestionFactory(opportunity=suggestion.opportunity, volunteer=None, organisation=cast.mso)
    page = desk.get(QUEUE, {"opportunity": other.opportunity_id}).content.decode()
    assert "Oleh" in page
    assert "Samira" not in page
    page = desk.get(QUEUE, {"kind": "organisation"}).content.decode()
    assert "Newroz" in page
    assert "Samira" not in page


@pytest.mark.parametrize("query", ["opportunity=x", "opportunity=" + "9" * 5000, "kind=x", "p=-1", "q=%00"])
def test_an_odd_address_breaks_nothing(desk, suggestion, query):
    assert desk.get(f"{QUEUE}?{query}").status_code in (200, 302)


def test_the_number_of_queries_does_not_grow(desk, cast, opportunity, django_assert_max_num_queries):
    counts = {}
    for number in (1, 3):
        while Suggestion.objects.count() < number:
            SuggestionFactory(opportunity=opportunity)
            SuggestionFactory(opportunity=OpportunityFactory(host=cast.agency))
        for page in (QUEUE, review_page(opportunity)):
            desk.get(page)
            with django_assert_max_num_queries(200) as queries:
                desk.get(page)
            counts.setdefault(page, []).append(len(queries))
    assert all(one == three for one, three in counts.values()), counts


def test_several_are_accepted_at_once(desk, cast, opportunity):
    suggestions = SuggestionFactory.create_batch(3, opportunity=opportunity)
    assert told(select(desk, "accept_selected", suggestions)) == ["3 decisions are stored."]
    assert list(Match.objects.values_list("state", flat=True)) == ["proposed"] * 3
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("action", "answers", "state"),
    [
        ("decline_selected", {"reason": "too_far"}, "declined"),
        ("park_selected", {"until": NEXT_MONTH.isoformat()}, "parked"),
    ],
)
def test_several_are_declined_or_parked_after_a_question(desk, suggestion, action, answers, state):
    asked = select(desk, action, [suggestion]).content.decode()
    assert "Lesen üben" in asked
    assert 'name="confirmed"' in asked
    wrong = select(desk, action, [suggestion], confirmed="1", note="Am Telefon gesagt").content.decode()
    assert "Am Telefon gesagt" in wrong
    assert not Match.objects.exists()
    select(desk, action, [suggestion], confirmed="1", note="Am Telefon gesagt", **answers)
    match = Match.objects.get()
    assert (match.state, match.events.get().note) == (state, "Am Telefon gesagt")


def test_in_bulk_the_second_is_told_who_decided_and_the_rest_happens(desk, cast, opportunity, suggestion):
    other = SuggestionFactory(opportunity=opportunity)
    taken = Suggestion.objects.get(pk=suggestion.pk)
    review.decline(suggestion, by=cast.administrator, reason="too_far")
    messages = told(select(desk, "accept_selected", [taken, other]))
    assert "Samira H.: Admin decided first" in messages[0]
    assert messages[1] == "One decision is stored."
    assert sorted(Match.objects.values_list("state", flat=True)) == ["declined", "proposed"]


@pytest.mark.parametrize("pair", ["", "x", "1:2:3", "1:2:volunteer-" + "9" * 40, "\0", "1:2:somebody-3"])
def test_odd_hidden_fields_break_nothing(desk, suggestion, pair):
    data = {"action": "accept_selected", "_selected_action": [suggestion.pk], "pair": pair}
    assert desk.post(QUEUE, data).status_code == 302
    assert Match.objects.exists()


# --- The page of an opportunity ---------------------------------------------------------------------------------------


def test_a_suggestion_leads_to_the_page_of_its_opportunity(desk, cast, suggestion):
    response = desk.get(f"{QUEUE}{suggestion.pk}/change/")
    assert response.url == f"{review_page(suggestion.opportunity)}#volunteer-{cast.samira.pk}"


def test_the_page_shows_words_points_times_and_load(desk, cast, opportunity, suggestion):
    cast.samira.times = [1, 9]
    cast.samira.save()
    MatchFactory(volunteer=cast.samira, opportunity=OpportunityFactory(host=cast.other_agency))
    page = desk.get(review_page(opportunity)).content.decode()
    assert "Samira H." in page
    assert "Haddad" not in page
    assert "30 of 30" in page
    assert "Load: 1 of 2 engagements" in page
    assert [page.count(f'<td class="{kind}">') for kind in ("both want", "want", "has")] == [1, 1, 1]


def test_points_are_out_of_the_weights_they_were_scored_with(desk, opportunity, suggestion):
    rule = RuleFactory(language=45, skills=10)
    SuggestionFactory(opportunity=opportunity, score=70, language=40, rule_version=rule.version)
    page = desk.get(review_page(opportunity)).content.decode()
    assert ["30 of 30" in page, "40 of 45" in page] == [True, True]


@pytest.mark.parametrize(
    ("to", "answers"),
    [("proposed", {}), ("declined", {"reason": "language"}), ("parked", {"until": NEXT_MONTH.isoformat()})],
)
def test_a_decision_is_stored_and_the_page_comes_back(desk, suggestion, to, answers):
    response = post(desk, review_page(suggestion.opportunity), suggestion, to, **answers)
    assert (response.status_code, response.url) == (302, review_page(suggestion.opportunity))
    assert Match.objects.get().state == to


def test_a_missing_answer_is_asked_for_and_nothing_typed_is_lost(desk, suggestion):
    page = post(desk, review_page(suggestion.opportunity), suggestion, "declined", note="Lange überlegt")
    assert page.status_code == 200
    assert "Lange überlegt" in page.content.decode()
    assert "This field is required." in page.content.decode()
    assert not Match.objects.exists()


@pytest.mark.parametrize("until", ["2020-01-01", "yesterday", "", "99999-01-01"])
def test_one_parks_until_a_day_to_come(desk, suggestion, until):
    assert post(desk, review_page(suggestion.opportunity), suggestion, "parked", until=until).status_code == 200
    assert not Match.objects.exists()


def test_the_second_is_told_who_decided(desk, cast, suggestion):
    review.accept(suggestion, by=cast.administrator)
    response = post(desk, review_page(suggestion.opportunity), suggestion, "declined", reason="too_far")
    assert "Samira H.: Admin decided first" in told(response)[0]
    assert Match.objects.get().state == "proposed"


def test_a_suggestion_that_is_gone_is_said_to_be_gone(desk, suggestion):
    Suggestion.objects.all().delete()
    response = post(desk, review_page(suggestion.opportunity), suggestion, "proposed")
    assert told(response) == ["This suggestion is gone: the profile or the opportunity has changed."]


@pytest.mark.parametrize("to", ["placed", "", "nonsense", "\0"])
def test_an_odd_step_is_refused(desk, suggestion, to):
    assert post(desk, review_page(suggestion.opportunity), suggestion, to).status_code == 302
    assert not Match.objects.exists()


@pytest.mark.parametrize("candidate", ["", "x", "volunteer-", "volunteer-x", "volunteer-²", "volunteer-" + "9" * 5000])
def test_an_odd_candidate_is_refused(desk, suggestion, candidate):
    data = {"candidate": candidate, "seen": "", "to": "proposed"}
    assert desk.post(review_page(suggestion.opportunity), data).status_code == 302
    assert not Match.objects.exists()


def test_a_note_may_hold_anything_but_nul(desk, suggestion):
    page = review_page(suggestion.opportunity)
    for note in ("\0", "x" * 1_001):
        assert post(desk, page, suggestion, "declined", reason="other", note=note).status_code == 200
    post(desk, page, suggestion, "declined", reason="other", note="<script>alert(1)</script>")
    text = desk.get(match_page(Match.objects.get())).content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert(1)" not in text


def test_who_was_parked_until_today_stands_here_again(desk, cast, suggestion):
    match = review.park(suggestion, by=cast.staff, until=NEXT_MONTH)
    page = review_page(suggestion.opportunity)
    assert desk.get(page).context["cards"] == []
    Match.objects.update(parked_until=timezone.localdate())
    assert "Samira" in desk.get(page).content.decode()
    post(desk, page, match, "proposed", seen="parked")
    assert Match.objects.get().state == "proposed"


# --- The page of a match ----------------------------------------------------------------------------------------------


def test_the_page_of_a_match_tells_its_history_and_offers_what_is_possible(desk, cast, suggestion):
    match = review.accept(suggestion, by=cast.staff)
    review.express_interest(match.opportunity, cast.samira, by=cast.samira.user)
    page = desk.get(match_page(match)).content.decode()
    assert "Elif Yildiz accepted the suggestion." in page
    assert "Samira H. said: I am interested." in page
    offered = {step.to_state for step in possible_steps(Match.objects.get(), "staff")}
    assert {state for state in Match.State.values if f'name="to" value="{state}"' in page} == offered


def test_a_button_takes_the_step(desk, cast, opportunity):
    match = MatchFactory(opportunity=opportunity, state="interested")
    answers = {"begins_on": timezone.localdate().isoformat(), "contact_name": "Frau Peters"}
    assert post(desk, match_page(match), match, "placed", seen="interested", **answers).status_code == 302
    assert Match.objects.get().state == "placed"


def test_a_button_of_an_old_page_is_told_what_happened(desk, cast, opportunity):
    match = MatchFactory(opportunity=opportunity, state="interested")
    response = post(desk, match_page(match), match, "declined", seen="proposed", reason="no_answer")
    assert "decided first" in told(response)[0]
    assert Match.objects.get().state == "interested"


def test_when_all_places_are_taken_it_is_said(desk, cast, opportunity):
    MatchFactory.create_batch(2, opportunity=opportunity, state="placed")
    match = MatchFactory(opportunity=opportunity, state="trial")
    answers = {"begins_on": timezone.localdate().isoformat(), "contact_name": "Frau Peters"}
    response = post(desk, match_page(match), match, "placed", seen="trial", **answers)
    assert told(response) == ["All places of this opportunity are taken."]


def test_a_match_shows_how_to_reach_the_person_to_the_desk_only(desk, cast, client, opportunity):
    match = MatchFactory(opportunity=opportunity, volunteer=VolunteerFactory(phone="0221 5550199"))
    assert "0221 5550199" in desk.get(match_page(match)).content.decode()
    client.force_login(cast.stranger)
    assert client.get(match_page(match)).status_code == 302


def test_the_history_is_told_in_whole_sentences(cast, suggestion):
    match = review.park(suggestion, by=cast.staff, until=NEXT_MONTH)
    review.decline(match, by=cast.staff, reason="too_far")
    with translation.override("en"):
        said = [event.sentence for event in match.events.all()]
    assert said[0].startswith("Elif Yildiz parked it until ")
    assert said[1] == "Elif Yildiz declined: too far."


# --- Waiting ----------------------------------------------------------------------------------------------------------
def weeks(desk, opportunity):
    return [card.weeks for card in desk.get(review_page(opportunity)).context["cards"]]


@pytest.mark.parametrize(("bonus", "waits"), [(1.75, 3), (5, 4)], ids=["three weeks", "as much as there is"])
def test_the_desk_reads_who_stands_higher_for_waiting(desk, opportunity, suggestion, bonus, waits):
    SuggestionFactory(opportunity=opportunity, score=87.5, standing=87.5 + bonus)
    assert weeks(desk, opportunity) == [waits, 0]
    assert f"Has waited for an idea for {waits} weeks or longer" in desk.get(review_page(opportunity)).content.decode()


@pytest.mark.parametrize(("score", "bonus"), [(60, 5), (90, 5), (88, 0)], ids=["still last", "first anyway", "a tie"])
def test_waiting_that_moved_nobody_is_not_mentioned(desk, opportunity, suggestion, score, bonus):
    SuggestionFactory(opportunity=opportunity, score=score, standing=score + bonus)
    assert weeks(desk, opportunity) == [0, 0]
