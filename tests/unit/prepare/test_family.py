from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.feature import ShareOf
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.domain.textmodel import TextOf
from segmentry.prepare.family import unrelated_families
from segmentry.prepare.fit import fit_recipe

RNG = np.random.default_rng(3)
N = 4000


def composition(
    strength: float,
    *,
    events: int,
    p: tuple[float, ...] = (0.5, 0.3, 0.2),
    field: str = "kind",
    n_plain: int = 1,
) -> FeatureTable:
    """Shares of entities with so many events each, and columns that know nothing of them."""
    truth = RNG.dirichlet(strength * np.array(p), N)
    counts = np.array([RNG.multinomial(events, row) for row in truth], dtype=np.float64)
    data = {f"plain {i}": list(RNG.normal(size=N)) for i in range(n_plain)}
    for j, share in enumerate(p):
        drawn = (counts[:, j] + share * strength) / (events + strength)
        data[f"share_{field}={j}"] = list(drawn)
    table = feature_table(data)
    columns = [FeatureColumn(name, Role.CLUSTER) for name in data if name.startswith("plain")]
    for j, share in enumerate(p):
        made = ShareOf(field, (str(j),), is_rest=False, prior=share * strength, strength=strength)
        columns.append(FeatureColumn(f"share_{field}={j}", Role.CLUSTER, share=made))
    return FeatureTable.of(table.data, tuple(columns))


def matrix(table: FeatureTable, **weights: float) -> tuple[tuple[str, ...], np.ndarray]:
    recipe = fit_recipe(table, weights=weights, audit=Audit(), rng=np.random.default_rng(0))
    return recipe.names, recipe.apply(table).X


def family_variance(names: tuple[str, ...], X: np.ndarray) -> float:
    return float(sum(X[:, j].var() for j, n in enumerate(names) if n.startswith("share_")))


@pytest.mark.parametrize("p", [(0.5, 0.3, 0.2), tuple([0.1] * 10)])
def test_a_family_weighs_as_one_feature_however_many_levels_it_has(p: tuple[float, ...]) -> None:
    assert family_variance(*matrix(composition(2.0, events=500, p=p))) == pytest.approx(
        1.0, rel=0.1
    )


def test_what_is_partly_luck_weighs_less() -> None:
    names, X = matrix(composition(4.0, events=4))
    assert family_variance(names, X) == pytest.approx(0.5, rel=0.1)


def test_a_share_that_mirrors_another_is_left_out_and_the_other_weighs_for_both() -> None:
    names, X = matrix(composition(2.0, events=500, p=(0.4, 0.6)))
    assert names == ("plain 0", "share_kind=0")
    assert family_variance(names, X) == pytest.approx(1.0, rel=0.1)


def test_differences_between_levels_stay_as_they_are() -> None:
    table = composition(2.0, events=500, p=(0.6, 0.38, 0.02))
    names, X = matrix(table)
    scales = {
        round(float(X[:, j].std() / table.numbers(n).std()), 6)
        for j, n in enumerate(names)
        if n.startswith("share_")
    }
    assert len(scales) == 1


def test_a_family_is_weighed_by_its_name_and_a_share_by_its_own() -> None:
    table = composition(2.0, events=500)
    _, plain = matrix(table)
    _, weighed = matrix(table, **{"share_kind": 3.0, "share_kind=1": 0.5})
    np.testing.assert_allclose(weighed / plain, np.tile([1.0, 3.0, 0.5, 3.0], (N, 1)))


def test_an_entity_of_which_nothing_is_known_is_like_everyone() -> None:
    table = composition(2.0, events=500)
    rows = table.data.to_pylist()
    for name in ("share_kind=0", "share_kind=1", "share_kind=2"):
        rows[0][name] = None
    gap = FeatureTable.of(
        type(table.data).from_pylist(rows, schema=table.data.schema), table.columns
    )
    recipe = fit_recipe(gap, weights={}, audit=Audit(), rng=np.random.default_rng(0))
    shares = [s for s in recipe.numbers if s.column.startswith("share_")]
    assert [s.impute for s in shares] == pytest.approx([0.5, 0.3, 0.2])
    assert {s.impute_reason for s in shares} == {"everyone's share"}
    assert np.abs(recipe.apply(gap).X[0, 1:]).max() < 0.1


def left_out(table: FeatureTable, audit: Audit | None = None, **weights: float) -> dict[str, str]:
    found = audit or Audit()
    recipe = fit_recipe(table, weights=weights, audit=found, rng=np.random.default_rng(0))
    return {left.column: left.reason for left in recipe.left_out}


def test_a_family_that_goes_along_with_nothing_is_left_out_and_told() -> None:
    table, audit = composition(2.0, events=50, n_plain=8), Audit()
    assert set(left_out(table, audit)) == {f"share_kind={j}" for j in range(3)}
    told = next(f for f in audit.findings if f.code == "unrelated_shares")
    assert told.column == "kind"
    assert "'share_kind' under segments.weights" in told.done


@pytest.mark.parametrize("name", ["share_kind", "share_kind=1"])
def test_a_family_that_was_weighed_stays(name: str) -> None:
    assert left_out(composition(2.0, events=50, n_plain=8), **{name: 1.0}) == {}


def test_a_family_stays_where_little_else_is_known() -> None:
    assert left_out(composition(2.0, events=50, n_plain=5)) == {}


def test_how_much_others_explain_is_the_adjusted_share_of_a_regression() -> None:
    from sklearn.linear_model import LinearRegression

    others = RNG.normal(size=(500, 7))
    signal = others @ RNG.normal(size=(7, 2)) * 0.02
    family = signal + RNG.normal(size=(500, 2))
    fit = LinearRegression().fit(others, family)
    left = ((family - fit.predict(others)) ** 2).sum()
    total = ((family - family.mean(axis=0)) ** 2).sum()
    wanted = max(1 - left / total * 499 / (499 - 7), 0.0)
    found = unrelated_families(np.hstack([others, family]), [None] * 7 + ["kind"] * 2)
    assert found == {"kind": pytest.approx(wanted)}


def test_families_that_go_along_with_each_other_stay() -> None:
    others, one = RNG.normal(size=(500, 6)), RNG.normal(size=(500, 2))
    X = np.hstack([others, one, one + RNG.normal(size=(500, 2))])
    fields = [None] * 6 + ["kind"] * 2 + ["channel"] * 2
    assert unrelated_families(X, fields) == {}
    assert set(unrelated_families(X[:, :8], fields[:8])) == {"kind"}


def of_aspects(**columns: tuple[str | None, bool]) -> tuple[tuple[str, ...], list[float]]:
    rng = np.random.default_rng(2)
    data = feature_table({name: list(rng.normal(size=300)) for name in columns}).data
    described = tuple(
        FeatureColumn(name, Role.CLUSTER, aspect=aspect, refines=refines)
        for name, (aspect, refines) in columns.items()
    )
    table = FeatureTable.of(data, described)
    recipe = fit_recipe(table, weights={"c": 3.0}, audit=Audit(), rng=rng)
    return recipe.names, [s.weight**2 for s in recipe.numbers]


def test_refinements_share_the_weight_of_what_they_refine() -> None:
    _, weights = of_aspects(a=("much", False), b=("much", True), x=(None, False))
    assert weights == pytest.approx([0.5, 0.5, 1.0])


def test_features_of_an_aspect_that_refine_nothing_keep_their_weight() -> None:
    _, weights = of_aspects(a=("much", False), b=("much", False), x=("else", False))
    assert weights == pytest.approx([1.0, 1.0, 1.0])
    _, weights = of_aspects(a=("much", False), b=("much", False), d=("much", True))
    assert weights == pytest.approx([2 / 3] * 3)


def test_refinements_alone_weigh_as_one_feature() -> None:
    _, weights = of_aspects(a=("much", True), b=("much", True), x=(None, False))
    assert weights == pytest.approx([0.5, 0.5, 1.0])


def test_a_weight_that_is_asked_for_comes_on_top() -> None:
    _, weights = of_aspects(a=("much", False), c=("much", True))
    assert weights == pytest.approx([0.5, 9 * 0.5])


def test_a_family_of_shares_is_one_member_of_its_aspect() -> None:
    plain = composition(2.0, events=500, n_plain=3)
    columns = tuple(
        replace(c, aspect="breadth", refines=c.share is not None)
        if c.share is not None or c.name == "plain 0"
        else c
        for c in plain.columns
    )
    table = FeatureTable.of(plain.data, columns)
    names, X = matrix(table)
    assert family_variance(names, X) == pytest.approx(0.5, rel=0.1)
    assert X[:, names.index("plain 0")].var() == pytest.approx(0.5, rel=1e-6)
    assert X[:, names.index("plain 1")].var() == pytest.approx(1.0, rel=1e-6)


def of_topics(n_topics: int, **changes: float) -> FeatureTable:
    rows = RNG.dirichlet(np.full(n_topics, 0.3), N)
    data = {"plain": list(RNG.normal(size=N))}
    data |= {f"topic_text={j}": [None, *rows[1:, j]] for j in range(n_topics)}
    columns = [FeatureColumn("plain", Role.CLUSTER)]
    columns += [
        FeatureColumn(f"topic_text={j}", Role.CLUSTER, text=TextOf("text", "topic", j))
        for j in range(n_topics)
    ]
    return FeatureTable.of(feature_table(data).data, tuple(columns))


@pytest.mark.parametrize("n_topics", [3, 12])
def test_topics_of_a_text_weigh_as_one_feature_however_many(n_topics: int) -> None:
    names, X = matrix(of_topics(n_topics))
    topics = [i for i, name in enumerate(names) if name.startswith("topic")]
    assert len(topics) == n_topics
    assert X[:, topics].var(axis=0).sum() == pytest.approx(1.0, rel=0.01)


def test_distances_between_topics_keep_their_proportions() -> None:
    table = of_topics(5)
    names, X = matrix(table)
    own = np.column_stack([table.numbers(n) for n in names if n.startswith("topic")])
    topics = [i for i, name in enumerate(names) if name.startswith("topic")]
    moved = X[1:, topics] - X[1, topics]
    assert moved / (own[1:] - own[1]).std() == pytest.approx(
        (own[1:] - own[1]) * (moved.std() / (own[1:] - own[1]).std() ** 2)
    )


def test_topics_can_be_weighed_by_their_column() -> None:
    names, X = matrix(of_topics(4), topic_text=3.0)
    topics = [i for i, name in enumerate(names) if name.startswith("topic")]
    assert X[:, topics].var(axis=0).sum() == pytest.approx(9.0, rel=0.01)


def with_affinities(table: FeatureTable, *, keeps_shares: bool) -> FeatureTable:
    """Put affinities beside shares, or in their place."""
    data, columns = table.data, []
    for column in table.columns:
        if column.share is None:
            columns.append(column)
            continue
        told = replace(column.share, tells="affinity")
        name = column.name.replace("share_", "affinity_")
        values = np.log2(table.numbers(column.name) * told.strength / told.prior)
        data = data.append_column(name, pa.array(values))
        columns += [column] if keeps_shares else []
        columns.append(replace(column, name=name, share=told))
    columns.sort(key=lambda c: c.name.startswith("affinity_"))
    return FeatureTable.of(data, tuple(columns))


def test_affinities_say_nothing_new_beside_their_shares() -> None:
    names, _ = matrix(with_affinities(composition(2.0, events=50), keeps_shares=True))
    assert names == ("plain 0", "share_kind=0", "share_kind=1", "share_kind=2")


def test_affinities_weigh_as_one_feature_and_fill_in_as_everyones() -> None:
    table = with_affinities(composition(2.0, events=500), keeps_shares=False)
    rows = table.data.to_pylist()
    for name in table.data.column_names:
        if name.startswith("affinity_"):
            rows[0][name] = None
    schema = table.data.schema
    table = FeatureTable.of(type(table.data).from_pylist(rows, schema=schema), table.columns)
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=np.random.default_rng(0))
    steps = [s for s in recipe.numbers if s.column.startswith("affinity_")]
    assert {(s.impute, s.impute_reason) for s in steps} == {(0.0, "everyone's affinity")}
    X = recipe.apply(table).X[:, 1:]
    assert len({s.scale for s in steps}) == 1
    assert float(X.var(axis=0).sum()) == pytest.approx(1.0, rel=0.1)


@pytest.mark.parametrize(
    ("tells", "said"), [("affinity", "Affinities by kind"), ("steps", "Shares of steps by kind")]
)
def test_what_goes_along_with_nothing_is_told_by_its_own_name(tells: str, said: str) -> None:
    table = composition(2.0, events=50, n_plain=8)
    columns = []
    for i, column in enumerate(table.columns):
        share = column.share
        if share is not None:
            levels = (str(i), "x") if tells == "steps" else share.levels
            share = replace(share, tells=tells, levels=levels)  # type: ignore[arg-type]
        columns.append(replace(column, share=share))
    audit = Audit()
    out = left_out(FeatureTable.of(table.data, tuple(columns)), audit)
    assert set(out) == {f"share_kind={j}" for j in range(3)}
    told = next(f for f in audit.findings if f.code == "unrelated_shares")
    assert told.sentence.startswith(f"{said} go along with no other side")
