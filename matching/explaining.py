"""A suggestion in words: why it fits, what is open, and why not. From the same records and points as the score.

Whole sentences in the active language, third person, never with points. The best factor comes first, so the first three
reasons are the three best.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isinf

import numpy as np
from django.utils.dates import WEEKDAYS
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagement import times
from engagement.languages import isolated
from engagement.models import City, Field, Language, Level, Neighbourhood, Proof, Skill
from organisations.models import Opportunity, Organisation
from volunteers.models import Volunteer

from .geography import CROSSES, NEIGHBOURHOOD, SAME, TOUCHES, TOWN, place_of, spot_number
from .models import Match
from .packing import CANDIDATE, OPPORTUNITY, CandidateFacts, OpportunityFacts, unpack
from .records import Records, Vocabulary, fetch, key_of
from .scoring import FACTORS, FAR_KM_UNTOLD, SILENCE, UNTOLD, Motive, Obstacle, OpenPoint, Role, Scores, Trait, score

Candidate = Volunteer | Organisation


@dataclass(frozen=True)
class Explanation:
    """Sentences. ``reasons`` and ``open_points``, the most important first; ``obstacles`` say why not."""

    reasons: list[str]
    open_points: list[str]
    obstacles: list[str]

    def short(self, reasons: int = 3, open_points: int = 2) -> "Explanation":
        """As much as a mail or a list needs."""
        return replace(self, reasons=self.reasons[:reasons], open_points=self.open_points[:open_points])


def explain(opportunity: Opportunity, candidate: Candidate, *, now=None) -> Explanation:
    return explain_all([(opportunity, candidate)], now=now)[0]


def explain_all(pairs: Iterable[tuple[Opportunity, Candidate]], *, now=None) -> list[Explanation]:
    """One explanation for each pair, in their order; the number of queries does not depend on the number of pairs."""
    keys = [(opportunity.pk, _key(candidate)) for opportunity, candidate in pairs]
    if not keys:
        return []
    records = _fetch(keys, now)
    row_of = {pk: row for row, pk in enumerate(records.opportunity_pks)}
    column_of = {key: column for column, key in enumerate(records.candidate_keys)}
    opportunities = records.opportunities[[row_of[pk] for pk, _candidate in keys]]
    candidates = records.candidates[[column_of[key] for _pk, key in keys]]
    scores = score(opportunities, candidates, records.geography, decided=_decided(keys))
    names = Names(records.vocabulary)
    facts = zip(
        [unpack(record.tobytes(), OPPORTUNITY) for record in opportunities],
        [unpack(record.tobytes(), CANDIDATE) for record in candidates],
        strict=True,
    )
    return [_explanation(Pair(o, c, scores, n, names)) for n, (o, c) in enumerate(facts)]


def _key(candidate):
    return ("organisation" if isinstance(candidate, Organisation) else "volunteer", candidate.pk)


def _fetch(keys, now) -> Records:
    def named(kind):
        return {pk for _opportunity, (which, pk) in keys if which == kind}

    return fetch(
        Opportunity.objects.filter(pk__in={pk for pk, _candidate in keys}),
        Volunteer.objects.filter(pk__in=named("volunteer")),
        Organisation.objects.filter(pk__in=named("organisation")),
        now=now,
    )


def _decided(keys):
    matches = Match.objects.filter(opportunity__in={pk for pk, _candidate in keys})
    rows = matches.values_list("opportunity_id", "volunteer_id", "organisation_id")
    decided = {(opportunity, key_of(volunteer, organisation)) for opportunity, volunteer, organisation in rows}
    return np.array([key in decided for key in keys])


def _explanation(pair) -> Explanation:
    points = np.nan_to_num(pair.scores.points[pair.number], nan=-1)
    best_first = [FACTORS[n] for n in np.argsort(-points, kind="stable")]
    reasons = [REASONS[factor](pair) for factor in best_first]
    return Explanation(
        [reason for reason in reasons if reason],
        [OPEN_POINTS[flag](pair) for flag in OpenPoint(int(pair.scores.open_points[pair.number]))],
        [OBSTACLES[flag](pair) for flag in Obstacle(int(pair.scores.obstacles[pair.number]))],
    )


class Names:
    """What the places in the records are called, in the active language."""

    def __init__(self, vocabulary: Vocabulary):
        self.vocabulary = vocabulary
        self.languages = self._terms(Language, vocabulary.languages)
        self.skills = self._terms(Skill, vocabulary.skills)
        self.fields = self._terms(Field, vocabulary.fields)
        proofs = {proof.pk: proof.name for proof in Proof.objects.only("code", "names").order_by("-code")}
        self.proofs = {vocabulary.proofs[pk]: name for pk, name in proofs.items()}
        self.spots = self._places(NEIGHBOURHOOD, Neighbourhood) | self._places(TOWN, City)

    @staticmethod
    def _places(kind, model):
        return {spot_number(kind, pk): name for pk, name in model.objects.order_by().values_list("pk", "name")}

    @staticmethod
    def _terms(model, places):
        return {places[term.pk]: term.name for term in model.objects.only("code", "names")}


@dataclass(frozen=True)
class Pair:
    """One opportunity and one candidate, with what the sentences ask of them."""

    o: OpportunityFacts
    c: CandidateFacts
    scores: Scores
    number: int
    names: Names

    @property
    def is_group(self) -> bool:
        return bool(self.c.organisation)

    def share_earns(self, factor: str) -> bool:
        """Whether the factor earned more than silence would."""
        earned = self.scores.points[self.number]
        silent = SILENCE * self.scores.weights
        return bool(earned[FACTORS.index(factor)] > silent[FACTORS.index(factor)])

    def needed_languages(self, *roles):
        """(language, level needed, role, the candidate's level) of each language needed in one of these roles."""
        levels = dict(self.c.levels)
        for language, needed, role in self.o.needed:
            if role in roles:
                yield self.names.languages[language], needed, role, levels.get(language, 0)

    def skills(self, kind: str) -> list[str]:
        needed = self.o.required | self.o.wanted
        return [self.names.skills[number] for number in sorted(needed & getattr(self.c, kind))]

    def km(self) -> str:
        km = float(self.scores.km[self.number])
        return number_format(km, 0 if km >= 10 else 1)


# --- Words ------------------------------------------------------------------------------------------------------------
def join(items: Iterable[str]) -> str:
    *first, last = items
    if not first:
        return last
    return _("%(items)s and %(last)s") % {"items": pgettext("between items of a list", ", ").join(first), "last": last}


def level_name(level: int) -> str:
    if level == UNTOLD:
        return _("level not told yet")
    return _("first language") if level == Level.NATIVE else Level(level).name


def slots_in_words(slots: Iterable[int]) -> str:
    """Days and parts of the day, such as "Monday and Wednesday afternoon"."""
    parts = (_("%(days)s morning"), _("%(days)s afternoon"), _("%(days)s evening"))
    found = []
    for part, phrase in enumerate(parts):
        days = [str(WEEKDAYS[day]) for day in times.DAYS if times.slot(day, part) in slots]
        if days:
            found.append(phrase % {"days": join(days)})
    return join(found)


def language_in_words(language: str, level: int, needed: int, role: int) -> str:
    words = {"language": language, "level": level_name(level), "needed": level_name(needed) if needed else ""}
    if not needed:
        return _("%(language)s (%(level)s)") % words
    if role == Role.WANTED:
        return _("%(language)s (%(level)s, wished from %(needed)s)") % words
    return _("%(language)s (%(level)s, needed from %(needed)s)") % words


def needed_in_words(language: str, needed: int) -> str:
    return (
        _("%(language)s from %(needed)s") % {"language": language, "needed": level_name(needed)} if needed else language
    )


# --- Why it fits ------------------------------------------------------------------------------------------------------
def language_reason(pair: Pair) -> str:
    spoken = [
        language_in_words(language, level, needed, role)
        for language, needed, role, level in pair.needed_languages(Role.REQUIRED, Role.ONE_OF, Role.WANTED)
        if level and (level != UNTOLD or not needed)
    ]
    german, needed = pair.c.german, pair.o.german
    if needed and german >= needed:
        spoken.append(language_in_words(_("German"), german, needed, Role.REQUIRED))
    if not spoken:
        return ""
    words = {"languages": join(spoken)}
    return _("Members speak %(languages)s.") % words if pair.is_group else _("Speaks %(languages)s.") % words


def skills_reason(pair: Pair) -> str:
    direct, related = pair.skills("skills"), pair.skills("related_skills")
    if direct:
        words = {"skills": join(direct)}
        return _("Members can do: %(skills)s.") % words if pair.is_group else _("Can do: %(skills)s.") % words
    if not related:
        return ""
    words = {"skills": join(related)}
    if pair.is_group:
        return _("Members can do something similar to: %(skills)s.") % words
    return _("Can do something similar to: %(skills)s.") % words


def neighbourhood_reason(pair: Pair) -> str:
    if pair.o.is_remote:
        return _("The task can be done from home.")
    if not pair.share_earns("neighbourhood"):
        return ""
    here, there = int(pair.scores.here[pair.number]), int(pair.scores.there[pair.number])
    in_town = place_of(here)[0] == TOWN
    hood = int(pair.names.vocabulary.geography.hood[there])
    words = {"place": isolated(pair.names.spots.get(here if in_town else hood, "")), "km": pair.km()}
    relation = int(pair.scores.relation[pair.number])
    return (_group_place if pair.is_group else _person_place)(relation, in_town, words)


def _person_place(relation, in_town, words) -> str:
    if not words["place"]:
        return _("Lives about %(km)s km away.") % words
    if relation == SAME:
        if in_town:
            return _("Lives in %(place)s, where the task takes place.") % words
        return _("Lives in the same neighbourhood, %(place)s.") % words
    if relation == CROSSES:
        return _("Lives in %(place)s across the Rhine, about %(km)s km away.") % words
    if relation == TOUCHES:
        return _("Lives in the next neighbourhood, %(place)s, about %(km)s km away.") % words
    return _("Lives in %(place)s, about %(km)s km away.") % words


def _group_place(relation, in_town, words) -> str:
    if relation == SAME:
        if in_town:
            return _("Is active in %(place)s, where the task takes place.") % words
        return _("Is active in the same neighbourhood, %(place)s.") % words
    if relation == CROSSES:
        return _("Is active in %(place)s across the Rhine, about %(km)s km away.") % words
    if relation == TOUCHES:
        return _("Is active in the next neighbourhood, %(place)s, about %(km)s km away.") % words
    return _("Is active in %(place)s, about %(km)s km away.") % words


def time_reason(pair: Pair) -> str:
    common = pair.o.times & pair.c.times
    if not common:
        return ""
    words = {"times": slots_in_words(common)}
    return _("Members have time on %(times)s.") % words if pair.is_group else _("Has time on %(times)s.") % words


def field_reason(pair: Pair) -> str:
    if not pair.share_earns("field"):
        return ""
    return _("Wishes this field: %(field)s.") % {"field": pair.names.fields[pair.o.field]}


def motive_reason(pair: Pair) -> str:
    motives, traits = pair.c.motives, pair.o.traits
    if motives & Motive.MEET_PEOPLE and traits & Trait.TEAM:
        return _("Wants to meet people; the task is done in a team.")
    speaks = any(level for *_rest, level in pair.needed_languages(Role.REQUIRED, Role.ONE_OF, Role.WANTED))
    if motives & Motive.GIVE_BACK and traits & Trait.NEWCOMERS and speaks:
        return _("Wants to give something back; the task is for people who are new here.")
    if motives & Motive.USE_QUALIFICATION and pair.skills("evidence"):
        return _("Wants to use what was learned: %(skills)s.") % {"skills": join(pair.skills("evidence"))}
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


# --- What is still open -----------------------------------------------------------------------------------------------
def proofs_open(pair: Pair) -> str:
    missing = sorted(pair.o.proofs - pair.c.proofs)
    return _("Proof not shown yet: %(proofs)s.") % {"proofs": join(pair.names.proofs[place] for place in missing)}


def german_step(pair: Pair) -> str:
    return _("German %(level)s, needed %(needed)s: one step below.") % _german_levels(pair)


def german_untold(pair: Pair) -> str:
    return _("Level of German not told yet; needed from %(needed)s.") % {"needed": level_name(pair.o.german)}


def language_untold(pair: Pair) -> str:
    needed = pair.needed_languages(Role.REQUIRED, Role.ONE_OF, Role.WANTED)
    untold = [needed_in_words(language, level_) for language, level_, _role, level in needed if level == UNTOLD]
    return _("Level not told yet: %(languages)s.") % {"languages": join(untold)}


def age_open(pair: Pair) -> str:
    words = {"age": pair.o.min_age}
    if pair.c.age:
        return _("Turns %(age)s this year; the task is for people from %(age)s.") % words
    return _("Age not told yet; the task is for people from %(age)s.") % words


def reach_untold(pair: Pair) -> str:
    return _("About %(km)s km away; how far the person goes is not told yet.") % {"km": pair.km()}


OPEN_POINTS = {
    OpenPoint.PROOF: proofs_open,
    OpenPoint.GERMAN_STEP: german_step,
    OpenPoint.GERMAN: german_untold,
    OpenPoint.LANGUAGE: language_untold,
    OpenPoint.ONLY_FOR: lambda _pair: _("Only for women; not told yet whether that fits."),
    OpenPoint.AGE: age_open,
    OpenPoint.TIME: lambda _pair: _("Times not told yet."),
    OpenPoint.PLACE: lambda _pair: _("Neighbourhood not told yet."),
    OpenPoint.REACH: reach_untold,
    OpenPoint.SKILLS: lambda _pair: _("Skills not told yet."),
    OpenPoint.FIELD: lambda _pair: _("Fields wished not told yet."),
    OpenPoint.MOTIVE: lambda _pair: _("Reason for volunteering not told yet."),
}


# --- Why not ----------------------------------------------------------------------------------------------------------
def language_missing(pair: Pair) -> str:
    required = [
        needed_in_words(language, needed)
        for language, needed, _role, level in pair.needed_languages(Role.REQUIRED)
        if level < max(needed, 1)
    ]
    if required:
        return _("Needed, and not spoken well enough: %(languages)s.") % {"languages": join(required)}
    one_of = [needed_in_words(language, needed) for language, needed, *_rest in pair.needed_languages(Role.ONE_OF)]
    return _("One of these languages is needed: %(languages)s.") % {"languages": join(one_of)}


def german_below(pair: Pair) -> str:
    return _("German %(level)s, needed %(needed)s: more than one step below.") % _german_levels(pair)


def _german_levels(pair):
    return {"level": level_name(pair.c.german), "needed": level_name(pair.o.german)}


def too_young(pair: Pair) -> str:
    return _("The task is for people from %(age)s.") % {"age": pair.o.min_age}


def too_far(pair: Pair) -> str:
    words = {"km": pair.km(), "reach": number_format(min(pair.c.reach, FAR_KM_UNTOLD), 0)}
    if isinf(pair.c.reach):
        return _("About %(km)s km away; up to %(reach)s km is suggested to those who told no other way.") % words
    return _("About %(km)s km away; the person goes up to %(reach)s km.") % words


def no_common_time(pair: Pair) -> str:
    return _("No time in common; needed is %(times)s.") % {"times": slots_in_words(pair.o.times)}


def paused(pair: Pair) -> str:
    if pair.is_group:
        return _("The organisation pauses or is not verified.")
    return _("The person pauses at the moment.")


OBSTACLES = {
    Obstacle.CLOSED: lambda _pair: _("The opportunity is not published."),
    Obstacle.EXPIRED: lambda _pair: _("The opportunity has expired."),
    Obstacle.FULL: lambda _pair: _("All places are taken."),
    Obstacle.PAUSED: paused,
    Obstacle.LOADED: lambda _pair: _("Has as many engagements as wished already."),
    Obstacle.DECIDED: lambda _pair: _("There is a decision on this pair already."),
    Obstacle.LANGUAGE: language_missing,
    Obstacle.GERMAN: german_below,
    Obstacle.AGE: too_young,
    Obstacle.DISTANCE: too_far,
    Obstacle.TIME: no_common_time,
    Obstacle.ONLY_FOR: lambda _pair: _("The task is only for women."),
    Obstacle.OWN: lambda _pair: _("The organisation posted this opportunity itself."),
}
