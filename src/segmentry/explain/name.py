"""Names that a business person would say, by rule from measured contrasts.

What lives here: archetypes that pass their threshold, and the choice among all candidate names
for all segments at once, so that names are unique. What does not: composed names (``grammar.py``),
names of last resort (``rank.py``) and the words themselves (``pack.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from segmentry.domain.profile import Naming
from segmentry.explain.archetype import score
from segmentry.explain.claims import Claims, is_generic, words
from segmentry.explain.grammar import (
    COMPOSED_THRESHOLD,
    MOST_WORDS,
    STRONG,
    Option,
    because,
    composed,
    n_words,
    words_of,
)
from segmentry.explain.pack import Archetype, Pack
from segmentry.explain.rank import graded, last_resorts
from segmentry.explain.reading import Signals
from segmentry.maths.matching import best_matching

KEPT = 1_000.0
"""What a name that is kept gains: no other name suits so well."""

OBJECTIVE = 0.25
"""What an archetype gains by speaking to the project's objective."""


def name_segments(
    signals: tuple[Signals, ...],
    pack: Pack,
    *,
    noun: str,
    sizes: tuple[int, ...],
    happened: tuple[Signals, ...] | None = None,
    objective: str = "none",
    known: tuple[Naming | None, ...] = (),
    number: int = 0,
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
    happened : tuple of mapping, optional
        The same signals with those of outcomes among them: an archetype may ask for an outcome,
        a composed name never tells one.
    objective : str
        The project's objective; it leans the choice among archetypes that fit.
    known : tuple of Naming or None
        What the same segments were called by the rule in an earlier release: such a name stays as
        long as today's figures show it. None for a segment that was not there.
    number : int
        Of that release.

    Returns
    -------
    tuple of Naming
        One per segment, two to four words each, no two alike.
    """
    ranked, last = graded(signals, noun), last_resorts(sizes, noun)
    options = [
        [
            *_archetypes(own, (happened or signals)[i], pack, noun, objective),
            *composed(own, pack, noun),
            *_typical(own, noun),
            *ranked[i],
            last[i],
        ]
        for i, own in enumerate(signals)
    ]
    names = _best_total(options)
    if not any(known):
        return names
    both = zip(options, known, signals, happened or signals, strict=True)
    kept = [
        None if naming is None else _still_true(naming, own, Claims.of(here, then, pack))
        for own, naming, here, then in both
    ]
    held = [own if k is None else [Option(k, KEPT)] for own, k in zip(options, kept, strict=True)]
    return tuple(
        name
        if name.name == by_rule.name
        else replace(name, reason=_why_kept(name, by_rule, number, is_kept=k is not None))
        for name, by_rule, k in zip(_best_total(held), names, kept, strict=True)
    )


def _still_true(naming: Naming, options: list[Option], claims: Claims) -> Naming | None:
    """Give an earlier name with what speaks for it today; None where nothing does."""
    again = next((o.naming for o in options if o.naming.name == naming.name), None)
    if again is not None:
        return again
    untrue, left = claims.untrue(words(naming.name))
    if untrue is not None or not is_generic(left):
        return None
    return Naming(naming.name, None, None, COMPOSED_THRESHOLD, "every word of it still holds")


def _why_kept(name: Naming, by_rule: Naming, number: int, *, is_kept: bool) -> str:
    if is_kept:
        return f"{name.reason}; kept from release {number}, the rule would say {by_rule.name!r}"
    return f"{name.reason}; {by_rule.name!r} is kept by another segment"


def name_parts(
    signals: tuple[Signals, ...],
    pack: Pack,
    *,
    noun: str,
    sizes: tuple[int, ...],
    taken: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """Name the parts of one segment by what sets them apart from it.

    Archetypes speak of everyone, so no part is called by one: a champion among the lapsed is none.

    Parameters
    ----------
    signals : tuple of mapping
        One entry per part, held against the segment.
    pack : Pack
    noun : str
    sizes : tuple of int
    taken : frozenset of str
        Names that others have, in lower case.

    Returns
    -------
    tuple of str
        No two alike, and none that is taken.
    """
    ranked, last = graded(signals, noun), last_resorts(sizes, noun)
    options = []
    for i, own in enumerate(signals):
        offered = [*composed(own, pack, noun, is_part=True), *ranked[i]]
        free = [o for o in offered if o.naming.name.casefold() not in taken]
        options.append([*free, _free(last[i], taken)])
    return tuple(naming.name for naming in _best_total(options))


def _free(option: Option, taken: frozenset[str]) -> Option:
    """Count on, where others have the name already."""
    name, n = option.naming.name, 1
    while (name if n == 1 else f"{name} {n}").casefold() in taken:
        n += 1
    return option if n == 1 else replace(option, naming=replace(option.naming, name=f"{name} {n}"))


def _best_total(options: list[list[Option]]) -> tuple[Naming, ...]:
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
    return tuple(chosen[i, int(j)] for i, j in enumerate(best_matching(suits)))


def _archetypes(
    signals: Signals, happened: Signals, pack: Pack, noun: str, objective: str
) -> Iterable[Option]:
    top = max((w.salience for w in words_of(signals)), default=0.0)
    for archetype in pack.archetypes:
        fitted = score(archetype.pattern, happened)
        name = archetype.name.format(noun=noun)
        if fitted is None or fitted < archetype.threshold or n_words(name) > MOST_WORDS:
            continue
        named = [happened[t.concept] for t in archetype.pattern.terms if t.concept in happened]
        told = max((s.concept.weight * abs(s.difference) for s in named), default=0.0)
        explained = min(1.0, told / top) if top > 0 else 1.0
        ahead = float(np.mean([min(s.ahead, 1.0) for s in named])) if named else 0.0
        demands = len(named) + 0.5 * len(archetype.pattern.facts)
        suits = 1.2 + fitted + 0.2 * demands + 0.6 * explained + 0.4 * ahead
        suits += OBJECTIVE * (objective in archetype.objectives)
        yield Option(_archetype_naming(archetype, name, fitted, happened), suits)


def _archetype_naming(archetype: Archetype, name: str, fitted: float, signals: Signals) -> Naming:
    terms = [signals[t.concept] for t in archetype.pattern.terms if t.concept in signals]
    why = "; ".join(because(s) for s in terms)
    reason = (
        f"archetype {archetype.key.replace('_', ' ')!r} scores {fitted:.2f} "
        f"and needs {archetype.threshold:.2f}: {why}"
    )
    return Naming(name, archetype.key, round(fitted, 6), archetype.threshold, reason)


def _typical(signals: Signals, noun: str) -> Iterable[Option]:
    """Offer "typical" to a segment that differs from everyone in nothing much."""
    told = [s for s in signals.values() if s.concept.weight > 0 and s.is_certain]
    most = max((abs(s.difference) for s in told), default=0.0)
    if most < STRONG:
        reason = f"no feature differs from everyone by more than {most:.1f} sd"
        naming = Naming(f"Typical {noun}", None, None, COMPOSED_THRESHOLD, reason)
        yield Option(naming, 1.0 - most)
