"""Mistakes that the prepared features tell: who carries the distances, and how many there are.

What lives here: correlated features, scales, outliers, too many features. What does not: what
features are about (``meaning``).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.mistake import Mistake, State, absent, settled
from segmentry.domain.percent import percent
from segmentry.domain.project import Project
from segmentry.maths.heaviness import companions, tail_share
from segmentry.pipeline.mistakes.rows import some_rows
from segmentry.pipeline.mistakes.words import counted, listed
from segmentry.pipeline.ready import Ready
from segmentry.prepare.correlation import SAMPLE_ROWS, TOO_ALIKE, rank_correlations
from segmentry.prepare.fit import weight_of
from segmentry.prepare.number import LIMIT
from segmentry.prepare.proposals import for_column, leaving_out
from segmentry.prepare.screen import MANY_FEATURES
from segmentry.projectfile.findings.finding import agreeing

TOGETHER = 0.7
"""Rank correlation from which on half of what one feature tells is told by the other."""

HALF = 0.5
"""A feature, or features that move together, that carry so much leave the rest to the others."""

FEW_FEATURES = 4
"""Of fewer features any one carries much."""

FEW_CARRY = 0.5
"""Share of a feature's variance that the farthest hundredth of entities carries, at least: of a
normal one these are 8 %."""

HEAPED = 0.5
"""Share of one value from which on no bending parts those who have it."""

FEWEST_ENTITIES = 100
"""The farthest hundredth of fewer entities is less than one."""

FOR_EACH = 10
"""Entities for each feature: with fewer, chance draws the borders. Studies ask for sixty or more
(Dolnicar et al. 2014); only plain cases are told."""


def of_features(project: Project, ready: Ready) -> Iterator[Mistake]:
    """Look for mistakes in the matrix that methods would see.

    Parameters
    ----------
    project : Project
    ready : Ready

    Yields
    ------
    Mistake
        One of each kind that is looked for here.

    References
    ----------
    Dolnicar, S., Grün, B., Leisch, F. and Schmidt, K. (2014). Required sample sizes for data-driven
    market segmentation analyses in tourism. Journal of Travel Research 53, 296-306.
    """
    yield _correlated(project, ready)
    yield _dominant(project, ready)
    yield _outliers(project, ready)
    yield _many(project, ready)


def _correlated(project: Project, ready: Ready) -> Mistake:
    """Look for one side of behaviour that is counted as many."""
    matrix, clusters = ready.prepared.features, ready.prepared.notes.clusters
    X = matrix.X[some_rows(len(matrix.X), SAMPLE_ROWS)]
    variances = X.var(axis=0)
    shares = variances / (float(variances.sum()) or 1.0)
    rho = rank_correlations(X)
    centre, members, carried = companions(rho, shares, least=TOGETHER)
    names = sorted({matrix.features[j] for j in members} - {matrix.features[centre]})
    few = len(set(matrix.features)) < FEW_FEATURES
    if few or not names or round(carried, 6) < HALF:
        return _no_inflation(sorted(m.column for c in clusters for m in c.members))
    others = [j for j in members if matrix.features[j] in names]
    low, high = (float(f(np.abs(rho[centre, others]))) for f in (np.min, np.max))
    said = (
        f"{matrix.features[centre]!r} moves with {listed(names)} (rank correlation "
        f"{low:.2f} to {high:.2f}): together they carry {percent(carried)} of every squared "
        f"distance, as {len(names) + 1} of {len(set(matrix.features))} features"
    )
    figures = {"share": carried, "lowest_correlation": low, "highest_correlation": high}
    if project.prepare.reduce is not None and project.prepare.reduce.method == "factor":
        return settled("M01", f"{said}; but factors count what they have in common once", **figures)
    fix = "; ".join(leaving_out(ready.table.column(name)) for name in names)
    about = (matrix.features[centre], *names)
    return Mistake("M01", State.FOUND, said, fix, about=about, figures=MappingProxyType(figures))


def _no_inflation(repeats: list[str]) -> Mistake:
    said = "no features that move together carry half of the distances"
    if not repeats:
        return absent("M01", said)
    verb, be = (agreeing(len(repeats), v) for v in ("move", "are"))
    told = (
        f"{listed(repeats)} {verb} with another feature beyond a rank correlation of {TOO_ALIKE}, "
        f"and {be} left out by a run; of the others, {said}"
    )
    return settled("M01", told, n_left_out=len(repeats))


def _dominant(project: Project, ready: Ready) -> Mistake:
    """Look for one feature that decides alone who is near to whom."""
    balance = ready.prepared.notes.balance
    shares = balance.features if balance is not None else ()
    if len(shares) < FEW_FEATURES - 1:
        return absent("M02", f"there are {len(shares)} features: each of them carries much")
    first = shares[0]
    figures = {"share": first.variance_share, "n_features": len(shares)}
    if first.variance_share < HALF:
        said = (
            f"no feature carries more than {percent(first.variance_share)} of the squared "
            f"distances ({first.feature!r})"
        )
        return absent("M02", said, **figures)
    said = (
        f"{first.feature!r} carries {percent(first.variance_share)} of every squared distance; "
        f"the other {len(shares) - 1} features share the rest"
    )
    if _is_weighed(project, ready, first.feature):
        return settled("M02", f"{said}, as segments.weights asks", **figures)
    fix = f'segments: {{weights: {{"{first.feature}": 0.5}}}}'
    if project.prepare.scale.of(first.feature) != "standard":
        fix = (
            for_column("scale", first.feature, "standard")
            if project.prepare.scale.asked(first.feature)
            else "prepare: {scale: standard}"
        )
    return Mistake("M02", State.FOUND, said, fix, about=(first.feature,),
                   figures=MappingProxyType(figures))  # fmt: skip


def _is_weighed(project: Project, ready: Ready, feature: str) -> bool:
    known = {c.name: c for c in ready.table.columns}
    weights = project.segments.weights
    return feature in weights or (feature in known and weight_of(known[feature], weights) > 1.0)


def _outliers(project: Project, ready: Ready) -> Mistake:
    """Look for features in which a few entities are all that tells."""
    matrix, steps = ready.prepared.features, ready.prepared.recipe.numbers
    if len(matrix.X) < FEWEST_ENTITIES:
        return absent("M06", f"{len(matrix.X)} entities are too few to call some of them far out")
    rows = some_rows(len(matrix.X))
    told = [
        (round(tail_share(matrix.X[rows, j]), 9), step.column)
        for j, step in enumerate(steps)
        if not _is_flag(ready.table.numbers(step.column)[rows])
    ]
    worst = sorted((t for t in told if t[0] >= FEW_CARRY), key=lambda t: (-t[0], t[1]))
    if not worst:
        return _no_outliers(ready)
    share, name = worst[0]
    more = "" if len(worst) == 1 else f"; so it is in {listed([n for _, n in worst[1:]])}"
    said = (
        f"the farthest 1 % of entities make {percent(share)} of how {name!r} differs between "
        f"entities, so that in it nearly everybody is alike{more}"
    )
    return Mistake(
        "M06",
        State.FOUND,
        said,
        "; ".join(_bending(project, ready, n) for _, n in worst),
        about=tuple(n for _, n in worst),
        figures=MappingProxyType({"share": share, "n_features": len(worst)}),
    )


def _is_flag(values: NDArray[np.float64]) -> bool:
    """Tell a yes or no, which a few may well have alone, from an amount."""
    known = values[~np.isnan(values)]
    return bool(np.isin(known, (known.min(), known.max())).all())


def _bending(project: Project, ready: Ready, name: str) -> str:
    """Give the edit that bends a column and pulls in what is far out, or that leaves it out."""
    values = ready.table.numbers(name)
    _, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    if counts.max() >= HEAPED * len(values):
        # Most entities have one and the same value: no transform parts them.
        return leaving_out(ready.table.column(name))
    bends, scales = project.prepare.transform.of(name), project.prepare.scale.of(name)
    if bends == "auto" and scales == "standard":
        return for_column("transform", name, "quantile-normal")
    edits = [for_column("transform", name, "auto")] if bends != "auto" else []
    return "; ".join([*edits, *([for_column("scale", name, "standard")] * (scales != "standard"))])


def _no_outliers(ready: Ready) -> Mistake:
    steps = ready.prepared.recipe.numbers
    n_bent = sum(s.transform != "identity" for s in steps)
    if not n_bent:
        return absent("M06", "in no feature a few entities make most of the difference")
    pulled = all(s.limit <= LIMIT for s in steps)
    also = f", and values beyond {LIMIT:g} standard deviations are pulled in" if pulled else ""
    said = f"{counted(n_bent, 'feature')} with a long tail {agreeing(n_bent, 'are')} bent{also}"
    return settled("M06", said, n_bent=n_bent)


def _many(project: Project, ready: Ready) -> Mistake:
    """Look for more features than distances, or entities, can bear."""
    balance = ready.prepared.notes.balance
    n_features = len(balance.features) if balance is not None else 0
    n_entities = ready.table.n_entities
    figures = {"n_features": n_features, "n_entities": n_entities}
    ratio = n_entities / max(n_features, 1)
    said = f"{n_features} features of {n_entities:,} entities shape the segments"
    too_many, too_thin = n_features > MANY_FEATURES, ratio < FOR_EACH
    if not (too_many or too_thin):
        return absent("M12", said, **figures)
    if project.prepare.reduce is not None:
        n = ready.prepared.matrix.X.shape[1]
        if n <= MANY_FEATURES and n_entities >= FOR_EACH * n:
            return settled("M12", f"{said}, brought down to {n} components", **figures)
    why = (
        f"more than {MANY_FEATURES}"
        if too_many
        else f"{ratio:.1f} entities for each, fewer than {FOR_EACH}"
    )
    fix = "features: {include: [the 15 to 30 that matter]}"
    if any(c.role == "cluster" and c.facet == "attribute" for c in ready.table.columns):
        fix = "features: {roles: {COLUMN: id}} for all but the 15 to 30 that matter"
    return Mistake("M12", State.FOUND, f"{said}: {why}",
                   f"{fix}; or prepare: {{reduce: {{method: pca, components: 0.9}}}}",
                   figures=MappingProxyType(figures))  # fmt: skip
