"""An application sold by subscription: sessions of actions on features."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from segmentry.simulate.population import Parameter, PlantedSegment, Population
from segmentry.simulate.scenarios.base import (
    CLOCK,
    Block,
    Columns,
    Scenario,
    chosen_from,
    favoured,
    instants,
    lines_per_visit,
    numbered,
    scrambled,
    word_column,
)
from segmentry.simulate.timeline import Integers, Numbers, Rhythm, start_of_log

PARAMETERS = (
    *CLOCK,
    Parameter("actions_per_visit", "exp", 0.20, above=2.0),
    Parameter("minutes_between_actions", "exp", 0.20),
)


def _segment(name: str, share: float, *typical: float) -> PlantedSegment:
    return PlantedSegment(name, share, dict(zip((p.name for p in PARAMETERS), typical, strict=True)))


# fmt: off
PLANTED = Population(
    PARAMETERS,
    (  #                                        visits tenure silent growth regular weekend breadth actions minutes
        _segment("power users",            0.20, 1.90,  0.82,  0.010,  0.0,   2.0,   0.12,    22,  4.5,  1.0),
        _segment("steady light users",     0.24, 0.70,  0.82,  0.020,  0.0,   2.0,   0.12,     7,  3.2,  2.4),
        _segment("fading users",           0.20, 1.00,  0.82,  0.330,  0.0,   2.0,   0.12,    12,  3.6,  1.6),
        _segment("newcomers ramping up",   0.18, 1.90,  0.22,  0.020,  0.0,   2.0,   0.12,    12,  3.6,  1.6),
        _segment("weekend freelancers",    0.18, 0.90,  0.75,  0.020,  0.0,   2.0,   0.50,    14,  4.5,  1.0),
        _segment("integrators",            0.12, 3.00,  0.80,  0.004,  0.6,   8.0,   0.28,     5,  6.0,  0.2),
        _segment("month-end reporters",    0.12, 0.25,  0.85,  0.060,  0.0,   8.0,   0.05,     8,  8.0,  2.4),
        _segment("stalled trials",         0.12, 1.60,  0.45,  0.750, -1.0,   1.5,   0.15,     7,  3.4,  2.4),
    ),
)

ALONE = Population(
    PARAMETERS,
    (_segment("users",                     1.00, 0.90,  0.75,  0.030,  0.0,   2.0,   0.20,    12,  3.6,  1.6),),
    spread=1.0,
    noise_share=0.0,
)
# fmt: on

RHYTHM = Rhythm(
    months=(1.0, 1.05, 1.05, 1.0, 1.0, 1.0, 0.85, 0.75, 1.05, 1.1, 1.1, 0.8),
    weekdays=(1.05, 1.1, 1.1, 1.05, 0.85),
    weekend=(0.9, 1.1),
    hours=(1, 1, 1, 1, 1, 2, 4, 9, 16, 20, 20, 19, 15, 18, 20, 19, 16, 11, 7, 5, 5, 4, 3, 2),
)

FEATURES = (
    "dashboards", "reports", "search", "comments", "projects", "tasks", "calendar", "files",
    "notifications", "templates", "filters", "charts", "forms", "mentions", "tags", "sharing",
    "timeline", "board", "goals", "checklists", "automation", "webhooks", "integrations", "roles",
    "audit_log", "billing", "import", "backup", "scripting", "custom_fields", "approvals", "sso",
    "workload", "budgets", "time_tracking", "whiteboard", "snapshots", "alerts", "queries", "api",
)  # fmt: skip
KINDS = ("login", "feature_used", "export", "api_call", "invite_sent", "ticket_opened")
KIND_SHARES = (0.82, 0.07, 0.06, 0.035, 0.015)
"""Shares of the kinds after login, which opens every session."""

DEVICES, DEVICE_SHARES = ("desktop", "mobile", "tablet"), (0.72, 0.22, 0.06)


def _kinds(rank: Integers, rng: Generator) -> Integers:
    other = 1 + np.searchsorted(np.cumsum(KIND_SHARES)[:-1], rng.random(len(rank)), side="right")
    return np.where(rank == 0, 0, other)


def _features(block: Block, user: Integers, kind: Integers, rng: Generator) -> Integers:
    """Choose features in the order in which people find them, a little different for everyone."""
    thing = chosen_from(block.parameters["breadth"], user, rng)
    detour = (scrambled(user + block.first_user, thing) * 4).astype(np.int64)
    return np.where((kind == 0) | (kind == 5), -1, (thing + detour) % len(FEATURES))


def _offsets(block: Block, user: Integers, rank: Integers, rng: Generator) -> Numbers:
    """Give the days since the session began."""
    pace = block.parameters["minutes_between_actions"][user] / 1440.0
    gaps = pace * np.exp(rng.standard_normal(len(user)) * 0.5)
    gaps[rank == 0] = 0.0
    along = np.cumsum(gaps)
    first = np.flatnonzero(rank == 0)
    return np.asarray(along - np.repeat(along[first], np.diff(first, append=len(rank))))


def _lines(block: Block, days: int, rng: Generator) -> tuple[Integers, dict[str, pa.Array]]:
    visits = block.visits
    visit, rank = lines_per_visit(visits, block.parameters["actions_per_visit"], rng)
    user = visits.user[visit]
    kind = _kinds(rank, rng)
    at_days = visits.at_days[visit] + _offsets(block, user, rank, rng)
    device = favoured(block.n_users, visits.user, DEVICE_SHARES, 0.8, rng)[visit]
    start = np.datetime64(start_of_log(days))
    return user, {
        "occurred_at": instants(np.minimum(at_days, days - 1e-4), start),
        "event": word_column(kind, KINDS),
        "feature": word_column(_features(block, user, kind, rng), FEATURES),
        "session_id": numbered("S", 1_000_000 + block.first_visit + visit),
        "device": word_column(device, DEVICES),
    }


SAAS = Scenario(
    name="saas",
    planted=PLANTED,
    alone=ALONE,
    rhythm=RHYTHM,
    columns=Columns(entity="user_id", time="occurred_at", number=None),
    id_prefix="U",
    lines=_lines,
)
