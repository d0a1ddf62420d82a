import pytest
from django.utils import translation

from engagement.models import Adjacency, Level
from engagement.times import slot
from matching import vocabulary
from matching.explaining import Explanation, explain, explain_all
from matching.explaining.wording import join
from matching.packing import CANDIDATE_SPOTS, NEEDED_LANGUAGES
from organisations.models import MemberLanguage, NeededLanguage, Opportunity
from tests.factories import (
    CityFactory,
    FieldFactory,
    LanguageFactory,
    MatchFactory,
    MSOFactory,
    NeighbourhoodFactory,
    OpportunityFactory,
    ProofFactory,
    RuleFactory,
    SkillFactory,
    VolunteerFactory,
)
from volunteers.models import Competence, Motive, SpokenLanguage

pytestmark = pytest.mark.django_db
MONDAY_AFTERNOON, WEDNESDAY_AFTERNOON, FRIDAY_MORNING = slot(0, 1), slot(2, 1), slot(4, 0)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def vingst():
    return NeighbourhoodFactory()


@pytest.fixture
def ostheim(vingst):
    ostheim = NeighbourhoodFactory(code="koeln-ostheim", latitude=50.927, longitude=7.033)
    Adjacency.objects.create(one=ostheim, other=vingst, relation="touches", distance_km=1.25)
    return ostheim


@pytest.fixture
def homework(vingst):
    opportunity = OpportunityFactory(
        neighbourhoods=[vingst],
        german_needed=Level.B1,
        times=[MONDAY_AFTERNOON, WEDNESDAY_AFTERNOON, FRIDAY_MORNING],
        is_in_team=True,
        min_age=18,
    )
    NeededLanguage.objects.create(
        opportunity=opportunity, language=LanguageFactory(), level=Level.B1, role=NeededLanguage.Role.REQUIRED
    )
    opportunity.skills_required.add(SkillFactory(code="BIL01", names={"en": "Homework help"}))
    opportunity.proofs.add(ProofFactory(names={"en": "Extended certificate of good conduct"}))
    return opportunity


@pytest.fixture
def samira(ostheim, homework):
    samira = VolunteerFactory(
        neighbourhood=ostheim,
        times=[MONDAY_AFTERNOON, WEDNESDAY_AFTERNOON],
        motives=[Motive.MEET_PEOPLE],
        birth_year=1990,
    )
    SpokenLanguage.objects.create(volunteer=samira, language=LanguageFactory(), level=Level.B2)
    german = LanguageFactory(code="de", names={"en": "German"})
    SpokenLanguage.objects.create(volunteer=samira, language=german, level=Level.A2)
    Competence.objects.create(volunteer=samira, skill=homework.skills_required.get())
    return samira


def test_a_pair_in_words_the_best_first(homework, samira):
    assert explain(homework, samira) == Explanation(
        reasons=[
            "Speaks Ar (B2 – good; at least B1 needed).",
            "Can do: Homework help.",
            "Lives in the next neighbourhood, Ostheim, about 1.2 km away.",
            "Has time on Monday and Wednesday afternoon.",
            "Wants to meet people; the task is done in a team.",
        ],
        open_points=[
            "Proof not shown yet: Extended certificate of good conduct.",
            "German: A2 – a little. Needed: B1 – medium, so one step is missing.",
            "Preferred fields not known yet.",
        ],
        obstacles=[],
        remedies=[],
    )


def test_reasons_follow_the_weights_in_force(homework, samira):
    RuleFactory(language=0, skills=10, neighbourhood=15, time=60)
    assert explain(homework, samira).reasons == [
        "Has time on Monday and Wednesday afternoon.",
        "Lives in the next neighbourhood, Ostheim, about 1.2 km away.",
        "Can do: Homework help.",
        "Wants to meet people; the task is done in a team.",
    ]


def test_mails_and_lists_get_three_reasons_and_two_open_points(homework, samira):
    short = explain(homework, samira).short()

    assert (len(short.reasons), len(short.open_points)) == (3, 2)


def test_members_of_a_self_organisation_are_named_as_such(homework, vingst):
    mso = MSOFactory(times=[FRIDAY_MORNING])
    mso.reached.add(vingst)
    mso.skills.set(homework.skills_required.all())
    MemberLanguage.objects.create(organisation=mso, language=LanguageFactory(), level=Level.NATIVE)

    assert explain(homework, mso).reasons == [
        "Members can do: Homework help.",
        "Members speak Ar (first language; at least B1 needed).",
        "Is active in the same neighbourhood, Vingst.",
        "Members have time on Friday morning.",
    ]


def test_why_not(homework, samira):
    samira.spoken_languages.update(level=Level.A1)
    type(samira).objects.update(birth_year=2020, times=[slot(6, 2)], is_paused=True)
    Opportunity.objects.update(status="closed")
    MatchFactory(opportunity=homework, volunteer=samira)

    assert explain(homework, samira).obstacles == [
        "The opportunity is not published.",
        "The person pauses at the moment.",
        "There is a decision on this pair already.",
        "Needed, and so far not spoken, or not well enough: Ar (at least B1 – medium; so far: A1 – a few words).",
        "German: A1 – a few words. Needed: B1 – medium, so more than one step is missing.",
        "The task is for people aged 18 or over.",
        "No time in common; needed: Friday morning; Monday and Wednesday afternoon.",
    ]


def test_one_of_several_languages_names_the_level_once(samira):
    opportunity = OpportunityFactory()
    for code in ("uk", "ru", "pl"):
        language = LanguageFactory(code=code)
        opportunity.needed_languages.create(language=language, level=Level.B2, role=NeededLanguage.Role.ONE_OF)

    assert explain(opportunity, samira).obstacles == [
        "One of these languages is needed, at least B2 – good: Uk, Ru or Pl."
    ]


def test_too_far_says_how_far(vingst, homework):
    far = NeighbourhoodFactory(code="koeln-chorweiler", latitude=51.024, longitude=6.896)

    assert (
        "About 13 km away; the person goes up to 2 km."
        in explain(homework, VolunteerFactory(neighbourhood=far, reach_km=2)).obstacles
    )


def test_across_the_rhine_is_said(homework, vingst):
    other_bank = NeighbourhoodFactory(code="koeln-altstadt", latitude=50.935, longitude=7.0)
    Adjacency.objects.create(one=other_bank, other=vingst, relation="touches", distance_km=1.3, crosses_rhine=True)

    reasons = explain(homework, VolunteerFactory(neighbourhood=other_bank)).reasons
    assert reasons == ["Lives in Altstadt across the Rhine, about 1.3 km away."]


def test_what_nobody_told_is_asked_for(homework):
    homework.min_age = None
    homework.save()

    assert explain(homework, VolunteerFactory()).open_points == [
        "Proof not shown yet: Extended certificate of good conduct.",
        "Level of German not known yet; at least B1 – medium is needed.",
        "Times not known yet.",
        "Neighbourhood not known yet.",
        "Skills not known yet.",
        "Preferred fields not known yet.",
        "Reason for volunteering not known yet.",
    ]


def test_a_wished_field_from_home():
    opportunity = OpportunityFactory(place="remote")
    volunteer = VolunteerFactory()
    volunteer.fields.add(FieldFactory())

    assert explain(opportunity, volunteer).reasons == [
        "The task can be done from home.",
        "Would like this field: Lernhilfe.",
    ]


def test_a_self_organisation_that_reaches_a_whole_town_is_active_there(homework, vingst):
    mso = MSOFactory()
    hoods = [NeighbourhoodFactory(code=f"koeln-{n}", city=vingst.city) for n in range(CANDIDATE_SPOTS)]
    mso.reached.set([vingst, *hoods])

    assert explain(homework, mso).reasons == ["Is active in Köln, where the task takes place."]


def test_somebody_from_the_next_town_is_not_said_to_live_in_the_town_of_the_task(vingst):
    opportunity = OpportunityFactory(place="city", city=vingst.city)
    over_there = NeighbourhoodFactory(
        code="huerth-efferen", city=CityFactory(name="Hürth", ags="05362028"), latitude=50.92
    )

    assert explain(opportunity, VolunteerFactory(neighbourhood=over_there)).reasons == [
        "Lives in Efferen, about 1.5 km away."
    ]


@pytest.fixture
def overfull(vingst):
    opportunity = OpportunityFactory(neighbourhoods=[vingst])
    for number in range(NEEDED_LANGUAGES + 1):
        opportunity.needed_languages.create(language=LanguageFactory(code=f"q{number}"))
    return opportunity


def test_a_pair_that_has_no_room_in_a_record_says_so_and_the_others_are_explained(homework, overfull, samira):
    found = explain_all([(overfull, samira), (homework, samira)])

    assert found[0] == Explanation(
        reasons=[],
        open_points=[
            "This cannot be compared: the profile or the opportunity has more entries than there is room for."
        ],
        obstacles=[],
        remedies=[],
    )
    assert found[1] == explain(homework, samira)


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow(homework, vingst, number, django_assert_num_queries):
    pairs = [(homework, VolunteerFactory(neighbourhood=vingst)) for _ in range(number)]
    pairs += [(homework, MSOFactory(neighbourhood=vingst)) for _ in range(number)]
    vocabulary.current()

    with django_assert_num_queries(15):
        assert len(explain_all(pairs)) == 2 * number


def test_no_pairs_need_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert explain_all([]) == []


def test_lists_are_joined_as_a_reader_expects():
    assert (join(["a"]), join(["a", "b"]), join("abc")) == ("a", "a and b", "a, b and c")


def test_the_name_of_a_place_does_not_move_the_full_stop_of_arabic(homework, vingst):
    with translation.override("ar"):
        reasons = explain(homework, VolunteerFactory(neighbourhood=vingst)).reasons
    assert [reason for reason in reasons if "\u2068Vingst\u2069" in reason]
