"""Words of a file in our vocabulary: by code, by name in any language, by synonym. What is unknown stays unknown."""

import re
from functools import lru_cache
from itertools import chain

from engagement import places
from engagement.models import Field, Language, Level, Proof, Skill

# What a target group is called that is new here, as folded beginnings of words.
NEWCOMERS = re.compile(
    r"\b(gefluchtet|fluchtling|migrant|zugewandert|neuzugewandert|asyl|\w*migrationshintergrund|\w*wanderungsgeschicht)"
)
LEVEL = re.compile(r"\b([ABC][12])\b")
ABOUT_A_LANGUAGE = re.compile(
    r"(sprach)?kenntnisse$| sprache$|^sprachen? |\(.*\)|\b[abc][12]\b|\b(ab|mindestens|niveau)\b"
)
# A file says the same words again and again.
fold = lru_cache(maxsize=5000)(places.fold)
SEVERAL = re.compile(r"[\x1f|;\n]")


class Words:
    """The vocabulary, read once for a whole file."""

    def __init__(self):
        self.terms = {
            "field": list(Field.objects.in_use()),
            "skill": list(Skill.objects.in_use()),
            "proof": list(Proof.objects.in_use()),
            "language": list(Language.objects.in_use()),
        }
        self.keys = {kind: {term.code: term.pk for term in terms} for kind, terms in self.terms.items()}
        self.names = {kind: {term.code: term for term in terms} for kind, terms in self.terms.items()}
        self.known = {kind: known(terms) for kind, terms in self.terms.items()}

    def find(self, kind: str, text: str) -> str:
        """The code of the word that ``text`` names; empty where it names none of ours."""
        return self.known[kind].get(fold(text), "")

    def find_all(self, kind: str, cell: str) -> tuple[list[str], list[str]]:
        """The codes of the words in a cell, and the words that are none of ours."""
        codes, unknown = [], []
        for word in several(cell):
            parts = [part.strip() for part in word.split(",")]
            found = [self.find(kind, word)] if self.find(kind, word) else [self.find(kind, part) for part in parts]
            codes += filter(None, found)
            unknown += [] if len(found) == 1 and found[0] else [w for w, c in zip(parts, found, strict=False) if not c]
        return sorted(set(codes)), unknown

    def find_languages(self, cell: str) -> tuple[list[list], list[str]]:
        """The languages in a cell as [code, level or None], without German, and the words that are none."""
        found, unknown = {}, []
        for word in chain.from_iterable(part.split(",") for part in several(cell)):
            code = self.find("language", ABOUT_A_LANGUAGE.sub("", word.strip().lower()))
            level = LEVEL.search(word)
            if code and code != "de":
                found[code] = Level[level[1]].value if level else None
            elif word.strip():
                unknown.append(word.strip())
        return sorted([code, level] for code, level in found.items()), unknown


def several(cell: str) -> list[str]:
    return [part.strip() for part in SEVERAL.split(cell) if part.strip()]


def known(terms) -> dict[str, str]:
    """The code of each folded name; a name that two words share is nobody's."""
    found: dict[str, str] = {}
    shared = set()
    for term in terms:
        for name in {fold(name) for name in (term.code, *term.names.values(), *getattr(term, "synonyms", []))} - {""}:
            if found.setdefault(name, term.code) != term.code:
                shared.add(name)
    codes = {fold(term.code): term.code for term in terms}
    return {name: code for name, code in found.items() if name not in shared} | codes


def is_about_newcomers(words: list[str]) -> bool:
    return any(NEWCOMERS.search(fold(word)) for word in words)
