"""Outcomes of staying, good ends, and the parts of a score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from segmentry.domain.health import Basis, Health, Weight
from segmentry.domain.percent import SIGN
from segmentry.domain.recipe import CategoryStep, NumberStep, Recipe
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.explain.health import (
    Staying,
    good_ends,
    parts_of,
    scored,
    scores_alone,
    silence,
    staying_outcomes,
)
from segmentry.explain.pack import load_pack
from segmentry.maths.logistic import chance

N = 40


def column(name, kind=Kind.NUMBER, role=Role.CLUSTER):
    return FeatureColumn(name, role, kind)


@pytest.fixture
def table() -> FeatureTable:
    rng = np.random.default_rng(0)
    logins = rng.permutation(N).astype(float)
    logins[3] = np.nan
    data = {
        "entity_id": np.arange(N),
        "logins": logins,
        "recency_days": rng.permutation(N).astype(float),
        "plan": ["pro" if i % 4 else "free" for i in range(N)],
    }
    columns = (column("logins"), column("recency_days"), column("plan", Kind.CATEGORY))
    return FeatureTable.of(pa.table(data), columns)


@pytest.fixture
def recipe() -> Recipe:
    numbers = tuple(
        NumberStep(name, 10.0, "", "identity", 1.0, centre=20.0, scale=10.0, weight=1.0, limit=9.0)
        for name in ("logins", "recency_days")
    )
    return Recipe(numbers, (CategoryStep("plan", ("free", "pro"), 1.0, 1.0),))


MODEL = Health(
    Basis.OUTCOME,
    "",
    "churned",
    "churn",
    intercept=-0.4,
    weights=(
        Weight("logins", "logins", -0.8, 0.1),
        Weight("recency_days", "recency_days", 0.5, -0.2),
        Weight("plan=free", "plan", 0.3, 0.25),
        Weight("plan=pro", "plan", -0.3, 0.75),
    ),
)
RANKS = Health(
    Basis.RANKS, "", weights=(
        Weight("logins", "logins", 0.5, 50.0), Weight("recency_days", "recency_days", -0.5, 50.0),
    ),
)  # fmt: skip


def test_outcomes_of_staying_are_known_by_their_words():
    names = ["plan_after", "Churn", "renewed", "active_after", "converted"]
    found = list(staying_outcomes(names, load_pack("b2b")))
    assert [(s.name, s.is_high_bad, s.bad) for s in found] == [
        ("Churn", True, "churn"),
        ("renewed", False, "no renewal"),
        ("active_after", False, "no event"),
    ]


def test_silence_is_held_against_the_rhythm():
    one = Staying("active_after", is_high_bad=False, bad="no event")
    gaps = np.array([10.0, 20.0, 60.0, np.nan])
    short, long = (silence(one, days, "purchase", gaps) for days in (30.0, 45.0))
    assert short.staying.bad == "no purchase in 30 days"
    assert "short against their rhythm" in short.sentence
    assert "windows.outcome: 40d would be 2 such gaps" in short.sentence
    assert "short" not in long.sentence
    assert "every 20 days or less often" in long.sentence
    alone = silence(one, 30.0, "event", np.array([np.nan])).sentence
    assert alone.endswith("nobody is known to have left.")


def test_every_good_end_that_a_pack_knows_is_of_something_that_has_two():
    for name in ("generic", "retail", "saas", "b2b", "telecom"):
        for concept in load_pack(name).concepts:
            assert not (concept.good and concept.levels), concept.key
            assert concept.good in {"", "high", "low"}


def test_each_concept_counts_alike_whatever_the_number_of_its_columns():
    columns = [column(n) for n in ("recency_days", "days_since_last_login", "trend", "shoe_size")]
    found = good_ends(columns, load_pack("generic"))
    told = {w.feature: w.weight for w in found}
    assert told == {"recency_days": -0.25, "days_since_last_login": -0.25, "trend": 0.5}
    assert {w.usual for w in found} == {50.0}


def test_one_concept_is_no_mean():
    columns = [column("recency_days"), column("trend", role=Role.OVERLAY)]
    assert good_ends(columns, load_pack("generic")) == ()


def test_a_modelled_score_is_100_less_the_chance(table, recipe):
    X = recipe.prepare(table).X
    odds = -0.4 + X @ np.array([w.weight for w in MODEL.weights])
    found = scored(MODEL, recipe, table)
    np.testing.assert_allclose(found.health, 100 * (1 - chance(odds)))
    assert found.features == ("logins", "recency_days", "plan")


def test_the_points_of_a_part_are_what_the_score_would_lose_with_the_usual_value(table, recipe):
    found = scored(MODEL, recipe, table)
    X = recipe.prepare(table).X.copy()
    X[:, 0] = MODEL.weights[0].usual
    odds = -0.4 + X @ np.array([w.weight for w in MODEL.weights])
    left = found.health - 100 * (1 - chance(odds))
    np.testing.assert_allclose(found.points()[:, 0], left, atol=1e-9)


def test_a_score_by_ranks_is_the_mean_rank_and_its_parts_add_up(table, recipe):
    found = scored(RANKS, recipe, table)
    logins, recency = table.numbers("logins"), table.numbers("recency_days")
    best, worst = np.nanargmax(logins - recency), np.nanargmin(logins - recency)
    assert found.health[best] > 75 > 25 > found.health[worst]
    assert found.health.mean() == pytest.approx(50.0)
    np.testing.assert_allclose(50 + found.points().sum(axis=1), found.health)
    missing = int(np.flatnonzero(np.isnan(logins))[0])
    assert found.points()[missing, 0] == 0.0


def test_parts_tell_the_value_beside_the_usual_one(table, recipe):
    found = scored(MODEL, recipe, table)
    every = list(parts_of(found, table))
    assert len(every) == N
    points = found.points()
    for row, own in enumerate(every):
        sizes = [abs(p.points) for p in own]
        assert sizes == sorted(sizes, reverse=True)
        assert all(size >= 0.5 for size in sizes)
        for part in own:
            at = found.features.index(part.feature)
            assert part.points == pytest.approx(points[row, at], abs=0.006)
    free = next(p for p in every[0] if p.feature == "plan")
    assert free.sentence.startswith(f"plan 'free' (of everyone 25{SIGN}): -")
    missing = next(p for p in every[3] if p.feature == "logins")
    assert missing.sentence.startswith("logins not known (median ")


def test_a_score_does_not_depend_on_who_else_is_scored(table, recipe):
    few = table.take(np.array([5, 9]))
    whole = scored(MODEL, recipe, table).health
    np.testing.assert_array_equal(scored(MODEL, recipe, few).health, whole[[5, 9]])


def test_scores_in_blocks_are_the_same_bits(table, recipe, monkeypatch):
    monkeypatch.setattr("segmentry.explain.health.BLOCK_ROWS", 7)
    for health in (MODEL, RANKS):
        whole = scored(health, recipe, table).health
        np.testing.assert_array_equal(scores_alone(health, recipe, table), whole)


def test_nothing_below_half_a_point_is_told(table, recipe):
    faint = replace(MODEL, weights=tuple(replace(w, weight=w.weight / 1e4) for w in MODEL.weights))
    assert set(parts_of(scored(faint, recipe, table), table)) == {()}
