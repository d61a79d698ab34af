"""Names that a business person would say, by rule from measured contrasts.

What lives here: candidate names of a segment (archetypes that pass their threshold, and names
composed from its strongest contrasts) and the choice among them for all segments at once, so that
names are unique. What does not: the words themselves (``pack.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from segmentry.domain.profile import Naming
from segmentry.explain.archetype import score
from segmentry.explain.outcome import NO, YES
from segmentry.explain.pack import Archetype, Pack
from segmentry.explain.reading import Signal, Signals
from segmentry.explain.word import label, level_label

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
    family: str
    signal: Signal


@dataclass(frozen=True, slots=True)
class Option:
    """A name that a segment could have, and how well it would suit."""

    naming: Naming
    suits: float


def name_segments(
    signals: tuple[Signals, ...], pack: Pack, *, noun: str, sizes: tuple[int, ...]
) -> tuple[Naming, ...]:
    """Name all segments at once: the best total suit under the rule that names are unique.

    Parameters
    ----------
    signals : tuple of mapping
        One entry per segment.
    pack : Pack
    noun : str
        Plural noun for who is segmented, for example ``"Customers"``.
    sizes : tuple of int
        Entities per segment: names of last resort rank segments by size.

    Returns
    -------
    tuple of Naming
        One per segment, two to four words each, no two alike.
    """
    options = [
        [*_archetypes(s, pack, noun), *_composed(s, pack, noun), *_typical(s, noun), last]
        for s, last in zip(signals, _last_resorts(sizes, noun), strict=True)
    ]
    return _best_total(options)


def _best_total(options: list[list[Option]]) -> tuple[Naming, ...]:
    from scipy.optimize import linear_sum_assignment

    names = sorted({o.naming.name.casefold() for own in options for o in own})
    column = {name: j for j, name in enumerate(names)}
    suits = np.full((len(options), len(names)), -100.0)
    chosen: dict[tuple[int, int], Naming] = {}
    for i, own in enumerate(options):
        for option in own:
            j = column[option.naming.name.casefold()]
            # Rounded, so that a difference in the last bits cannot swap two names.
            suit = round(option.suits, 6)
            if suit > suits[i, j]:
                suits[i, j] = suit
                chosen[i, j] = option.naming
    rows, columns = linear_sum_assignment(suits, maximize=True)
    return tuple(chosen[int(i), int(j)] for i, j in zip(rows, columns, strict=True))


def n_words(name: str) -> int:
    """Count the words of a name; a hyphen joins."""
    return len(name.split())


def _archetypes(signals: Signals, pack: Pack, noun: str) -> Iterable[Option]:
    top = max((w.salience for w in _words(signals)), default=0.0)
    for archetype in pack.archetypes:
        fitted = score(archetype.pattern, signals)
        name = archetype.name.format(noun=noun)
        if fitted is None or fitted < archetype.threshold or n_words(name) > MOST_WORDS:
            continue
        named = [signals[t.concept] for t in archetype.pattern.terms if t.concept in signals]
        told = max((s.concept.weight * abs(s.difference) for s in named), default=0.0)
        explained = min(1.0, told / top) if top > 0 else 1.0
        ahead = float(np.mean([min(s.ahead, 1.0) for s in named])) if named else 0.0
        demands = len(named) + len(archetype.pattern.facts)
        suits = 1.2 + fitted + 0.2 * demands + 0.6 * explained + 0.4 * ahead
        yield Option(_archetype_naming(archetype, name, fitted, signals), suits)


def _archetype_naming(
    archetype: Archetype, name: str, fitted: float, signals: Signals
) -> Naming:
    terms = [signals[t.concept] for t in archetype.pattern.terms if t.concept in signals]
    why = "; ".join(_because(s) for s in terms)
    reason = (
        f"archetype {archetype.key.replace('_', ' ')!r} scores {fitted:.2f} "
        f"and needs {archetype.threshold:.2f}: {why}"
    )
    return Naming(name, archetype.key, round(fitted, 6), archetype.threshold, reason)


def _because(signal: Signal) -> str:
    c = signal.lead.contrast
    what = c.feature if c.level is None else f"{c.feature} = {c.level}"
    side = "above" if c.difference > 0 else "below"
    return f"{what} {abs(c.difference):.1f} sd {side} everyone ({c.low:+.1f} to {c.high:+.1f})"


def _composed(signals: Signals, pack: Pack, noun: str) -> Iterable[Option]:
    words = _words(signals)[:STRONGEST]
    nearest = _nearest_archetype(signals, pack)
    for size in (1, 2, 3):
        for chosen in combinations(words, size):
            if len({w.family for w in chosen}) < size:
                continue
            for name, penalty in _phrased(chosen, noun):
                if FEWEST_WORDS <= n_words(name) <= MOST_WORDS and _reads_well(name):
                    yield Option(_composed_naming(name, chosen, nearest), _worth(chosen) - penalty)


def _worth(chosen: tuple[Word, ...]) -> float:
    ranked = sorted((w.salience for w in chosen), reverse=True)
    return min(2.4, sum(s * f for s, f in zip(ranked, (1.0, 0.5, 0.25), strict=False)))


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
    words = [word.casefold() for word in name.replace("-", " ").split()]
    return len(set(words)) == len(words)


def _composed_naming(name: str, chosen: tuple[Word, ...], nearest: str) -> Naming:
    ranked = sorted(chosen, key=lambda w: -w.salience)
    why = "; ".join(_because(w.signal) for w in ranked)
    return Naming(name, None, None, COMPOSED_THRESHOLD, f"composed from {why}{nearest}")


def _nearest_archetype(signals: Signals, pack: Pack) -> str:
    scored = [(score(a.pattern, signals) or 0.0, a) for a in pack.archetypes]
    best, archetype = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    if archetype is None or best == 0.0 or best >= archetype.threshold:
        return ""
    key = archetype.key.replace("_", " ")
    return f"; the nearest archetype, {key!r}, scores {best:.2f} and needs {archetype.threshold:.2f}"


def _words(signals: Signals) -> list[Word]:
    found = [word for key in sorted(signals) if (word := _word(signals[key])) is not None]
    return sorted(found, key=lambda w: (-round(w.salience, 2), w.slot, w.adjective, w.noun))


def _word(signal: Signal) -> Word | None:
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
    if not adjective and not noun:
        return None
    return Word(adjective, noun, salience, signal.concept.slot, signal.concept.family, signal)


def _pole_words(signal: Signal) -> tuple[str, str]:
    pole, d = signal.pole, abs(signal.difference)
    name = label(signal.lead.contrast.feature)
    adjective = pole.adjective if d >= STRONG or not pole.mild else pole.mild
    noun = pole.noun if d >= NOUN_EARNED else ""
    return adjective.replace("{label}", name), noun.replace("{label}", name)


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
    if level.strip().lower() in YES:
        return about
    if level.strip().lower() in NO:
        return f"No {about}"
    if not any(letter.isalpha() for letter in text) or len(text) == 1:
        return f"{label(column, n_words=1)} {text}".strip()
    return text


def _flag_words(signal: Signal) -> tuple[str, str]:
    mean = signal.lead.contrast.mean or 0.0
    if signal.lead.contrast.difference <= 0 or mean < MOST_OF_THEM:
        return "", ""
    if signal.concept.match:
        return _pole_words(signal)
    return label(signal.lead.contrast.feature), ""


def _typical(signals: Signals, noun: str) -> Iterable[Option]:
    """Offer "typical" to a segment that differs from everyone in nothing much."""
    told = [s for s in signals.values() if s.concept.weight > 0 and s.is_certain]
    most = max((abs(s.difference) for s in told), default=0.0)
    if most < STRONG:
        reason = f"no feature differs from everyone by more than {most:.1f} sd"
        naming = Naming(f"Typical {noun}", None, None, COMPOSED_THRESHOLD, reason)
        yield Option(naming, 1.0 - most)


ORDINALS = (
    "Largest", "Second-Largest", "Third-Largest", "Fourth-Largest", "Fifth-Largest",
    "Sixth-Largest", "Seventh-Largest", "Eighth-Largest", "Ninth-Largest", "Tenth-Largest",
    "Eleventh-Largest", "Twelfth-Largest",
)  # fmt: skip


def _last_resorts(sizes: tuple[int, ...], noun: str) -> list[Option]:
    """Call segments without any contrast of their own by the one thing that is known: their size."""
    order = sorted(range(len(sizes)), key=lambda i: (-sizes[i], i))
    rank = {i: r for r, i in enumerate(order)}
    return [
        Option(
            Naming(
                f"{ORDINALS[r] if (r := rank[i]) < len(ORDINALS) else f'{r + 1}th-Largest'} {noun}",
                None, None, COMPOSED_THRESHOLD,
                "no contrast tells this segment from the others, so its size does",
            ),
            -2.0,
        )
        for i in range(len(sizes))
    ]  # fmt: skip
