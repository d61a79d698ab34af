"""Accounts of customer success."""

from __future__ import annotations

import numpy as np

from segmentry.simulate.scenarios.accounts import ACCOUNTS
from simulated import columns_of


def test_whoever_stays_away_answers_fewer_surveys() -> None:
    drawn = columns_of(ACCOUNTS, 20_000)
    silent, away = np.isnan(drawn["nps_score"]), drawn["days_since_last_login"] >= 14
    assert silent[away].mean() > 2 * silent[~away].mean() > 0.1
    assert np.nanmin(drawn["nps_score"]) >= -100
    assert np.nanmax(drawn["nps_score"]) <= 100


def test_adoption_is_a_percentage_and_contracts_are_round_sums() -> None:
    drawn = columns_of(ACCOUNTS)
    assert 0 <= drawn["feature_adoption_rate"].min() < drawn["feature_adoption_rate"].max() <= 100
    assert (drawn["contract_value"] % 100 == 0).all()
    assert drawn["monthly_active_users"].min() >= 1


def test_large_accounts_pay_more_within_a_segment() -> None:
    drawn = columns_of(ACCOUNTS, 20_000)
    logs = np.log([drawn["monthly_active_users"], drawn["contract_value"] + 1])
    for label in range(ACCOUNTS.planted.n_segments):
        assert np.corrcoef(logs[:, drawn["label"] == label])[0, 1] > 0.3
