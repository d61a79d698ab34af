"""Names composed from a segment's strongest contrasts, and what a name may be at all.

What lives here: which contrasts earn a word, and how words become a name. What does not: the
words themselves (``pack.py``), archetypes and the choice of a name (``name.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from segmentry.domain.profile import Naming
from segmentry.explain.archetype import score
from segmentry.explain.contrast import Measured
from segmentry.explain.outcome import NO, YES
from segmentry.explain.pack import Pack
from segmentry.explain.reading import Signal, Signals
from segmentry.explain.trait import statistic
from segmentry.explain.word import MACHINE_WORDS, UNNAMED, label, level_label, tokens

STRONG = 0.8
"""From here on a pole's strong adjective is earned."""

NOTABLE = 0.3
"""Beneath this difference a concept is not worth a word in a name."""

NOUN_EARNED = 0.5
MOST_OF_THEM = 0.6
"""A segment is called by a category's level only where this share of it has the level."""

STRONGEST = 6
FEWEST_WORDS, MOST_WORDS = 2, 4
COMPOSED_THRESHOLD = 0.55


@dataclass(frozen=True, slots=True)
class Word:
    """A word or two that a contrast has earned."""

    adjective: str
    noun: str
    salience: float
    slot: int
    families: tuple[str, ...]
    signal: Signal


@dataclass(frozen=True, slots=True)
class Option:
    """A name that a segment could have, and how well it would suit."""

    naming: Naming
    suits: float


def composed(signals: Signals, pack: Pack, noun: str, *, is_part: bool = False) -> Iterable[Option]:
    """Compose names of two to four words from up to three of the strongest contrasts.

    A part of a segment is compared with that alone, so it is called lighter, and not light.
    """
    words = words_of(signals, is_part=is_part)[:STRONGEST]
    nearest = _nearest_archetype(signals, pack)
    for size in (1, 2, 3):
        for chosen in combinations(words, size):
            if _says_twice(chosen):
                continue
            for name, penalty in _phrased(chosen, noun):
                if FEWEST_WORDS <= n_words(name) <= MOST_WORDS and _reads_well(name):
                    yield Option(_composed_naming(name, chosen, nearest), _worth(chosen) - penalty)


def _says_twice(chosen: tuple[Word, ...]) -> bool:
    """Tell whether two of the words speak of one side of an entity."""
    told = [family for word in chosen for family in word.families]
    return len(set(told)) < len(told)


_LESS = frozenset({"few", "fewer", "light", "lighter", "low", "lower", "small", "smaller"})
_MORE = frozenset({"big", "heavier", "heavy", "high", "higher", "large", "larger"})


def _worth(chosen: tuple[Word, ...]) -> float:
    ranked = sorted((w.salience for w in chosen), reverse=True)
    return 0.5 * sum(s * f for s, f in zip(ranked, (1.0, 0.5, 0.25), strict=False))


def _phrased(chosen: tuple[Word, ...], noun: str) -> Iterable[tuple[str, float]]:
    """Write the chosen words as names: all as adjectives, or one of them as the noun."""
    ordered = sorted(chosen, key=lambda w: (w.slot, -w.salience))
    if all(w.adjective for w in ordered):
        yield " ".join([*(w.adjective for w in ordered), noun]), 0.12 * (len(ordered) - 1)
    for last in ordered:
        rest = [w for w in ordered if w is not last]
        if last.noun and all(w.adjective for w in rest):
            yield " ".join([*(w.adjective for w in rest), last.noun]), 0.12 * len(rest) - 0.1


def _reads_well(name: str) -> bool:
    """Refuse a word twice, and two that say hardly more than less, or than more."""
    words = [word.casefold() for word in name.replace("-", " ").split()]
    stacks = any(sum(word in side for word in words) > 1 for side in (_LESS, _MORE))
    return len(set(words)) == len(words) and not stacks


def _composed_naming(name: str, chosen: tuple[Word, ...], nearest: str) -> Naming:
    ranked = sorted(chosen, key=lambda w: -w.salience)
    why = "; ".join(because(w.signal) for w in ranked)
    return Naming(name, None, None, COMPOSED_THRESHOLD, f"composed from {why}{nearest}")


def _nearest_archetype(signals: Signals, pack: Pack) -> str:
    fitting = [(score(a.pattern, signals) or 0.0, a) for a in pack.archetypes]
    best, archetype = max(fitting, key=lambda pair: pair[0], default=(0.0, None))
    if archetype is None or best == 0.0 or best >= archetype.threshold:
        return ""
    scored = f"scores {best:.2f} and needs {archetype.threshold:.2f}"
    return f"; the nearest archetype, {archetype.key.replace('_', ' ')!r}, {scored}"


def words_of(signals: Signals, *, is_part: bool = False) -> list[Word]:
    """Give the words that contrasts have earned, the most salient first."""
    told = (_word(signals[key], is_part=is_part) for key in sorted(signals))
    found = [word for word in told if word is not None]
    return sorted(found, key=lambda w: (-round(w.salience, 2), w.slot, w.adjective, w.noun))


def _word(signal: Signal, *, is_part: bool) -> Word | None:
    d = abs(signal.difference)
    if not signal.is_certain or d < NOTABLE or signal.concept.weight <= 0:
        return None
    salience = signal.concept.weight * (min(d, 2.0) + 0.5 * min(signal.ahead, 1.0))
    if signal.lead.contrast.level is not None:
        adjective, noun = _level_words(signal), ""
    elif signal.lead.is_share:
        adjective, noun = _flag_words(signal)
    else:
        adjective, noun = _pole_words(signal)
        if is_part and signal.pole.mild:
            about = label(signal.lead.contrast.feature)
            adjective, noun = signal.pole.mild.replace("{label}", about), ""
    if not adjective and not noun:
        return None
    return Word(adjective, noun, salience, signal.concept.slot, signal.concept.families, signal)


def _pole_words(signal: Signal) -> tuple[str, str]:
    pole, d = signal.pole, abs(signal.difference)
    name = label(signal.lead.contrast.feature)
    if not _is_beyond(signal.lead, pole.beyond):
        return "", ""
    earned = d >= STRONG and is_far(signal.lead, pole.ratio)
    adjective = pole.adjective if earned or not pole.mild else pole.mild
    noun = pole.noun if d >= NOUN_EARNED and is_far(signal.lead, pole.ratio) else ""
    return adjective.replace("{label}", name), noun.replace("{label}", name)


def _is_beyond(measured: Measured, bound: float | None) -> bool:
    if bound is None:
        return True
    _, own, _ = statistic(measured)
    return own >= bound if bound > 0 else own <= bound


def is_far(measured: Measured, ratio: float) -> bool:
    """Check a raw figure against everyone's, as the pack's ratio demands."""
    if ratio == 1.0:
        return True
    _, own, everyone = statistic(measured)
    if everyone <= 0:
        return own > 0 and ratio > 1.0
    return own / everyone <= ratio if ratio < 1.0 else own / everyone >= ratio


def _level_words(signal: Signal) -> str:
    """Call a segment by a level that most of it has, and more of it than of everyone."""
    c = signal.lead.contrast
    if signal.difference <= 0 or c.mean is None or c.level is None or c.mean < MOST_OF_THEM:
        return ""
    known = signal.concept.levels
    if c.level.strip().lower() in known:
        return known[c.level.strip().lower()]
    return plain_level(c.feature, c.level)


def plain_level(column: str, level: str) -> str:
    """Name a level that no pack knows, with its column where it says nothing alone."""
    text, about = level_label(level, n_words=2), label(column)
    if set(tokens(level).split()) & MACHINE_WORDS or (about == UNNAMED and not text.isalpha()):
        return ""
    if level.strip().lower() in YES:
        return about
    if level.strip().lower() in NO:
        return f"No {about}"
    if len(text) == 1 or text.isdigit():
        return f"{label(column, n_words=1)} {text}"
    # A range or a code such as "1) $0 - $100" is no word, and would be misread as one.
    return text if sum(map(str.isalpha, level)) > sum(map(str.isdigit, level)) else ""


def _flag_words(signal: Signal) -> tuple[str, str]:
    mean = signal.lead.contrast.mean or 0.0
    if signal.lead.contrast.difference <= 0 or mean < MOST_OF_THEM:
        return "", ""
    if signal.concept.match:
        return _pole_words(signal)
    return label(signal.lead.contrast.feature), ""


def because(signal: Signal) -> str:
    """Say the measured difference behind a word, with its interval."""
    c = signal.lead.contrast
    what = c.feature if c.level is None else f"{c.feature} = {c.level}"
    side = "above" if c.difference > 0 else "below"
    return f"{what} {abs(c.difference):.1f} sd {side} everyone ({c.low:+.1f} to {c.high:+.1f})"


def n_words(name: str) -> int:
    """Count the words of a name; a hyphen joins."""
    return len(name.split())
