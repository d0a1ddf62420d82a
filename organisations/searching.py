"""Finding by words, however they are written. No database: texts in, numbers of words out."""

import re
from collections import defaultdict

import numpy as np

from engagement.folding import folded_words

# More words only make a question slow, not better.
MOST_WORDS = 6
# In shorter words a letter more or less is another word.
SHORTEST_WITH_TYPO = 5
# Endings of German words that say nothing about what is meant; what is left has four letters or more.
ENDING = re.compile(r"(?<=\w{4})(ern|em|en|er|es|e|n|s)$")


def asked_words(text: str) -> list[str]:
    return folded_words(text)[:MOST_WORDS]


class Lexicon:
    """Every word that somebody wrote, with a number. It only grows, so that whoever holds a number may keep it."""

    def __init__(self):
        self.numbers: dict[str, int] = {}
        self.stems: dict[str, list[int]] = defaultdict(list)
        self.listed = [], "\n", np.zeros(1, np.int64)

    def __len__(self):
        return len(self.numbers)

    def numbers_of(self, text: str) -> np.ndarray:
        """The numbers of the words in a text, each once; words that are new get one."""
        return np.fromiter({self._number(word) for word in folded_words(text)}, np.int32)

    def _number(self, word):
        if word not in self.numbers:
            self.stems[stem(word)].append(len(self.numbers))
            self.numbers[word] = len(self.numbers)
        return self.numbers[word]

    def meant_by(self, word: str) -> list[int]:
        """Words that contain ``word``, and other forms of it: "Behörde" and "Behörden", "Haus" and "Häuser"."""
        return [*self._containing(word), *self.stems.get(stem(word), [])]

    def nearly(self, word: str) -> list[int]:
        """Words that contain ``word`` but for one letter: too many, missing, another, or two that changed places.

        Whoever mistypes one letter has written one half of the word right.
        """
        if len(word) < SHORTEST_WITH_TYPO:
            return []
        half = len(word) // 2
        pattern = re.compile("|".join(dict.fromkeys(misspellings(word))))
        likely = {*self._containing(word[:half]), *self._containing(word[half:])}
        # The two letters around the middle may have changed places: then no half is right.
        likely |= {*self._containing(word[: half - 1] + word[half] + word[half - 1])}
        words = self._list()[0]
        return sorted(number for number in likely if pattern.search(words[number]))

    def _containing(self, part):
        _words, text, starts = self._list()
        found = [match.start() for match in re.finditer(re.escape(part), text)]
        return np.unique(np.searchsorted(starts, found, "right") - 1).tolist()

    def _list(self):
        """All words, the same as one text, and where in it each begins."""
        if len(self.listed[0]) != len(self.numbers):
            words = list(self.numbers)
            starts = np.cumsum([0, *(len(word) + 1 for word in words)])[:-1]
            self.listed = words, "\n".join(words), starts
        return self.listed


def stem(word: str) -> str:
    return ENDING.sub("", word)


def misspellings(word: str):
    """Patterns for what somebody meant who wrote ``word`` with one letter wrong."""
    for place in range(len(word)):
        before, letter, after = word[:place], word[place], word[place + 1 :]
        yield rf"{before}\w?{after}"
        yield rf"{before}\w{letter}{after}"
        yield before + after[:1] + letter + after[1:]
