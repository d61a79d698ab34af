from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.project import Privacy, Project
from segmentry.errors import StoreError
from segmentry.pipeline.privacy import hides_ids, protected, without_examples

TABLE = pa.table({"entity_id": ["ann", "bob", "cyd"], "spend": [1.0, 2.0, 3.0]})
RAW = Project("p", ())
HIDDEN = Project("p", (), privacy=Privacy("pseudonym"))


def test_raw_ids_stay(tmp_path: Path) -> None:
    assert not hides_ids(RAW)
    assert protected(TABLE, RAW, tmp_path, may_make=True) is TABLE


def test_pseudonyms_are_the_same_every_time_sorted_and_keep_rows_together(tmp_path: Path) -> None:
    once, again = (protected(TABLE, HIDDEN, tmp_path, may_make=True) for _ in range(2))
    assert once.equals(again)
    ids = once["entity_id"].to_pylist()
    assert ids == sorted(ids)
    assert sorted(once["spend"].to_pylist()) == [1.0, 2.0, 3.0]
    assert not set(ids) & {"ann", "bob", "cyd"}


def test_another_key_gives_other_pseudonyms(tmp_path: Path) -> None:
    one = protected(TABLE, HIDDEN, tmp_path / "one", may_make=True)
    other = protected(TABLE, HIDDEN, tmp_path / "other", may_make=True)
    assert one["entity_id"] != other["entity_id"]


def test_a_missing_key_is_not_replaced_by_another(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="another one would rename every entity"):
        protected(TABLE, HIDDEN, tmp_path, may_make=False)
    assert not (tmp_path / ".segmentry").exists()


def test_examples_are_dropped_and_counts_stay() -> None:
    audit = Audit([Finding("stray_date", "1 event.", count=1, examples=("of ann",))], {"rows": 3})
    told = without_examples(audit)
    assert told.findings[0].examples == ()
    assert told.findings[0].count == 1
    assert told.facts == {"rows": 3}
