"""Segments planted by hand: each column's typical level per segment, with a little scatter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from builders import answers, feature_table, standardised
from segmentry.domain.profile import Profile
from segmentry.domain.table import FeatureTable
from segmentry.explain.describe import profile_segments
from segmentry.explain.pack import Pack, load_pack
from segmentry.explain.reading import Signals, read_signals


def planted(
    columns: Mapping[str, Sequence[Any]], *, size: int = 100, scatter: float = 0.12, seed: int = 0
) -> tuple[FeatureTable, np.ndarray]:
    """Draw ``size`` entities per segment around the level that each column has there.

    Numbers scatter in proportion to the column's largest level; whole ones stay whole. A text
    level is held by 85 % of its segment and by chance otherwise.
    """
    rng = np.random.default_rng(seed)
    n_segments = len(next(iter(columns.values())))
    segment = np.repeat(np.arange(n_segments), size)
    drawn: dict[str, list[Any]] = {}
    for name, levels in columns.items():
        if isinstance(levels[0], str):
            own = np.array(levels, dtype=object)[segment]
            other = rng.choice(np.array(sorted(set(levels)), dtype=object), len(segment))
            drawn[name] = list(np.where(rng.random(len(segment)) < 0.85, own, other))
            continue
        middle = np.array(levels, dtype=np.float64)[segment]
        spread = scatter * np.ptp(levels) if np.ptp(levels) else scatter
        values = np.maximum(middle + spread * rng.normal(size=len(segment)), min(0.0, *levels))
        whole = all(isinstance(v, int) for v in levels)
        drawn[name] = list(np.where(middle == 1, 1.0, np.round(values)) if whole else values)
    return feature_table(drawn), segment


def profiles_of(
    table: FeatureTable, segment: np.ndarray, *, entity: str | None = None, **changes: Any
) -> tuple[Profile, ...]:
    """Profile planted segments."""
    n_segments = int(segment.max()) + 1
    facts = {
        "segment_ids": tuple(range(1, n_segments + 1)),
        "silhouettes": np.full(n_segments, 0.4),
        "objective": "none",
        "value_feature": None,
        "rng": np.random.default_rng(0),
        "entity": entity,
    }
    return profile_segments(table, standardised(table), answers(segment), **{**facts, **changes})


def signals_of(
    columns: Mapping[str, Sequence[Any]], pack: str = "retail", **changes: Any
) -> tuple[tuple[Signals, ...], Pack]:
    """Read the signals of planted segments in the words of a pack."""
    from segmentry.explain.contrast import measure

    table, segment = planted(columns, **changes)
    n_segments = int(segment.max()) + 1
    words = load_pack(pack)
    return read_signals(measure(table, standardised(table), segment, n_segments), words), words
