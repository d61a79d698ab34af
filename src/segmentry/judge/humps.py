"""Humps: columns whose values gather in more than one place.

What lives here: which values are tested, the correction for many tests, and when one column alone
is enough. What does not: the dip test (``maths.dip``), the verdict (``structure``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.evidence import StructureVerdict
from segmentry.judge.comparison import LEVEL, WEAK_LEVEL
from segmentry.maths.dip import dip_p_value, dip_statistic, valley_depth
from segmentry.maths.structure import EDGE_SHARE, atom_share, between_ends, spread_ties

BLUR = 0.2
"""Standard deviations by which values are blurred before a dip test: the rhythm of days or of
prices makes true humps that are no groups of entities. Blurring by a normal curve keeps any single
hump single."""

CLEAR_DIP = 0.02
"""A dip that matters; two equal humps four standard deviations apart have 0.035 blurred."""

CLEAR_VALLEY = 1 / 3
"""Density between two humps, as a share of the lower one's, up to which one column alone may carry
``clear``: humps five standard deviations apart have 0.2 to 0.3 blurred, whatever their sizes."""

FEWEST_VALUES, LEAST_BESIDE = 20, 0.4
"""Distinct values, and share of rows, that a column needs beside its atoms for a dip test of them:
a heap of zeros must not hide two humps among the rest."""

Columns = Sequence[tuple[str, NDArray[np.float64]]]
"""Names and values; not all need have the same rows."""


@dataclass(frozen=True)
class Humps:
    """The most telling dip test, its p-value corrected for the number of tests.

    ``valley`` is how dense the emptiest place between two humps is (see ``valley_depth``).
    """

    p_value: float
    dip: float
    where: str
    valley: float = 1.0

    @property
    def level(self) -> float:
        """The level at which a dip that matters is found; 1 where none is."""
        return self.p_value if self.dip >= CLEAR_DIP else 1.0

    @property
    def are_clear(self) -> bool:
        """Whether a column falls apart so plainly that it needs no second witness."""
        return self.level <= LEVEL and self.valley <= CLEAR_VALLEY

    @property
    def verdict(self) -> StructureVerdict:
        """Say what humps alone say."""
        if self.are_clear:
            return StructureVerdict.CLEAR
        return StructureVerdict.WEAK if self.level <= WEAK_LEVEL else StructureVerdict.NONE


def find_humps(columns: Columns, rng: Generator) -> Humps:
    """Test columns and projections; Bonferroni over all of them.

    Parameters
    ----------
    columns : sequence of (name, ndarray of shape (n,))
        Ties are spread.
    rng : Generator

    Returns
    -------
    Humps
        Of a column that is enough alone where there is one, otherwise the least p-value.
    """
    found = [Humps(1.0, 0.0, "")]
    for name, exact in columns:
        values = exact + BLUR * exact.std() * rng.standard_normal(len(exact))
        dip = dip_statistic(values)
        p_value = min(1.0, len(columns) * dip_p_value(dip, len(values)))
        matters = dip >= CLEAR_DIP and p_value <= LEVEL
        found.append(Humps(p_value, dip, name, valley_depth(values) if matters else 1.0))
    return min(found, key=lambda f: (not f.are_clear, f.p_value, -f.dip))


def beside_heaps(heaped: Columns, rng: Generator, *, fewest_rows: int) -> Columns:
    """Give what lies beside the heaps at the ends of columns, where it is enough to have a shape.

    Parameters
    ----------
    heaped : sequence of (name, ndarray of shape (n,))
    rng : Generator
    fewest_rows : int

    Returns
    -------
    sequence of (name, ndarray of shape (n_varying,))
    """
    return [
        (name, spread_ties(rest, rng))
        for name, column in heaped
        if len(rest := between_ends(column)) >= max(fewest_rows, LEAST_BESIDE * len(column))
        and len(np.unique(rest)) >= FEWEST_VALUES
        and atom_share(rest) < EDGE_SHARE
    ]
