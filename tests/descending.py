"""Champions for tests of descent: a project whose release in use has ids of our choosing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from segmentry.domain.lifecycle import Descent, Kinship, Registered
from segmentry.domain.release import Release
from segmentry.stores.state.keeping import keep_papers, keep_release
from segmentry.stores.state.shelf import Shelf

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_champion(home: Path, release: Release, names: Sequence[str] = ()) -> None:
    """Register a release and put it in use; with names, its segments were called so by the rule."""
    keep_release(home, release)
    segments = [
        {"id": i, "name": n, "naming": {"name": n, "threshold": 0.5, "reason": "it was so"}}
        for i, n in zip(release.segment_ids, names, strict=False)
    ]
    papers = keep_papers(home, {"segments": {"format": 1, "segments": segments}})
    made = Registered(
        0, release.fingerprint, "earlier", AT, None, 100, len(names), None, {"papers": papers}
    )
    with Shelf.of(home) as shelf:
        shelf.add(made, [Kinship(i, Descent.NEW) for i in release.segment_ids])
        champion = shelf.champion()
        assert champion is not None
        if champion.release != release.fingerprint:
            shelf.promote(release.fingerprint, champion)


def under_other_ids(release: Release, ids: tuple[int, ...], fingerprint: str = "f" * 64) -> Release:
    """Give the same segments other ids."""
    return replace(release, segment_ids=ids, fingerprint=fingerprint)
