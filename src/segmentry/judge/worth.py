"""Whether a change to new segments would add value over those that somebody already has.

What lives here: the verdict out of what both explain, and its sentence. What does not: the figures
themselves (``maths.gain``), how far both agree (``judge.existing``). Read on in
``docs/methods/existing.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

from segmentry.domain.existing import Crossing, Gain, Unmeasured, Worth, told_index, told_parts
from segmentry.domain.percent import percent

SAME_ARI = 0.9
"""From this adjusted Rand index on two partitions recover each other (Steinley, D. 2004. Properties
of the Hubert-Arabie adjusted Rand index. Psychological Methods 9, 386-396)."""

_WORDS = {
    Worth.SAME: "say the same again",
    Worth.MORE: "add value",
    Worth.PART: "add value in part, and lose some",
    Worth.NOTHING: "were not shown to add value",
    Worth.LESS: "lose value",
}


_WITHOUT_OUTCOMES = {
    Worth.MORE: "describe entities better",
    Worth.NOTHING: "were not shown to describe entities better",
    Worth.LESS: "describe entities worse",
}


def judge_worth(crossing: Crossing, features: Gain, outcomes: Sequence[Gain]) -> Worth:
    """Say what a change would bring.

    Outcomes decide where there are any: features favour the segments that were found on them.

    Parameters
    ----------
    crossing : Crossing
    features : Gain
    outcomes : sequence of Gain

    Returns
    -------
    Worth
    """
    if crossing.adjusted_rand >= SAME_ARI:
        return Worth.SAME
    signs = {gain.sign for gain in outcomes or (features,)}
    if {1, -1} <= signs:
        return Worth.PART
    if 1 in signs:
        return Worth.MORE
    return Worth.LESS if -1 in signs else Worth.NOTHING


def worth_sentence(
    column: str,
    crossing: Crossing,
    features: Gain,
    outcomes: Sequence[Gain],
    worth: Worth,
    unmeasured: Sequence[Unmeasured] = (),
) -> str:
    """Say in one sentence what a change would bring, with the figures behind it."""
    n_old = len(crossing.existing)
    n_new = sum(any(row[i] for row in crossing.counts) for i in range(len(crossing.counts[0])))
    words = _WORDS[worth]
    if worth is Worth.LESS and features.sign > 0:
        words = "describe entities better, and tell outcomes worse"
    elif not outcomes and worth is not Worth.SAME:
        words = _WITHOUT_OUTCOMES[worth]
    told = (
        f"Beside the existing segments of {column} ({n_old}), the new ones ({n_new}) {words}: "
        f"they agree at {told_index(crossing.adjusted_rand)} ({told_index(crossing.low)} to "
        f"{told_index(crossing.high)}; "
        f"1: the same) and explain {percent(features.chosen)} of how entities differ in the "
        f"features that they were found on, the existing ones {percent(features.existing)} "
        f"({_points(features)})"
    )
    if outcomes:
        told += f"; they tell {'; '.join(_by_sign(outcomes))}."
    else:
        told += "; no outcome was measured, so whether a change pays is open."
    lacking = "; ".join(f"{o.name} ({o.reason})" for o in unmeasured)
    return f"{told} Not measured: {lacking}." if lacking else told


def _by_sign(outcomes: Sequence[Gain]) -> list[str]:
    """Group outcomes by who explains more of them; a single one is told with its figures."""
    told = []
    for sign, word in (
        (1, "more of"),
        (-1, "less of"),
        (0, "neither more nor less, as far as was shown, of"),
    ):
        found = [g for g in outcomes if g.sign == sign]
        if len(found) == 1:
            told.append(f"{word} {found[0].name} ({_points(found[0])})")
        elif found:
            told.append(f"{word} {told_parts([g.name for g in found])}")
    return told


def _points(gain: Gain) -> str:
    digits = 0 if abs(gain.gain) >= 0.1 else 1
    ends = (f"{100 * v:+.{digits}f}" for v in (gain.gain, gain.low, gain.high))
    return "{} points, {} to {}".format(*ends)
