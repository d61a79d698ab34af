"""What every scenario has, and the choices that all of them make per event.

A scenario's numbers (segments, rhythm) and its table of events live in its own file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.simulate.population import Parameter, PlantedSegment, Population
from segmentry.simulate.timeline import Integers, Numbers, Rhythm, Visits

CLOCK = (
    Parameter("visits_per_week", "exp", 0.09),
    Parameter("tenure_share", "share", 0.50),
    Parameter("silent_share", "share", 0.65),
    Parameter("growth", "identity", 0.25),
    Parameter("regularity", "exp", 0.10),
    Parameter("weekend_share", "share", 0.25),
    Parameter("breadth", "exp", 0.15, above=1.0),
)
"""Parameters of every scenario: when users come (see ``timeline``) and how widely they choose."""


ALONE_SPREADS = {
    "visits_per_week": 0.45,
    "tenure_share": 0.80,
    "silent_share": 0.80,
    "growth": 0.25,
    "regularity": 0.20,
    "weekend_share": 0.35,
    "breadth": 0.35,
}
"""Spreads of the same parameters where all users are one population."""


def segments(
    parameters: tuple[Parameter, ...], rows: Mapping[str, tuple[float, ...]]
) -> tuple[PlantedSegment, ...]:
    """Read a table of segments: by name, the share and the typical value of each parameter."""
    names = [p.name for p in parameters]
    return tuple(
        PlantedSegment(name, share, dict(zip(names, typical, strict=True)))
        for name, (share, *typical) in rows.items()
    )


def one_population(
    parameters: tuple[Parameter, ...], name: str, *typical: float, **spreads: float
) -> Population:
    """Give a population without hidden groups: one normal cloud on the latent scale."""
    wide = ALONE_SPREADS | spreads
    broad = tuple(replace(p, spread=wide[p.name]) for p in parameters)
    return Population(broad, segments(broad, {name: (1.0, *typical)}), noise_share=0.0)


@dataclass(frozen=True)
class Block:
    """Users that are simulated together, and all that their events are made of.

    ``first_user`` and ``first_visit`` number the block's users and visits within the whole log.
    """

    visits: Visits
    parameters: Mapping[str, Numbers]
    first_user: int
    first_visit: int

    @property
    def n_users(self) -> int:
        """Count the users."""
        return len(self.parameters["breadth"])


@dataclass(frozen=True)
class Columns:
    """Names of the columns that later steps need to know."""

    entity: str
    time: str
    number: str | None
    """A number column that dirt may put text into."""


@dataclass(frozen=True)
class Scenario:
    """A kind of business.

    ``planted`` holds every segment that can be asked for, the most telling first; ``alone`` is
    the one population without hidden groups. ``lines`` turns a block's visits into one row per
    event, all columns but the entity, and the position of each row's user within the block.
    """

    name: str
    planted: Population
    alone: Population
    rhythm: Rhythm
    columns: Columns
    id_prefix: str
    lines: Callable[[Block, int, Generator], tuple[Integers, dict[str, pa.Array]]]


def lines_per_visit(
    visits: Visits, per_visit: Numbers, rng: Generator
) -> tuple[Integers, Integers]:
    """Give each visit at least one line, ``per_visit`` on average for its user.

    Returns
    -------
    visit : ndarray of shape (n_lines,), int, position of each line's visit
    rank : ndarray of shape (n_lines,), int, position of each line within its visit
    """
    counts = 1 + rng.poisson(per_visit[visits.user] - 1.0)
    visit = np.repeat(np.arange(len(visits)), counts)
    rank = np.arange(len(visit)) - np.repeat(np.cumsum(counts) - counts, counts)
    return visit, rank


def chosen_from(breadth: Numbers, user: Integers, rng: Generator) -> Integers:
    """Choose one of the user's own ``breadth`` things for every line, the first ones more often."""
    return np.asarray(np.floor(rng.random(len(user)) ** 1.3 * breadth[user])).astype(np.int64)


def scrambled(user_number: Integers, thing: Integers) -> Numbers:
    """Give every (user, thing) pair a fixed number in [0, 1) that looks drawn by chance.

    References
    ----------
    Steele, G., Lea, D. and Flood, C. (2014). Fast splittable pseudorandom number generators.
    OOPSLA, 453-472 (the finishing function of SplitMix64).
    """
    mixed = user_number.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed += thing.astype(np.uint64) * np.uint64(0xD1B54A32D192ED03)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def word_column(codes: NDArray[np.integer], words: tuple[str, ...]) -> pa.Array:
    """Make a text column out of positions in a short list; a position of -1 is missing."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words))


def numbered(prefix: str, numbers: Integers) -> pa.Array:
    """Make text ids out of numbers."""
    import pyarrow.compute as pc

    text = pa.array(numbers).cast(pa.string())
    return pc.binary_join_element_wise(prefix, text, "") if prefix else text


def favoured(
    n_users: int, user: Integers, shares: tuple[float, ...], faithful: float, rng: Generator
) -> Integers:
    """Choose from a short list: a user's favourite mostly, any by its share otherwise."""
    edges = np.cumsum(shares)[:-1]
    favourite = np.searchsorted(edges, rng.random(n_users), side="right")
    any_one = np.searchsorted(edges, rng.random(len(user)), side="right")
    return np.where(rng.random(len(user)) < faithful, favourite[user], any_one)


def instants(at_days: Numbers, start: np.datetime64) -> pa.Array:
    """Turn days from the start of the log into instants of whole seconds."""
    seconds = np.floor(at_days * 86_400.0).astype(np.int64).astype("timedelta64[s]")
    return pa.array((start + seconds).astype("datetime64[us]"))
