"""Phrases that say what is particular about a segment, each with its figure.

What lives here: one phrase per signal, and the choice of three to five of them. What does not:
names (``name.py``). A phrase is only made of a difference whose interval, widened
for the number of features looked at, leaves out 0.
"""

from __future__ import annotations

from segmentry.domain.percent import percent
from segmentry.explain.contrast import Measured
from segmentry.explain.outcome import NO, YES
from segmentry.explain.reading import Signal, Signals
from segmentry.explain.word import figure, phrase, things, tokens

FEWEST, MOST = 3, 5
LONGEST_LEVEL = 40
NEAR_ZERO = 0.1
"""Standard deviations: so near 0, everyone's figure is no measure to count times or percents of."""
WORTH_TELLING = 0.2
"""Cohen's small effect: beneath it a difference is not told while there is a larger one."""


def traits(signals: Signals, *, share: float, value_share: float | None) -> tuple[str, ...]:
    """Choose three to five phrases: the strongest signals, one per family of concepts.

    Parameters
    ----------
    signals : mapping from key to Signal
    share : float
        Share of all entities that are in the segment.
    value_share : float or None
        Share of the value that they hold.

    Returns
    -------
    tuple of str
    """
    ranked = strongest(signals)
    told = [s for s in ranked if abs(s.difference) >= WORTH_TELLING][:MOST]
    if len(told) < FEWEST:
        told = ranked[:FEWEST]
    phrases = [trait(signal) for signal in told]
    fillers = [f"{percent(share)} of everyone"]
    if value_share is not None:
        fillers.append(f"{percent(value_share)} of the value")
    fillers.extend(_alike(s) for s in _undecided(signals))
    fillers.append("no other feature tells them from everyone")
    fillers.append("nothing else is known well enough to say more")
    return tuple(phrases + fillers[: max(0, FEWEST - len(phrases))])


def strongest(signals: Signals) -> list[Signal]:
    """Order the certain signals by what they tell, keeping the first of each family."""
    ranked = sorted(
        (s for s in signals.values() if s.is_certain and s.difference != 0.0 and not is_silent(s)),
        key=lambda s: (-round(_telling(s), 3), s.key),
    )
    kept: dict[str, Signal] = {}
    for signal in ranked:
        # Phrases bear figures, so the side that a concept leans on besides may be told as well.
        kept.setdefault(signal.concept.families[0], signal)
    return list(kept.values())


def _telling(signal: Signal) -> float:
    """Weigh a difference by how much a reader learns from it."""
    # What a segment has says more than a level it lacks, for there are many of those.
    level = signal.lead.contrast.level
    lacks = level is not None and signal.difference < 0
    double_negative = lacks and (level or "").strip().lower() in NO
    turned = 0.25 if double_negative else 0.5 if lacks else 1.0
    return (0.5 + 0.5 * signal.concept.weight) * abs(signal.difference) * turned


def is_silent(signal: Signal) -> bool:
    """Tell whether the pack keeps a level out of words, as one that only repeats another column."""
    level = signal.lead.contrast.level
    return level is not None and signal.concept.levels.get(level.strip().lower()) == ""


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
        own, everyone = percent(c.mean or 0.0), percent(c.overall_mean or 0.0)
        template = signal.pole.trait if "{percent}" in signal.pole.trait else "{percent} {about}"
        told = template.format(percent=own, about=things(c.feature), everyone=everyone)
        return told if "{everyone}" in template else f"{told} (everyone: {everyone})"
    template = signal.pole.trait
    if c.difference < 0 and statistic(signal.lead)[1] == 0.0 and "{less}" in template:
        return f"{_about(signal)}: {_none(signal.lead)} ({figures(signal.lead)})"
    if template and _fits(template, signal.lead):
        return _filled(template, signal.lead, signal.concept.unit)
    side = "above" if c.difference > 0 else "below"
    return f"{_about(signal)} {side} everyone's ({figures(signal.lead)})"


def _none(measured: Measured) -> str:
    return "none" if measured.contrast.mean == 0.0 else "mostly none"


def _about(signal: Signal) -> str:
    return signal.concept.label or phrase(signal.lead.contrast.feature)


def _level_trait(signal: Signal) -> str:
    c = signal.lead.contrast
    about, level = phrase(c.feature), (c.level or "").strip()
    own, everyone = percent(c.mean or 0.0), percent(c.overall_mean or 0.0)
    template = signal.pole.trait
    if level.lower() in YES:
        told = f"{own} have {about}"
    elif level.lower() in NO:
        told = f"{own} have no {about}"
    elif template:
        word = signal.concept.levels.get(level.lower()) or level
        told = template.format(percent=own, level=word)
    else:
        told = f"{about} {' '.join(level.split())[:LONGEST_LEVEL]!r} for {own}"
    return f"{told} (everyone: {everyone})"


def statistic(measured: Measured, unit: str = "") -> tuple[str, float, float]:
    """Choose the figure that shows a difference: the median, or the mean where medians agree.

    Shares per entity are told by their mean, which is the share among all.

    Returns
    -------
    tuple
        ``"median"`` or ``"average"``, the segment's figure, everyone's.
    """
    c = measured.contrast
    if c.median is not None and c.overall_median is not None and unit != "share":
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
    if "{span}" in template:
        return time_unit(measured) is not None
    if "{times}" not in template and "{less}" not in template:
        return True
    if everyone <= NEAR_ZERO * measured.spread:
        return False
    return own / everyone >= 1.15 if "{times}" in template else 0 <= own / everyone <= 0.9


def _filled(template: str, measured: Measured, unit: str) -> str:
    kind, own, everyone = statistic(measured, unit)
    write = percent if unit == "share" else figure
    ratio = own / everyone if everyone else 0.0
    return template.format(
        kind=kind,
        own=write(own),
        everyone=write(everyone),
        span=span(own, time_unit(measured)),
        everyone_span=span(everyone, time_unit(measured)),
        folds=_folds(own),
        everyone_folds=_folds(everyone),
        times=_times(ratio),
        less=percent(max(0.0, 1.0 - ratio)),
        figures=f"{kind} {write(own)}, everyone {write(everyone)}",
        percent=percent(own),
        about=phrase(measured.contrast.feature),
    )


TIME_UNITS = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")


def time_unit(measured: Measured) -> str | None:
    """Say in what unit a length of time is counted, where the column tells it."""
    told = (*tokens(measured.column.name).split(), measured.column.unit.lower())
    return next((unit for unit in TIME_UNITS if unit in told or unit[:-1] in told), None)


def span(value: float, unit: str | None) -> str:
    """Write a length of time; parts of a day in hours or minutes.

    Examples
    --------
    >>> span(12.4, "days"), span(0.2, "days"), span(0.001, "days"), span(1, "months")
    ('12 days', '4.8 hours', '1.4 minutes', '1 month')
    """
    if unit == "days" and 0 < value < 1:
        value, unit = (value * 24, "hours") if value * 24 >= 1 else (value * 1440, "minutes")
    told = figure(value)
    return f"{told} {(unit or '').removesuffix('s') if told == '1' else unit or ''}".strip()


def _folds(doublings: float) -> str:
    """Write how many times as much so many doublings are."""
    # Columns of another unit have no use for it, and would overflow.
    return figure(2.0 ** max(min(doublings, 100.0), -100.0))


def _times(ratio: float) -> str:
    return "twice" if 1.95 <= ratio < 2.05 else f"{figure(ratio)} times"
