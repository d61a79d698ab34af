"""Phrases that say what is particular about a segment, each with its figure.

What lives here: one phrase per signal, and the choice of three to five of them. What does not:
names (``name.py``). A phrase is only made of a difference whose interval leaves out 0.
"""

from __future__ import annotations

from segmentry.explain.contrast import Measured
from segmentry.explain.reading import Signal, Signals
from segmentry.explain.word import figure, percent, phrase

FEWEST, MOST = 3, 5
WORTH_TELLING = 0.2
"""Cohen's small effect: beneath it a difference is not told while there is a larger one."""


def traits(
    signals: Signals, *, share: float, value_share: float | None, noun: str
) -> tuple[str, ...]:
    """Choose three to five phrases: the strongest signals, one per family of concepts.

    Parameters
    ----------
    signals : mapping from key to Signal
    share : float
        Share of all entities that are in the segment.
    value_share : float or None
        Share of the value that they hold.
    noun : str
        Plural noun, for the phrases that fill up where contrasts are few.

    Returns
    -------
    tuple of str
    """
    ranked = strongest(signals)
    told = [s for s in ranked if abs(s.difference) >= WORTH_TELLING][:MOST]
    if len(told) < FEWEST:
        told = ranked[:FEWEST]
    phrases = [trait(signal) for signal in told]
    fillers = [f"{percent(share)} of all {noun.lower()}"]
    if value_share is not None:
        fillers.append(f"{percent(value_share)} of the value")
    fillers.extend(_alike(s) for s in _undecided(signals))
    fillers.append("no other feature tells them from everyone")
    return tuple(phrases + fillers[: max(0, FEWEST - len(phrases))])


def strongest(signals: Signals) -> list[Signal]:
    """Order the certain signals by what they tell, keeping the first of each family."""
    ranked = sorted(
        (s for s in signals.values() if s.is_certain and s.difference != 0.0),
        key=lambda s: (-round((0.5 + 0.5 * s.concept.weight) * abs(s.difference), 3), s.key),
    )
    kept: dict[str, Signal] = {}
    for signal in ranked:
        kept.setdefault(signal.concept.family, signal)
    return list(kept.values())


def _undecided(signals: Signals) -> list[Signal]:
    return sorted((s for s in signals.values() if not s.is_certain), key=lambda s: s.key)


def _alike(signal: Signal) -> str:
    c = signal.lead.contrast
    what = _about(signal) if c.level is None else f"{phrase(c.feature)} {c.level!r}"
    return f"{what} much as everyone ({figures(signal.lead)})"


def trait(signal: Signal) -> str:
    """Say one signal in words, with the figures behind it."""
    c = signal.lead.contrast
    if c.level is not None:
        return _level_trait(signal)
    if signal.lead.is_share:
        template = signal.pole.trait if "{percent}" in signal.pole.trait else "{percent} {about}"
        head = template.format(percent=percent(c.mean or 0.0), about=phrase(c.feature))
        return f"{head} (everyone: {percent(c.overall_mean or 0.0)})"
    template = signal.pole.trait
    if template and _fits(template, signal.lead):
        return _filled(template, signal.lead, signal.concept.unit)
    side = "above" if c.difference > 0 else "below"
    return f"{_about(signal)} {side} everyone's ({figures(signal.lead)})"


def _about(signal: Signal) -> str:
    return signal.concept.label or phrase(signal.lead.contrast.feature)


def _level_trait(signal: Signal) -> str:
    c = signal.lead.contrast
    about, level = phrase(c.feature), " ".join((c.level or "").split())[:40]
    return (
        f"{percent(c.mean or 0.0)} have {about} {level!r} (everyone: {percent(c.overall_mean or 0.0)})"
    )


def statistic(measured: Measured) -> tuple[str, float, float]:
    """Choose the figure that shows a difference: the median, or the mean where medians agree.

    Returns
    -------
    tuple
        ``"median"`` or ``"average"``, the segment's figure, everyone's.
    """
    c = measured.contrast
    if c.median is not None and c.overall_median is not None:
        gap = c.median - c.overall_median
        if gap * c.difference > 0 and figure(c.median) != figure(c.overall_median):
            return "median", c.median, c.overall_median
    return "average", c.mean or 0.0, c.overall_mean or 0.0


def figures(measured: Measured) -> str:
    """Write both figures: ``median 12, everyone 4``."""
    kind, own, everyone = statistic(measured)
    if measured.is_share:
        return f"{percent(own)}, everyone {percent(everyone)}"
    return f"{kind} {figure(own)}, everyone {figure(everyone)}"


def _fits(template: str, measured: Measured) -> bool:
    """Check that the words hold for the raw figures, not only on the scaled column."""
    _, own, everyone = statistic(measured)
    if measured.contrast.difference * (own - everyone) <= 0:
        return False
    if "{times}" in template:
        return everyone > 0 and own / everyone >= 1.15
    if "{less}" in template:
        return everyone > 0 and 0 <= own / everyone <= 0.9
    return True


def _filled(template: str, measured: Measured, unit: str) -> str:
    kind, own, everyone = statistic(measured)
    write = percent if unit == "share" else figure
    ratio = own / everyone if everyone else 0.0
    return template.format(
        kind=kind,
        own=write(own),
        everyone=write(everyone),
        times=_times(ratio),
        less=percent(max(0.0, 1.0 - ratio)),
        figures=f"{kind} {write(own)}, everyone {write(everyone)}",
        percent=percent(own),
        about=phrase(measured.contrast.feature),
    )


def _times(ratio: float) -> str:
    return "twice" if 1.95 <= ratio < 2.05 else f"{figure(ratio)} times"
