"""Companies that subscribe to software."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.simulate.scenarios.b2b import B2B, FEATURES, SIZES, SNAPSHOT, VERTICALS
from simulated import columns_of


@pytest.fixture(scope="module")
def drawn() -> dict[str, np.ndarray]:
    return columns_of(B2B, 20_000)


def test_fifteen_features_hang_together_by_kind(drawn: dict[str, np.ndarray]) -> None:
    assert len(FEATURES) == 15
    within = drawn["label"] == 0
    logs = {name: np.log1p(drawn[f"{name}_used_30d"][within]) for name in FEATURES}
    alike = np.corrcoef(logs["dashboards"], logs["projects"])[0, 1]
    unlike = np.corrcoef(logs["dashboards"], logs["automations"])[0, 1]
    assert alike > 0.5 > 0.2 > unlike


def test_nobody_without_tickets_has_a_mood(drawn: dict[str, np.ndarray]) -> None:
    np.testing.assert_array_equal(
        np.isnan(drawn["ticket_sentiment"]), drawn["support_tickets_90d"] == 0
    )


def test_every_contract_runs_for_a_year_around_the_snapshot(drawn: dict[str, np.ndarray]) -> None:
    start, end = drawn["contract_start_date"], drawn["contract_renewal_date"]
    day = SNAPSHOT.astype("datetime64[s]")
    assert (np.asarray(start, dtype="datetime64[s]") < day).all()
    assert (np.asarray(end, dtype="datetime64[s]") > day).all()


def test_verticals_are_sometimes_unknown_and_sizes_go_with_seats(
    drawn: dict[str, np.ndarray],
) -> None:
    known = {v for v in drawn["industry_vertical"] if isinstance(v, str)}
    assert known == set(VERTICALS)
    seats = [np.median(drawn["seats"][drawn["company_size"] == size]) for size in SIZES]
    assert seats == sorted(seats)


def test_those_who_decline_leave_and_those_who_grow_expand(drawn: dict[str, np.ndarray]) -> None:
    names = [s.name for s in B2B.planted.segments]
    shares = {
        outcome: [drawn[outcome][drawn["label"] == k].mean() for k in range(len(names))]
        for outcome in ("churned", "expanded")
    }
    assert names[int(np.argmax(shares["churned"]))] == "declining accounts"
    assert names[int(np.argmax(shares["expanded"]))] == "growing teams"
    assert 0.04 < drawn["churned"].mean() < 0.15
    assert not (drawn["churned"] * drawn["expanded"]).any()
