"""What every scenario of a table has: one row per entity, and columns made of its parameters.

A scenario's segments and columns live in its own file. Logs of events are in ``base``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.simulate.population import Population
from segmentry.simulate.timeline import Numbers

Truths = NDArray[np.bool_]
Columns = Mapping[str, pa.Array]


@dataclass(frozen=True)
class TableScenario:
    """A kind of business of which a table is at hand, one row per entity.

    ``columns`` turns the parameters of a block of entities into all columns but the id; those in
    ``apart`` go to a file of their own, by its name, beside the id.
    """

    name: str
    planted: Population
    file: str
    entity: str
    id_prefix: str
    default_size: int
    columns: Callable[[Mapping[str, Numbers], Generator], Columns]
    apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def counted(mean: Numbers, rng: Generator, *, most: int | None = None) -> pa.Array:
    """Count what happens that often on average: whole numbers, at most ``most``."""
    counts = rng.poisson(mean)
    return pa.array(counts if most is None else np.minimum(counts, most))


def measured(
    values: Numbers,
    *,
    digits: int,
    low: float = -np.inf,
    high: float = np.inf,
    unknown: Truths | None = None,
) -> pa.Array:
    """Write numbers down as a system does: rounded, held within a range, missing where unknown."""
    rounded = np.round(np.clip(values, low, high), digits)
    return pa.array(rounded.astype(np.int64) if digits == 0 else rounded, mask=unknown)


def by_chance(share: Numbers | float, n: int, rng: Generator) -> Truths:
    """Choose entities, each with its own probability or all with the same."""
    return np.asarray(rng.random(n) < share)


def logistic(log_odds: Numbers) -> Numbers:
    """Turn log-odds into probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))
