from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.engines.catalogue import open_engine
from segmentry.errors import EngineError


def test_the_default_engine_is_duckdb() -> None:
    engine = open_engine()
    assert engine.name == "duckdb"
    engine.close()


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(EngineError, match="no engine is called 'oracle'") as caught:
        open_engine("oracle://somewhere")
    assert caught.value.code == "E3002"


def test_scratch_files_go_where_they_are_told_and_are_removed(tmp_path: Path) -> None:
    engine = open_engine(scratch=tmp_path / "aside")
    assert any((tmp_path / "aside").iterdir())
    engine.close()
    assert list((tmp_path / "aside").iterdir()) == []
