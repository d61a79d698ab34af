from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reading import Built, built, write
from segmentry.domain.project import (
    Accounts,
    FeatureChoice,
    Outcome,
    Shape,
    Source,
    Windows,
    frozen_mapping,
)
from segmentry.domain.role import Kind, Role
from segmentry.errors import DataError, ProjectFileError

USERS = "user,account\nu1,A\nu2,A\nu3,B\nu4,B\nu5,C\nu6,\n"


def log(**columns: str) -> Source:
    mapped = {"entity": "user", "time": "at", "amount": "amount", **columns}
    return Source("log", "log.csv", Shape.EVENTS, frozen_mapping(mapped))


def users() -> Source:
    return Source("users", "users.csv", Shape.TABLE, frozen_mapping({"entity": "user"}))


def rolled(folder: Path, rows: str, **facts: Any) -> Built:
    write(folder / "log.csv", "user,at,amount,land\n" + rows)
    if not (folder / "users.csv").exists():
        write(folder / "users.csv", USERS)
    accounts = facts.pop("accounts", Accounts("account", "users"))
    sources = facts.pop("sources", (log(), users()))
    return built(*sources, folder=folder, accounts=accounts, **facts)


ROWS = (
    "u1,2020-01-01,0.1,x\nu1,2020-03-01,0.2,x\nu2,2020-03-02,0.3,y\n"
    "u3,2020-03-03,5,x\nu4,2020-01-04,7,y\nu5,2020-01-05,1,x\nu6,2020-03-05,1,x\n"
)


def test_features_of_users_become_features_of_accounts(tmp_path: Path) -> None:
    one = rolled(tmp_path, ROWS)
    a, b, c = (one.of(i) for i in "ABC")
    assert (a["user_mean_n_events"], a["user_sum_n_events"], a["user_max_n_events"]) == (1.5, 3, 2)
    assert (b["user_sum_value_total"], b["user_max_value_total"]) == (12, 7)
    assert (a["n_users"], a["n_active_users"], a["active_share"]) == (2, 2, 1)
    assert (b["n_users"], b["n_active_users"], b["active_share"]) == (2, 1, 0.5)
    assert c["active_share"] == 0
    assert one.findings("no_account")[0].count == 1


def test_sums_are_exact_and_only_of_what_adds_up(tmp_path: Path) -> None:
    one = rolled(tmp_path, ROWS)
    assert one.of("A")["user_sum_value_total"] == 0.6
    names = one.table.data.column_names
    assert "user_sum_recency_days" not in names
    assert {"user_mean_recency_days", "user_max_recency_days"} <= set(names)


def test_columns_say_what_they_are_made_of(tmp_path: Path) -> None:
    column = rolled(tmp_path, ROWS).table.column("user_mean_recency_days")
    assert column.sentence == "average over the account's users: days since the last event"
    assert column.unit == "days"
    assert column.facet == "loyalty"
    assert column.null_means.startswith("so for every user of the account: ")


def test_only_what_is_asked_for_is_rolled_up(tmp_path: Path) -> None:
    one = rolled(tmp_path, ROWS, accounts=Accounts("account", "users", ("sum",)))
    assert all(n == "entity_id" or n.startswith("user_sum_") for n in one.table.data.column_names)


def test_a_user_in_two_accounts_counts_for_one_and_is_told(tmp_path: Path) -> None:
    write(tmp_path / "users.csv", "user,account\nu1,B\nu1,A\nu1,B\nu2,B\nu2,A\n")
    one = rolled(tmp_path, ROWS)
    told = one.findings("several_accounts")[0]
    assert (told.count, told.examples) == (2, ("u1", "u2"))
    assert "the most rows, then the smallest id" in told.done
    assert (one.of("A")["n_users"], one.of("B")["user_sum_n_events"]) == (1, 2)


def test_with_dated_rows_the_latest_before_the_cut_tells_the_account(tmp_path: Path) -> None:
    write(tmp_path / "users.csv", "user,account,since\nu1,A,2019-01-01\nu1,B,2020-02-01\n")
    moves = Source(
        "users", "users.csv", Shape.CHANGES, frozen_mapping({"entity": "user", "time": "since"})
    )
    now = rolled(tmp_path, ROWS, sources=(log(), moves))
    then = rolled(tmp_path, ROWS, sources=(log(), moves), as_of=datetime(2020, 1, 20, tzinfo=UTC))
    assert now.table.data["entity_id"].to_pylist() == ["B"]
    assert then.table.data["entity_id"].to_pylist() == ["A"]


def test_the_events_may_name_the_account_themselves(tmp_path: Path) -> None:
    one = rolled(tmp_path, ROWS, accounts=Accounts("land"), sources=(log(),))
    assert {r["entity_id"]: r["n_users"] for r in one.table.data.to_pylist()} == {"x": 4, "y": 2}


def test_columns_of_events_are_rolled_up_too(tmp_path: Path) -> None:
    roles = FeatureChoice(roles=frozen_mapping({"land": Role.OVERLAY}))
    one = rolled(tmp_path, ROWS, features=roles)
    assert one.table.column("land").kind is Kind.CATEGORY
    assert (one.of("A")["land"], one.of("B")["land"]) == ("x", "x")


def test_tables_beside_accounts_describe_accounts(tmp_path: Path) -> None:
    write(tmp_path / "firms.csv", "firm,staff\nA,10\nB,20\n")
    firms = Source("firms", "firms.csv", Shape.TABLE, frozen_mapping({"entity": "firm"}))
    one = rolled(tmp_path, ROWS, sources=(log(), users(), firms))
    assert (one.of("A")["staff"], one.of("C")["staff"]) == (10, None)


def test_what_followed_is_counted_for_accounts(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    n, rows = 2000, []
    for _ in range(n):
        user, day = rng.integers(40), int(rng.integers(0, 300))
        at = np.datetime64("2020-01-01") + day
        rows.append((f"u{user}", str(at), Fraction(int(rng.integers(1, 999)), 100)))
    write(tmp_path / "users.csv", "user,account\n" + "".join(f"u{u},A{u % 7}\n" for u in range(40)))
    text = "".join(f"{u},{at},{float(x)},x\n" for u, at, x in rows)
    facts = {"outcomes": (Outcome("again", "purchase", horizon_days=30),)}
    source = Source("log", "log.csv", Shape.EVENTS, log().columns, event="purchase")
    one = rolled(
        tmp_path, text, sources=(source, users()), windows=Windows(outcome_days=30.0), **facts
    )
    assert one.judging is not None
    cut = one.judging.window.as_of.replace(tzinfo=None)
    worth: dict[str, Fraction] = defaultdict(Fraction)
    for user, at, x in rows:
        if datetime.fromisoformat(at) >= cut:
            worth[f"A{int(user[1:]) % 7}"] += x
    ids = one.judging.table.data["entity_id"].to_pylist()
    value = {f.name: f.values for f in one.judging.followed}["value_after"]
    assert value.tolist() == [float(worth[i]) for i in ids]
    assert [c.name for c in one.judging.table.columns] == [c.name for c in one.table.columns]


def test_a_missing_column_of_the_account_is_told_at_its_key(tmp_path: Path) -> None:
    with pytest.raises(ProjectFileError, match="no column 'acount'") as caught:
        rolled(tmp_path, ROWS, accounts=Accounts("acount", "users"))
    assert caught.value.key == "accounts.key"


def test_users_of_whom_none_has_an_account_stop_the_run(tmp_path: Path) -> None:
    write(tmp_path / "users.csv", "user,account\nx1,A\n")
    with pytest.raises(DataError, match="no user has an account"):
        rolled(tmp_path, ROWS)


def test_assignment_rolls_up_as_the_run_did(tmp_path: Path) -> None:
    one = rolled(tmp_path, ROWS)
    again = rolled(tmp_path, ROWS, window=one.window, like=one.table.columns)
    assert again.table.data.select(one.table.data.column_names).equals(one.table.data)
