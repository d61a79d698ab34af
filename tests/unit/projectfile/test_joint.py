"""A folder of files of several kinds becomes one project that a run can use unedited."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from families import written
from segmentry.domain.project import KeyMap, Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import UsageError
from segmentry.projectfile.emit import emit
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Flags, Guess
from segmentry.projectfile.load import read


def source(found: Guess, name: str) -> Source:
    return next(s for s in found.project.sources if s.name == name)


def telling(found: Guess, start: str) -> list[str]:
    return [n for n in found.notes if n.startswith(start)]


def test_items_reach_customers_and_their_time_through_orders(tmp_path: Path) -> None:
    home = written(tmp_path, "shop")
    found = guess([home], folder=home)
    items = source(found, "order_items")
    take = frozen_mapping({"time": "placed_on"})
    assert items.key == (KeyMap("OrderNo", "cust_ref", path="orders.csv", take=take),)
    assert dict(items.columns) == {
        "entity": "order_number",
        "item": "product_sku",
        "amount": "qty * unit_price",
        "quantity": "qty",
        "order": "order_number",
    }
    assert [s.name for s in found.project.sources] == ["customers", "order_items"]
    assert found.project.entity == "customer_id"
    assert "they would count twice" in telling(found, "'orders' tells")[0]
    left = telling(found, "left out: 'products'")[0]
    assert "order_items.product_sku: 100 % of 60 values found in products.sku" in left


def test_plays_are_events_though_they_end_and_titles_are_told_to_lead_nowhere(
    tmp_path: Path,
) -> None:
    home = written(tmp_path, "media")
    found = guess([home], folder=home)
    plays = source(found, "plays")
    assert plays.shape is Shape.EVENTS
    assert (plays.columns["entity"], plays.columns["time"]) == ("viewer", "started_at")
    assert (plays.event, plays.key) == ("play", ())
    assert found.project.features.roles["birth_year"] is Role.OVERLAY
    assert telling(found, "left out: 'titles'")
    assert "it might be 'title_id'" in found.notes[0]


def test_tickets_reach_companies_through_contacts(tmp_path: Path) -> None:
    home = written(tmp_path, "desk")
    found = guess([home], folder=home)
    tickets = source(found, "tickets")
    assert tickets.key == (KeyMap("contact_id", "company", path="contacts.csv"),)
    assert tickets.columns["entity"] == "raised_by"
    assert telling(found, "'contacts' leads from 'contact_id' to 'company'")
    by_contact = guess([home], Flags(entity="contact_id"), folder=home)
    assert source(by_contact, "tickets").key == ()
    assert telling(by_contact, "left out: 'companies'")


def test_what_is_written_is_read_as_the_same_project(tmp_path: Path) -> None:
    for name in ("shop", "media", "desk"):
        home = written(tmp_path, name)
        found = guess([home], folder=home)
        text = emit(found)
        assert read(text, file="x.yaml", folder=home).project == found.project
        assert " values found in " in text or name == "shop"


def subscriptions(folder: Path, *, overlap: bool) -> Path:
    rng = np.random.default_rng(0)
    n, per = 60, 3
    codes = [f"ac{i:03}" for i in range(n)]
    pd.DataFrame({"account": codes, "country": rng.choice(["DE", "FR"], n)}).to_csv(
        folder / "accounts.csv", index=False
    )
    rows = []
    for code in codes:
        start = pd.Timestamp("2022-01-01") + pd.Timedelta(days=int(rng.integers(100)))
        for i in range(per):
            begin = start + pd.Timedelta(days=(10 if overlap else 200) * i)
            end = None if i == per - 1 else begin + pd.Timedelta(days=150)
            rows.append((f"sub-{code}-{i}", code, begin, end, int(rng.integers(1, 50))))
    names = ["subscription", "account", "start_date", "end_date", "seats"]
    pd.DataFrame(rows, columns=names).to_csv(folder / "subscriptions.csv", index=False)
    at = pd.Timestamp("2022-02-01") + pd.to_timedelta(rng.integers(0, 600, 900), unit="D")
    pd.DataFrame(
        {"account": rng.choice(codes, 900), "used_at": at, "feature": rng.choice(list("abc"), 900)}
    ).to_csv(folder / "usage.csv", index=False)
    gone = pd.Timestamp("2022-06-01") + pd.to_timedelta(rng.integers(0, 400, 20), unit="D")
    pd.DataFrame(
        {
            "account": rng.choice(codes, 20, replace=False),
            "churn_date": gone,
            "refund": rng.random(20),
        }
    ).to_csv(folder / "churned.csv", index=False)
    return folder


@pytest.mark.parametrize(("overlap", "combine"), [(True, "sum"), (False, "last")])
def test_rows_that_last_are_changes(tmp_path: Path, overlap: bool, combine: str) -> None:
    found = guess([subscriptions(tmp_path, overlap=overlap)], folder=tmp_path)
    subs = source(found, "subscriptions")
    assert (subs.shape, subs.combine) == (Shape.CHANGES, combine)
    assert dict(subs.columns) == {"entity": "account", "time": "start_date", "until": "end_date"}
    assert found.project.features.roles["subscription"] is Role.ID


def test_who_left_is_an_outcome_and_never_a_feature(tmp_path: Path) -> None:
    found = guess([subscriptions(tmp_path, overlap=True)], folder=tmp_path)
    gone, outcome = source(found, "churned"), found.project.outcomes[0]
    assert (gone.use, gone.event) == ("outcomes", "churn")
    assert dict(gone.columns) == {"entity": "account", "time": "churn_date"}
    assert (outcome.name, outcome.event, outcome.horizon_days) == ("churn", "churn", 90)
    assert "refund" not in found.project.features.measures
    assert found.project.objective == "retention"


def test_files_that_lead_nowhere_are_refused_with_a_way_out(tmp_path: Path) -> None:
    pd.DataFrame({"user_id": range(30), "age": range(30)}).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame({"wine": list("abcdef"), "acid": range(6)}).to_csv(tmp_path / "b.csv", index=False)
    with pytest.raises(UsageError, match="no two of the files a, b lead to one entity") as caught:
        guess([tmp_path], folder=tmp_path)
    assert "run init for one file" in str(caught.value.hint)


def test_roles_that_are_given_hold_and_have_to_be_of_a_column(tmp_path: Path) -> None:
    home = written(tmp_path, "desk")
    roles = frozen_mapping({"licence_count": Role.OVERLAY})
    found = guess([home], Flags(roles=roles), folder=home)
    assert found.project.features.roles["licence_count"] is Role.OVERLAY
    with pytest.raises(UsageError, match="no column 'licenses'"):
        guess([home], Flags(roles=frozen_mapping({"licenses": Role.ID})), folder=home)


def test_an_id_that_repeats_for_a_few_rows_is_told(tmp_path: Path) -> None:
    home = written(tmp_path, "desk")
    tickets = pd.read_csv(home / "tickets.csv")
    pd.concat([tickets, tickets.head(3)]).to_csv(home / "tickets.csv", index=False)
    found = guess([home], folder=home)
    assert "3 of 2,503 rows repeat a 'ticket_no'" in telling(found, "tickets: 3 of")[0]
