"""Whether p-values of features are honest: uniform where nothing is there, small where it is.

Writes ``docs/proof/significance.md``. Run with ``make proof``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import f_oneway, kruskal, kstest

from clouds import standard
from drawn_sets import gaussian, uniform
from segmentry.cluster.catalogue import method
from segmentry.domain.crew import Crew
from segmentry.judge.significance import RATE, judge_significance
from segmentry.maths.intervals import wilson_interval
from segmentry.maths.quantization import near_labels

TARGET = Path(__file__).resolve().parents[2] / "docs" / "proof" / "significance.md"
Array = Any

SETS, ROWS, COLUMNS, SEGMENTS, LEVEL = 120, 800, 6, 4, 0.05
TELLING, IDLE = 6, 6

HEAD = """# Tests of features that do not make their own groups

Written by `python tests/proof/significance.py` (part of `make proof`). How the test works stands in
[its page](../methods/significance.md). Intervals are Wilson's, 95 %.

## Nothing is there

{sets} sets a family of {rows} rows and {columns} columns that have nothing to do with each other,
cut into {segments} segments. *Rejected* is the share of features with p of at most {level}; an
honest test rejects that many. *Uniform* is the p-value of the Kolmogorov-Smirnov test of one
feature's p-values of each set against the uniform distribution. Beside it stands what people do:
analysis of variance of every feature between the segments that it made, and the same on the half of
the rows that made no segments but were told theirs by the very feature.

| family, method | **rejected** | uniform | usual test rejects | held-out usual test rejects |
|---|---|---|---|---|
{null}

## One cloud whose columns go together

Gaussian columns with a correlation of 0.5 hold no groups, and still segments made of the others
tell each feature, for the others do. The test rejects for {related}: it asks whether a feature has
to do with the rest of behaviour, and whether there are groups at all is the
[structure verdict](structure.md)'s to say.

## Groups are there

{sets} sets of {segments} groups that differ in {telling} columns, beside {idle} columns of noise.
At a false discovery rate of {fdr:.0%} the test finds {found} of the telling features; of all that
it calls different, {false} are noise.
"""


def lognormal(rng: Any, n: int, d: int) -> Array:
    """Skewed columns, as they are."""
    return np.exp(rng.normal(size=(n, d)))


def half_zero(rng: Any, n: int, d: int) -> Array:
    """Columns of which half of the rows are zero."""
    return np.maximum(rng.normal(size=(n, d)), 0.0)


FAMILIES: dict[str, tuple[Callable[[Any, int, int], Array], str]] = {
    "Gaussian, k-means": (gaussian, "k-means"),
    "lognormal, k-means": (lognormal, "k-means"),
    "uniform, k-means": (uniform, "k-means"),
    "half zeros, k-means": (half_zero, "k-means"),
    "Gaussian, Ward": (gaussian, "ward"),
    "Gaussian, mixture": (gaussian, "gaussian mixture"),
}


def fitter(name: str) -> Any:
    """Give a method of the catalogue with its number of segments."""
    refit = method(name).refit
    return lambda X, rng: refit(X, SEGMENTS, rng, {})


def tested(X: Array, name: str, seed: int) -> dict[str, Any]:
    """Test each feature of a set."""
    names = tuple(f"x{j:02d}" for j in range(X.shape[1]))
    found = judge_significance(X, names, fitter(name), seed=seed, crew=Crew())
    return {f.feature: f for f in found.features}


def usual(X: Array, fit: Any, rng: Any) -> tuple[list[bool], list[bool]]:
    """Test features between the segments they made, on all rows and on held-out ones."""
    labels, half = fit(X, rng), len(X) // 2
    told = near_labels(X[half:], X[:half], fit(X[:half], rng))
    return _rejected(X, labels, f_oneway), _rejected(X[half:], told, kruskal)


def _rejected(X: Array, labels: Array, test: Any) -> list[bool]:
    groups = [X[labels == s] for s in np.unique(labels)]
    return [test(*(g[:, j] for g in groups)).pvalue <= LEVEL for j in range(X.shape[1])]


def null_row(name: str) -> str:
    """Count rejections where there is nothing to find."""
    draw, method_name = FAMILIES[name]
    p_values, plain, held = [], [], []
    for seed in range(SETS):
        rng = np.random.default_rng([41, seed])
        X = standard(draw(rng, ROWS, COLUMNS))
        found = tested(X, method_name, seed)
        p_values.append([found[f].p_value for f in sorted(found)])
        a, b = usual(X, fitter(method_name), rng)
        plain += a
        held += b
    p = np.array(p_values)
    one_each = p[np.arange(SETS), np.arange(SETS) % COLUMNS]
    uniform_p = kstest(one_each, "uniform").pvalue
    return (
        f"| {name} | {share((p <= LEVEL).ravel())} | {uniform_p:.2f} | {np.mean(plain):.2f} | "
        f"{np.mean(held):.2f} |"
    )


def share(hits: Any) -> str:
    """Write a share with its interval."""
    n, count = len(hits), int(np.sum(hits))
    low, high = wilson_interval(count, n)
    return f"{count / n:.3f} ({low:.3f} to {high:.3f})"


def related_share() -> str:
    """Count rejections on one cloud whose columns go together."""
    hits = []
    for seed in range(SETS // 4):
        rng = np.random.default_rng([42, seed])
        shared, own = rng.normal(size=(ROWS, 1)), rng.normal(size=(ROWS, COLUMNS))
        found = tested(np.sqrt(0.5) * (shared + own), "k-means", seed)
        hits += [f.p_value <= LEVEL for f in found.values()]
    return share(hits)


def planted_shares() -> tuple[str, str]:
    """Count what is found and what of it is noise."""
    telling, discoveries = [], []
    for seed in range(SETS):
        rng = np.random.default_rng([43, seed])
        X = rng.normal(size=(ROWS, TELLING + IDLE))
        centres = 1.5 * rng.normal(size=(SEGMENTS, TELLING))
        X[:, :TELLING] += centres[rng.integers(0, SEGMENTS, ROWS)]
        found = tested(standard(X), "k-means", seed)
        hits = np.array([found[f].rate <= RATE for f in sorted(found)])
        telling += list(hits[:TELLING])
        discoveries += list(np.flatnonzero(hits) >= TELLING)
    return share(telling), share(discoveries)


def main() -> None:
    """Measure all and write the page."""
    lines = []
    for name in FAMILIES:
        lines.append(null_row(name))
        print(lines[-1], flush=True)
    related = related_share()
    found, false = planted_shares()
    print(related, found, false)
    fill = partial(HEAD.format, sets=SETS, rows=ROWS, columns=COLUMNS, segments=SEGMENTS)
    text = fill(
        level=LEVEL,
        null="\n".join(lines),
        related=related,
        telling=TELLING,
        idle=IDLE,
        fdr=RATE,
        found=found,
        false=false,
    )
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
