"""Sources that lead to each other give the same features wherever they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from alike import assert_built_alike
from commands import segmentry
from places import Built, Place
from segmentry.domain.audit import Audit
from segmentry.domain.project import (
    Accounts,
    FeatureChoice,
    KeyMap,
    Project,
    Shape,
    Source,
    Windows,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.errors import DataError
from segmentry.projectfile.load import load

START = datetime(2024, 1, 1)  # noqa: DTZ001 - a time without zone

Rows = dict[str, pa.Table]


def laid(place: Place, rows: Rows, sources: Sequence[Source], **more: Any) -> Project:
    """Lay rows in a place, once for each name, and let the sources of that name read them."""
    lies = {name: place.source(table) for name, table in rows.items()}
    found = []
    for source in sources:
        one = lies[source.path]
        found.append(replace(source, path=one.path, table=one.table, connection=one.connection))
    return Project("joined", tuple(found), **more)


def both(
    place: Place,
    rows: Rows,
    sources: Sequence[Source],
    *,
    as_of: datetime | None = None,
    **more: Any,
) -> tuple[Built, Audit]:
    """Build the same here and on DuckDB: features and what is told have to be equal."""
    built = [one.built(laid(one, rows, sources, **more), as_of) for one in (place, place.beside)]
    (found, told), (expected, there) = built
    assert_built_alike(found, expected)
    assert_told_alike(told, there)
    return found, told


def assert_told_alike(told: Audit, expected: Audit) -> None:
    assert told.findings == expected.findings
    # How dates were read is a fact of texts.
    assert told.facts == {k: v for k, v in expected.facts.items() if k != "date_formats"}


def source(name: str, shape: Shape = Shape.EVENTS, **given: Any) -> Source:
    columns = frozen_mapping(given.pop("columns"))
    return Source(name, given.pop("rows", name), shape, columns, **given)


def days(n: int, step: int = 1) -> pa.Array:
    return pa.array([START + timedelta(hours=7 * i * step, seconds=i) for i in range(n)])


# Longer than every log, so that rows are compared at one cut and not at two.
ONE_CUT = Windows(outcome_days=1000)
CHOSEN = ("n_events", "recency_days", "value_total", "error_share", "share_kind")


def test_keys_lead_to_entities_over_one_table_and_over_two(place: Place) -> None:
    n = 300
    subs = [*range(40), 3, 4, 4]
    rows = {
        # 41 to 44 lead nowhere, 3 to one account twice, 4 to two accounts, and some rows nowhere.
        "uses": pa.table(
            {
                "sub": pa.array([None if i % 50 == 49 else i % 45 for i in range(n)], pa.int32()),
                "at": days(n),
                "paid": pa.array([Decimal(i * 37 % 1000) / 100 for i in range(n)]).cast(
                    pa.decimal128(12, 2)
                ),
            }
        ),
        "clicks": pa.table({"device": pa.array([f"d{i % 23}" for i in range(n)])}),
        "devices": pa.table(
            {
                "id": pa.array([f"d{i // 2}" for i in range(40)]),
                # As a column with gaps is written, by some tools.
                "sub": pa.array([float(i // 2) for i in range(40)]),
                "bought": days(40, 5),
                "maker": pa.array(
                    ["apple", "Zebra", "ärger", "zoë", None][i % 5] for i in range(40)
                ),
                "is_old": pa.array([None if i % 7 == 6 else i % 3 == 0 for i in range(40)]),
                "price": pa.array([i / 7 for i in range(40)]),
            }
        ),
        "subs": pa.table(
            {
                "sub": pa.array(subs, pa.int64()),
                "account": pa.array([f"a{9 if i > 41 else s % 11}" for i, s in enumerate(subs)]),
            }
        ),
        "facts": pa.table({"sub": pa.array([*range(11)]), "size": pa.array([*range(11)])}),
    }
    to_account = KeyMap("sub", "account", source="subs")
    taken = {"time": "bought", "kind": "maker", "errors": "is_old", "amount": "price"}
    to_sub = KeyMap("id", "sub", source="devices", take=frozen_mapping(taken))
    sources = (
        source(
            "uses", columns={"entity": "sub", "time": "at", "amount": "paid"}, key=(to_account,)
        ),
        source("clicks", columns={"entity": "device"}, key=(to_sub, to_account)),
        source("facts", Shape.TABLE, columns={"entity": "sub"}, key=(to_account,)),
        source("devices", columns={"entity": "id", "time": "bought"}, use="outcomes"),
        source("subs", columns={"entity": "account"}, use="outcomes", where="sub >= 0"),
    )
    features = FeatureChoice(include=CHOSEN)
    _, told = both(place, rows, sources, features=features, windows=ONE_CUT)
    lost = {(f.source, f.code): (f.count, f.examples) for f in told.findings}
    assert lost["uses", "no_match"] == (30, ("40", "41", "42"))
    assert lost["uses", "ambiguous_key"] == (6, ("4",))
    assert lost["clicks", "no_match"] == (39, ("d20", "d21", "d22"))
    assert lost["clicks", "ambiguous_key"] == (13, ("4",))
    assert lost["uses", "no_entity"] == (6, ())


def plans(n: int = 120) -> pa.Table:
    """Make states of a few firms: several at one instant, open and ended, with gaps."""
    at = [START + timedelta(days=(i * 7) % 90, hours=i % 3 * 11) for i in range(n)]
    ends = [None if i % 3 else t + timedelta(days=20 + i % 40) for i, t in enumerate(at)]
    words = ["basic", "Pro", "pro", "größer", " pro ", "NULL", None]
    return pa.table(
        {
            "firm": pa.array([None if i % 40 == 39 else i % 13 for i in range(n)], pa.int64()),
            "since": pa.array([None if i % 30 == 29 else t for i, t in enumerate(at)]),
            "until": pa.array([None if t is None else t.date() for t in ends], pa.date32()),
            "plan": pa.array([words[i % 7] for i in range(n)]),
            "fee": pa.array([Decimal(i * 37 % 500) / 100 for i in range(n)]).cast(
                pa.decimal128(9, 2)
            ),
            "load": pa.array([float("nan") if i % 17 == 5 else i / 7 for i in range(n)]),
            "seats": pa.array([None if i % 11 == 3 else i % 6 for i in range(n)], pa.int16()),
            "is_trial": pa.array([None if i % 19 == 8 else i % 2 == 0 for i in range(n)]),
            "renewal": pa.array([t.date() + timedelta(days=30) for t in at], pa.date32()),
            "seen": pa.array([t - timedelta(days=3) for t in at], pa.timestamp("us", "UTC")),
        }
    )


def visits(n: int = 400) -> pa.Table:
    who = pa.array([i * 5 % 14 for i in range(n)], pa.int64())
    return pa.table({"firm": who, "at": days(n), "paid": pa.array([i % 9 for i in range(n)])})


VISITS = source("visits", columns={"entity": "firm", "time": "at", "amount": "paid"})


def test_states_are_those_known_at_the_cut(place: Place) -> None:
    columns = {"entity": "firm", "time": "since", "until": "until"}
    lasting = {k: v for k, v in columns.items() if k != "until"}
    sources = (
        VISITS,
        source("plans", Shape.CHANGES, columns=columns, combine="sum", where="seats >= 1"),
        source("moves", Shape.CHANGES, rows="plans", columns=lasting),
    )
    built, told = both(
        place,
        {"visits": visits(), "plans": plans()},
        sources,
        features=FeatureChoice(include=CHOSEN[:3]),
        windows=ONE_CUT,
    )
    table = built[0]
    names = {"fee", "plans_open", "renewal_in_days", "seen_days_ago", "plan (moves)"}
    assert names <= set(table.data.column_names)
    assert {"no_entity", "no_time", "not_in_table"} <= {f.code for f in told.findings}
    assert table.data["plans_open"].null_count == 1


def test_users_are_rolled_up_to_accounts(place: Place) -> None:
    n = 400
    log = pa.table(
        {
            "user": pa.array([i * 7 % 31 for i in range(n)], pa.int32()),
            "at": days(n),
            "paid": pa.array([None if i % 9 == 4 else i / 7 for i in range(n)]),
            "team": pa.array([f"T{i * 7 % 31 % 4}" for i in range(n)]),
        }
    )
    # Numbers with a fraction that hold ids; 3 and 4 move, 30 has no account, 5 two at once.
    users = [*range(30), 3, 4, 5, 5, None]
    members = pa.table(
        {
            "user": pa.array([u if u is None else Decimal(u) for u in users]).cast(
                pa.decimal128(12, 2)
            ),
            "account": pa.array([f"{'Zä-a'[i % 4]}{i % 7}" for i in range(len(users))]),
            "since": pa.array([START + timedelta(days=4 * i) for i in range(len(users))]),
        }
    )
    events = source("log", columns={"entity": "user", "time": "at", "amount": "paid"})
    dated = source("members", Shape.CHANGES, columns={"entity": "user", "time": "since"})
    listed = source("members", Shape.TABLE, columns={"entity": "user"})
    features = FeatureChoice(include=CHOSEN[:3], roles=frozen_mapping({"team": Role.OVERLAY}))
    rows = {"log": log, "members": members}
    for more, accounts, several in (
        (dated, Accounts("account", "members"), []),
        (listed, Accounts("account", "members", ("sum", "active_share")), [3]),
    ):
        sources = (events, more)
        built, told = both(
            place, rows, sources, features=features, accounts=accounts, windows=ONE_CUT
        )
        assert {"user_sum_value_total", "active_share"} <= set(built[0].data.column_names)
        assert [f.count for f in told.findings if f.code == "several_accounts"] == several
        assert [f.count for f in told.findings if f.code == "no_account"] == [1]


def test_a_key_that_leads_nowhere_stops(place: Place) -> None:
    hop = KeyMap("firm", "firm", source="plans")
    sources = (
        replace(VISITS, columns=frozen_mapping({"entity": "paid + 20", "time": "at"}), key=(hop,)),
        source("plans", Shape.CHANGES, columns={"entity": "firm", "time": "since"}),
    )
    project = laid(place, {"visits": visits(), "plans": plans()}, sources)
    with pytest.raises(DataError, match=r"no key of source 'visits' is found in plans\.firm"):
        place.built(project)


DATES = ("signup_date", "churn_date", "usage_date", "start_date", "end_date")
INSTANTS = ("submitted_at", "closed_at", "timestamp")
MONEY = ("mrr_amount", "arr_amount", "refund_amount_usd")
FILES = ("accounts", "churn_events", "feature_usage", "subscriptions", "support_tickets")


def typed(path: Path) -> pa.Table:
    """Read a file of texts as a warehouse would hold it: dates, money and truths of their types."""
    rows = pd.read_csv(path)
    table = pa.Table.from_pandas(rows, preserve_index=False)
    for place, name in enumerate(table.column_names):
        if name in (*DATES, *INSTANTS):
            at = pa.array(
                pd.to_datetime(rows[name], format="mixed", dayfirst=rows[name][0][2] == "-")
            )
            type_ = pa.date32() if name in DATES else pa.timestamp("us")
            table = table.set_column(place, name, at.cast(type_, safe=False))
        elif name in MONEY:
            money = table[name].cast(pa.float64()).cast(pa.decimal128(12, 2))
            table = table.set_column(place, name, money)
    return table


@pytest.fixture(scope="module")
def business(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the project that ``init`` proposes for the five files, asking for every feature."""
    folder = tmp_path_factory.mktemp("business")
    for name in FILES:
        source = data_folder / "ravenstack_saas" / f"{name}.csv.gz"
        (folder / source.name).write_bytes(source.read_bytes())
    done = segmentry("init", ".", folder=folder)
    assert done.status == 0, done.messages
    project = load(folder / "segmentry.yaml").project
    return replace(project, features=replace(project.features, include=("all",)))


def moved(project: Project, place: Place) -> Project:
    """Let the sources of a project lie in a place, in columns of types of their own."""
    sources = []
    for source in project.sources:
        lies = place.source(typed(project.folder / source.path))
        sources.append(
            replace(source, path=lies.path, table=lies.table, connection=lies.connection)
        )
    return replace(project, sources=tuple(sources))


@pytest.mark.data
def test_a_subscription_business_of_five_sources(place: Place, business: Project) -> None:
    found, told = place.built(moved(business, place))
    expected, there = place.beside.built(moved(business, place.beside))
    assert_built_alike(found, expected)
    assert_told_alike(told, there)
    assert (found[0].n_entities, len(found[0].columns) > 100) == (500, True)
    assert found[2] is not None


@pytest.mark.data
def test_visits_of_a_shop_with_kinds_sessions_and_paths(place: Place, data_folder: Path) -> None:
    rows = typed(data_folder / "retentioneering_ecom" / "ecom_events.csv.gz")
    columns = {
        "entity": "user_id",
        "time": "timestamp",
        "kind": "event",
        "session": "session_id",
        "device": "platform",
        "channel": "acquisition_channel",
    }
    meanings = {
        "purchase": ("purchase",),
        "cart": ("add_to_cart",),
        "view": ("product_view",),
        "ticket": ("support_chat",),
    }
    features = FeatureChoice(
        include=("all",),
        roles=frozen_mapping({"user_cohort": Role.OVERLAY, "user_lifecycle": Role.OVERLAY}),
        kinds=frozen_mapping(meanings),
        milestones=("add_to_cart", "purchase"),
        onboarding=("home", "catalog", "product_view"),
        workflow=("cart", "shipping_details", "payment_details", "purchase"),
    )
    log = (source("log", columns=columns),)
    built, _ = both(place, {"log": rows}, log, features=features, windows=ONE_CUT)
    assert (built[0].n_entities, len(built[0].columns) > 90) == (600, True)


def test_texts_that_may_leave_are_scored_alike(place: Place) -> None:
    said = (
        "My parcel never arrived and nobody answers, this is terrible",
        "The delivery of my parcel was late again",
        "Thank you, the refund came quickly, great service",
        "How do I change the address of my account?",
        "I want my money back, the refund is still missing",
        None,
        "Cannot log in to my account, the password is wrong",
    )
    n = 420
    rows = pa.table(
        {
            "who": [f"c{i % 40:02d}" for i in range(n)],
            "opened_at": days(n),
            "said": [said[i % 7] for i in range(n)],
        }
    )
    columns = {"entity": "who", "time": "opened_at", "text": "said"}
    found, told = both(
        place,
        {"tickets": rows},
        [source("tickets", columns=columns, texts="leave")],
        features=FeatureChoice(include=("channel", "service", "sentiment", "breadth")),
        as_of=datetime(2024, 5, 1),  # noqa: DTZ001 - a time without zone
        windows=ONE_CUT,
    )
    assert {"mean_sentiment", "negative_share", "last_sentiment"} <= set(found[0].data.column_names)
    assert told.facts["texts"]["text"]["n_texts"] == 6
