"""The demo: a simulated business, held against the truth."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from commands import segmentry
from segmentry.cli.demo import agreement_with


class Answers:
    """Stands for a run whose assignments are known."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def assignments(self) -> pa.Table:
        return self.table


def test_the_demo_ends_with_agreement_and_report(tmp_path: Path) -> None:
    done = segmentry("demo", "--users", "600", folder=tmp_path)
    assert done.status == 0, done.messages
    assert re.search(r"agreement with the truth: ARI 0\.\d{3} \(95 % ", done.output)
    assert re.search(r"best possible: ARI 0\.\d{3}, accuracy 0\.9\d+ ", done.output)
    report = re.search(r"^report: (.+)$", done.output, re.MULTILINE)
    assert report is not None
    assert Path(report[1]).is_file()
    assert (tmp_path / "demo" / "segmentry.yaml").is_file()


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("precious")
    done = segmentry("demo", folder=tmp_path)
    assert done.status == 2
    assert "other files" in done.messages
    assert [p.name for p in (tmp_path / "demo").iterdir()] == ["thesis.txt"]


def test_agreement_leaves_noise_out_and_has_an_interval(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    planted = rng.integers(-1, 3, 500)
    ids = [f"u{i}" for i in range(500)]
    pq.write_table(pa.table({"entity_id": ids, "segment": planted}), tmp_path / "truth.parquet")
    # A run that finds the segments, puts noise anywhere and mistakes a tenth of the users.
    found = np.where((planted < 0) | (rng.random(500) < 0.1), rng.integers(0, 3, 500), planted)
    shuffled = rng.permutation(500)
    run = Answers(
        pa.table({"entity_id": [ids[i] for i in shuffled], "segment_id": found[shuffled]})
    )
    told = agreement_with(tmp_path / "truth.parquet", run, seed=0)
    assert told.n_users == (planted >= 0).sum()
    assert 0.7 < told.low < told.ari < told.high < 0.95
