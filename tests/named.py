"""The corpus of planted populations, and what is asked of the names that their segments get.

What lives here: reading ``names_corpus``, drawing a population's rows, profiling them with the
planted labels (no clustering), and judging names. ``proof/names.py`` counts over many draws, and
``recovery/test_names.py`` holds the floor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from builders import answers, feature_table, with_roles
from segmentry.domain.audit import Audit
from segmentry.domain.profile import Profile
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureTable
from segmentry.explain.describe import profile_segments
from segmentry.prepare.fit import fit_recipe

CORPUS = Path(__file__).parent / "names_corpus"
TUNED, HELD_OUT = "tuned", "heldout"

SIZES = (180, 140, 120, 160, 100, 130)
"""Rows per planted segment, in their order."""

LITTLE, MUCH = 0.42, 0.58
"""A segment whose mean rank in a column lies beneath or beyond has little or much of it."""

CLAIMS = {
    "recency": (r"lapsed|dormant|at-risk|\binactive|quiet|lost\b", r"\brecent|\bactive|champion"),
    "frequency": (
        r"(?<!less )(?<!in)frequent|regular|heavy|power|champion|devoted",
        r"occasional|casual|one-time|seldom|less frequent|\blight",
    ),
    "value": (
        r"high-value|higher-value|big spend|high-spend|key account",
        r"low-value|lower-value|small spend|low-spend|lower-spend",
    ),
    "tenure": (r"loyal|long-standing|established", r"\bnew\b|newer|newcomer|onboarding"),
}
"""Words that claim much of a side, and words that claim little of it."""


@dataclass(frozen=True)
class Population:
    """A table with planted segments, and what their names may say."""

    name: str
    pack: str
    entity: str
    columns: Mapping[str, Sequence[Any]]
    segments: tuple[Mapping[str, Any], ...]
    sides: Mapping[str, str]
    outcomes: Mapping[str, Sequence[float]]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Give how many rows each segment has."""
        return SIZES[: len(self.segments)]


@cache
def populations(which: str) -> tuple[Population, ...]:
    """Read the populations that words were tuned on, or those held out."""
    entries = yaml.safe_load((CORPUS / f"{which}.yaml").read_text(encoding="utf-8"))
    return tuple(
        Population(
            name=e["population"],
            pack=e["pack"],
            entity=e["entity"],
            columns=e["columns"],
            segments=tuple(e["segments"]),
            sides=e["sides"],
            outcomes=e.get("outcomes", {}),
        )
        for e in entries
    )


def drawn(population: Population, seed: int = 0) -> tuple[FeatureTable, np.ndarray]:
    """Draw a population's rows; give the table and whose segment each row is."""
    rng = np.random.default_rng([seed, *population.name.encode()])
    segment = np.repeat(np.arange(len(population.sizes)), population.sizes)
    columns = {
        name: DRAWS[draw](rng, levels, segment)
        for name, (draw, *levels) in population.columns.items()
    }
    for name, shares in population.outcomes.items():
        columns[name] = DRAWS["flag"](rng, shares, segment)
    roles = dict.fromkeys(population.outcomes, Role.OUTCOME)
    return with_roles(feature_table(columns), roles), segment


def _skewed(rng: np.random.Generator, levels: Sequence[float], segment: np.ndarray) -> list[Any]:
    return list(np.array(levels)[segment] * np.exp(0.5 * rng.normal(size=len(segment))))


def _count(rng: np.random.Generator, levels: Sequence[float], segment: np.ndarray) -> list[Any]:
    middle = np.array(levels, dtype=np.float64)[segment]
    return list(rng.poisson(middle * rng.gamma(4.0, 0.25, len(segment))).astype(np.float64))


def _number(rng: np.random.Generator, levels: Sequence[float], segment: np.ndarray) -> list[Any]:
    known = np.array(levels, dtype=np.float64)
    spread = max(0.3 * float(np.ptp(known)), 0.1 * float(np.abs(known).mean()))
    return list(known[segment] + spread * rng.normal(size=len(segment)))


def _share(rng: np.random.Generator, levels: Sequence[float], segment: np.ndarray) -> list[Any]:
    middle = np.array(levels)[segment]
    return list(rng.beta(14.0 * middle, 14.0 * (1.0 - middle)))


def _flag(rng: np.random.Generator, levels: Sequence[float], segment: np.ndarray) -> list[Any]:
    return list((rng.random(len(segment)) < np.array(levels)[segment]).astype(np.float64))


def _level(rng: np.random.Generator, levels: Sequence[str], segment: np.ndarray) -> list[Any]:
    own = np.array(levels, dtype=object)[segment]
    other = rng.choice(np.array(sorted(set(levels)), dtype=object), len(segment))
    return list(np.where(rng.random(len(segment)) < 0.8, own, other))


DRAWS = {
    "skewed": _skewed,
    "count": _count,
    "number": _number,
    "share": _share,
    "flag": _flag,
    "level": _level,
}


def profiled(
    population: Population, table: FeatureTable, segment: np.ndarray, *, objective: str = "none"
) -> tuple[Profile, ...]:
    """Profile rows under their planted labels, prepared as a run would prepare them."""
    rng = np.random.default_rng(0)
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=rng)
    n_segments = len(population.segments)
    return profile_segments(
        table,
        recipe.apply(table),
        answers(segment),
        segment_ids=tuple(range(1, n_segments + 1)),
        silhouettes=np.full(n_segments, 0.3),
        objective=objective,
        value_feature=None,
        rng=rng,
        entity=population.entity,
    )


def is_hit(name: str, spec: Mapping[str, Any]) -> bool:
    """Tell whether a name is acceptable: one of the patterns, and nothing that is forbidden."""
    spoken = name.lower()
    return any(
        all(re.search(part, spoken) for part in pattern.split(" & ")) for pattern in spec["accept"]
    ) and not forbidden(name, spec)


def forbidden(name: str, spec: Mapping[str, Any]) -> bool:
    """Tell whether a name says what would be false of the segment."""
    return any(re.search(pattern, name.lower()) for pattern in spec.get("forbid", ()))


def false_claims(
    population: Population, table: FeatureTable, segment: np.ndarray, names: Sequence[str]
) -> list[str]:
    """Give the claims of names that the drawn figures contradict."""
    found = [
        f"{name!r} for {spec['is']!r}"
        for name, spec in zip(names, population.segments, strict=True)
        if forbidden(name, spec)
    ]
    for side, column in population.sides.items():
        ranks = mean_ranks(table.numbers(column), segment)
        much, little = CLAIMS[side]
        for name, rank in zip(names, ranks, strict=True):
            claimed = name.lower()
            if (rank < LITTLE and re.search(much, claimed)) or (
                rank > MUCH and re.search(little, claimed)
            ):
                found.append(f"{name!r} with a mean rank of {rank:.2f} in {column}")
    return found


def mean_ranks(values: np.ndarray, segment: np.ndarray) -> list[float]:
    """Give each segment's mean rank in a column, 0 to 1, ties in the middle."""
    below = np.searchsorted(np.sort(values), values, side="left")
    upto = np.searchsorted(np.sort(values), values, side="right")
    ranks = (below + upto) / (2.0 * len(values))
    return [float(ranks[segment == s].mean()) for s in range(int(segment.max()) + 1)]
