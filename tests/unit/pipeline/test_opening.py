from __future__ import annotations

from pathlib import Path

import pytest

from reading import built, events, write
from segmentry.domain.harmony import Harmony
from segmentry.domain.project import KeyMap, Shape, Source, frozen_mapping
from segmentry.errors import ProjectFileError


def test_problems_of_reading_and_of_lookups_are_told_together(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,at\n1,2020-01-01\n")
    write(tmp_path / "b.csv", "id,owner\n1,x\n")
    lost = Source(
        "b",
        "a.csv",
        Shape.EVENTS,
        frozen_mapping({"entity": "id", "time": "at"}),
        key=(KeyMap("idd", "owner", path="b.csv"),),
    )
    with pytest.raises(ProjectFileError, match=r".+") as caught:
        built(events("a.csv", amount="x"), lost, folder=tmp_path)
    assert [p.key for p in caught.value.problems] == [
        "sources[0].columns.amount",
        "sources[1].key.from",
    ]


def test_a_rule_for_words_that_are_not_there_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,at,land\n1,2020-01-01,x\n")
    rules = frozen_mapping({"lnd": Harmony(), "category": Harmony()})
    with pytest.raises(ProjectFileError, match="no column 'lnd'") as caught:
        built(events("a.csv"), folder=tmp_path, harmonise=rules)
    assert caught.value.key == "harmonise.lnd"
