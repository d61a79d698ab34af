"""The list of scenarios, and the population that a wish for so many segments means."""

from __future__ import annotations

from dataclasses import replace

from segmentry.errors import UsageError, nearest
from segmentry.simulate.population import Population
from segmentry.simulate.scenarios.accounts import ACCOUNTS
from segmentry.simulate.scenarios.b2b import B2B
from segmentry.simulate.scenarios.base import Scenario
from segmentry.simulate.scenarios.marketing import MARKETING
from segmentry.simulate.scenarios.media import MEDIA
from segmentry.simulate.scenarios.retail import RETAIL
from segmentry.simulate.scenarios.saas import SAAS
from segmentry.simulate.scenarios.saas_users import SAAS_USERS
from segmentry.simulate.scenarios.table import TableScenario

SCENARIOS: dict[str, Scenario] = {s.name: s for s in (RETAIL, SAAS, MEDIA)}

TABLES: dict[str, TableScenario] = {s.name: s for s in (SAAS_USERS, ACCOUNTS, B2B, MARKETING)}

DEFAULT_SEGMENTS = 5


def find_scenario(name: str) -> Scenario:
    """Give a scenario of events by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    if name not in SCENARIOS:
        msg = f"there is no scenario {name!r}"
        raise UsageError(msg, where="scenario", hint=nearest(name, {*SCENARIOS, *TABLES}))
    return SCENARIOS[name]


def plant(scenario: Scenario, n_segments: int | None) -> Population:
    """Give the population with that many planted segments; one means no hidden groups at all.

    Raises
    ------
    UsageError
        If the scenario cannot plant that many.
    """
    n = DEFAULT_SEGMENTS if n_segments is None else n_segments
    most = scenario.planted.n_segments
    if not 1 <= n <= most:
        msg = f"{scenario.name} cannot plant {n} segments"
        raise UsageError(msg, where="segments", hint=f"any number from 1 to {most}")
    if n == 1:
        return scenario.alone
    return replace(scenario.planted, segments=scenario.planted.segments[:n])


def plant_table(scenario: TableScenario, n_segments: int | None) -> Population:
    """Give a table's population with that many planted segments; None: all, one: no groups.

    Raises
    ------
    UsageError
        If the scenario cannot plant that many.
    """
    most = scenario.planted.n_segments
    n = most if n_segments is None else n_segments
    if not 1 <= n <= most:
        msg = f"{scenario.name} cannot plant {n} segments"
        raise UsageError(msg, where="segments", hint=f"any number from 1 to {most}")
    if n == 1:
        return scenario.planted.merged("everyone")
    return replace(scenario.planted, segments=scenario.planted.segments[:n])
