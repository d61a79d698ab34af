"""What watching found, as people read it: the cause first, then the figures behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.cli.compare_words import NOTHING, print_table, say
from segmentry.domain.percent import percent

if TYPE_CHECKING:
    from segmentry.domain.bounded import Bounded
    from segmentry.domain.drift import Drift, Shift

MOST_SHIFTS = 8


def print_drift(drift: Drift) -> None:
    """Print one comparison to standard output.

    Parameters
    ----------
    drift : Drift
    """
    when = f"{drift.as_of:%Y-%m-%d}" if drift.as_of else "now"
    say(
        f"{when} held against {drift.then}: {drift.n_now:,} entities, after {drift.n_then:,}; "
        f"{drift.n_checks} checks"
    )
    say(verdict(drift))
    if drift.cause is not None:
        for because in drift.cause.because:
            say(f"  {because}")
    others = [s for s in drift.alarms if drift.cause is None or s.sentence not in _told(drift)]
    for sign in others:
        say(f"also: {sign.sentence}")
    moved = [s for s in drift.shifts if s.effect is not None][:MOST_SHIFTS]
    if moved:
        say("")
        print_table(
            ["feature", "puts elsewhere", "stability", "distance", "median", "usual"],
            [_row(s) for s in moved],
        )
        say(
            "puts elsewhere: share of entities that would be in another segment if this feature "
            "alone had its earlier distribution; stability: population stability index less "
            "chance; distance: in standard deviations; 95 % intervals; usual: the most it moved "
            "in equal times before"
        )
    say("")
    print_table(
        ["segment", "then", "now", "change"],
        [[s.segment, percent(s.then), percent(s.now), _points(s.change)] for s in drift.segments],
    )
    say(f"far from every segment: {_share(drift.anomalies_now)}, after "
        f"{percent(drift.anomalies_then)}")  # fmt: skip


def verdict(drift: Drift) -> str:
    """Say in one line whether there is an alarm, its cause, and what to do."""
    if drift.cause is None or not drift.is_alarm:
        return "no alarm: nothing moved that matters"
    advice = ", ".join(drift.cause.advice)
    return f"ALARM: {drift.cause.name}. Advice: {advice} ({drift.cause.told})"


def print_replay(found: list[Drift]) -> None:
    """Print each cut of a replay in one line, alarms with what raised them first."""
    for drift in found:
        when = f"{drift.as_of:%Y-%m-%d}" if drift.as_of else ""
        if drift.is_alarm and drift.cause is not None:
            say(f"{when}  {drift.cause.name}: {drift.alarms[0].sentence}")
        else:
            say(f"{when}  {NOTHING}")
    n = sum(d.is_alarm for d in found)
    say(f"{n} of {len(found)} cuts with an alarm")


def _told(drift: Drift) -> tuple[str, ...]:
    return drift.cause.because if drift.cause is not None else ()


def _row(shift: Shift) -> list[str]:
    median = NOTHING
    if shift.median_then is not None and shift.median_now is not None:
        median = f"{shift.median_now:.4g} after {shift.median_then:.4g}"
    return [
        shift.feature,
        _share(shift.effect),
        str(shift.stability),
        NOTHING if shift.distance is None else str(shift.distance),
        median,
        NOTHING if shift.usual is None else f"{shift.usual:.2f}",
    ]


def _share(figure: Bounded | None) -> str:
    if figure is None:
        return NOTHING
    value, low, high = (percent(v, finely=True) for v in (figure.value, figure.low, figure.high))
    return f"{value} ({low} to {high})"


def _points(figure: Bounded) -> str:
    return f"{100 * figure.value:+.1f} ({100 * figure.low:+.1f} to {100 * figure.high:+.1f}) points"
