"""How a text feels, from -1 to 1, by a lexicon of ours; nothing where no word is known.

What lives here: the lexicon, the rules around its words, and the words that say nothing in the
texts at hand. What does not: reading texts as words (``tokens``), topics. Read on in
``docs/methods/text.md``, also for when it misleads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from segmentry.features.text.tokens import LONGEST_TEXT, stem

COMMON_SHARE = 0.2
"""Share of all texts beyond which a word of the lexicon says nothing of the single text."""

ENOUGH_TEXTS = 100
"""With fewer texts, how common a word is cannot be told."""

TURNED = -0.75
"""What a negation leaves of a word: "not good" is less bad than "bad"."""

STRONGER, WEAKER = 1.3, 0.7
BEFORE_BUT, AFTER_BUT = 0.5, 1.5
LOUDER, MOST_MARKS = 1.1, 3
"""Each exclamation mark, up to three, makes all that is felt louder."""

SHOUTED = 1.25
REACH = 3
"""Words up to which a negation reaches, inside its clause."""

HALF_WAY = 3.0
"""Strength at which the score is a half."""

_PIECE = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[.,;:!?()\n]+|\S")
_EMOJI_TAIL = "\ufe0f"


@dataclass(frozen=True)
class Lexicon:
    """Words and signs with what they are worth; words around them that change it."""

    strength: Mapping[str, float]
    stems: Mapping[str, float]
    negations: frozenset[str]
    strengtheners: frozenset[str]
    weakeners: frozenset[str]
    turns: frozenset[str]
    neutral: frozenset[str]
    signs: Mapping[str, float]
    smileys: re.Pattern[str]

    def worth(self, word: str, neutral: Collection[str]) -> float | None:
        """Give the strength of a word in lower case; None where it has none."""
        if word in self.neutral or word in neutral:
            return None
        if word in self.strength:
            return self.strength[word]
        return self.stems.get(stem(word))


@cache
def lexicon() -> Lexicon:
    """Read the lexicon that is shipped."""
    import yaml

    text = (resources.files(__package__) / "lexicon.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader
    strength = {w: float(s) for s, words in data["strength"].items() for w in words.split()}
    emoji = {e: float(s) for s, signs in data["emoji"].items() for e in signs.split()}
    smileys = {s: float(v) for v, signs in data["signs"].items() for s in signs.split()}
    neutral = frozenset(data["neutral"].split())
    stems: dict[str, float] = {}
    for word, worth in strength.items():
        if word not in neutral:
            stems.setdefault(stem(word), worth)
    for word in neutral:
        stems.pop(stem(word), None)
    pattern = "|".join(re.escape(s) for s in sorted(smileys, key=len, reverse=True))
    return Lexicon(
        strength,
        stems,
        frozenset(data["negations"].split()),
        frozenset(data["strengtheners"].split()),
        frozenset(data["weakeners"].split()),
        frozenset(data["turns"].split()),
        neutral,
        {**emoji, **smileys},
        re.compile(rf"(?<!\S)(?:{pattern})(?!\w)"),
    )


def neutral_words(texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Find words of the lexicon that so many texts have that they say nothing of one.

    Parameters
    ----------
    texts : sequence of sequence of str
        The words of each text, in lower case.

    Returns
    -------
    tuple of str
        In ascending order.
    """
    if len(texts) < ENOUGH_TEXTS:
        return ()
    known = lexicon()
    found: Counter[str] = Counter()
    for words in texts:
        found.update({w for w in words if known.worth(w, ()) is not None})
    return tuple(sorted(w for w, n in found.items() if n > COMMON_SHARE * len(texts)))


def sentiment(text: str | None, *, neutral: Collection[str] = ()) -> float | None:
    """Score how an English text feels.

    Parameters
    ----------
    text : str or None
    neutral : collection of str
        Words that carry no weight beside those of the lexicon's own list.

    Returns
    -------
    float or None
        From -1 to 1, four digits after the point; None where no word or sign is known.

    References
    ----------
    Hutto, C. J. and Gilbert, E. (2014). VADER: a parsimonious rule-based model for sentiment
    analysis of social media text. ICWSM (the idea; words, weights and formula are ours).

    Examples
    --------
    >>> [sentiment(t) for t in ("Very good!", "Not good.", "It was fine, but the app is awful")]
    [0.4881, -0.3333, -0.5714]
    >>> sentiment("Where is my parcel?") is None
    True
    """
    if not text:
        return None
    felt = [clause for clause in _clauses(text[:LONGEST_TEXT], neutral) if clause]
    total = sum(sum(clause) for clause in felt)
    if not felt:
        return None
    marks = min(text[:LONGEST_TEXT].count("!"), MOST_MARKS)
    total *= LOUDER**marks
    return round(total / (abs(total) + HALF_WAY), 4)


def _clauses(text: str, neutral: Collection[str]) -> list[list[float]]:
    """Give what is felt in each sentence; a turn such as "but" moves weight to what follows it."""
    known = lexicon()
    sentences: list[list[float]] = []
    smiled = [known.signs[s] for s in known.smileys.findall(text)]
    if smiled:
        sentences.append(smiled)
        text = known.smileys.sub(" ", text)
    felt: list[float] = []
    before: list[str] = []
    has_turned, is_loud = False, text.isupper()
    for piece in _PIECE.findall(text):
        word = piece.lower().replace("\u2019", "'")
        if not word[0].isalpha():
            if word in known.signs:
                felt.append(known.signs[word])
            if word[0] in ".!?\n;":
                sentences.append(felt)
                felt, has_turned = [], False
            before = [] if word != _EMOJI_TAIL else before
            continue
        if word in known.turns and not has_turned and (felt or before):
            felt, before, has_turned = [f * BEFORE_BUT for f in felt], [], True
            continue
        worth = known.worth(word, neutral)
        if worth is not None and word not in known.negations:
            worth *= _changed(before, known)
            worth *= SHOUTED if piece.isupper() and len(piece) > 2 and not is_loud else 1.0
            felt.append(worth * (AFTER_BUT if has_turned else 1.0))
        before = [*before[-REACH + 1 :], word]
    return [*sentences, felt]


def _changed(before: Sequence[str], known: Lexicon) -> float:
    """Say what the words before a word make of it."""
    factor = 1.0
    for word in before[-2:]:
        factor *= STRONGER if word in known.strengtheners else 1.0
        factor *= WEAKER if word in known.weakeners else 1.0
    negated = sum(word in known.negations for word in before) % 2
    return factor * (TURNED if negated else 1.0)
