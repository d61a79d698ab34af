"""Roles that show only in two columns at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from segmentry.domain.role import Role
from segmentry.projectfile.leaks import doubts, second_look, separation
from segmentry.projectfile.told import Told
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


def test_a_number_that_tells_the_outcome_by_itself_is_one() -> None:
    days = np.where(LEFT, RNG.integers(1, 30, N), 200 + RNG.integers(0, 60, N))
    columns = {"left": LEFT.astype(int), "days_to_call": days, "spend": SPEND}
    found = roles(columns, left=Role.OUTCOME)
    assert (found["days_to_call"], found["spend"]) == (Role.OUTCOME, Role.CLUSTER)


def test_a_class_may_well_be_told_by_what_it_is_a_class_of() -> None:
    petals = np.where(LEFT, 1.0, 5.0) + RNG.random(N)
    seen = look({"petals": petals, "species": LEFT.astype(int)})
    told = {
        "petals": Told(Role.CLUSTER, "behaviour"),
        "species": Told(Role.OUTCOME, "a class label"),
    }
    assert second_look(seen.columns, told)["petals"].role is Role.CLUSTER


def test_what_only_one_of_several_ends_has_is_an_outcome() -> None:
    ends = np.array(["paid", "lost", "running"])[RNG.integers(0, 3, N)]
    columns = {"status": ends, "recoveries": np.where(ends == "lost", SPEND, 0.0), "spend": SPEND}
    found = roles(columns, status=Role.OUTCOME)
    assert (found["recoveries"], found["spend"]) == (Role.OUTCOME, Role.CLUSTER)


def test_a_sum_that_meets_another_only_for_one_outcome_came_later() -> None:
    paid = np.array(["paid", "lost"])[RNG.integers(0, 2, N)]
    back = np.where(paid == "paid", SPEND, SPEND * (0.2 + 0.6 * RNG.random(N)))
    columns = {"status": paid, "loan": SPEND, "paid_back": back}
    found = roles(columns, status=Role.OUTCOME)
    assert (found["loan"], found["paid_back"]) == (Role.CLUSTER, Role.OUTCOME)


def test_scores_of_few_whole_numbers_that_cut_another_are_overlay() -> None:
    columns = {"spend": SPEND, "m": np.digitize(SPEND, [50, 120]) + 1, "n": RNG.integers(1, 4, N)}
    found = roles(columns)
    assert (found["m"], found["n"]) == (Role.OVERLAY, Role.CLUSTER)


def test_two_of_one_thing_beside_an_outcome_are_arms() -> None:
    texts = ["short_email", "long_email"] * (N // 2)
    travels = ["Personal Travel", "Business travel"] * (N // 2)
    columns = {"text": texts, "travel": travels, "opened": LEFT.astype(int)}
    found = roles(columns, opened=Role.OUTCOME)
    assert (found["text"], found["travel"]) == (Role.TREATMENT, Role.CLUSTER)


def test_separation_is_the_area_under_the_curve() -> None:
    from sklearn.metrics import roc_auc_score

    shifted = SPEND + 40.0 * LEFT + np.where(RNG.random(N) < 0.3, 5.0, 0.0).round()
    seen = look({"spend": shifted.round(-1), "left": LEFT.astype(int)})
    area = roc_auc_score(LEFT, shifted.round(-1))
    one, other = seen.get("spend"), seen.get("left")
    assert separation(one, other) == pytest.approx(max(area, 1 - area), abs=1e-12)


def test_separation_of_a_category_is_that_of_its_shares() -> None:
    plan = np.where(RNG.random(N) < 0.9, np.where(LEFT, "monthly", "yearly"), "two years")
    seen = look({"plan": plan, "left": LEFT.astype(int), "few": [None] * (N - 30) + [1.0] * 30})
    assert 0.85 < separation(seen.get("plan"), seen.get("left")) < 1
    assert separation(seen.get("few"), seen.get("left")) == 0.5


def test_a_feature_that_tells_the_outcome_well_is_asked_about() -> None:
    calls = np.where(LEFT, 3.0, 0.0) + 4 * RNG.random(N)
    seen = look({"calls": calls, "spend": SPEND, "left": LEFT.astype(int)})
    told = {
        "calls": Told(Role.CLUSTER, ""),
        "spend": Told(Role.CLUSTER, ""),
        "left": Told(Role.OUTCOME, ""),
    }
    (note,) = doubts(seen.columns, told)
    assert "'calls' tells 'left' well" in note
    assert "--role calls=outcome" in note
