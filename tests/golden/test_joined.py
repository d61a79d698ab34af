"""The five files of a subscription business: init and run, against pandas over the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from commands import segmentry
from segmentry.projectfile.load import load

pytestmark = [pytest.mark.data, pytest.mark.xdist_group("joined data")]

FILES = ("accounts", "subscriptions", "feature_usage", "support_tickets", "churn_events")


@pytest.fixture(scope="module")
def home(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saas")
    for name in FILES:
        source = data_folder / "ravenstack_saas" / f"{name}.csv.gz"
        (folder / source.name).write_bytes(source.read_bytes())
    for words in (("init", "."), ("run",)):
        done = segmentry(*words, folder=folder)
        assert done.status == 0, done.messages
    return folder


def read(home: Path, name: str, *dates: str) -> pd.DataFrame:
    rows = pd.read_csv(home / f"{name}.csv.gz")
    for column in dates:
        rows[column] = pd.to_datetime(rows[column], format="mixed", dayfirst=True)
    return rows


def expected(home: Path, cut: pd.Timestamp) -> pd.DataFrame:
    """Work a handful of features out from the files, as they were known at a cut."""
    subs = read(home, "subscriptions", "start_date", "end_date")
    usage = read(home, "feature_usage", "usage_date")
    usage = usage.merge(subs[["subscription_id", "account_id"]], on="subscription_id")
    usage = usage[usage["usage_date"] < cut]
    tickets = read(home, "support_tickets", "submitted_at")
    tickets = tickets[tickets["submitted_at"] < cut]
    known = subs[subs["start_date"] < cut]
    is_open = known["end_date"].isna() | (known["end_date"] >= cut)
    latest = known["start_date"] == known.groupby("account_id")["start_date"].transform("max")
    instants = [
        usage.set_index("account_id")["usage_date"],
        tickets.set_index("account_id")["submitted_at"],
    ]
    both = pd.concat(instants).groupby(level=0)
    per_ticket, per_use = tickets.groupby("account_id"), usage.groupby("account_id")
    escalated = tickets["escalation_flag"].astype(str).str.upper() == "TRUE"
    failed = (usage["error_count"] > 0).groupby(usage["account_id"])
    found = pd.DataFrame(
        {
            "n_events": both.size(),
            "recency_days": (cut - both.max()) / pd.Timedelta(days=1),
            "tenure_days": (cut - both.min()) / pd.Timedelta(days=1),
            "quantity_total": usage.groupby("account_id")["usage_count"].sum(),
            "error_share": failed.mean(),
            "minutes_total": per_use["usage_duration_secs"].sum() / 60,
            "score_mean": per_ticket["satisfaction_score"].mean(),
            "resolution_hours": per_ticket["resolution_time_hours"].median(),
            "first_response_hours": per_ticket["first_response_time_minutes"].median() / 60,
            "escalated_share": escalated.groupby(tickets["account_id"]).mean(),
            "n_tickets": per_ticket.size(),
        }
    )
    per = known[is_open].groupby("account_id")
    state = pd.DataFrame(index=sorted(known["account_id"].unique()))
    state["seats (subscriptions)"] = per["seats"].sum()
    state["mrr_amount"] = per["mrr_amount"].sum()
    state["subscriptions_open"] = per.size()
    state = state.fillna(0.0)
    # The plan is compared where one row alone is the latest; ties have a rule and a test of theirs.
    single = known[latest].groupby("account_id").filter(lambda g: len(g) == 1)
    state["plan_tier (subscriptions)"] = single.set_index("account_id")["plan_tier"]
    return found.join(state, how="outer")


def agree(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    for name in wanted.columns:
        mine, theirs = found[name], wanted[name].reindex(found.index)
        if theirs.dtype == object or pd.api.types.is_string_dtype(theirs):
            is_known = theirs.notna()
            assert is_known.sum() > 300
            assert (mine[is_known] == theirs[is_known]).all(), name
        elif name in {"quantity_total", "minutes_total", "n_tickets"}:
            np.testing.assert_allclose(
                mine.fillna(0.0), theirs.fillna(0.0), rtol=1e-9, err_msg=name
            )
        else:
            np.testing.assert_allclose(
                mine.astype(float), theirs.astype(float), rtol=1e-9, err_msg=name
            )


def test_features_are_those_of_an_independent_computation(home: Path) -> None:
    summary: dict[str, Any] = json.loads((home / "runs" / "latest" / "summary.json").read_text())
    cut = pd.Timestamp("2024-12-31 00:00:00.000001")
    assert cut.isoformat() in json.dumps(summary)
    found = pd.read_parquet(home / "runs" / "latest" / "features.parquet").set_index("entity_id")
    assert len(found) == 500
    agree(found, expected(home, cut))


def test_at_an_earlier_cut_nothing_later_is_known(home: Path) -> None:
    done = segmentry("run", "--as-of", "2024-07-01", "--output", "earlier", folder=home)
    assert done.status == 0, done.messages
    found = pd.read_parquet(home / "earlier" / "features.parquet").set_index("entity_id")
    agree(found, expected(home, pd.Timestamp("2024-07-01")).reindex(found.index))


def test_churn_is_judged_and_never_a_feature(home: Path) -> None:
    project = load(home / "segmentry.yaml").project
    roles = {s.name: s for s in project.sources}
    assert roles["churn_events"].use == "outcomes"
    assert project.features.roles["churn_flag"] == "outcome"
    evidence = json.loads((home / "runs" / "latest" / "evidence.json").read_text())
    after = {o["name"]: o for o in evidence["heldout"]["outcomes"]}
    churn = read(home, "churn_events", "churn_date")
    cut, until = (
        pd.Timestamp(t) for t in ("2024-10-02 00:00:00.000001", "2024-12-31 00:00:00.000001")
    )
    gone = churn[(churn["churn_date"] >= cut) & (churn["churn_date"] < until)][
        "account_id"
    ].nunique()
    assert after["churn"]["overall"] == pytest.approx(gone / 500, abs=1e-6)


def test_five_sources_are_written_with_their_reasons(home: Path) -> None:
    text = (home / "segmentry.yaml").read_text(encoding="utf-8")
    way = "100 % of 4,967 values found in subscriptions.subscription_id"
    assert f"feature_usage.subscription_id: {way}" in text
    assert "key: {source: subscriptions, from: subscription_id, to: account_id}" in text
    assert text.count("\n  - name: ") == 5
