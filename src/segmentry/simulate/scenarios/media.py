"""A media service: sittings in which one plays titles, for minutes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from segmentry.simulate.population import Parameter, Population
from segmentry.simulate.scenarios.base import (
    CLOCK,
    Block,
    Columns,
    Scenario,
    chosen_from,
    favoured,
    instants,
    lines_per_visit,
    one_population,
    scrambled,
    segments,
    word_column,
)
from segmentry.simulate.timeline import Integers, Numbers, Rhythm, start_of_log

PARAMETERS = (
    *CLOCK,
    Parameter("plays_per_visit", "exp", 0.15, above=1.0),
    Parameter("minutes_per_play", "exp", 0.12),
)

PLANTED = Population(
    PARAMETERS,
    segments(
        PARAMETERS,
        {
            # share, visits, tenure, silent, growth, regularity, weekend, breadth, plays, minutes
            "news snackers":           (0.22, 3.00, 0.70, 0.012, 0.0, 5.0, 0.25, 24, 1.15, 14.0),
            "lapsing viewers":         (0.20, 3.00, 0.70, 0.130, 0.0, 5.0, 0.25, 24, 1.15, 14.0),
            "new trialists":           (0.20, 3.00, 0.24, 0.014, 0.0, 5.0, 0.25, 20, 1.15, 14.0),
            "bingers":                 (0.20, 1.00, 0.70, 0.012, 0.0, 5.0, 0.30, 80, 3.80, 22.0),
            "weekend film fans":       (0.18, 1.00, 0.70, 0.014, 0.0, 5.0, 0.68, 34, 1.15, 26.0),
            "family evenings":         (0.14, 2.60, 0.70, 0.010, 0.0, 5.0, 0.40, 20, 4.00,  8.0),
            "match-day viewers":       (0.14, 0.90, 0.70, 0.016, 0.0, 5.0, 0.40,  8, 1.10, 85.0),
            "lapsing bingers":         (0.14, 1.40, 0.70, 0.200, 0.0, 5.0, 0.30, 80, 3.20, 22.0),
        },
    ),
)  # fmt: skip

ALONE = one_population(
    PARAMETERS, "viewers", 1.40, 0.70, 0.014, 0.0, 4.0, 0.30, 90, 4.0, 20.0,
    plays_per_visit=0.15, minutes_per_play=0.35,
)  # fmt: skip

RHYTHM = Rhythm(
    months=(1.2, 1.1, 1.0, 0.95, 0.9, 0.85, 0.85, 0.9, 0.95, 1.05, 1.1, 1.25),
    weekdays=(0.95, 0.95, 0.95, 1.0, 1.15),
    weekend=(1.05, 0.95),
    hours=(6, 3, 2, 1, 1, 1, 3, 7, 7, 5, 5, 6, 8, 7, 6, 6, 8, 11, 15, 20, 24, 23, 17, 11),
)

N_TITLES = 5_000
GENRES = (
    "drama", "comedy", "documentary", "news", "crime", "sport", "animation", "romance",
    "science fiction", "music",
)  # fmt: skip
KINDS, KIND_SHARES = ("play", "skip", "like"), (0.88, 0.07, 0.05)
DEVICES, DEVICE_SHARES = ("tv", "mobile", "web", "tablet"), (0.45, 0.3, 0.15, 0.1)


def _titles(block: Block, user: Integers, rng: Generator) -> Integers:
    """Choose titles: everyone has favourites, and some titles are favourites of many."""
    thing = chosen_from(block.parameters["breadth"], user, rng)
    fame = scrambled(user + block.first_user, thing) ** 2
    return np.asarray((fame * N_TITLES).astype(np.int64))


def _minutes(block: Block, user: Integers, kind: Integers, rng: Generator) -> Numbers:
    scatter = np.exp(rng.standard_normal(len(user)) * 0.35)
    minutes = block.parameters["minutes_per_play"][user] * scatter
    return np.asarray(np.round(np.where(kind == 1, minutes * 0.08, minutes), 1))


def _offsets(minutes: Numbers, kind: Integers, rank: Integers) -> Numbers:
    """Give the days since the sitting began: a title starts where the one before it ended."""
    along = np.cumsum(np.where(kind == 2, 0.5, minutes)) / 1440.0
    before = np.concatenate([[0.0], along[:-1]])
    first = np.flatnonzero(rank == 0)
    return np.asarray(before - np.repeat(before[first], np.diff(first, append=len(rank))))


def _lines(block: Block, days: int, rng: Generator) -> tuple[Integers, dict[str, pa.Array]]:
    visits = block.visits
    visit, rank = lines_per_visit(visits, block.parameters["plays_per_visit"], rng)
    user = visits.user[visit]
    kind = np.searchsorted(np.cumsum(KIND_SHARES)[:-1], rng.random(len(user)), side="right")
    minutes = _minutes(block, user, kind, rng)
    at_days = visits.at_days[visit] + _offsets(minutes, kind, rank)
    title = _titles(block, user, rng)
    device = favoured(block.n_users, visits.user, DEVICE_SHARES, 0.8, rng)[visit]
    start = np.datetime64(start_of_log(days))
    return user, {
        "played_at": instants(np.minimum(at_days, days - 1e-4), start),
        "event": word_column(kind, KINDS),
        "content_id": word_column(title, _title_names()),
        "genre": word_column(title * 7919 % 10, GENRES),
        "minutes": pa.array(minutes, mask=kind == 2),
        "device": word_column(device, DEVICES),
    }


def _title_names() -> tuple[str, ...]:
    return tuple(f"T{number:05d}" for number in range(N_TITLES))


MEDIA = Scenario(
    name="media",
    planted=PLANTED,
    alone=ALONE,
    rhythm=RHYTHM,
    columns=Columns(entity="user_id", time="played_at", number="minutes"),
    id_prefix="V",
    lines=_lines,
)
