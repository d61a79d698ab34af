"""What is told of segments: figures of ten at least, and nobody."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from members import COACH, MAIL, TELEPHONE, WORD, club
from segmentry.domain.owned import Deed
from segmentry.maths.suppression import FEWEST_TOLD
from segmentry.pipeline.finished import Run
from segmentry.pipeline.owned import change
from segmentry.pipeline.run import run_project
from segmentry.pipeline.suggest.aggregates import MOST_MEASURES, Aggregates, aggregates_of
from segmentry.stores.runfolder import RunFolder, find_run, open_run
from segmentry.stores.state.said import said_run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_project(club(tmp_path_factory.mktemp("club")))


@pytest.fixture(scope="module")
def aggregates(made: Run) -> Aggregates:
    return aggregates_of(open_run(made.folder), made.folder.parent.parent)


def text(aggregates: Aggregates) -> str:
    told = {**aggregates.about, "segments": [p.told for p in aggregates.portraits]}
    return json.dumps(told, ensure_ascii=False)


def test_no_id_of_any_entity_is_told(made: Run, aggregates: Aggregates) -> None:
    ids = pq.read_table(made.folder / "assignments.parquet")["entity_id"].to_pylist()
    told = text(aggregates)
    assert len(ids) == 360
    assert [i for i in ids if i in told] == []


def test_nobodys_address_number_or_words_are_told(made: Run, aggregates: Aggregates) -> None:
    stored = (made.folder / "segments.json").read_text()
    assert "rosalind" in stored.lower()  # the run itself holds the level: it is left out here
    told = text(aggregates).lower()
    for secret in (MAIL, "rosalind", TELEPHONE, "7946", COACH, WORD, "call", "coach"):
        assert secret.lower() not in told, secret


def test_a_share_of_a_few_is_told_of_no_segment(aggregates: Aggregates) -> None:
    measures = {m["measure"] for p in aggregates.portraits for m in p.told["measures"]}
    assert "hall is north" in measures
    assert not any(m.startswith("shoe") for m in measures)


def test_figures_are_those_of_the_run_rounded(made: Run, aggregates: Aggregates) -> None:
    stored = open_run(made.folder).document("segments")["segments"]
    for portrait, segment in zip(aggregates.portraits, stored, strict=True):
        told = portrait.told
        assert (told["id"], told["entities"]) == (segment["id"], str(segment["size"]))
        contrasts = {c["feature"]: c for c in segment["contrasts"] if "level" not in c}
        rows = {m["measure"]: m for m in told["measures"]}
        for feature, words in (("visits", "visits"), ("spend_total", "spend total")):
            if words in rows:
                kind = "median" if rows[words]["statistic"] == "median" else "mean"
                own = contrasts[feature][kind]
                figure = float(rows[words]["segment"].replace(",", ""))
                assert figure == pytest.approx(own, rel=0.05)
                side = "above" if contrasts[feature]["difference"] > 0 else "below"
                assert rows[words]["side"] == side
    assert any("visits" in {m["measure"] for m in p.told["measures"]} for p in aggregates.portraits)


def test_only_a_few_plain_facts_are_told_of_each_segment(aggregates: Aggregates) -> None:
    assert set(aggregates.about) == {"who", "objective", "entities"}
    for portrait in aggregates.portraits:
        assert set(portrait.told) <= {
            "id", "name_by_rule", "entities", "share", "share_of_value", "measures"
        }  # fmt: skip
        assert len(portrait.told["measures"]) <= MOST_MEASURES
        for row in portrait.told["measures"]:
            assert set(row) == {"measure", "statistic", "segment", "everyone", "side"}
            assert re.fullmatch(r"[\d,.]+( %)?|(under|over) [\d.]+ %", row["segment"])


def test_a_name_made_of_what_may_not_be_told_is_not_told(made: Run) -> None:
    from segmentry.pipeline.suggest import aggregates as module

    stored = open_run(made.folder)
    release, segments = stored.release(), stored.document("segments")["segments"]
    read = module._read(stored, release, segments, made.folder.parent.parent)
    assert not module._may_be_told("Rosalind Members", read, 0)
    assert not module._may_be_told("Rheumatism Members", read, 0)
    assert not module._may_be_told("M-00011 Members", read, 0)
    assert module._may_be_told("Champion Members", read, 0)


def test_locked_and_small_segments_are_not_told_and_given_names_neither(
    made: Run, tmp_path: Path
) -> None:
    shutil.copytree(made.folder.parent.parent, tmp_path / "club", symlinks=True)
    folder = find_run(tmp_path / "club")
    change(folder, 1, Deed.LOCK)
    change(folder, 2, Deed.RENAME, "Rosalind's Own")
    change(folder, 2, Deed.NOTE, "Rosalind calls them.")
    found = aggregates_of(said_run(folder), tmp_path / "club")
    assert 1 not in {p.segment_id for p in found.portraits}
    assert "Rosalind" not in text(found)
    other = next(p for p in found.portraits if p.segment_id != 2)
    assert "rosalind's own" in other.rules.taken
    assert all(int(p.told["entities"]) >= FEWEST_TOLD for p in found.portraits)


@pytest.mark.parametrize(("size", "told"), [(FEWEST_TOLD, True), (FEWEST_TOLD - 1, False)])
def test_value_that_a_segment_of_a_few_holds_follows_from_nothing(
    made: Run, monkeypatch: pytest.MonkeyPatch, size: int, *, told: bool
) -> None:
    whole = RunFolder.document

    def document(self: RunFolder, name: str) -> dict[str, Any]:
        found = whole(self, name)
        if name == "segments":
            for segment in found["segments"]:
                segment["value_share"] = 1 / len(found["segments"])
            found["segments"][0]["size"] = size
        return found

    monkeypatch.setattr(RunFolder, "document", document)
    portraits = aggregates_of(open_run(made.folder), made.folder.parent.parent).portraits
    assert len(portraits) == len(made.segments) - (not told)
    assert all(("share_of_value" in p.told) is told for p in portraits)
