from __future__ import annotations

from pathlib import Path

from builders import feature_table
from segmentry.domain.project import Privacy, Project
from segmentry.pipeline.privacy import protected


def test_raw_ids_stay(tmp_path: Path) -> None:
    table = feature_table({"spend": [1.0, 2.0]})
    assert protected(table, Project("p", (), folder=tmp_path)) is table


def test_pseudonyms_are_the_same_every_time_and_keep_rows_together(tmp_path: Path) -> None:
    table = feature_table({"spend": [1.0, 2.0, 3.0]})
    project = Project("p", (), privacy=Privacy("pseudonym"), folder=tmp_path)
    once, again = protected(table, project), protected(table, project)
    assert once.data.equals(again.data)
    assert sorted(once.data["spend"].to_pylist()) == [1.0, 2.0, 3.0]
    assert not set(once.data["entity_id"].to_pylist()) & set(table.data["entity_id"].to_pylist())


def test_another_key_gives_other_pseudonyms(tmp_path: Path) -> None:
    table = feature_table({"spend": [1.0]})
    project = Project("p", (), privacy=Privacy("pseudonym"), folder=tmp_path)
    one = protected(table, project, folder=tmp_path / "one")
    other = protected(table, project, folder=tmp_path / "other")
    assert one.data["entity_id"] != other.data["entity_id"]
