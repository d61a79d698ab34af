"""The same job as an able analyst writes it in a notebook: pandas and scikit-learn, vectorised.

Run as ``python notebook.py EVENTS.parquet FOLDER``. Nothing of Segmentry is imported. It is kept as
good as we know how: ids as categories, one sort, one groupby for all plain aggregates, distinct
counts by dropping duplicates, every column read once.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import davies_bouldin_score, silhouette_score
from sklearn.preprocessing import PowerTransformer, StandardScaler

SEED = 0
COLUMNS = [
    "customer_id", "order_id", "ordered_at", "product_id", "category", "quantity", "unit_price",
    "channel",
]  # fmt: skip
LABELS = ["customer_id", "order_id", "product_id", "category", "channel"]


def read(path: Path) -> pd.DataFrame:
    """Read the events, ids as codes, in order of customer and time."""
    events = pd.read_parquet(path, columns=COLUMNS)
    for name in LABELS:
        events[name] = events[name].astype("category")
    events["value"] = events["quantity"] * events["unit_price"]
    return events.sort_values(["customer_id", "ordered_at"], ignore_index=True)


def distinct(events: pd.DataFrame, what: pd.Series, customer: pd.Series) -> pd.Series:
    """Count distinct values per customer; both as codes."""
    pairs = np.unique(customer.to_numpy() * (int(what.max()) + 1) + what.to_numpy())
    found = np.bincount(pairs // (int(what.max()) + 1), minlength=int(customer.max()) + 1)
    return pd.Series(found, index=events["customer_id"].cat.categories)


def features(events: pd.DataFrame) -> pd.DataFrame:
    """Build 22 features per customer."""
    at = events["ordered_at"]
    cut = at.max() + pd.Timedelta(microseconds=1)
    age = (cut - at).dt.total_seconds().to_numpy() / 86_400
    customer = events["customer_id"].cat.codes.astype("int64")
    value = events["value"].to_numpy()
    last_30, last_90 = age < 30, age < 90
    day = at.dt.floor("D").astype("int64") // 86_400_000_000
    parts = {
        "first_age": age,
        "value": value,
        "quantity": events["quantity"],
        "price": events["unit_price"],
        "events_30": last_30.astype("int32"),
        "events_60": (age < 60).astype("int32"),
        "events_90": last_90.astype("int32"),
        "value_30": np.where(last_30, value, 0.0),
        "value_90": np.where(last_90, value, 0.0),
        "weekend": (at.dt.day_of_week >= 5).astype("int32"),
        "hour": at.dt.hour,
        **{f"share_{c}": (events["channel"] == c).astype("int32")
           for c in events["channel"].cat.categories},
    }  # fmt: skip
    groups = pd.DataFrame(parts).groupby(customer.to_numpy(), sort=True)
    sums = groups.sum()
    n_events = groups.size()
    ages = groups["first_age"].agg(["min", "max"])
    n_orders = distinct(events, events["order_id"].cat.codes.astype("int64"), customer).to_numpy()
    instants = pd.DataFrame({"customer": customer, "age": age}).drop_duplicates()
    gaps = -instants["age"].diff().where(instants["customer"].diff() == 0)
    gap_median = gaps.groupby(instants["customer"]).median()
    before = sums["events_60"] - sums["events_30"]
    table = pd.DataFrame(
        {
            "recency_days": ages["min"],
            "tenure_days": ages["max"],
            "n_events": n_events,
            "n_orders": n_orders,
            "value_total": sums["value"],
            "value_mean": sums["value"] / n_orders,
            "active_days": distinct(events, day - day.min(), customer).to_numpy(),
            "gap_median_days": gap_median.reindex(ages.index),
            "n_events_30": sums["events_30"],
            "n_events_90": sums["events_90"],
            "value_30": sums["value_30"],
            "value_90": sums["value_90"],
            "trend": ((sums["events_30"] - before) / (sums["events_30"] + before)).fillna(0.0),
            "n_items": distinct(
                events, events["product_id"].cat.codes.astype("int64"), customer
            ).to_numpy(),
            "n_categories": distinct(
                events, events["category"].cat.codes.astype("int64"), customer
            ).to_numpy(),
            "weekend_share": sums["weekend"] / n_events,
            "hour_mean": sums["hour"] / n_events,
            "quantity_mean": sums["quantity"] / n_events,
            "price_mean": sums["price"] / n_events,
            **{n: sums[n] / n_events for n in parts if n.startswith("share_")},
        }
    )
    table.index = events["customer_id"].cat.categories.rename("customer_id")
    table["gap_median_days"] = table["gap_median_days"].fillna(table["gap_median_days"].median())
    return table


def matrix(table: pd.DataFrame) -> np.ndarray:
    """Bend towards normal, standardise."""
    bent = PowerTransformer(method="yeo-johnson", standardize=False).fit_transform(table)
    return StandardScaler().fit_transform(bent)


def search(X: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Try k from 2 to 10; the best silhouette wins."""
    rng = np.random.default_rng(SEED)
    rows = rng.choice(len(X), min(10_000, len(X)), replace=False)
    tried, labels = [], {}
    for k in range(2, 11):
        model = KMeans(k, n_init=10, random_state=SEED).fit(X)
        labels[k] = model.labels_
        tried.append(
            {
                "k": k,
                "inertia": model.inertia_,
                "silhouette": silhouette_score(X[rows], model.labels_[rows]),
                "davies_bouldin": davies_bouldin_score(X, model.labels_),
            }
        )
    scores = pd.DataFrame(tried).set_index("k")
    return scores, labels[int(scores["silhouette"].idxmax())]


def main() -> None:
    """Do the whole job and write four files."""
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    table = features(read(path))
    X = matrix(table)
    scores, labels = search(X)
    table.insert(0, "segment", labels)
    groups = table.groupby("segment")
    profiles = pd.concat(
        {"size": groups.size().to_frame("n"), "mean": groups.mean(), "median": groups.median()},
        axis=1,
    )
    profiles.insert(1, ("size", "share"), profiles[("size", "n")] / len(table))
    contrasts = (groups.mean() - table.drop(columns="segment").mean()) / table.drop(
        columns="segment"
    ).std()
    scores.to_csv(folder / "scores.csv")
    table[["segment"]].to_csv(folder / "segments.csv")
    profiles.to_csv(folder / "profiles.csv")
    page = [scores.to_html(), profiles.T.to_html(), contrasts.T.to_html()]
    (folder / "report.html").write_text("\n".join(page), encoding="utf-8")
    print(scores, profiles["size"], sep="\n")


if __name__ == "__main__":
    main()
