"""Sentences of a run's documents as a page shows them.

What lives here: giving segments their names and features their words in sentences and rules that
were written where only ids and columns are known, and one way of writing percent. What does not:
sentences of our own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from segmentry.domain.percent import SIGN
from segmentry.render.feature_words import feature_words

NUMBERED = re.compile(r"\b([Ss]egments?) (\d+(?:(?:, | and |, and )\d+)*)(?!\d|[.,]\d|[ \u202f]?%)")
"""Segments by number, and no figure about segments, such as "smallest segment 4.5 %"."""
PERCENT = re.compile(r"(?<=\d) ?%")
MINUS = re.compile(r"(?<![\w.)\]-])-(?=\d)")
"""A sign before a figure, and no hyphen within a word or a date."""


def prose(sentence: str, names: Mapping[int, str]) -> str:
    r"""Name the segments that a sentence numbers, and set its percent and minus signs.

    Parameters
    ----------
    sentence : str
    names : mapping from segment id to name

    Examples
    --------
    >>> prose("hardest to tell apart are segments 1 and 2 (89%)", {1: "Guests", 2: "Buyers"})
    'hardest to tell apart are “Guests” and “Buyers” (89\u202f%)'
    >>> prose("trend -0.36 before 2011-11-09", {})
    'trend −0.36 before 2011-11-09'
    >>> prose("segment 7 of segment 1", {1: "Guests"})
    'segment 7 of “Guests”'
    >>> prose("smallest segment 1.5 %", {1: "Guests"})
    'smallest segment 1.5\u202f%'
    """

    def named(match: re.Match[str]) -> str:
        ids = [int(i) for i in re.findall(r"\d+", match[2])]
        if not all(i in names for i in ids):
            return match[0]
        return re.sub(r"\d+", lambda i: f"“{names[int(i[0])]}”", match[2])

    return MINUS.sub("−", PERCENT.sub(SIGN, NUMBERED.sub(named, sentence)))


def entity_words(sentence: str, entities: str) -> str:
    """Speak of entities by the project's word, as the page's other figures do.

    Examples
    --------
    >>> entity_words("We looked at 4,967 entities: 9 % of the entities stay.", "subscriptions")
    'We looked at 4,967 subscriptions: 9 % of the subscriptions stay.'
    """
    return re.sub(r"\bentities\b", lambda _: entities, sentence)


def rule_words(rule: str, features: Sequence[str]) -> str:
    """Write the columns of a rule as words.

    Examples
    --------
    >>> rule_words("recency_days at most 30 and n_orders above 6", ["recency_days", "n_orders"])
    'days since last seen at most 30 and orders above 6'
    """
    known = {f: feature_words(f) for f in sorted(features, key=len, reverse=True)}
    if not known:
        return rule
    pattern = "|".join(re.escape(f) for f in known)
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", lambda m: known[m[0]], rule)
