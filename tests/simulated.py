"""Small simulated logs, read back as tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from segmentry.seeds import stream
from segmentry.simulate import SimulatedTable, Simulation, simulate, simulate_table
from segmentry.simulate.catalogue import find_scenario, plant
from segmentry.simulate.generate import Plan
from segmentry.simulate.population import Parameter, PlantedSegment, Population
from segmentry.simulate.scenarios.base import Block, Scenario
from segmentry.simulate.scenarios.table import TableScenario
from segmentry.simulate.timeline import lay_visits

SCENARIOS = ("retail", "saas", "media")
TABLES = ("saas-users", "accounts", "b2b", "marketing")
LOG_DAYS = 364
PURCHASES = {
    "entity": "customer_id",
    "time": "ordered_at",
    "order": "order_id",
    "item": "product_id",
    "category": "category",
    "channel": "channel",
    "quantity": "quantity",
    "amount": "quantity * unit_price",
    "kind": "CASE WHEN quantity > 1 THEN 'many' ELSE 'one' END",
}
"""How the columns of the retail log are mapped, for tests of every feature."""


def log(out: Path, scenario: str = "retail", n_users: int = 60, **more: Any) -> Simulation:
    """Simulate a few users, seed 0 unless told otherwise."""
    given: dict[str, Any] = {"seed": 0, "out": out} | more
    return simulate(scenario, n_users, **given)


def events_of(told: Simulation) -> pa.Table:
    """Read the events of a simulation."""
    return pq.read_table(told.events)


def truth_of(told: Simulation) -> pa.Table:
    """Read the truth of a simulation."""
    return pq.read_table(told.truth)


def plan(scenario: str = "retail", n_users: int = 60, **more: Any) -> Plan:
    """Plan a simulation without setting its overlap, which takes a moment."""
    chosen = find_scenario(scenario)
    given: dict[str, Any] = {"seed": 0, "days": LOG_DAYS, "dirt": False, "as_text": False} | more
    return Plan(chosen, plant(chosen, None), n_users, **given)


def block(scenario: str, **natural: float) -> tuple[Scenario, Block]:
    """Lay out the visits of 400 equal users: the first planted segment, some values replaced."""
    chosen = find_scenario(scenario)
    typical = dict(chosen.planted.segments[0].typical) | natural
    parameters = {name: np.full(400, value) for name, value in typical.items()}
    rng = stream(0, "test", scenario)
    visits = lay_visits(parameters, chosen.rhythm, days=LOG_DAYS, rng=rng)
    return chosen, Block(visits, parameters, 0, 0)


def lines(scenario: str, **natural: float) -> tuple[Block, NDArray[np.int64], dict[str, pa.Array]]:
    """Give the lines of equal users: their block, each line's user, the columns."""
    chosen, made = block(scenario, **natural)
    user, columns = chosen.lines(made, LOG_DAYS, stream(1, "test", scenario))
    return made, user, columns


def two_segments(distance: float, *, spread: float = 1.0, share: float = 0.5) -> Population:
    """Plant two segments on one line, ``distance`` apart."""
    return Population(
        (Parameter("level", "identity", 1.0),),
        (
            PlantedSegment("low", share, {"level": 0.0}),
            PlantedSegment("high", 1.0 - share, {"level": distance}),
        ),
        spread=spread,
    )


def sheet(out: Path, scenario: str, n_rows: int = 400, **more: Any) -> SimulatedTable:
    """Simulate a table of a few rows, seed 0 unless told otherwise."""
    given: dict[str, Any] = {"seed": 0, "out": out} | more
    return simulate_table(scenario, n_rows, **given)


def columns_of(scenario: TableScenario, n_rows: int = 3_000, **fixed: float) -> dict[str, Any]:
    """Draw a table's columns, with some parameters the same for everyone; missing is NaN."""
    rng = stream(0, "columns", scenario.name)
    labels, latent = scenario.planted.draw_users(n_rows, rng)
    parameters = scenario.planted.natural(latent)
    parameters |= {name: np.full(n_rows, value) for name, value in fixed.items()}
    made = scenario.columns(parameters, rng)
    drawn = {name: column.to_pandas().to_numpy() for name, column in made.items()}
    return {**drawn, "label": labels}
