"""Whether a name and a sentence that a model suggests may stand beside the figures.

What lives here: the rules of form, of numbers and of directions, each with the reason that is told.
What does not: what single words say (``claims.py``), and asking for suggestions. A rule refuses
what it cannot hold against a figure, where the words show that they claim one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.explain.claims import Claims, words
from segmentry.explain.grammar import FEWEST_WORDS, MOST_WORDS, n_words
from segmentry.explain.word import MACHINE_WORDS

LONGEST_NAME, LONGEST_SENTENCE = 60, 240

UP = frozenset({
    "above", "big", "bigger", "biggest", "great", "greater", "greatest", "heavier", "heaviest",
    "heavy", "high", "higher", "highest", "increased", "increasing", "large", "larger", "largest",
    "long", "longer", "longest", "many", "more", "often", "rising", "strong", "stronger", "up",
})  # fmt: skip
DOWN = frozenset({
    "below", "decreased", "decreasing", "down", "falling", "few", "fewer", "fewest", "least",
    "less", "light", "little", "low", "lower", "lowest", "rarely", "reduced", "seldom", "short",
    "shorter", "shortest", "small", "smaller", "smallest", "under", "weak", "weaker",
})  # fmt: skip
"""Words that say on which side of everyone a segment lies; of what, another word has to say."""

NEGATING = frozenset({"cannot", "neither", "never", "no", "non", "nor", "not", "un", "without"})

COUNTING = frozenset({
    "all", "always", "best", "billion", "both", "double", "dozen", "each", "eight", "every", "five",
    "four", "half", "hundred", "majority", "million", "minority", "most", "nine", "nobody", "none",
    "only", "quarter", "seven", "six", "ten", "third", "thousand", "three", "triple", "twice",
    "two", "worst",
})  # fmt: skip
"""Words that count, or compare with the others, where a stored figure should stand."""

BEYOND = frozenset({
    "because", "cause", "causing", "due", "expected", "future", "guarantee", "guaranteed", "likely",
    "predict", "predicted", "probably", "thanks", "tomorrow", "will",
})  # fmt: skip
"""Words of causes and of what is to come, which no figure of a segment shows."""

_UP, _DOWN, _COUNTING, _BEYOND = (
    frozenset(words(" ".join(group))) for group in (UP, DOWN, COUNTING, BEYOND)
)

_PLAIN = frozenset(" .,;:()%'’\N{EN DASH}-&+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:\s?%)?")
_CLAUSES = re.compile(r"[,;:()]|\b(?:and|but|while|whereas|yet|though|with)\b")
_MENTION = "\N{WHITE SQUARE}"
"""Stands for the measure that was named at its place."""


@dataclass(frozen=True)
class Measure:
    """A measure that a sentence may name, in the words by which it does.

    ``side`` is 1 where the segment lies above everyone, -1 below, 0 where that is not certain.
    """

    told: str
    side: int
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """What suggestions for one segment are held against.

    ``figures`` are those of the segment as a whole: its size and shares. ``taken`` are names of
    others without their case.
    """

    claims: Claims
    measures: tuple[Measure, ...]
    figures: tuple[str, ...]
    taken: frozenset[str]
    by_rule: str

    def refuse(self, name: str, sentence: str) -> str | None:
        """Say why a suggestion is refused; None where it may be shown.

        Parameters
        ----------
        name, sentence : str

        Returns
        -------
        str or None
        """
        form = _name_form(name) or self._taken(name)
        return form or self._name(name) or self._sentence(sentence)

    def refuse_name(self, name: str) -> str | None:
        """Say why a name may not stand by its form and by the figures; None where it may.

        Parameters
        ----------
        name : str

        Returns
        -------
        str or None
        """
        return _name_form(name) or self._name(name)

    def _taken(self, name: str) -> str | None:
        if name.casefold() == self.by_rule.casefold():
            return "it is the rule's own name"
        if name.casefold() in self.taken:
            return "another segment has that name"
        return None

    def _name(self, name: str) -> str | None:
        told = words(name)
        untrue, left = self.claims.untrue(told)
        if untrue is not None:
            return f"no figure shows {' '.join(untrue)!r}"
        for word in left:
            if word in NEGATING:
                return f"the name says what the segment is not: {word!r}"
            if word in _UP | _DOWN:
                return f"the name does not say what is {word!r}"
            if word in _COUNTING | _BEYOND:
                return f"no figure shows {word!r}"
        return None

    def _sentence(self, sentence: str) -> str | None:
        form = _sentence_form(sentence, self._named(sentence)[0])
        return form or self._numbers(sentence) or self._told(sentence)

    def _numbers(self, sentence: str) -> str | None:
        """Find a number that is no figure of the segment, or of a measure that is not named."""
        blanked, named = self._named(sentence)
        figures = [*(f for m in named for f in m.figures), *self.figures]
        known = {plain_number(n) for f in figures for n in _NUMBER.findall(f)}
        for number in _NUMBER.findall(blanked):
            if plain_number(number) not in known:
                return f"{number.strip()!r} is no figure of the segment, or of no measure named"
        return None

    def _told(self, sentence: str) -> str | None:
        blanked, named = self._named(sentence)
        waiting = list(named)
        for clause in _CLAUSES.split(blanked):
            here = [waiting.pop(0) for _ in range(clause.count(_MENTION))]
            untrue, left = self.claims.untrue(words(clause))
            if untrue is not None:
                return f"no figure shows {' '.join(untrue)!r}"
            if reason := _left(left, here):
                return reason
        return None

    def _named(self, sentence: str) -> tuple[str, list[Measure]]:
        """Put signs in place of the measures that a sentence names; give these in their order."""
        longest_first = sorted(self.measures, key=lambda m: -len(m.told))
        by_told = {m.told.casefold(): m for m in reversed(longest_first)}
        if not by_told:
            return sentence, []
        either = "|".join(re.escape(m.told) for m in longest_first)
        found = re.compile(rf"(?<!\w)({either})(?!\w)", re.IGNORECASE)
        named = [by_told[m[1].casefold()] for m in found.finditer(sentence)]
        return found.sub(f" {_MENTION} ", sentence), named


def plain_number(text: str) -> str:
    """Write a figure without what only makes it readable.

    Examples
    --------
    >>> plain_number("1,625"), plain_number("24 %"), plain_number("3.80")
    ('1625', '24%', '3.8')
    """
    plain = re.sub(r"[\s,]", "", text)
    number, sign = plain.removesuffix("%"), "%" if plain.endswith("%") else ""
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return number + sign


def _counted(name: str) -> str:
    n = n_words(name)
    return "one word" if n == 1 else f"{n} words"


def _name_form(name: str) -> str | None:
    if not FEWEST_WORDS <= n_words(name) <= MOST_WORDS:
        return f"the name has {_counted(name)}, and a name has two to four"
    if len(name) > LONGEST_NAME:
        return f"the name is longer than {LONGEST_NAME} characters"
    if not all(c.isalpha() or c in " -'&" for c in name):
        return "the name holds signs other than letters, hyphens and blanks"
    if unicodedata.normalize("NFKC", name) != name:
        return "the name holds letters that look like others"
    if set(name.casefold().replace("-", " ").split()) & MACHINE_WORDS:
        return "the name says that it is a segment, and not which"
    return None


def _sentence_form(sentence: str, blanked: str) -> str | None:
    if not sentence or len(sentence) > LONGEST_SENTENCE:
        return f"the sentence is empty or longer than {LONGEST_SENTENCE} characters"
    if not all(c.isalnum() or c in _PLAIN or c == _MENTION for c in blanked):
        return "the sentence holds signs that are no part of a plain sentence"
    if unicodedata.normalize("NFKC", sentence) != sentence:
        return "the sentence holds letters that look like others"
    if re.search(r"\.\s+\S", blanked):
        return "it is more than one sentence"
    capitals = [w for w in re.findall(r"[^\W\d_]+", blanked)[1:] if w[0] != w[0].lower()]
    if capitals:
        return f"{capitals[0]!r} looks like the name of somebody or something"
    return None


def _left(left: Sequence[str], named: Sequence[Measure]) -> str | None:
    """Judge the words of a clause that no pack knows, beside the measures that it names."""
    for word in left:
        if word in NEGATING:
            return f"the sentence says what is not: {word!r}"
        if word in _COUNTING | _BEYOND:
            return f"no figure shows {word!r}"
        side = 1 if word in _UP else -1 if word in _DOWN else 0
        if side and not named:
            return f"the sentence does not say what is {word!r}"
        wrong = next((m for m in named if side and m.side != side), None)
        if wrong is not None:
            return f"the figures of {wrong.told!r} do not show {word!r}"
    return None
