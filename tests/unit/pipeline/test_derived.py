"""Derived features through the whole of reading, learning and assigning."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from reading import Built, built, events
from segmentry.domain.project import FeatureChoice, frozen_mapping

KINDS = ("look", "ask")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(3)
    lines = ["id,at,kind,paid,thing"]
    start = datetime.fromisoformat("2024-01-01")
    for entity in range(400):
        # Purchases at random until the entity stops, as the model has it; other events at will.
        rate, stops, day = rng.gamma(1.0, 1 / 15), rng.beta(1.0, 3.0), 5 * rng.random()
        while day < 180:
            at = start + timedelta(days=float(day))
            lines.append(f"{entity},{at:%Y-%m-%d},buy,{rng.gamma(3, 10):.2f},t{rng.integers(0, 9)}")
            day += 1 + rng.exponential(1 / rate)
            if rng.random() < stops:
                break
        for _ in range(int(rng.integers(2, 9))):
            at = start + timedelta(days=int(rng.integers(0, 180)))
            kind = KINDS[int(rng.integers(0, 2))]
            lines.append(f"{entity},{at:%Y-%m-%d},{kind},,t{rng.integers(0, 9)}")
    file = tmp_path_factory.mktemp("log") / "log.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def table(path: Path, *names: str, **more: object) -> Built:
    kinds = frozen_mapping({"purchase": ("buy",)})
    choice = FeatureChoice(include=names, kinds=kinds)
    source = events(path, kind="kind", amount="paid", item="thing")
    return built(source, features=choice, **more)


NAMES = ("n_purchases", "rfm_score", "items_used_share", "path_1", "expected_purchases")


def test_models_kept_with_the_columns_give_the_very_same_values(path: Path) -> None:
    found = table(path, *NAMES)
    assert [c.name for c in found.table.columns] == list(NAMES)
    again = table(path, *NAMES, like=found.table.columns, window=found.window)
    assert again.table.data.equals(found.table.data)


def test_one_entity_alone_gets_what_it_got_among_all(path: Path, tmp_path: Path) -> None:
    found = table(path, *NAMES)
    header, *rows = path.read_text().splitlines()
    alone = tmp_path / "alone.csv"
    alone.write_text("\n".join([header, *(r for r in rows if r.startswith("7,"))]) + "\n")
    one = table(alone, *NAMES, like=found.table.columns, window=found.window)
    assert one.of(7) == found.of(7)


def test_inputs_of_models_are_no_features(path: Path) -> None:
    assert [c.name for c in table(path, "r_score").table.columns] == ["r_score"]


def test_purchases_are_forecast_from_purchases_alone(path: Path, tmp_path: Path) -> None:
    header, *rows = path.read_text().splitlines()
    bought = tmp_path / "bought.csv"
    bought.write_text("\n".join([header, *(r for r in rows if ",buy," in r)]) + "\n")
    whole, part = (table(p, "expected_purchases") for p in (path, bought))
    # The cut is after the last event of either log; both end on the same day.
    for row in part.table.data.to_pylist()[:20]:
        assert whole.of(row["entity_id"])["expected_purchases"] == pytest.approx(
            row["expected_purchases"], rel=0.05
        )


def test_what_cannot_be_learned_is_told(path: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text("\n".join(path.read_text().splitlines()[:30]) + "\n")
    found = table(few, "n_events", "expected_purchases")
    assert [c.name for c in found.table.columns] == ["n_events"]
    (finding,) = found.findings("derived_not_built")
    assert "second day" in finding.sentence
