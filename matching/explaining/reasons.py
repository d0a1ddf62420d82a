"""Why a pair fits: one sentence for each factor that speaks for it, or an empty one."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.languages import isolated

from ..geography import APART, CROSSES, SAME, TOUCHES, TOWN, place_of
from ..judging import UNTOLD, Motive, Role, Trait
from .pairs import Pair
from .wording import join, level_in_words, listed, short_level, slots_in_words


def reasons_of(pair: Pair) -> list[str]:
    """The best factor first."""
    sentences = [REASONS[factor](pair) for factor in pair.verdict.best_first()]
    return [sentence for sentence in sentences if sentence]


def language_reason(pair: Pair) -> str:
    spoken = [
        spoken_language(language, level, needed, role)
        for language, needed, role, level in pair.needed_languages(Role.REQUIRED, Role.ONE_OF, Role.WANTED)
        if is_spoken(level, needed, role)
    ]
    if pair.o.german and pair.c.german >= pair.o.german:
        spoken.append(spoken_language(_("German"), pair.c.german, pair.o.german, Role.REQUIRED))
    if not spoken:
        return ""
    words = {"languages": join(spoken)}
    return _("Members speak %(languages)s.") % words if pair.is_group else _("Speaks %(languages)s.") % words


def is_spoken(level: int, needed: int, role: int) -> bool:
    """Well enough to speak for the pair. A wished language does so at any level, a needed one from its level on."""
    if level == UNTOLD:
        return not needed
    return level > 0 if role == Role.WANTED else level >= max(needed, 1)


def spoken_language(language: str, level: int, needed: int, role: int) -> str:
    words = {"language": language, "level": level_in_words(level), "needed": short_level(needed) if needed else ""}
    if not needed:
        return _("%(language)s (%(level)s)") % words
    if role == Role.WANTED:
        return _("%(language)s (%(level)s; at least %(needed)s preferred)") % words
    return _("%(language)s (%(level)s; at least %(needed)s needed)") % words


def skills_reason(pair: Pair) -> str:
    direct, related = pair.shared_skills(pair.c.skills), pair.shared_skills(pair.c.related_skills)
    if direct:
        words = {"skills": listed(direct)}
        return _("Members can do: %(skills)s.") % words if pair.is_group else _("Can do: %(skills)s.") % words
    if not related:
        return ""
    words = {"skills": listed(related)}
    if pair.is_group:
        return _("Members can do something similar to: %(skills)s.") % words
    return _("Can do something similar to: %(skills)s.") % words


IN_TOWN = "in town"
# By how the two places lie to each other: what is said of a person, and of a self-organisation.
PLACES = {
    IN_TOWN: (
        gettext_lazy("Lives in %(place)s, where the task takes place."),
        gettext_lazy("Is active in %(place)s, where the task takes place."),
    ),
    SAME: (
        gettext_lazy("Lives in the same neighbourhood, %(place)s."),
        gettext_lazy("Is active in the same neighbourhood, %(place)s."),
    ),
    TOUCHES: (
        gettext_lazy("Lives in the next neighbourhood, %(place)s, about %(km)s km away."),
        gettext_lazy("Is active in the next neighbourhood, %(place)s, about %(km)s km away."),
    ),
    CROSSES: (
        gettext_lazy("Lives in %(place)s across the Rhine, about %(km)s km away."),
        gettext_lazy("Is active in %(place)s across the Rhine, about %(km)s km away."),
    ),
    APART: (
        gettext_lazy("Lives in %(place)s, about %(km)s km away."),
        gettext_lazy("Is active in %(place)s, about %(km)s km away."),
    ),
}


def neighbourhood_reason(pair: Pair) -> str:
    if pair.o.is_remote:
        return _("The task can be done from home.")
    if not pair.verdict.beats_silence("neighbourhood"):
        return ""
    relation, spot = how_near(pair)
    words = {"place": isolated(pair.names.spots.get(spot, "")), "km": pair.km()}
    if not words["place"]:
        # The postcode of a person, which lies in no neighbourhood that we know.
        return _("Lives about %(km)s km away.") % words
    of_person, of_group = PLACES[relation]
    return str(of_group if pair.is_group else of_person) % words


def how_near(pair: Pair) -> tuple[int | str, int]:
    """How the two places lie to each other, a key of PLACES, and the spot whose name says where the candidate is."""
    here, there, relation = pair.verdict.here, pair.verdict.there, pair.verdict.relation
    towns = [spot for spot in (here, there) if is_town(spot)]
    if relation == SAME and towns:
        return IN_TOWN, towns[0]
    return relation, there if is_town(there) else int(pair.names.hood[there])


def is_town(spot: int) -> bool:
    return place_of(spot)[0] == TOWN


def time_reason(pair: Pair) -> str:
    common = pair.o.times & pair.c.times
    if not common:
        return ""
    words = {"times": slots_in_words(common)}
    return _("Members have time on %(times)s.") % words if pair.is_group else _("Has time on %(times)s.") % words


def field_reason(pair: Pair) -> str:
    if not pair.verdict.beats_silence("field"):
        return ""
    return _("Would like this field: %(field)s.") % {"field": pair.names.fields[pair.o.field]}


def motive_reason(pair: Pair) -> str:
    motives, traits = pair.c.motives, pair.o.traits
    if motives & Motive.MEET_PEOPLE and traits & Trait.TEAM:
        return _("Wants to meet people; the task is done in a team.")
    speaks = any(level for *_rest, level in pair.needed_languages(Role.REQUIRED, Role.ONE_OF, Role.WANTED))
    if motives & Motive.GIVE_BACK and traits & Trait.NEWCOMERS and speaks:
        return _("Wants to give something back; the task is for people who are new here.")
    learned = pair.shared_skills(pair.c.evidence)
    if motives & Motive.USE_QUALIFICATION and learned:
        return _("Wants to use skills learned before: %(skills)s.") % {"skills": listed(learned)}
    offers = [words for trait, words in _offers_for_work() if traits & trait]
    if motives & Motive.WAY_INTO_WORK and offers:
        return _("Is looking for a way into work; the task offers %(offers)s.") % {"offers": join(offers)}
    return ""


def _offers_for_work():
    return (
        (Trait.CERTIFICATE, _("a certificate")),
        (Trait.ACCOMPANIED, _("a fixed contact person")),
        (Trait.REGULAR, _("regular hours")),
    )


REASONS = {
    "language": language_reason,
    "skills": skills_reason,
    "neighbourhood": neighbourhood_reason,
    "time": time_reason,
    "field": field_reason,
    "motive": motive_reason,
}
