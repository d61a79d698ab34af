"""Guesses on small files in many shapes, on real data, and under flags."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import shapes
import shapes_exports
import shapes_web
from draws import Draw
from segmentry.domain.project import Shape
from segmentry.domain.role import Role
from segmentry.errors import DataError, UsageError
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Flags, Guess
from surveys import write_csv

N_ROWS = 400


def guessed(folder: Path, columns: Mapping[str, Any], name: str = "data", **flags: Any) -> Guess:
    return guess([write_csv(folder / f"{name}.csv", columns)], Flags(**flags), folder=folder)


def roles_of(found: Guess) -> dict[str, str]:
    return {column: str(role) for column, role in found.project.features.roles.items()}


@pytest.mark.data
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (
            "cdnow/cdnow.csv.gz",
            {"entity": "customer_id", "time": "date", "amount": "usd", "quantity": "n_cds"},
        ),
        (
            "retentioneering_ecom/ecom_events.csv.gz",
            {
                "entity": "user_id",
                "time": "timestamp",
                "kind": "event",
                "session": "session_id",
                "channel": "platform",
            },
        ),
        (
            "eshop_clickstream/eshop_clickstream.parquet",
            {
                "entity": "session_id",
                "time": 'make_date("year", "month", "day")',
                "item": "page2_clothing_model",
                "category": "page1_main_category",
            },
        ),
        (
            "ravenstack_saas/subscriptions.csv.gz",
            {"entity": "account_id", "time": "start_date", "amount": "mrr_amount"},
        ),
        (
            "ravenstack_saas/feature_usage.csv.gz",
            {
                "entity": "subscription_id",
                "time": "usage_date",
                "item": "feature_name",
                "quantity": "usage_count",
            },
        ),
        (
            "ravenstack_saas/support_tickets.csv.gz",
            {"entity": "account_id", "time": "submitted_at"},
        ),
    ],
)
def test_real_events_are_understood(
    data_folder: Path, tmp_path: Path, path: str, fields: dict[str, str]
) -> None:
    source = guess([data_folder / path], folder=tmp_path).project.sources[0]
    assert source.shape is Shape.EVENTS
    assert dict(source.columns) == fields


@pytest.mark.data
def test_cancellations_and_rows_of_nobody_are_left_out(data_folder: Path, tmp_path: Path) -> None:
    found = guess([data_folder / "online_retail" / "online_retail.parquet"], folder=tmp_path)
    source = found.project.sources[0]
    item = source.columns["item"]
    assert item.startswith("CASE WHEN StockCode not in ('POST', 'DOT', 'M', ")
    assert dict(source.columns) == {
        "entity": "CustomerID",
        "time": "InvoiceDate",
        "order": "InvoiceNo",
        "item": item,
        "amount": "Quantity * UnitPrice",
        "quantity": "Quantity",
        "item_name": "Description",
    }
    assert source.where == "CustomerID is not null and not starts_with(InvoiceNo, 'C')"
    assert "135,080" in found.reasons["sources[0].where"]
    assert roles_of(found) == {"Country": "overlay"}
    assert found.project.objective == "retention"
    assert found.project.entity == "customer_id"


def test_a_currency_in_a_column_name_is_read(tmp_path: Path) -> None:
    columns = {"customer_id": [1, 1, 2, 2], "date": ["2024-01-01"] * 4, "usd": [1.5, 2, 3, 4]}
    assert guessed(tmp_path, columns).project.currency == "USD"


@pytest.mark.data
@pytest.mark.parametrize(
    ("path", "entity", "roles"),
    [
        ("cc_general/cc_general.csv.gz", "CUST_ID", {"TENURE": "cluster", "BALANCE": "cluster"}),
        (
            "telco_churn/telco_churn.csv.gz",
            "customerID",
            {
                "Churn": "outcome",
                "gender": "overlay",
                "SeniorCitizen": "overlay",
                "Partner": "overlay",
                "Dependents": "overlay",
                "TotalCharges": "cluster",
                "Contract": "cluster",
            },
        ),
        (
            "online_shoppers/online_shoppers_intention.csv.gz",
            "row_number",
            {
                "Revenue": "outcome",
                "Month": "overlay",
                "Browser": "overlay",
                "OperatingSystems": "overlay",
                "Region": "overlay",
                "TrafficType": "overlay",
                "Weekend": "overlay",
                "VisitorType": "cluster",
                "PageValues": "cluster",
            },
        ),
        (
            "wholesale_customers/wholesale_customers.csv.gz",
            "CustomerId",
            {"Channel": "overlay", "Region": "overlay", "Fresh": "cluster"},
        ),
        (
            "hillstrom/hillstrom.csv.gz",
            "row_number",
            {
                "segment": "treatment",
                "visit": "outcome",
                "conversion": "outcome",
                "spend": "outcome",
                "zip_code": "overlay",
                "history_segment": "overlay",
                "history": "cluster",
                "channel": "cluster",
            },
        ),
        (
            "ravenstack_saas/accounts.csv.gz",
            "account_id",
            {"churn_flag": "outcome", "industry": "overlay", "account_name": "id"},
        ),
    ],
)
def test_real_tables_are_understood(
    data_folder: Path, tmp_path: Path, path: str, entity: str, roles: dict[str, str]
) -> None:
    found = guess([data_folder / path], folder=tmp_path)
    source, told = found.project.sources[0], roles_of(found)
    assert (source.shape, source.columns["entity"]) == (Shape.TABLE, entity)
    assert {c: told.get(c) for c in roles} == roles


@pytest.mark.data
def test_texts_shape_segments_and_their_label_does_not(data_folder: Path, tmp_path: Path) -> None:
    project = guess([data_folder / "banking77" / "train.csv.gz"], folder=tmp_path).project
    assert dict(project.features.roles) == {"text": Role.TEXT, "category": Role.OVERLAY}
    assert project.entity == "text"


def test_a_lone_choice_beside_texts_is_a_label(tmp_path: Path) -> None:
    subjects = ["parcel", "invoice", "password", "phone", "table", "letter", "order", "bill"]
    rows = [
        f'"i have asked about my {a} and my {b} {n} times",{["praise", "blame"][n % 2]}'
        for n, (a, b) in enumerate(permutations(subjects, 2))
    ]
    file = tmp_path / "mails.csv"
    file.write_text("\n".join(["message,tone", *rows]))
    roles = guess([file], folder=tmp_path).project.features.roles
    assert dict(roles) == {"message": Role.TEXT, "tone": Role.OVERLAY}


def test_rows_of_people_without_any_time_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column tells when") as caught:
        guessed(tmp_path, shapes.instacart_without_time(Draw(N_ROWS)))
    assert caught.value.code == "E2009"
    assert "--time" in str(caught.value.hint)


def test_a_flag_overrides_each_guess(tmp_path: Path) -> None:
    found = guessed(
        tmp_path,
        shapes.order_lines(Draw(N_ROWS)),
        entity="customer name",
        time="Ship Date",
        amount="Sales - Discount",
        order="Row ID",
        item="Product Name",
        kind="Ship Mode",
        channel="Region",
        roles={"Country": Role.ID},
        objective="revenue",
        name="superb",
    )
    source = found.project.sources[0]
    assert source.columns["entity"] == "Customer Name"
    assert source.columns["time"] == "Ship Date"
    assert source.columns["amount"] == "Sales - Discount"
    assert source.columns["order"] == "Row ID"
    assert source.columns["item"] == "Product Name"
    assert source.columns["kind"] == "Ship Mode"
    assert source.columns["channel"] == "Region"
    assert (found.project.objective, found.project.name) == ("revenue", "superb")
    assert found.project.features.roles["Country"] is Role.ID
    assert found.reasons["sources[0].columns.amount"] == "given"


@pytest.mark.parametrize("flag", ["entity", "order", "item", "kind", "channel", "time", "amount"])
def test_a_flag_that_names_no_column_is_refused_with_the_nearest(tmp_path: Path, flag: str) -> None:
    columns = {"user_id": [1, 1, 2], "logins": [1, 2, 3], "at": ["2024-01-01"] * 3}
    with pytest.raises(UsageError, match="no column 'login'") as caught:
        guessed(tmp_path, columns, **{flag: "login"})
    assert caught.value.hint == "did you mean 'logins'?"


def test_a_role_for_no_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no column 'nation'"):
        guessed(tmp_path, shapes.mall(Draw(50)), roles={"nation": Role.OVERLAY})


def test_a_role_that_is_given_shapes_segments(tmp_path: Path) -> None:
    found = guessed(tmp_path, shapes.mall(Draw(50)), roles={"Age": Role.CLUSTER})
    assert found.project.features.roles["Age"] is Role.CLUSTER


def test_an_entity_that_is_given_settles_the_shape(tmp_path: Path) -> None:
    columns = shapes.order_lines(Draw(N_ROWS))
    rows = guessed(tmp_path, columns, entity="row_number").project
    assert (rows.sources[0].shape, rows.entity) == (Shape.TABLE, "row")
    orders = guessed(tmp_path, columns, entity="Order ID").project
    assert (orders.sources[0].shape, orders.entity) == (Shape.EVENTS, "order_id")


def test_a_time_by_expression_makes_events(tmp_path: Path) -> None:
    found = guessed(
        tmp_path, shapes.instacart_without_time(Draw(N_ROWS)), time="make_date(2024, 1, order_dow)"
    )
    source = found.project.sources[0]
    assert source.shape is Shape.EVENTS
    assert source.columns["time"] == "make_date(2024, 1, order_dow)"


def test_one_column_that_shows_behaviour_is_told(tmp_path: Path) -> None:
    notes = guessed(tmp_path, shapes.mall(Draw(50))).notes
    assert any("only 'Spending Score (1-100)' shapes" in n for n in notes)


def test_demographics_that_have_to_do_are_told(tmp_path: Path) -> None:
    notes = guessed(tmp_path, shapes.demographics_only(Draw(50))).notes
    assert any("nothing but demographics" in n for n in notes)


def test_labels_that_were_taken_out_are_told(tmp_path: Path) -> None:
    notes = guessed(tmp_path, shapes.hr_attrition(Draw(50))).notes
    assert any("never features: 'Attrition'" in n for n in notes)


def test_repeated_entities_of_a_table_are_told_with_both_ways_out(tmp_path: Path) -> None:
    columns = {k: [*v, v[0]] for k, v in shapes.mall(Draw(100)).items()}
    notes = guessed(tmp_path, columns).notes
    told = next(n for n in notes if "repeat" in n)
    assert "deduplicate: last" in told
    assert "shape: events" in told


def test_a_wide_table_lists_only_what_is_unusual(tmp_path: Path) -> None:
    rng = Draw(60).rng
    columns = {"customer_id": range(60), "gender": ["f", "m"] * 30, "churn": [0, 1] * 30}
    columns |= {f"metric_{i}": rng.gamma(2.0, size=60) for i in range(60)}
    assert roles_of(guessed(tmp_path, columns)) == {"gender": "overlay", "churn": "outcome"}


def test_a_single_row_is_left_to_the_run(tmp_path: Path) -> None:
    found = guessed(tmp_path, {"customer_id": [7], "visits": [3], "spend": [1.5]})
    assert roles_of(found) == {"visits": "cluster", "spend": "cluster"}


def test_a_log_of_who_left_is_asked_about(tmp_path: Path) -> None:
    days = np.datetime64("2024-01-01") + np.arange(60)
    columns = {"account_id": [i // 2 for i in range(60)], "churn_date": days}
    notes = guessed(tmp_path, columns).notes
    assert any("every row tells that somebody left" in n for n in notes)


def test_measures_of_events_are_taken_and_the_rest_is_told(tmp_path: Path) -> None:
    found = guessed(tmp_path, shapes_web.film_ratings(Draw(N_ROWS)))
    assert found.project.features.measures == ("rating",)
    assert found.reasons["features.measures"]
    notes = guessed(tmp_path, shapes_web.app_tickets(Draw(N_ROWS))).notes
    assert any(n.startswith("not used") and "'priority'" in n for n in notes)


def test_one_customer_is_still_a_customer(tmp_path: Path) -> None:
    days = np.datetime64("2024-01-01") + np.arange(30)
    found = guessed(tmp_path, {"customer_id": [5] * 30, "date": days, "amount": range(30)})
    assert found.project.sources[0].columns["entity"] == "customer_id"
    assert found.project.sources[0].shape is Shape.EVENTS


def test_several_files_with_the_same_columns_are_several_sources(tmp_path: Path) -> None:
    columns = shapes.plain_log(Draw(200))
    files = [write_csv(tmp_path / f"log_2024_{m}.csv", columns) for m in (1, 2)]
    project = guess(files, folder=tmp_path).project
    assert [s.path for s in project.sources] == ["log_2024_1.csv", "log_2024_2.csv"]
    assert project.sources[0].columns == project.sources[1].columns
    assert project.name == "log"


def test_the_same_data_gives_the_same_guess(tmp_path: Path) -> None:
    columns = shapes.shop_behaviour(Draw(N_ROWS))
    assert guessed(tmp_path, columns) == guessed(tmp_path, columns)


def test_rows_of_a_panel_are_records_not_purchases(tmp_path: Path) -> None:
    source = guessed(tmp_path, shapes_exports.dated_weeks(Draw(N_ROWS))).project.sources[0]
    assert source.event == "record"


def test_what_is_told_of_purchases_is_told_of_the_objective_as_well(tmp_path: Path) -> None:
    found = guessed(tmp_path, shapes_exports.hotel_stays(Draw(N_ROWS)))
    assert found.project.sources[0].event == "purchase"
    assert found.reasons["objective"] == "the events are purchases: who comes back?"
    columns = shapes.shop_behaviour(Draw(N_ROWS))
    said = guessed(tmp_path, columns).reasons["objective"]
    assert said == "some of the events are purchases: who comes back?"


def test_an_address_with_a_hyphen_is_that_of_a_person(tmp_path: Path) -> None:
    found = guessed(tmp_path, shapes_exports.till_log(Draw(N_ROWS)))
    assert not any("no column names a person" in n for n in found.notes)


def test_one_row_of_nobody_is_told_in_the_singular(tmp_path: Path) -> None:
    days = [f"2024-01-{1 + i % 28:02d}" for i in range(90)]
    who = ["", *(f"u{i // 3}" for i in range(89))]
    found = guessed(tmp_path, {"customer_id": who, "date": days, "amount": range(90)})
    assert found.reasons["sources[0].where"] == "1 row (1.1 %) names nobody"
