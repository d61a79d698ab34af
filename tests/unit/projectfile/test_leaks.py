"""Roles that show only in two columns at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from segmentry.domain.role import Role
from segmentry.projectfile.leaks import second_look
from segmentry.projectfile.roles import Told
from segmentry.seeds import stream
from surveys import look

N = 400
RNG = stream(0, "leaks")
LEFT = RNG.random(N) < 0.25
SPEND = RNG.gamma(2.0, 50.0, N)


def roles(columns: Mapping[str, Sequence[Any]], **given: Role) -> dict[str, Role]:
    seen = look(columns)
    told = {c.name: Told(given.get(c.name, Role.CLUSTER), "") for c in seen.columns}
    return {n: t.role for n, t in second_look(seen.columns, told).items()}


def test_money_that_flows_only_after_the_outcome_is_one() -> None:
    columns = {"converted": LEFT.astype(int), "spend": np.where(LEFT, SPEND, 0.0)}
    assert roles(columns, converted=Role.OUTCOME)["spend"] is Role.OUTCOME


def test_a_reason_that_only_those_who_left_gave_is_an_outcome() -> None:
    reasons = ["price" if x else None for x in LEFT]
    columns = {"left": ["yes" if x else "no" for x in LEFT], "why": reasons}
    assert roles(columns, left=Role.OUTCOME)["why"] is Role.OUTCOME


def test_a_copy_of_the_outcome_in_other_words_is_an_outcome() -> None:
    columns = {"left": LEFT.astype(int), "state": ["gone" if x else "here" for x in LEFT]}
    assert roles(columns, left=Role.OUTCOME)["state"] is Role.OUTCOME


def test_what_only_goes_with_the_outcome_stays_a_feature() -> None:
    columns = {"left": LEFT.astype(int), "spend": np.where(LEFT, 0.2, 1.0) * SPEND}
    assert roles(columns, left=Role.OUTCOME)["spend"] is Role.CLUSTER


def test_a_rare_feature_stays_one() -> None:
    used = np.zeros(N)
    used[:30] = 1
    columns = {"left": LEFT.astype(int), "used": used}
    assert roles(columns, left=Role.OUTCOME)["used"] is Role.CLUSTER


def test_a_copy_of_an_arm_is_a_treatment() -> None:
    columns = {"arm": LEFT.astype(int), "page": ["new" if x else "old" for x in LEFT]}
    assert roles(columns, arm=Role.TREATMENT)["page"] is Role.TREATMENT


def test_versions_beside_an_outcome_are_arms() -> None:
    version = ["v1", "v2"] * (N // 2)
    assert roles({"version": version, "y": LEFT}, y=Role.OUTCOME)["version"] is Role.TREATMENT
    assert roles({"version": version, "n": SPEND})["version"] is Role.CLUSTER


def test_bins_of_a_number_are_overlay() -> None:
    bands = np.select([SPEND < 50, SPEND < 120], ["low", "middle"], "high")
    assert roles({"spend": SPEND, "band": bands})["band"] is Role.OVERLAY


@pytest.mark.parametrize("share", [0.02, 0.5])
def test_levels_that_overlap_in_a_number_are_no_bins(share: float) -> None:
    bands = np.select([SPEND < 50, SPEND < 120], ["low", "middle"], "high")
    mixed = np.where(RNG.random(N) < share, "middle", bands)
    assert roles({"spend": SPEND, "band": mixed})["band"] is Role.CLUSTER


def test_roles_that_are_settled_stay() -> None:
    columns = {"left": LEFT.astype(int), "state": ["gone" if x else "here" for x in LEFT]}
    assert roles(columns, left=Role.OUTCOME, state=Role.OVERLAY)["state"] is Role.OVERLAY
