"""The order of work: by what was measured, or else by what is at stake.

What lives here: expected values with intervals from effects that somebody gives. What does not:
any effect of our own. Without a figure there is no expected value, only how much is at stake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmentry.domain.playbook import Effect, Priority
from segmentry.errors import UsageError, nearest


def priorities(
    segments: Sequence[Mapping[str, Any]], effects: Sequence[Effect] = ()
) -> tuple[Priority, ...]:
    """Order segments by expected value, those without a figure after them by what is at stake.

    Parameters
    ----------
    segments : sequence of mapping
        As ``segments.json`` has them: ``name``, ``size``, ``share``, and ``value_share`` if any.
    effects : sequence of Effect
        At most one per segment.

    Returns
    -------
    tuple of Priority
        The largest expected value first; then the largest share of the value, or of everyone.

    Raises
    ------
    UsageError
        For an effect on a segment that there is not.

    Notes
    -----
    With n members, effect e with interval (l, h) and cost c the expected value is n (e - c), its
    interval n (l - c) to n (h - c): the size of a segment is counted, not estimated.

    Examples
    --------
    >>> told = [{"name": n, "size": 10, "share": 0.5} for n in ("Big Spenders", "New Buyers")]
    >>> found = priorities(told, [Effect("New Buyers", 3.0, 1.0, 5.0, 2.0)])
    >>> [(p.segment, p.value, p.low) for p in found]
    [('New Buyers', 10.0, -10.0), ('Big Spenders', None, None)]
    """
    given = {effect.segment: effect for effect in effects}
    names = [str(s["name"]) for s in segments]
    for unknown in given.keys() - set(names):
        msg = f"there is no segment {unknown!r}"
        raise UsageError(msg, hint=nearest(unknown, names))
    found = [(_priority(s, given.get(str(s["name"]))), _stake(s)) for s in segments]
    found.sort(key=lambda pair: (pair[0].value is None, -(pair[0].value or 0.0), -pair[1]))
    return tuple(priority for priority, _ in found)


def _priority(segment: Mapping[str, Any], effect: Effect | None) -> Priority:
    name, n = str(segment["name"]), int(segment["size"])
    if effect is None:
        return Priority(name, n, None, None, None, None)
    value, low, high = (n * (e - effect.cost) for e in (effect.effect, effect.low, effect.high))
    return Priority(name, n, effect, value, low, high)


def _stake(segment: Mapping[str, Any]) -> float:
    value = segment.get("value_share")
    return float(segment["share"] if value is None else value)
