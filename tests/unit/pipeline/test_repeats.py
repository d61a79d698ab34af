from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reading import Built, built, write
from segmentry.domain.project import FeatureChoice, Shape, Source, frozen_mapping
from segmentry.domain.role import Role

HEAD = "key,id,at,amount,kind,note\n"


def source(path: str, how: str | None, name: str = "log") -> Source:
    columns = {"entity": "id", "time": "at", "amount": "amount", "kind": "kind"}
    columns |= {"id": "key"} if how == "id" else {}
    return Source(name, path, Shape.EVENTS, frozen_mapping(columns), deduplicate=how)  # type: ignore[arg-type]


def event(i: int, amount: int = 5) -> str:
    return f"k{i},{'abc'[i % 3]},2020-01-{1 + i % 27:02},{amount},{'xy'[i % 2]},n{i}\n"


def rows_of(one: Built) -> list[dict[str, object]]:
    return one.table.data.to_pylist()


def test_equal_rows_count_once_within_and_across_sources(tmp_path: Path) -> None:
    whole = [event(i) for i in range(20)]
    write(tmp_path / "all.csv", HEAD + "".join(whole))
    write(tmp_path / "a.csv", HEAD + "".join([*whole[:12], whole[0]]))
    write(tmp_path / "b.csv", HEAD + "".join(whole[8:]))
    plain = built(source("all.csv", None), folder=tmp_path)
    twice = built(source("a.csv", "rows"), source("b.csv", "rows", "more"), folder=tmp_path)
    assert rows_of(twice) == rows_of(plain)
    assert [f.count for f in twice.findings("repeated_events")] == [1, 4]


def test_two_events_that_only_look_alike_in_what_is_mapped_stay_two(tmp_path: Path) -> None:
    rows = "k1,a,2020-01-01,5,x,one\nk1,a,2020-01-01,5,x,two\nk1,a,2020-01-01,5,x,two\n"
    write(tmp_path / "log.csv", HEAD + rows)
    roles = FeatureChoice(roles=frozen_mapping({"note": Role.ID}))
    one = built(source("log.csv", "rows"), folder=tmp_path, features=roles)
    assert one.of("a")["n_events"] == 2
    assert "note" not in one.table.data.column_names


def test_of_rows_with_one_id_the_latest_counts(tmp_path: Path) -> None:
    rows = (
        "k1,a,2020-01-01,5,x,n\nk1,a,2020-01-02,7,x,n\n"
        "k2,a,2020-01-03,1,x,n\n,a,2020-01-04,1,x,n\n,a,2020-01-04,1,x,n\n"
    )
    write(tmp_path / "log.csv", HEAD + rows)
    one = built(source("log.csv", "id"), folder=tmp_path)
    assert (one.of("a")["n_events"], one.of("a")["value_total"]) == (4, 10)
    assert one.findings("repeated_events")[0].sentence == "1 of 5 rows have the id of another row"


@pytest.mark.parametrize("how", ["rows", "id"])
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_any_order_any_split_and_any_repeats_give_the_same_features(
    tmp_path: Path, how: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    whole = [event(i, int(rng.integers(1, 50))) for i in range(40)]
    write(tmp_path / "all.csv", HEAD + "".join(whole))
    plain = built(source("all.csv", None), folder=tmp_path)
    again = [*whole, *rng.choice(whole, 15)]
    mixed = [again[i] for i in rng.permutation(len(again))]
    cut = int(rng.integers(1, len(mixed) - 1))
    # Rows that arrive late lie anywhere: both files hold early and late times.
    write(tmp_path / "a.csv", HEAD + "".join(mixed[:cut]))
    write(tmp_path / "b.csv", HEAD + "".join(mixed[cut:]))
    split = built(source("a.csv", how), source("b.csv", how, "more"), folder=tmp_path)
    assert rows_of(split) == rows_of(plain)
