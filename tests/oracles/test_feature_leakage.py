"""What happens at the cut or later changes nothing before it: neither values nor which features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plainly.base import DAY, MOMENT, Event
from plainly.draws import crowd, event
from plainly.oracle import CASES, KINDS, Case
from reading import Built, built, events
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.pipeline import behaviour

briefly = settings(
    deadline=None,
    max_examples=3,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def later_than(log: Sequence[Event], case: Case, cut: datetime, random: Random) -> list[Event]:
    """Draw events at the cut and after it: of those who are known, of others, of each twice."""
    ids = [*{e.entity_id for e in log}, 900, 901]
    steps = (timedelta(), MOMENT, timedelta(hours=1), DAY, 300 * DAY)
    drawn = [event(random.choice(ids), case, random, 0.3) for _ in range(random.randint(1, 200))]
    return [replace(e, at=cut + random.choice(steps)) for e in drawn] * random.choice((1, 2))


@pytest.mark.parametrize("name", ["Berlin forward, a short look-back, few words", "leap day"])
def test_events_at_the_cut_or_later_change_no_bit_of_compiled_features(name: str) -> None:
    case = CASES[name]
    assert case.window is not None
    cut = case.window.as_of
    connection = ibis.duckdb.connect(threads=1)
    sql = case.sql(connection)

    @briefly
    @given(st.integers(0, 2**32))
    def holds(seed: int) -> None:
        random = Random(seed)
        past = [e for e in crowd(case, random, 15) if e.at < cut]
        with_later = past + later_than(past, case, cut, random)
        random.shuffle(with_later)
        assert case.computed(connection, sql, with_later) == case.computed(connection, sql, past)

    holds()
    connection.disconnect()


CUT = datetime(2024, 7, 1, 12, tzinfo=UTC)
_COLUMNS = ("entity_id", "at", "amount", "kind", "item", "channel", "category", "device")
_MAPPED = {n: n for n in _COLUMNS[2:]}


def _past(random: Random) -> list[tuple[Any, ...]]:
    """Draw events of people who differ in what they do, so that shares are worth having."""
    rows = []
    for entity in range(10, 130):
        likes = random.random()
        for _ in range(random.randint(2, 12)):
            at = CUT - random.randint(1, 300 * 86_400) * timedelta(seconds=1)
            kind = "purchase" if random.random() < likes else "view"
            through = "web" if random.random() < likes else "app"
            item = f"i{random.randint(10, 40)}"
            rows.append((entity, at, random.randint(1, 99), kind, item, through, kind, through))
    return rows


def _later(random: Random) -> list[tuple[Any, ...]]:
    """Draw what would shift every learned thing: new words before all others, items, people."""
    rows = []
    for i in range(900):
        entity = random.choice((random.randint(0, 9), random.randint(10, 400)))
        at = CUT + random.choice((0, 1, 86_400 * 200)) * timedelta(seconds=1)
        word = random.choice(("purchase", f"a new word {i % 30}", "zzz"))
        rows.append((entity, at, random.randint(1, 99), word, f"new {i}", word, word, word))
    return rows


def _built(rows: Sequence[tuple[Any, ...]], path: Path, choice: FeatureChoice) -> Built:
    lines = [
        ",".join(v.strftime("%Y-%m-%d %H:%M:%S") if isinstance(v, datetime) else str(v) for v in r)
        for r in rows
    ]
    path.write_text("\n".join([",".join(_COLUMNS), *lines]) + "\n")
    source = events(path, **_MAPPED, entity="entity_id")
    windows = Windows(lookback_days=200.0, also_days=(14.0,))
    return built(source, as_of=CUT, features=choice, windows=windows)


@pytest.mark.parametrize(("include", "sample"), [("auto", 25_000), ("auto", 40), (("all",), 40)])
def test_events_at_the_cut_or_later_change_no_bit_of_a_built_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, include: Any, sample: int
) -> None:
    """Names, shares and pseudo-counts are learned too, from a sample where people are many."""
    monkeypatch.setattr(behaviour, "SAMPLE_ENTITIES", sample)
    choice = FeatureChoice(include=include, kinds=KINDS, milestones=("purchase",))
    random = Random(sample)
    past = _past(random)
    alone = _built(past, tmp_path / "past.csv", choice)
    rows = past + _later(random)
    random.shuffle(rows)
    found = _built(rows, tmp_path / "whole.csv", choice)
    assert found.table.columns == alone.table.columns
    assert found.table.data.equals(alone.table.data)
    shares = [c.share for c in alone.table.columns if c.share is not None]
    assert any(s.field == "item" for s in shares) == (include != "auto")
    assert {s.field for s in shares} >= {"kind", "channel"}
