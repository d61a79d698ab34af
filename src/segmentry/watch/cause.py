"""One cause for what moved, by rules that are written down, with the evidence for it.

What lives here: the rules and the advice. What does not: the figures they look at. The order of the
rules is told in ``docs/methods/drift.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.domain.drift import Advice, Cause, CauseName, Drift, Sign
from segmentry.domain.percent import percent
from segmentry.watch.mix import Explained

BROKEN = frozenset({"missing", "constant", "unit", "gone", "type", "levels"})
"""Checks that tell of data, not of entities."""

MOST_EXPLAINED = 0.6
"""Share of the movement that an explanation has to take away."""

OWN_MOVEMENT = 0.5
"""Share of the movement that entities known at both times, or those of a new region, have to show
themselves."""

MUCH = 0.1
"""Share of entities in other segments from which on the segments are not to be trusted."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the rules look at beside the signs.

    ``season`` is the share of the movement that is not there against the same time a year earlier,
    None where the history is too short; ``region`` the share that is not there without the entities
    of the emerging region; ``strata`` the best overlay; ``own`` what entities known at both times
    show, and their share of all.
    """

    season: float | None = None
    region: float | None = None
    strata: Explained | None = None
    own: tuple[float, float] | None = None


def named_cause(drift: Drift, grounds: Grounds) -> Cause:
    """Name the one cause of an alarm.

    Parameters
    ----------
    drift : Drift
    grounds : Grounds

    Returns
    -------
    Cause
        ``none`` where there is no alarm, ``unexplained`` where no rule fits.
    """
    if not drift.is_alarm:
        return Cause("none", (), ("nothing",), "nothing moved that matters")
    rules = [_broken]
    # Of events alone, entities' features explain nothing.
    if any(s.check not in {"mix", "volume"} for s in drift.alarms):
        rules += [_seasonal, _new_segment, _strata, _entities]
    for rule in rules:
        found = rule(drift, grounds)
        if found is not None:
            return found
    told = "no rule explains it: look at tracking first, then at who came and went"
    return Cause("unexplained", _moved(drift), ("look at tracking",), told)


def _moved(drift: Drift) -> tuple[str, ...]:
    """Give the gravest alarms as evidence."""
    return tuple(s.sentence for s in drift.alarms[:3])


def _seasonal(drift: Drift, grounds: Grounds) -> Cause | None:
    if grounds.season is None or grounds.season < MOST_EXPLAINED:
        return None
    why = f"{percent(grounds.season)} of it is not there against a year earlier"
    told = "it comes every year; wait until it passes"
    return Cause("seasonal", (why, *_moved(drift)), ("nothing",), told)


def _new_segment(drift: Drift, grounds: Grounds) -> Cause | None:
    found = drift.emerging
    if found is None or (grounds.region or 0.0) < OWN_MOVEMENT:
        return None
    why = (
        f"{found.n:,} entities ({percent(found.share.value)}) lie together, far from every segment"
    )
    told = "a new segment may be on its way: refit, and compare"
    return Cause("new segment", (why, *_moved(drift)), ("refit",), told)


def _strata(drift: Drift, grounds: Grounds) -> Cause | None:
    strata = grounds.strata
    if strata is None or strata.share < MOST_EXPLAINED:
        return None
    why = f"with {strata.by!r} weighed as it was, {percent(strata.share)} of it goes away"
    return _after("population mix", (why, *_moved(drift)), drift)


def _entities(drift: Drift, grounds: Grounds) -> Cause | None:
    """Tell those who changed from those who came."""
    if grounds.own is None:
        return None
    alone, known = grounds.own
    share = percent(min(max(alone, 0.0), 1.0))
    why = f"entities known at both times show {share} of it themselves"
    if alone >= OWN_MOVEMENT:
        return _after("behaviour change", (why, *_moved(drift)), drift)
    if known == 1.0:
        return None
    why += f"; {percent(1.0 - known)} of all are new"
    return _after("population mix", (why, *_moved(drift)), drift)


def _is_broken(sign: Sign) -> bool:
    return sign.check in BROKEN or (sign.check == "volume" and sign.about != "spike")


def _broken(drift: Drift, grounds: Grounds) -> Cause | None:  # noqa: ARG001 - one form for all rules
    """Tell of tracking, and whether the segments of now can be used meanwhile."""
    broken = [s for s in drift.alarms if _is_broken(s)]
    if not broken:
        return None
    is_much = moved_by(drift) >= MUCH or any(s.check in {"gone", "type"} for s in broken)
    advice: tuple[Advice, ...] = (
        ("look at tracking", "fall back") if is_much else ("look at tracking",)
    )
    told = "mend the data; until then "
    told += "use the segments of the reference" if is_much else "segments hold well enough"
    return Cause("broken pipeline", tuple(s.sentence for s in broken[:4]), advice, told)


def moved_by(drift: Drift) -> float:
    """Give the largest share of entities that one feature, or all together, put elsewhere."""
    effects = [s.effect.value for s in drift.shifts if s.effect is not None]
    net = 0.5 * sum(abs(s.change.value) for s in drift.segments)
    return max([net, *effects])


def _after(name: CauseName, because: tuple[str, ...], drift: Drift) -> Cause:
    """Advise by whether the borders still part those who are there now."""
    blurred = [s for s in drift.alarms if s.check in {"anomalies", "separation", "cohesion"}]
    if blurred:
        return Cause(name, because, ("refit",), "the segments no longer fit: refit, and compare")
    return Cause(name, because, ("nothing",), "segments still part entities; their sizes are news")
