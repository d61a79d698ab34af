"""The recommendation in words: what the data is like, and what speaks for the choice.

Every sentence holds the figure that it rests on. Nothing here decides anything: the rule does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.evidence import Structure, StructureTest, StructureVerdict
from segmentry.domain.matrix import Matrix
from segmentry.domain.partition import Candidate, Selection
from segmentry.domain.percent import percent
from segmentry.domain.role import Kind
from segmentry.domain.table import FeatureTable
from segmentry.judge.borders import agreement, is_clean
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.scaling import skewness

WIDE = 500
"""From so many columns on, as many rows tell in how many directions the data varies."""

MEASURED_ROWS = 10_000
SKEWED = 1.0
MOST_OF_VARIANCE = 0.8
AGREED, DISAGREED = 0.8, 0.5

CHANCE = 0.05
"""P-value up to which a test shows more than chance does."""


@dataclass(frozen=True)
class Characteristics:
    """What the data is like, as far as it bears on how to segment it."""

    n_entities: int
    n_numbers: int
    n_categories: int
    n_skewed: int
    """Numbers with a long tail, before preparation; 0 where they are not known."""
    most_missing: tuple[str, float] | None
    """The feature with most gaps, and their share."""
    n_columns: int
    n_directions: int
    """Principal directions that hold most of the variance."""


def characterise(matrix: Matrix, table: FeatureTable | None) -> Characteristics:
    """Describe what is segmented.

    Parameters
    ----------
    matrix : Matrix
    table : FeatureTable or None
        With the matrix's rows.

    Returns
    -------
    Characteristics
    """
    X = matrix.X[:: max(1, len(matrix.X) // MEASURED_ROWS)]
    centred = X - X.mean(axis=0)
    variances = _variances(centred)
    shares = np.cumsum(variances) / max(float(variances.sum()), 1e-300)
    n_directions = int(np.searchsorted(shares, MOST_OF_VARIANCE)) + 1
    names = tuple(dict.fromkeys(matrix.features))
    if table is None:
        return Characteristics(
            len(matrix.X), len(names), 0, 0, None, X.shape[1], min(n_directions, X.shape[1])
        )
    numbers = [n for n in names if table.column(n).kind is Kind.NUMBER]
    gaps = {n: table.data[n].null_count / max(table.n_entities, 1) for n in names}
    worst = max(gaps, key=lambda n: gaps[n]) if gaps else None
    return Characteristics(
        n_entities=len(matrix.X),
        n_numbers=len(numbers),
        n_categories=len(names) - len(numbers),
        n_skewed=sum(_is_skewed(table.numbers(n)) for n in numbers),
        most_missing=(worst, gaps[worst]) if worst is not None and gaps[worst] > 0 else None,
        n_columns=X.shape[1],
        n_directions=min(n_directions, X.shape[1]),
    )


def _variances(centred: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the variances along all principal directions, largest first."""
    # Of a wide table, fewer rows and their products with each other: as many as there are rows.
    if centred.shape[1] > WIDE:
        centred = centred[:: max(1, len(centred) // WIDE)]
    side = centred @ centred.T if centred.shape[1] > len(centred) else centred.T @ centred
    found = np.linalg.eigvalsh(side)[::-1]
    variances: NDArray[np.float64] = np.maximum(found, 0.0) / max(len(centred) - 1, 1)
    return variances


def _is_skewed(values: NDArray[np.float64]) -> bool:
    sample = values[:: max(1, len(values) // MEASURED_ROWS)]
    known = np.clip(sample[~np.isnan(sample)], -1e100, 1e100)
    return len(known) > 2 and abs(skewness(known)) > SKEWED


def rationale(
    data: Characteristics,
    selection: Selection,
    structure: Structure,
    *,
    anomaly_share: float,
) -> tuple[str, ...]:
    """Say what the data is like and why this segmentation serves it.

    Parameters
    ----------
    data : Characteristics
    selection : Selection
    structure : Structure
    anomaly_share : float
        Share of entities far outside their own segment.

    Returns
    -------
    tuple of str
        Sentences, each with its figure.
    """
    return tuple(
        sentence
        for sentence in (
            _what(data),
            _shape(data, anomaly_share),
            _gaps(data),
            _curve(selection),
            _methods(selection),
            _seeds(selection.chosen),
            _groups(structure, selection),
        )
        if sentence
    )


def _what(data: Characteristics) -> str:
    kinds = [_counted(data.n_numbers, "number")]
    if data.n_categories:
        kinds.append(_counted(data.n_categories, "category", "categories"))
    told = f"{data.n_entities:,} entities are described by {' and '.join(kinds)}."
    if data.n_columns > 1:
        told += (
            f" {_counted(data.n_directions, 'direction')} of {data.n_columns} hold at least "
            f"{percent(MOST_OF_VARIANCE)} of how they differ."
        )
    return told


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _shape(data: Characteristics, anomaly_share: float) -> str:
    tail = f"{percent(anomaly_share)} of entities lie far outside their own segment"
    if not data.n_skewed:
        return f"{tail}; they are told as anomalies."
    return (
        f"{data.n_skewed} of {_counted(data.n_numbers, 'number')} "
        f"{'has' if data.n_skewed == 1 else 'have'} a long tail before preparation; {tail}."
    )


def _gaps(data: Characteristics) -> str:
    if data.most_missing is None:
        return ""
    name, share = data.most_missing
    return f"{name!r} has the most gaps: it is unknown for {percent(share)} of entities."


def _curve(selection: Selection) -> str:
    """Tell the silhouette over the number of segments of the chosen method."""
    chosen = selection.chosen
    own = {
        c.n_segments: c.scores["silhouette"]
        for c in selection.candidates
        if c.partition.method == chosen.partition.method
    }
    k, top = chosen.n_segments, chosen.scores["silhouette"]
    others = {n: s for n, s in own.items() if n != k}
    if not others:
        return f"Only {k} segments were tried: silhouette {top:.2f}."
    told = ", ".join(f"{s:.2f} with {n}" for n, s in sorted(others.items()))
    wing = chosen.scores["silhouette_high"] - top
    spread = max(own.values()) - min(own.values())
    # The silhouette favours few segments: at the lower end it is the band that has chosen.
    end = f" {k} are the fewest that were tried." if 2 < k < min(others) else ""
    if spread <= 2 * wing:
        fewer = "" if k > min(others) else " Fewer are easier to act on."
        return (
            f"The number of segments hardly matters for how well they lie apart: silhouette "
            f"{top:.2f} with {k}, and {told}.{fewer}{end}"
        )
    if top < max(others.values()):
        return f"With {k} segments the silhouette is {top:.2f}, not the highest: {told}.{end}"
    return f"With {k} segments the silhouette is highest: {top:.2f}, against {told}.{end}"


def _others(selection: Selection) -> list[tuple[str, float]]:
    """Give how far other methods agree with the choice, at the same number of segments."""
    chosen = selection.chosen
    return [
        (c.partition.method, adjusted_rand_index(chosen.partition.labels, c.partition.labels))
        for c in selection.candidates
        if c.n_segments == chosen.n_segments and c.partition.method != chosen.partition.method
    ]


def _methods(selection: Selection) -> str:
    """Hold the choice against what other methods made of the same number of segments."""
    chosen, found = selection.chosen, _others(selection)
    if not found:
        return ""
    *before, last = (f"{name} at {ari:.2f}" for name, ari in found)
    told = f"{', '.join(before)} and {last}" if before else last
    worst = min(ari for _, ari in found)
    if worst >= AGREED:
        return f"Other methods find much the same {chosen.n_segments} segments: {told} (1: equal)."
    if max(ari for _, ari in found) < DISAGREED:
        return (
            f"Other methods draw other borders: {told} (1: equal). Read the segments as one useful "
            "way to divide these entities, not as the only one."
        )
    return f"Other methods agree in part: {told} (1: equal)."


def _seeds(chosen: Candidate) -> str:
    scores = chosen.scores
    told = "Nothing about the method is drawn: among these entities every seed finds these segments"
    if "seed_ari" in scores:
        told = f"Other starting points find these segments again at {scores['seed_ari']:.2f} of 1"
    if "jaccard_min" in scores:
        told += (
            f", and when entities are drawn again the weakest segment comes back at "
            f"{scores['jaccard_min']:.2f} (Jaccard index; 0.75 is stable)"
        )
    return f"{told}."


def _groups(structure: Structure, selection: Selection) -> str:
    if structure.test is StructureTest.NOTHING:
        return f"Whether there are groups at all could not be tested: {structure.sentence}"
    if structure.test is StructureTest.HUMPS and structure.verdict is StructureVerdict.CLEAR:
        shown = "signs of groups" if structure.p_value <= CHANCE else "no more than one cloud does"
        compared = f"the {structure.scope} that can be compared"
        together = compared if structure.is_partial else "all features together"
        return (
            f"{structure.dip_where!r} falls into groups with emptier space between them (dip test, "
            f"p {_p(structure.dip_p_value)}); {together} show {shown} "
            f"(p {_p(structure.p_value)}), so look at each segment's silhouette before "
            "you read its border as real."
        )
    if structure.is_partial and structure.verdict is StructureVerdict.CLEAR:
        return (
            f"{structure.scope} can be compared with data without groups, and in those there are "
            f"groups with emptier space between them (structure test, p "
            f"{_p(structure.p_value)}); the segments are made of all columns and need not be "
            "those groups, so look at each segment's silhouette before you read its border as real."
        )
    if structure.test is StructureTest.DIRECTION and structure.verdict is StructureVerdict.CLEAR:
        return (
            "Along one direction through several features there are groups with emptier space "
            f"between them (structure test, p {_p(structure.p_value)}); the segments need not be "
            "those groups, so look at each segment's silhouette before you read its border as real."
        )
    others = [ari for _, ari in _others(selection)]
    if structure.verdict is StructureVerdict.CLEAR and others and max(others) < DISAGREED:
        return (
            f"The data is more than one cloud (structure test, p {_p(structure.p_value)}), but no "
            "other method draws these borders: look at each segment's silhouette before you read "
            "its border as emptier space."
        )
    told = {
        StructureVerdict.CLEAR: _clear_groups(selection.chosen),
        StructureVerdict.WEAK: "There are signs of groups, but they run into each other: read "
        "borders as regions",
        StructureVerdict.NONE: "The data shows no more groups than one cloud does: the segments "
        "are convenient slices of a continuum, useful for planning, but nobody is held apart by "
        "their borders",
    }[structure.verdict]
    by_humps = structure.test is StructureTest.HUMPS
    p_value = structure.dip_p_value if by_humps else structure.p_value
    return f"{told} ({'dip' if by_humps else 'structure'} test, p {_p(p_value)})."


def _clear_groups(chosen: Candidate) -> str:
    """Say whether the segments are the groups that the data holds: only empty borders tell."""
    if is_clean(chosen):
        return "These are groups with emptier space between them, not slices of a continuum"
    return (
        "The data holds groups with emptier space between them, but the segments need not be those "
        f"groups: {percent(agreement(chosen), finely=True)} of nearest neighbours lie in the same "
        "segment, so that borders run through populated space"
    )


def _p(p_value: float) -> str:
    return "< 0.001" if p_value < 0.001 else f"= {p_value:.2g}"
