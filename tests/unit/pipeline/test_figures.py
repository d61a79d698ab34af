from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reading import an_engine, events, write
from reading import log as a_log
from segmentry.domain.audit import Audit
from segmentry.domain.project import FeatureChoice, Project
from segmentry.domain.window import Window
from segmentry.features.choose import choose
from segmentry.features.rows import instant
from segmentry.pipeline import behaviour, figures
from segmentry.pipeline.events import canonical_events
from segmentry.pipeline.figures import Figures
from segmentry.pipeline.texts import Texts

CUT = datetime(2011, 1, 9, tzinfo=UTC)
NAMES = ("recency_days", "n_events", "value_total", "gap_median_days", "longest_streak_days")


class Elsewhere:
    """An engine whose rows do not lie in this process."""

    is_embedded = False

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def to_arrow(self, expression: Any) -> Any:
        return self._engine.to_arrow(expression)


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_figures_at_a_cut_are_those_that_building_gives(
    tmp_path: Path, is_elsewhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "log.csv", a_log())
    source = events(path, amount="amount")
    project = Project("p", (source,), folder=tmp_path)
    specs = choose(("at", "amount"), FeatureChoice(include=NAMES))
    with an_engine() as engine:
        relation = engine.open(source, folder=str(tmp_path), audit=Audit())
        found = canonical_events([relation], engine, Texts.of(project, Audit(), None, ()))
        whole = Figures(found, project, engine, instant(CUT))
        monkeypatch.setattr(figures, "PART_EVENTS", 100)
        used: Any = Elsewhere(engine) if is_elsewhere else engine
        pieces = Figures(found, project, used, instant(CUT))
        for days in (0, 2, 5):
            window = Window(CUT - timedelta(days=days), recent_days=3.0)
            before = found.table.filter(found.table["micros"] < instant(window.as_of))
            data, _ = behaviour.build(found, before, specs, project, window, engine, n_events=300)
            one, other = (s.features(specs, window) for s in (pieces, whole))
            assert found.named(one).equals(data)
            assert one.equals(other)
            assert one.num_rows == 7
        # A server bounds its memory itself, and reads its table once.
        assert len(pieces._pieces) == (1 if is_elsewhere else 3)


def test_another_window_gives_other_figures(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", a_log())
    source = events(path, amount="amount")
    project = Project("p", (source,), folder=tmp_path)
    specs = choose(("at", "amount"), FeatureChoice(include=("n_events_recent",)))
    with an_engine() as engine:
        relation = engine.open(source, folder=str(tmp_path), audit=Audit())
        found = canonical_events([relation], engine, Texts.of(project, Audit(), None, ()))
        kept = Figures(found, project, engine, instant(CUT))
        window = Window(CUT, recent_days=1.0)
        short = kept.features(specs, window)["n_events_recent"].to_pylist()
        long = kept.features(specs, replace(window, recent_days=4.0))["n_events_recent"].to_pylist()
        assert sum(long) > sum(short)


def test_numbers_beyond_64_bits_are_left_to_the_statement_in_every_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{i % 40},2011-01-0{i % 8 + 1},{i}.5e9\n" for i in range(400))
    path = write(tmp_path / "log.csv", f"id,at,amount\n{rows}")
    source = events(path, entity="id", time="at", amount="amount")
    project = Project("p", (source,), folder=tmp_path)
    specs = choose(("at", "amount"), FeatureChoice(include=("n_events", "value_total")))
    monkeypatch.setattr(figures, "PART_EVENTS", 60)
    window = Window(CUT)
    with an_engine() as engine:
        relation = engine.open(source, folder=str(tmp_path), audit=Audit())
        found = canonical_events([relation], engine, Texts.of(project, Audit(), None, ()))
        several = Figures(found, project, engine, instant(CUT))
        n_tables = engine._n_kept
        tables = [several.features(specs, window) for _ in range(2)]
        data, _ = behaviour.build(found, found.table, specs, project, window, engine, n_events=400)
        assert engine._n_kept == n_tables
    wanted: dict[int, float] = {}
    for i in range(400):
        wanted[i % 40] = wanted.get(i % 40, 0.0) + (i + 0.5) * 1e9
    for table in (*tables, data):
        ids, totals = (table[c].to_pylist() for c in ("entity_id", "value_total"))
        assert dict(zip(ids, totals, strict=True)) == pytest.approx(wanted)
