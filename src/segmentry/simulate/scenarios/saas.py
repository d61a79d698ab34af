"""An application sold by subscription: sessions of actions on features."""

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
    numbered,
    one_population,
    scrambled,
    segments,
    word_column,
)
from segmentry.simulate.timeline import Integers, Numbers, Rhythm, start_of_log

PARAMETERS = (
    *CLOCK,
    Parameter("actions_per_visit", "exp", 0.12, above=2.0),
    Parameter("minutes_between_actions", "exp", 0.12),
)

PLANTED = Population(
    PARAMETERS,
    segments(
        PARAMETERS,
        {
            # share, visits, tenure, silent, growth, regularity, weekend, breadth, actions, minutes
            "steady light users":      (0.22, 0.95, 0.70, 0.012, 0.0, 5.0, 0.12,  9, 3.4,  1.6),
            "fading users":            (0.20, 0.95, 0.70, 0.120, 0.0, 5.0, 0.12,  9, 3.4,  1.6),
            "newcomers ramping up":    (0.20, 1.00, 0.24, 0.014, 0.2, 5.0, 0.12,  8, 3.4,  1.6),
            "power users":             (0.20, 2.10, 0.70, 0.010, 0.0, 5.0, 0.12, 20, 4.0,  0.9),
            "weekend freelancers":     (0.18, 0.90, 0.70, 0.014, 0.0, 5.0, 0.62, 15, 3.4,  0.9),
            "integrators":             (0.14, 2.40, 0.70, 0.006, 0.0, 5.0, 0.28,  5, 6.0,  0.3),
            "occasional admins":       (0.14, 0.50, 0.70, 0.018, 0.0, 5.0, 0.06, 26, 5.0,  2.8),
            "fading power users":      (0.14, 2.10, 0.70, 0.180, 0.0, 5.0, 0.12, 20, 4.0,  0.9),
        },
    ),
)  # fmt: skip

ALONE = one_population(
    PARAMETERS, "users", 1.20, 0.70, 0.014, 0.0, 4.0, 0.20, 26, 3.8, 1.4,
    actions_per_visit=0.30, minutes_between_actions=0.35,
)  # fmt: skip

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
    # Everyone shuffles each handful of features in a way of their own, so that as many different
    # ones are met as the user's breadth says.
    handful = thing // 4
    shift = (scrambled(user + block.first_user, handful) * 4).astype(np.int64)
    feature = (4 * handful + (thing + shift) % 4) % len(FEATURES)
    return np.where((kind == 0) | (kind == 5), -1, feature)


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
