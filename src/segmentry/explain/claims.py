"""What words say of a segment, and whether its figures show it.

What lives here: the words of a pack as claims, each of which holds for a segment or does not. What
does not: words that no pack knows, of which nothing can be said, and the form of a name
(``suggested.py``). A word is allowed to whoever is not of the house where the rule itself could
have used it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from segmentry.explain.archetype import score
from segmentry.explain.grammar import plain_level, words_of
from segmentry.explain.pack import Archetype, Concept, Pack
from segmentry.explain.reading import Signals
from segmentry.explain.word import NOUNS, label

Phrase = tuple[str, ...]

LONGEST_PHRASE = 5
"""Words of the longest phrase that is looked for."""

GENERIC = frozenset({noun.lower() for noun in NOUNS.values()} | {
    "audience", "base", "bunch", "browsers", "buyers", "circle", "clients", "clientele", "crowd",
    "fans", "folk", "folks", "group", "ones", "purchasers", "shoppers", "spenders", "users",
    "visitors",
})  # fmt: skip
"""Nouns that say who, and nothing of what they are like."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "absent": ("lapsed", "dormant", "inactive"),
    "affluent": ("high value", "big spenders", "high income"),
    "churned": ("lapsed", "dormant"),
    "churning": ("at risk", "fading"),
    "committed": ("loyal", "engaged"),
    "devoted": ("loyal", "engaged"),
    "disengaged": ("lapsed", "dormant", "inactive", "fading", "at risk"),
    "elite": ("champion", "high value", "big spenders"),
    "endangered": ("at risk",),
    "faithful": ("loyal",),
    "fresh": ("new", "newer"),
    "frugal": ("small spenders", "low value", "lower value", "low spend", "small ticket"),
    "infrequent": ("occasional", "less frequent"),
    "leaving": ("at risk", "fading"),
    "lost": ("lapsed", "dormant"),
    "premium": ("high value", "big spenders", "champion", "high price"),
    "rare": ("occasional", "less frequent"),
    "recurring": ("regular", "frequent", "loyal"),
    "sleeping": ("lapsed", "dormant", "inactive", "quiet"),
    "thrifty": ("small spenders", "low value", "lower value", "low spend", "small ticket"),
    "top": ("champion", "high value", "big spenders"),
    "valuable": ("high value", "higher value", "currently valuable", "champion"),
    "vip": ("champion", "high value", "big spenders"),
    "wealthy": ("high value", "high income"),
    "whale": ("big spenders", "high value"),
}
"""Words that packs do not have, and those of packs any of which makes them true."""


def words(text: str) -> tuple[str, ...]:
    """Take a text apart into words in lower case, a plural as its singular.

    Examples
    --------
    >>> words("High-Value At-Risk Customers")
    ('high', 'value', 'at', 'risk', 'customer')
    """
    found = re.findall(r"[^\W\d_]+", text.casefold())
    return tuple(_singular(word) for word in found)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


_GENERIC = frozenset(words(" ".join(GENERIC)))


def is_generic(told: Iterable[str]) -> bool:
    """Tell whether words, as ``words`` gives them, say who and nothing of what they are like."""
    return set(told) <= _GENERIC


@dataclass(frozen=True)
class Claims:
    """For each phrase that says something, whether it holds for one segment."""

    holds: Mapping[Phrase, bool]

    @classmethod
    def of(cls, signals: Signals, happened: Signals, pack: Pack) -> Claims:
        """Read a segment's signals as claims.

        Parameters
        ----------
        signals : mapping from key to Signal
            Of the features that shaped the segment.
        happened : mapping from key to Signal
            The same with those of outcomes among them.
        pack : Pack

        Returns
        -------
        Claims
        """
        fitting = [a for a in pack.archetypes if _fits(a, happened)]
        earned = {p for text in _earned(signals) for p in _phrases(text)}
        earned |= {p for archetype in fitting for p in _phrases_of_name(archetype.name)}
        known = {p for text in _known(happened, pack) for p in _phrases(text)} | earned
        known |= {p for archetype in pack.archetypes for p in _phrases_of_name(archetype.name)}
        holds = {phrase: phrase in earned for phrase in known}
        for word, meant in SYNONYMS.items():
            holds[words(word)] = any(holds.get(words(m), False) for m in meant)
        return cls(holds)

    def untrue(self, told: Sequence[str]) -> tuple[Phrase | None, tuple[str, ...]]:
        """Find the first phrase that does not hold, and the words that say nothing known.

        Parameters
        ----------
        told : sequence of str
            As ``words`` gives them.

        Returns
        -------
        tuple
            The phrase or None, and what no phrase took up before it.
        """
        left: list[str] = []
        place = 0
        while place < len(told):
            phrase = self._at(told, place)
            if phrase is None:
                left.append(told[place])
                place += 1
            elif self.holds[phrase]:
                place += len(phrase)
            else:
                return phrase, tuple(left)
        return None, tuple(left)

    def _at(self, told: Sequence[str], place: int) -> Phrase | None:
        lengths = range(min(LONGEST_PHRASE, len(told) - place), 0, -1)
        found = (tuple(told[place : place + n]) for n in lengths)
        return next((p for p in found if p in self.holds), None)


def _phrases(text: str) -> Iterable[Phrase]:
    """Give what a word of a pack says: whole, and without the noun that says who.

    Before such a noun, words with a hyphen say something each: high-value, at-risk.
    """
    parts = [words(part) for part in text.replace("{noun}", "users").split()]
    telling = [p for p in parts if not set(p) <= _GENERIC]
    if telling and "{noun}" not in text:
        yield tuple(w for part in parts for w in part)
    if telling and len(telling) < len(parts):
        yield tuple(w for part in telling for w in part)
        yield from (part for part in telling if len(part) > 1)


def _phrases_of_name(name: str) -> Iterable[Phrase]:
    """Give what the name of an archetype says, its last word left out too: loyal regulars."""
    yield from _phrases(name)
    before = words(name.replace("{noun}", "users").rpartition(" ")[0])
    if before and not set(before) <= _GENERIC:
        yield before


def _fits(archetype: Archetype, happened: Signals) -> bool:
    return (score(archetype.pattern, happened) or 0.0) >= archetype.threshold


def _earned(signals: Signals) -> Iterable[str]:
    """Give the words that the rule could compose a name of."""
    for word in words_of(signals):
        pole = word.signal.pole
        yield from filter(None, (word.adjective, word.noun))
        if word.adjective == pole.adjective and pole.mild:
            yield pole.mild  # who spends much spends more than others


def _known(signals: Signals, pack: Pack) -> Iterable[str]:
    """Give all words of concepts that say something, whether or not they hold."""
    named = {s.concept.key: label(s.lead.contrast.feature) for s in signals.values()}
    concepts: dict[str, Concept] = {c.key: c for c in pack.concepts}
    concepts |= {s.concept.key: s.concept for s in signals.values()}
    for key, concept in concepts.items():
        for pole in (concept.high, concept.low):
            for text in filter(None, (pole.adjective, pole.mild, pole.noun)):
                if "{label}" not in text or key in named:
                    yield text.replace("{label}", named.get(key, ""))
        yield from filter(None, concept.levels.values())
    for told in (s.lead.contrast for s in signals.values()):
        if told.level is not None and (text := plain_level(told.feature, told.level)):
            yield text
