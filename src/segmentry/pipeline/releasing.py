"""From a finished run to a release of the project: what is kept, and its line in the state.

What lives here: facts of a release, and registering it whole or not at all. What does not: matching
its segments (``descent``), which release is in use and what it was (``releases``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from segmentry import __version__
from segmentry.domain.lifecycle import Registered
from segmentry.domain.release import Release
from segmentry.domain.table import FeatureTable
from segmentry.errors import ReleaseError, SegmentryError
from segmentry.pipeline.fingerprint import config_digest, data_digest
from segmentry.releases.identity import Lineage
from segmentry.stores.documents import plain
from segmentry.stores.state.keeping import keep_papers, keep_release

PAPERS = ("segments", "candidates", "evidence", "audit", "summary")
"""What is kept beside a release: aggregates that tell what it was when its run is gone."""


@dataclass(frozen=True)
class Finished:
    """A run that is written, and what becomes a release of it.

    ``parent`` is the fingerprint of the release that its segments were matched to.
    """

    folder: Path
    created_at: datetime
    release: Release
    table: FeatureTable
    papers: Mapping[str, Mapping[str, Any]]
    lineage: Lineage
    parent: str | None


def register(home: Path, done: Finished) -> Registered:
    """Register a run of a project as a release; the first one is in use at once.

    Parameters
    ----------
    home : Path
        The project's folder.
    done : Finished

    Returns
    -------
    Registered
        As it was registered first, where an equal one is known.

    Raises
    ------
    ReleaseError
        E5114 if it could not be registered; the run stays as it is.

    Notes
    -----
    What is kept is written before the line in the state, which is one transaction: a process that
    is killed leaves either no release or a whole one.
    """
    from segmentry.stores.state.shelf import Shelf

    try:
        keep_release(home, done.release)
        digest = keep_papers(home, _aggregates(done.papers))
        with Shelf.of(home) as shelf:
            return shelf.add(_registered(done, digest), done.lineage.descents)
    except SegmentryError as error:
        raise ReleaseError(
            f"the run is written and is no release of the project: {error.what}",
            code="E5114",
            where=str(done.folder),
            hint=f"{error.hint or 'see to the folder .segmentry'}; then run again",
        ) from error


def _registered(done: Finished, papers: str) -> Registered:
    release, table = done.release, done.table
    return Registered(
        number=0,
        fingerprint=release.fingerprint,
        run=done.folder.name,
        made_at=done.created_at,
        as_of=table.as_of,
        n_entities=table.n_entities,
        n_segments=len(release.segment_ids),
        parent=done.parent,
        facts={
            "data": data_digest(table),
            "config": config_digest(release.project),
            "query": _query_digest(release),
            "seed": release.project["seed"],
            "version": __version__,
            "verdict": done.papers["summary"]["verdict"],
            "silhouette": _check(done.papers["evidence"], "silhouette"),
            "papers": papers,
        },
    )


def _query_digest(release: Release) -> str:
    """Digest what the features are: each in words, over which window."""
    told = plain({"columns": release.columns, "window": release.window})
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _check(evidence: Mapping[str, Any], name: str) -> dict[str, float] | None:
    found = next((c for c in evidence["checks"] if c["name"] == name), None)
    if found is None:
        return None
    return {key: found[key] for key in ("estimate", "low", "high") if key in found}


def _aggregates(papers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Leave out what shows single entities: points of the map, examples of findings."""
    kept = {name: dict(papers[name]) for name in PAPERS}
    kept["summary"].pop("map", None)
    kept["audit"]["findings"] = [
        {key: fact for key, fact in finding.items() if key != "examples"}
        for finding in kept["audit"]["findings"]
    ]
    return kept
