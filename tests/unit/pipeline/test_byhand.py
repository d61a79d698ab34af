"""Merging and splitting: the new run, what follows into it, and taking it back."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import segmentry
from mixed import mixed_run
from owning import bytes_of
from segmentry.domain.arrays import codes_of
from segmentry.domain.owned import Deed
from segmentry.errors import UsageError
from segmentry.pipeline.byhand import Asked, by_hand
from segmentry.pipeline.finished import Run
from segmentry.pipeline.owned import history
from segmentry.pipeline.undoing import undo
from segmentry.stores.runfolder import find_run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return mixed_run(tmp_path_factory.mktemp("mixed"), "ward")


@pytest.fixture
def run(made: Run, tmp_path: Path) -> Run:
    """Give the run in a project of its own."""
    shutil.copytree(made.folder.parent.parent, tmp_path / "mixed", symlinks=True)
    return segmentry.open_run(find_run(tmp_path / "mixed"))


def home(run: Run) -> Path:
    return run.folder.parent.parent


def labels(run: Run) -> np.ndarray:
    return codes_of(run.assignments().sort_by("entity_id")["segment_id"])


def test_a_merge_is_a_run_of_its_own_and_the_one_before_stays(run: Run) -> None:
    before = bytes_of(run.folder)
    merged = run.merge(1, 2, name="Both")
    assert merged.folder != run.folder
    assert find_run(home(run)) == merged.folder
    assert bytes_of(run.folder) == before
    assert merged.fingerprint != run.fingerprint
    both = next(s["id"] for s in merged.segments if s["name"] == "Both")
    assert ((labels(merged) == both) == np.isin(labels(run), [1, 2])).all()
    told = merged.documents["evidence"]["reshaped"]
    assert told["from_run"] == run.folder.name
    assert told["into"] == ["Both"]
    page = merged.report.read_text()
    assert "By hand" in page
    assert "Both" in page


def test_online_and_batch_agree_in_the_new_run(run: Run) -> None:
    for changed in (run.merge(1, 2), run.split(1)):
        alone = segmentry.assign(home(run) / "people.parquet", run=changed.folder)
        columns = ["entity_id", "segment_id", "segment", "confidence", "anomaly_score"]
        told = changed.assignments().sort_by("entity_id").select(columns)
        assert alone.sort_by("entity_id").select(columns).equals(told)
        row = pq.read_table(home(run) / "people.parquet").slice(7, 1)
        pq.write_table(row, home(run) / "one.parquet")
        single = segmentry.assign(home(run) / "one.parquet", run=changed.folder).to_pylist()[0]
        theirs = {r["entity_id"]: r for r in told.to_pylist()}[single["entity_id"]]
        assert {c: single[c] for c in columns} == theirs


def test_sql_and_script_follow_the_new_run(run: Run) -> None:
    from segmentry.pipeline.sql import tried

    for changed in (run.merge(1, 3), run.split(2)):
        assert tried(changed.stored, threads=1).n_other == 0
        assert "rules" in str(changed.rules()) or changed.rules().fidelity.n > 0
        assert changed.why(changed.assignments()["entity_id"][0].as_py()).segment is not None


def test_what_people_say_follows_the_segments(run: Run) -> None:
    run.rename(3, "Kept").lock(3).own(3, "eve")
    run.own(1, "ada").note(1, "first").note(2, "second")
    merged = run.merge(1, 2)
    told = {s["name"]: s for s in merged.segments}
    assert (told["Kept"]["owner"], told["Kept"]["locked"]) == ("eve", True)
    (both,) = (s for s in merged.segments if s["name"] in _into(merged))
    assert (both["owner"], both["note"]) == ("ada", "first\nsecond")
    parts = run.own(2, "ada").split(1)
    owners = [s.get("owner") for s in parts.segments if s["name"] in _into(parts)]
    assert owners == ["ada", "ada"]


def _into(run: Run) -> list[str]:
    into: list[str] = run.documents["evidence"]["reshaped"]["into"]
    return into


def test_two_owners_are_none_until_somebody_says_who(run: Run) -> None:
    merged = run.own(1, "ada").own(2, "eve").merge(1, 2)
    assert [s for s in merged.segments if "owner" in s] == []


@pytest.mark.parametrize(
    "asked", [Asked(Deed.MERGE, (1, 2)), Asked(Deed.MERGE, (2, 1)), Asked(Deed.SPLIT, (1,))]
)
def test_a_locked_segment_is_neither_merged_nor_split(run: Run, asked: Asked) -> None:
    run.lock(1)
    with pytest.raises(UsageError, match="is locked") as error:
        by_hand(run.folder, asked)
    assert "segments unlock 1" in str(error.value.hint)
    assert len(list((home(run) / "runs").glob("2*"))) == 1


def test_trying_measures_the_price_and_writes_nothing(run: Run) -> None:
    before = bytes_of(home(run))
    tried = by_hand(run.folder, Asked(Deed.MERGE, (1, 2)), dry_run=True)
    assert tried.folder is None
    assert tried.told.price.gain_high > tried.told.price.gain_low
    assert bytes_of(home(run)) == before
    done = by_hand(run.folder, Asked(Deed.MERGE, (1, 2)))
    assert done.told == tried.told


def test_changes_go_on_from_what_was_made_by_hand(run: Run) -> None:
    merged = run.merge(1, 2, name="Both")
    again = merged.split("Both")
    assert len(again.segments) == len(run.segments)
    before = merged.documents["evidence"]["stability"]["segments"]
    figures = again.documents["evidence"]["reshaped"]["price"]["figures"]
    (old,) = (f for f in figures if f["name"] == "stability of 'Both'")
    assert old["before"] in [s["jaccard"] for s in before]
    warnings = again.documents["evidence"]["warnings"]
    assert sum(w.startswith("By hand") for w in warnings) == 1


def test_the_same_merge_twice_is_the_same_release(run: Run) -> None:
    one = run.own(3, "eve").merge(1, 2, name="Both")
    other = run.merge(2, 1, name="Both")
    assert one.fingerprint == other.fingerprint
    assert one.folder != other.folder
    assert other.assignments().equals(one.assignments())


def test_a_merge_is_taken_back_by_letting_the_run_before_be_the_latest(run: Run) -> None:
    merged = run.merge(1, 2)
    tried = undo(home(run), dry_run=True)
    assert "Only tried" in tried.sentence
    assert find_run(home(run)) == merged.folder
    done = undo(home(run))
    assert "The merge is taken back" in done.sentence
    assert find_run(home(run)) == run.folder
    assert merged.folder.is_dir()
    assert [e.what for e in history(home(run))] == [Deed.MERGE, Deed.UNDO]


def test_a_merge_is_not_taken_back_when_another_run_was_made_since(run: Run) -> None:
    first = run.merge(1, 2)
    segmentry.open_project(home(run)).run()
    with pytest.raises(UsageError, match="the latest run is not"):
        undo(home(run))
    (home(run) / "runs" / "latest").unlink()
    (home(run) / "runs" / "latest").symlink_to(first.folder.name)
    shutil.rmtree(run.folder)
    with pytest.raises(UsageError, match="is gone"):
        undo(home(run))


def test_a_later_run_finds_a_merged_segment_again_only_where_the_data_shows_it(run: Run) -> None:
    run.merge(1, 2, name="Both")
    later = segmentry.open_project(home(run)).run()
    told = [f["sentence"] for f in later.documents["audit"]["findings"]]
    assert any("'Both'" in sentence for sentence in told)


def test_pseudonyms_are_not_hidden_a_second_time(tmp_path: Path) -> None:
    first = mixed_run(tmp_path, "k-means")
    file = tmp_path / "segmentry.yaml"
    file.write_text(file.read_text() + "privacy: {ids: pseudonym}\n")
    run = segmentry.open_project(tmp_path).run()
    assert run.assignments()["entity_id"][0].as_py() != first.assignments()["entity_id"][0].as_py()
    merged = run.merge(1, 2)
    assert merged.assignments()["entity_id"].equals(run.assignments()["entity_id"])
    people = tmp_path / "people.parquet"
    alone = segmentry.assign(people, run=merged.folder, project_folder=tmp_path)
    told = merged.assignments().sort_by("entity_id")
    assert alone.sort_by("entity_id")["segment_id"].equals(told["segment_id"])
