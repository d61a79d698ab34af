"""The only place that makes chance: named, independent streams out of one seed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.random import Generator


def stream(seed: int, *names: str | int) -> Generator:
    """Make the random stream of a step: same seed and names, same numbers.

    Naming the stream instead of sharing one keeps a step's draws independent of how many
    numbers the steps before it happened to use.

    Parameters
    ----------
    seed : int
        The project's seed, 0 or more.
    *names : str or int
        The step's name and whatever tells its calls apart.

    Returns
    -------
    numpy.random.Generator
    """
    import numpy as np

    words = [n if isinstance(n, int) else zlib.crc32(n.encode()) for n in names]
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))
