"""The script answers as the assigner does, and stands on its own."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from builders import feature_table
from mixed import people
from releases import release_of
from segmentry.domain.preparation import Fill, PerColumn, Preparation, Reduce
from segmentry.errors import AssignmentError
from segmentry.explain.script import script_of
from segmentry.pipeline.sql import close_rows

ALLOWED = {"sys", "numpy", "pyarrow", "scipy", "sklearn"}
"""What a script may import; SciPy is a part of what scikit-learn needs."""

WISHES = {
    "usual": Preparation(),
    "bent": Preparation(
        transform=PerColumn("yeo-johnson", {"visits": "quantile-uniform", "age": "log1p",
                                            "spend": "quantile-normal"}),
        scale=PerColumn("robust"),
    ),
    "filled": Preparation(
        impute=PerColumn(Fill("median"), {"age": Fill("by", column="tier"), "spend": Fill("model"),
                                          "visits": Fill("model", model="neighbours")}),
        indicate_missing="all",
    ),
    "coded": Preparation(
        encode=PerColumn("indicators", {"word": "frequency"}), fold_rare=True, rare_share=0.2
    ),
    "reduced": Preparation(
        reduce=Reduce("factor", 2), order={"tier": ("low", "mid", "high")},
        transform=PerColumn("none"),
    ),
}  # fmt: skip


def table():
    data = people(400)
    return feature_table({c: data[c].to_pylist() for c in data.column_names[1:]})


TABLE = table()


def answered(code: str, rows: pa.Table, folder: Path, target: str) -> tuple[pa.Table, str]:
    """Carry a script out as somebody would who has nothing of ours."""
    (folder / "segments.py").write_text(code)
    pq.write_table(rows, folder / "features.parquet")
    lone = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "segments.py", "features.parquet", target],
        cwd=folder,
        env=lone,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    read = pq.read_table if target.endswith(".parquet") else pyarrow.csv.read_csv
    return read(folder / target), done.stdout


@pytest.mark.parametrize("wish", WISHES)
def test_all_rows_get_the_segment_of_the_assigner(wish, tmp_path):
    release = release_of(TABLE, WISHES[wish])
    told = release.assign(TABLE).to_arrow()
    found, printed = answered(script_of(release), TABLE.data, tmp_path, "labels.parquet")
    same = np.array(found["segment_id"]) == np.array(told["segment_id"])
    close = close_rows(release, TABLE.data)
    assert same[~close].all()
    assert close.sum() < 4
    assert found["entity_id"].to_pylist() == told["entity_id"].to_pylist()
    names = found["segment"].to_pylist()
    for name in release.segment_names:
        assert f"{name}: {names.count(name):,}\n" in printed


def test_labels_are_written_as_csv_too_and_unknown_values_are_no_error(tmp_path):
    release = release_of(TABLE, WISHES["bent"])
    far = feature_table(
        {
            "spend": [1e300, -1e300, None], "visits": [1e300, -1e300, None],
            "balance": [-1e300, 1e300, None], "age": [1e300, -1e300, None],
            "word": ["new", None, "it's"], "tier": ["new", None, "low"],
        }
    )  # fmt: skip
    found, _ = answered(script_of(release), far.data, tmp_path, "labels.csv")
    assert found.column_names == ["entity_id", "segment_id", "segment"]
    told = release.assign(far).to_arrow()
    assert found["segment_id"].to_pylist() == told["segment_id"].to_pylist()
    assert found["segment"].to_pylist() == told["segment"].to_pylist()


@pytest.mark.parametrize("wish", WISHES)
def test_a_script_imports_and_defines_only_what_it_uses(wish):
    tree = ast.parse(script_of(release_of(TABLE, WISHES[wish])))
    nodes = list(ast.walk(tree))
    modules = [a.name for n in nodes if isinstance(n, ast.Import) for a in n.names]
    modules += [n.module for n in nodes if isinstance(n, ast.ImportFrom)]
    assert {m.partition(".")[0] for m in modules} <= ALLOWED
    used = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    made = {n.name for n in nodes if isinstance(n, ast.FunctionDef)}
    made |= {
        a.asname or a.name.partition(".")[0]
        for n in nodes
        if isinstance(n, ast.Import | ast.ImportFrom)
        for a in n.names
    }
    made |= {t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets}
    assert made - used == set()


def test_ties_go_to_the_first_segment_whatever_the_order_of_prototypes(tmp_path):
    release = release_of(TABLE, n_prototypes=9)
    code = script_of(release)
    owners = next(line for line in code.splitlines() if line.startswith("OWNERS"))
    assert owners == "OWNERS = np.array([1, 1, 1, 2, 2, 2, 3, 3, 3])"


def test_no_entity_is_in_the_script_and_no_name_ends_its_words():
    release = release_of(TABLE)
    code = script_of(release, name='a"""; import os.py')
    assert not any(entity in code for entity in TABLE.entity_ids.to_pylist())
    assert "python segments.py features.parquet" in code
    assert "python mine.py features.parquet" in script_of(release, name="mine.py")
    assert code == script_of(release)


def test_directions_are_refused():
    release = release_of(TABLE)
    origin = np.zeros(release.assigner.prototypes.shape[1])
    directed = replace(release, assigner=replace(release.assigner, origin=origin))
    with pytest.raises(AssignmentError, match="they are told by direction"):
        script_of(directed)
