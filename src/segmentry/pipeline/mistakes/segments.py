"""Mistakes that tell from the segments of a run: what they are good for, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.judging import Heldout
from segmentry.domain.mistake import Mistake, State, absent
from segmentry.domain.profile import Profile
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.explain.outcome import is_binary, outcome_values
from segmentry.judge.demands import MEDIUM_GAP, Lever
from segmentry.judge.differing import ALPHA
from segmentry.maths.outcome import difference_p_value
from segmentry.pipeline.demands import levers_of
from segmentry.pipeline.find import Found
from segmentry.pipeline.mistakes.intent import FEW, MANY, USUAL_BAND
from segmentry.pipeline.mistakes.rows import some_rows
from segmentry.pipeline.mistakes.words import counted, listed
from segmentry.pipeline.ready import Ready

Pair = tuple[int, int, float, str]
"""Two segments, and the feature in which they differ most, with how far."""


TRAITS = 2
"""Strongest differences from everyone by which a segment is known."""

Traits = frozenset[tuple[str, str | None, bool]]


def of_segments(
    ready: Ready, found: Found, profiles: tuple[Profile, ...], heldout: Heldout | None
) -> Iterator[Mistake]:
    """Look for mistakes in what a run found.

    Parameters
    ----------
    ready : Ready
    found : Found
    profiles : tuple of Profile
    heldout : Heldout or None

    Yields
    ------
    Mistake
        One of each kind that is looked for here, two where both are found.
    """
    rows = some_rows(ready.table.n_entities)
    segment, some = found.answers.segment[rows], ready.table.take(rows)
    levers = tuple(levers_of(ready.table, ready.prepared.features, rows, "auto"))
    for looked in (
        (_how_many(found.selection.reason, len(profiles)),),
        _without_consequence(segment, profiles, levers),
        (_unreadable(profiles),),
        _held_against(some, segment, heldout),
    ):
        yield from (replace(mistake, is_of_segments=True) for mistake in looked)


def _how_many(reason: str, n: int) -> Mistake:
    figures = {"n_segments": n}
    if FEW < n < MANY:
        return absent("M10", f"there are {n} segments", **figures)
    side = "too few to tell what differs" if n <= FEW else "more than people can act on"
    said = f"there are {counted(n, 'segment')}, {side}; chosen because: {reason}"
    return Mistake("M10", State.FOUND, said, USUAL_BAND, figures=MappingProxyType(figures))


def _without_consequence(
    segment: NDArray[np.int64], profiles: tuple[Profile, ...], levers: Sequence[Lever]
) -> Iterator[Mistake]:
    """Look for segments that are treated alike, and for two that differ in nothing."""
    fewer = f"segments: {{max: {max(len(profiles) - 1, 2)}}}"
    pairs = alike_pairs(segment, len(profiles), levers)
    if pairs:
        yield _alike(pairs, profiles, fewer)
    shared = _treated_alike(profiles)
    if shared:
        told = "; ".join(f"{listed(names)} ({action})" for action, names in shared)
        yield Mistake(
            "M05",
            State.FOUND,
            "the same action is suggested for segments that the same two features set apart most: "
            f"{told}",
            f"say in the decision what you would do differently for them; or {fewer}",
            "info",
            tuple(name for _, names in shared for name in names),
            MappingProxyType({"n_segments": sum(len(names) for _, names in shared)}),
        )
    if not pairs and not shared:
        said = "any two segments differ plainly, and no two call for the same for the same reason"
        yield absent("M05", said, n_segments=len(profiles))


def _treated_alike(profiles: tuple[Profile, ...]) -> list[tuple[str, list[str]]]:
    """Give actions with their segments, where several have the action and what they are in common.

    An action alone is no proof: it is suggested from a list of the trade, which is short.
    """
    by_treatment: dict[tuple[str, Traits], list[str]] = {}
    for profile in profiles:
        first = profile.contrasts[:TRAITS]
        traits = frozenset((c.feature, c.level, c.difference > 0) for c in first)
        by_treatment.setdefault((profile.action, traits), []).append(profile.name)
    return [(action, names) for (action, _), names in by_treatment.items() if len(names) > 1]


def _alike(pairs: Sequence[Pair], profiles: tuple[Profile, ...], fewer: str) -> Mistake:
    """Tell the pairs that differ in nothing, by the one that differs least."""
    i, j, most, feature = min(pairs, key=lambda pair: (round(pair[2], 9), *pair[:2]))
    more = "" if len(pairs) == 1 else f"; so it is with {counted(len(pairs) - 1, 'other pair')}"
    return Mistake(
        "M05",
        State.FOUND,
        f"{listed([profiles[i].name, profiles[j].name])} differ in no feature by a medium effect; "
        f"most in {feature!r}, by {most:.2f} of it{more}",
        f"segments: {{distinct: true}}, or {fewer}",
        about=tuple(dict.fromkeys(profiles[k].name for pair in pairs for k in pair[:2])),
        figures=MappingProxyType({"n_pairs": len(pairs), "largest_of_a_medium_effect": most}),
    )


def alike_pairs(segment: NDArray[np.int64], n_segments: int, levers: Sequence[Lever]) -> list[Pair]:
    """Find pairs of segments that differ by a medium effect in no feature.

    Parameters
    ----------
    segment : ndarray of int, shape (n,)
    n_segments : int
    levers : sequence of Lever

    Returns
    -------
    list of (int, int, float, str)
        Both segments, the largest difference in units of a medium effect, and its feature.
    """
    if not levers or n_segments < 2:
        return []
    rows, columns = np.triu_indices(n_segments, 1)
    ordered = sorted(levers, key=lambda lever: lever.name)
    effects = np.array(
        [
            np.nan_to_num(lever.effects(segment, n_segments)[rows, columns]) / lever.medium
            for lever in ordered
        ]
    )
    most = effects.max(axis=0)
    return [
        (int(rows[p]), int(columns[p]), float(most[p]), ordered[int(effects[:, p].argmax())].name)
        for p in np.flatnonzero(most < 1.0)
    ]


def _unreadable(profiles: tuple[Profile, ...]) -> Mistake:
    """Look for segments that no feature tells from everyone."""
    sizes = [max((abs(c.difference) for c in p.contrasts), default=0.0) for p in profiles]
    plain = [(s, p.name) for s, p in zip(sizes, profiles, strict=True) if s < MEDIUM_GAP]
    if not plain:
        said = "each segment differs from everyone by a medium effect in a feature or more"
        return absent("M11", f"{said}; whether somebody has read them is not known")
    names = [name for _, name in plain]
    most = max(size for size, _ in plain)
    verb = "differs" if len(names) == 1 else "differ"
    return Mistake(
        "M11",
        State.FOUND,
        f"{listed(names)} {verb} from everyone by {most:.2f} standard deviations at most, so that "
        "there is nothing to say about them",
        "look at their cards in the report before you use them, or ask for plainer segments: "
        "segments: {distinct: true}",
        about=tuple(names),
        figures=MappingProxyType({"largest_difference": most}),
    )


def _held_against(
    table: FeatureTable, segment: NDArray[np.int64], heldout: Heldout | None
) -> Iterator[Mistake]:
    """Look for outcomes that segments differ in; where there are none, others tell."""
    tested = [(o.name, o.p_value) for o in heldout.outcomes if o.varies] if heldout else []
    tested += [t for c in table.with_role(Role.OUTCOME) if (t := _tested(table, c, segment))]
    if not tested:
        return
    names = sorted(name for name, _ in tested)
    # One of many outcomes differs by chance sooner than one alone (Bonferroni).
    differ = sorted(name for name, p in tested if p * len(tested) < ALPHA)
    least = min(1.0, min(p for _, p in tested) * len(tested))
    figures = {"n_outcomes": len(tested), "n_that_differ": len(differ), "p_value": least}
    if differ:
        said = f"segments differ in {listed(differ)}, of {counted(len(tested), 'outcome')}"
        yield absent("M13", said, **figures)
        return
    yield Mistake(
        "M13",
        State.FOUND,
        f"segments were held against {listed(names)}, and no difference was shown (the smallest "
        f"p-value, times the number of outcomes, is {least:.2g})",
        f'segments: {{must_differ_in: "{names[0]}"}} asks for segments that differ in it',
        about=tuple(names),
        figures=MappingProxyType(figures),
    )


def _tested(
    table: FeatureTable, column: FeatureColumn, segment: NDArray[np.int64]
) -> tuple[str, float] | None:
    """Test whether segments differ in a column; None where it is the same for everyone."""
    found = []
    for _, values in outcome_values(table, column):
        known = ~np.isnan(values)
        if known.any() and np.ptp(values[known]) > 0:
            own, among = values[known], segment[known]
            found.append(difference_p_value(own, among, is_share=is_binary(values)))
    return (column.name, min(1.0, min(found) * len(found))) if found else None
