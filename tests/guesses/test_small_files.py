"""Small files in the shapes that people bring: what a guess says of each, and what it must not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import shapes
import shapes_exports
import shapes_labels
import shapes_leavers
import shapes_pairs
import shapes_people
import shapes_shops
import shapes_tongues
import shapes_web
from draws import Draw
from segmentry.domain.audit import Audit
from segmentry.domain.role import Role
from segmentry.engines.catalogue import open_engine
from segmentry.errors import DataError
from segmentry.projectfile.emit import emit
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Guess
from segmentry.projectfile.load import load
from surveys import write_csv

EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "guesses.yaml").read_text(encoding="utf-8")
)
REFUSED = [name for name, wanted in EXPECTED.items() if "error" in wanted]
N_ROWS = 400


def _builders(module: ModuleType) -> dict[str, Callable[[Draw], dict[str, Any]]]:
    return {n: f for n, f in vars(module).items() if getattr(f, "__module__", "") == module.__name__
            and callable(f)}  # fmt: skip


BUILDERS = {
    name: builder
    for module in (
        shapes,
        shapes_exports,
        shapes_labels,
        shapes_leavers,
        shapes_pairs,
        shapes_people,
        shapes_shops,
        shapes_tongues,
        shapes_web,
    )
    for name, builder in _builders(module).items()
}


def guessed(folder: Path, name: str) -> Guess:
    path = write_csv(folder / f"{name}.csv", BUILDERS[name](Draw(N_ROWS)))
    if EXPECTED.get(name, {}).get("header") is False:
        path.write_text(path.read_text(encoding="utf-8").split("\n", 1)[1], encoding="utf-8")
    return guess([path], folder=folder, search=False)


def roles_of(found: Guess) -> dict[str, str]:
    return {column: str(role) for column, role in found.project.features.roles.items()}


@pytest.fixture(scope="module", params=[n for n in EXPECTED if n not in REFUSED])
def shape(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give a guess on a small file of each shape, and what is expected of it."""
    return guessed(tmp_path_factory.mktemp(request.param), request.param), EXPECTED[request.param]


def test_every_shape_is_expected_something_of() -> None:
    # Refused for want of a time; its own test is beside the guesses.
    assert set(BUILDERS) - set(EXPECTED) == {"instacart_without_time"}


def test_entity_shape_fields_and_roles_are_what_a_reader_would_say(
    shape: tuple[Guess, dict[str, Any]],
) -> None:
    found, wanted = shape
    source, roles = found.project.sources[0], roles_of(found)
    assert source.columns["entity"] == wanted.get("entity", source.columns["entity"])
    assert str(source.shape) == wanted["shape"]
    fields = wanted.get("fields", {})
    assert {f: source.columns.get(f) for f in fields} == fields
    told = {c: str(r) for r in Role for c in wanted.get(str(r), [])}
    assert {c: roles.get(c) for c in told} == told
    assert [c for c in wanted.get("never", []) if roles.get(c) == "cluster"] == []
    assert [f for f in wanted.get("absent", []) if f in source.columns] == []
    assert source.where == wanted.get("where", source.where)
    assert found.project.objective == wanted.get("objective", found.project.objective)


def test_what_is_measured_unsure_or_unused_is_told(shape: tuple[Guess, dict[str, Any]]) -> None:
    found, wanted = shape
    measures = found.project.features.measures
    assert [m for m in wanted.get("measures", []) if m not in measures] == []
    assert [w for w in wanted.get("notes", []) if not any(w in n for n in found.notes)] == []
    unused = " ".join(n for n in found.notes if n.startswith("not used"))
    assert [c for c in wanted.get("not_used", []) if repr(c) not in unused] == []


def test_no_column_is_dropped_in_silence(shape: tuple[Guess, dict[str, Any]]) -> None:
    found, wanted = shape
    source, columns = found.project.sources[0], found.project.features
    said = " ".join([*source.columns.values(), source.where or "", *found.notes])
    path = source.path if Path(source.path).is_absolute() else found.project.folder / source.path
    names = [] if wanted.get("header") is False else _header(Path(path))
    lost = [n for n in names if n not in said and n not in columns.roles
            and n not in columns.measures]  # fmt: skip
    # Of wide tables only the unusual roles are written down; the rest shape segments.
    assert lost == [] or len(names) > 40


def _header(path: Path) -> list[str]:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        # An index that pandas wrote is no column of the data.
        return [n for n in next(csv.reader(file)) if not n.startswith("Unnamed: ")]


def test_every_guess_has_a_reason(shape: tuple[Guess, dict[str, Any]]) -> None:
    found, _ = shape
    keys = [f"sources[0].columns.{f}" for f in found.project.sources[0].columns]
    keys += [f"features.roles.{c}" for c in found.project.features.roles]
    keys += ["features.measures"] if found.project.features.measures else []
    assert [k for k in keys if not found.reasons.get(k)] == []


def test_a_guess_is_written_so_that_it_is_read_back(
    shape: tuple[Guess, dict[str, Any]],
) -> None:
    found, _ = shape
    file = found.project.folder / "segmentry.yaml"
    file.write_text(emit(found), encoding="utf-8")
    assert load(file).project == found.project


@pytest.mark.parametrize("name", REFUSED)
def test_files_without_behaviour_are_refused_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=EXPECTED[name]["error"]) as caught:
        guessed(tmp_path, name)
    assert caught.value.code == "E2009"


@pytest.mark.parametrize(
    "name",
    [
        "flight_activity",
        "shop_behaviour",
        "analytics_hits",
        "epoch_log",
        "compact_dates",
        "orders_with_status",
        "awkward_names",
        "reviews",
        "receipts",
        "german_orders",
        "visits_export",
        "game_hours_without_header",
        "service_points",
    ],
)
def test_expressions_that_are_guessed_can_be_computed(tmp_path: Path, name: str) -> None:
    found = guessed(tmp_path, name)
    engine, audit = open_engine(), Audit()
    try:
        relation = engine.open(found.project.sources[0], folder=str(tmp_path), audit=audit)
        rows = relation.table.to_pyarrow()
    finally:
        engine.close()
    assert relation.n_bad_rows == 0
    assert rows["entity"].null_count == 0
    if "time" in found.project.sources[0].columns:
        assert rows["time"].null_count == 0
