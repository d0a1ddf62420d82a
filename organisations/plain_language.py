"""Advice for whoever writes a text in Einfache Sprache: what is hard to read in it, and what to write instead.

The rules are those for people who are learning German, at A2: few short sentences, short words, nothing that only
grammar explains. What a rule cannot know for certain it guesses, and so nothing here ever forbids a text. Text goes in
and findings come out; there is no database, and no clock.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

LONGEST_TITLE = 45  # characters
MOST_SENTENCES = 5
LONGEST_SENTENCE = 10  # words
LONGEST_WORD = 16  # letters without a hyphen
# Of a text that breaks a rule again and again nobody reads every finding.
MOST_FINDINGS = 12

ADVICE = {
    "title": _("The title has %(number)s characters. Up to %(most)s are easy to read."),
    "sentences": _("The text has %(number)s sentences. Up to %(most)s are easy to read."),
    "sentence": _("“%(words)s” has %(number)s words. Up to %(most)s are easy to read. Make two sentences of it."),
    "word": _("“%(words)s” is a long word. Write it with a hyphen, like “Hausaufgaben-Hilfe”, or use short words."),
    "instead": _("Instead of “%(words)s” write “%(instead)s”."),
    "would": _("Leave out “%(words)s” and say how it is: “%(easy)s” instead of “%(hard)s”."),
    "passive": _("“%(words)s” does not say who does it. Better “%(easy)s” than “%(hard)s”."),
    "genitive": _("“%(words)s” is easier with “von”: “%(easy)s” instead of “%(hard)s”."),
}
EXAMPLES = {
    "would": {"easy": "Du hilfst", "hard": "Du würdest helfen"},
    "passive": {"easy": "Wir kochen Essen", "hard": "Essen wird gekocht"},
    "genitive": {"easy": "das Kind von der Frau", "hard": "das Kind der Frau"},
}

# In words that everybody learns first; each stands for its inflected forms too.
EASIER_WORDS = {
    "öffentliche Verkehrsmittel": "Bus oder Zug",
    "Behörde": "Amt",
    "Hospitation": "zuschauen",
    "Kompetenz": "was du kannst",
    "Qualifizierung": "Kurs",
    "Schulung": "Kurs",
    "Sprachmittlung": "übersetzen",
    "Teilhabe": "mitmachen",
    "niedrigschwellig": "einfach",
    "ortsunabhängig": "von überall",
}
ABBREVIATIONS = {
    "bzw.": "oder",
    "ca.": "etwa",
    "d. h.": "das heißt",
    "etc.": "und so weiter",
    "evtl.": "vielleicht",
    "ggf.": "vielleicht",
    "inkl.": "mit",
    "u. a.": "zum Beispiel",
    "usw.": "und so weiter",
    "z. B.": "zum Beispiel",
}
INDICATIVES = {
    **{"könnte": "kann", "könntest": "kannst", "könnten": "können", "könntet": "könnt"},
    **{"hätte": "hat", "hättest": "hast", "hätten": "haben", "hättet": "habt"},
    **{"wäre": "ist", "wärst": "bist", "wärest": "bist", "wären": "sind", "wärt": "seid"},
    **{"müsste": "muss", "müsstest": "musst", "müssten": "müssen", "müsstet": "müsst"},
    **{"dürfte": "darf", "dürftest": "darfst", "dürften": "dürfen", "dürftet": "dürft"},
}


@dataclass(frozen=True)
class Finding:
    """One thing that is hard to read; as a string it is the advice, in the reader's language."""

    rule: str
    part: str  # "title", "body" or "schedule"
    words: str = ""
    instead: str = ""
    number: int = 0
    most: int = 0

    def __str__(self):
        return str(ADVICE[self.rule]) % {**vars(self), **EXAMPLES.get(self.rule, {})}


def advise(parts: dict[str, str]) -> list[Finding]:
    """What is hard to read in ``parts``, a text by "title", "body" and "schedule"; an empty list where nothing is.

    The same is said once.
    """
    found = [finding for part, text in parts.items() for finding in look_at(part, without_addresses(text))]
    return list(dict.fromkeys(found))[:MOST_FINDINGS]


def look_at(part: str, text: str) -> Iterator[Finding]:
    if part == "title" and len(text) > LONGEST_TITLE:
        yield Finding("title", part, number=len(text), most=LONGEST_TITLE)
    if part == "body":
        yield from look_at_sentences(part, sentences(text))
    for word in re.findall(rf"[^\W\d_]{{{LONGEST_WORD + 1},}}", text):
        yield Finding("word", part, word)
    for words, instead in easier(text):
        yield Finding("instead", part, words, instead)
    for word in WOULD.findall(text):
        yield Finding("would", part, word)
    for words in GENITIVE.findall(text):
        yield Finding("genitive", part, words)
    for clause in CLAUSES.split(text):
        if words := passive_in(clause):
            yield Finding("passive", part, words)


def look_at_sentences(part: str, all_of_them: list[str]) -> Iterator[Finding]:
    if len(all_of_them) > MOST_SENTENCES:
        yield Finding("sentences", part, number=len(all_of_them), most=MOST_SENTENCES)
    for sentence in all_of_them:
        words = [word for word in sentence.split() if has_letters(word)]
        if len(words) > LONGEST_SENTENCE:
            beginning = " ".join([*words[:5], "…"])
            yield Finding("sentence", part, beginning, number=len(words), most=LONGEST_SENTENCE)


# --- How a text is taken apart ----------------------------------------------------------------------------------------

ADDRESS = re.compile(r"@|://|www\.")
# A full stop behind these ends no sentence: single letters, what is always shortened, and the day of a date.
INNER_STOP = re.compile(
    r"\b([^\W\d_]|bzw|ca|Dr|etc|evtl|ggf|inkl|Nr|St|Std|Str|Tel|usw)\."
    r"|\b((?:ab|am|bis|dem|den|der|die|jeden|vom|zum) \d{1,2})\.",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][\"“”»«')]))\s+(?![a-zäöü])|\n+")
CLAUSES = re.compile(r"[.!?…,;:–()\n]+| und | oder | aber ")


def without_addresses(text: str) -> str:
    """A web address is as long as it is."""
    return re.sub(r"\S+", lambda word: "" if ADDRESS.search(word[0]) else word[0], text).strip()


def has_letters(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def sentences(text: str) -> list[str]:
    """The sentences of ``text``; a line of its own, such as that of a list, is one too."""
    # A sign that nobody types stands for the stops that end nothing.
    inner = INNER_STOP.sub(lambda match: f"{match[1] or match[2]}\ue000", text)
    found = (part.replace("\ue000", ".").strip() for part in SENTENCE_END.split(inner))
    return [sentence for sentence in found if has_letters(sentence)]


# --- Words and forms --------------------------------------------------------------------------------------------------


def inflected(words: str) -> str:
    return re.escape(words).replace(r"\ ", r"[nrsm]?\s+") + r"(?:en|e|n|s|r)?\b"


def shortened(letters: str) -> str:
    return re.escape(letters).replace(r"\ ", r"\s*")


HARD_WORDS = [
    (re.compile(rf"\b{form(words)}", re.IGNORECASE), instead)
    for form, table in [(inflected, EASIER_WORDS), (shortened, ABBREVIATIONS), (r"{}\b".format, INDICATIVES)]
    for words, instead in table.items()
]
WOULD = re.compile(r"\bwürde(?:st|n|t)?\b", re.IGNORECASE)
OF_WHOM = "des|eines|meines|deines|seines|ihres|unseres|eures"
GENITIVE = re.compile(rf"\b(?i:{OF_WHOM}) (?:[a-zäöüß]+en )?[A-ZÄÖÜ][\w-]*s\b")


def easier(text: str) -> Iterator[tuple[str, str]]:
    """Words for which there are easier ones, each with these."""
    found = [(match.start(), match[0], instead) for hard, instead in HARD_WORDS for match in hard.finditer(text)]
    yield from ((words, instead) for _start, words, instead in sorted(found))


# "werden" with one of these is a passive; with an infinitive it is the future, with an adjective a change.
BECOMES = re.compile(r"\b(?:werde|wirst|wird|werden|werdet|wurde|wurdest|wurden|wurdet|worden)\b", re.IGNORECASE)
WEAK = r"(?:[a-zäöüß]{2,8})?ge[a-zäöüß]{2,}t|(?:be|er|ent|ver|zer|miss|über|unter)[a-zäöüß]{2,}t|[a-zäöüß]{2,}iert"
STRONG = (
    r"[a-zäöüß]*(?:boten|brochen|bunden|funden|fahren|fangen|gangen|geben|gessen|griffen|halten|hoben|holfen|laden|"
    r"lassen|laufen|lesen|nommen|rufen|schieden|schlossen|schnitten|schrieben|sehen|setzten|sprochen|standen|sungen|"
    r"tragen|trieben|troffen|trunken|waschen|wiesen|worfen|zogen)"
)
PARTICIPLE = re.compile(rf"\b(?:{WEAK}|(?:[a-zäöüß]{{2,8}})?ge{STRONG})\b")
NO_PARTICIPLES = {"bekannt", "beliebt", "bereit", "berühmt", "erwachsen", "verrückt", "überrascht", "verwandt"}


def passive_in(clause: str) -> str:
    """ "wird … gekocht", where a clause says that something is done and not by whom; else nothing."""
    form, participle = BECOMES.search(clause), PARTICIPLE.search(clause)
    if not form or not participle or participle[0] in NO_PARTICIPLES:
        return ""
    first, second = sorted([form, participle], key=lambda match: match.start())
    gap = clause[first.end() : second.start()].strip()
    return f"{first[0]} … {second[0]}" if gap else f"{first[0]} {second[0]}"
