"""How well a pattern over concepts fits a segment.

What lives here: membership of one term, the score of a pattern, and its facts on raw figures.
What does not: which of several fitting archetypes a segment is called by (``name.py``).
"""

from __future__ import annotations

import numpy as np

from segmentry.explain.contrast import Measured
from segmentry.explain.pack import Fact, Pattern, Term
from segmentry.explain.reading import Signal, Signals
from segmentry.explain.word import tokens

PLAIN = 0.8
"""A difference of this many standard deviations fulfils a term; it is what Cohen calls large."""

LEAST = 0.15
"""A term that asks for high or low fails beneath this difference."""

TYPICAL = 0.5
"""Within this many standard deviations a segment is like everyone."""


def score(pattern: Pattern, signals: Signals) -> float | None:
    """Say how well a pattern fits: 1 where every term is fulfilled in full.

    Parameters
    ----------
    pattern : Pattern
    signals : mapping from key to Signal

    Returns
    -------
    float or None
        The weighted mean of the terms' memberships, 0 to 1; None where a term fails, a needed
        concept is absent, or a fact does not hold.
    """
    total = weight = 0.0
    for term in pattern.terms:
        signal = signals.get(term.concept)
        if signal is None and term.optional:
            continue
        fitted = membership(term, signal)
        if fitted is None:
            if not term.optional or contradicts(term, signal):
                return None
            fitted = 0.0
        total += term.weight * fitted
        weight += term.weight
    if not all(holds(fact, signals) for fact in pattern.facts):
        return None
    return total / weight if weight else 0.0


def membership(term: Term, signal: Signal | None) -> float | None:
    """Say how far one term is fulfilled, 0 to 1; None where it is not at all."""
    if signal is None:
        return None
    if term.wanted == "typical":
        near = 1.0 - abs(signal.difference) / TYPICAL
        return near if near > 0 else None
    turned = signal.difference if term.wanted == "high" else -signal.difference
    if turned < LEAST or not signal.is_certain:
        return None
    return float(np.clip(turned / PLAIN, 0.0, 1.0))


def contradicts(term: Term, signal: Signal | None) -> bool:
    """Tell whether a segment stands at the other end of what a term asks for."""
    if signal is None or not signal.is_certain:
        return False
    if term.wanted == "typical":
        return abs(signal.difference) > PLAIN
    turned = signal.difference if term.wanted == "high" else -signal.difference
    return turned < -LEAST


def holds(fact: Fact, signals: Signals) -> bool:
    """Check a demand on raw figures; one whose columns are all absent does not hold."""
    for name in fact.of:
        measured = _find(name, signals)
        if measured is not None:
            value = _statistic(fact.key, measured)
            if value is None:
                return False
            most = fact.key.endswith("at_most")
            return value <= fact.bound if most else value >= fact.bound
    return False


def _find(name: str, signals: Signals) -> Measured | None:
    if name in signals:
        return signals[name].lead
    wanted = tokens(name)
    members = (m for signal in signals.values() for m in signal.members)
    return next((m for m in members if tokens(m.contrast.feature) == wanted), None)


def _statistic(key: str, measured: Measured) -> float | None:
    c = measured.contrast
    if key.startswith("mean"):
        return c.mean
    if key.startswith("median"):
        return c.median if c.median is not None else c.mean
    if c.median is not None and c.overall_median:
        return c.median / c.overall_median
    return c.mean / c.overall_mean if c.mean is not None and c.overall_mean else None
