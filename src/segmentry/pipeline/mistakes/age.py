"""Whether the latest run is still true of the sources, and which mistakes it found.

What lives here: comparing a run folder with what the sources hold now. What does not: drift of
single features (``prepare.drift``).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import numpy as np

from segmentry.domain.arrays import marks_of
from segmentry.domain.mistake import Mistake, Severity, State, absent, unknown
from segmentry.domain.percent import percent
from segmentry.domain.project import Project
from segmentry.domain.table import ENTITY
from segmentry.errors import SegmentryError
from segmentry.pipeline.privacy import hides_ids
from segmentry.pipeline.ready import Ready
from segmentry.stores.runfolder import RunFolder, find_run, open_run

NEW_SHARE = 0.1
"""Share of entities that a run has not seen from which on it no longer tells of everybody."""


def of_latest_run(project: Project, ready: Ready | None) -> Iterator[Mistake]:
    """Look for mistakes that the latest run of a project tells.

    Parameters
    ----------
    project : Project
    ready : Ready or None
        The features as the sources tell them now; None where they could not be built.

    Yields
    ------
    Mistake
    """
    try:
        run = open_run(find_run(project.folder))
        summary, evidence = run.document("summary"), run.document("evidence")
        yield _age(run, project, ready)
    except SegmentryError as error:
        yield unknown("M04", f"the age of the latest run is not known: {error.what}")
        return
    when = str(summary.get("created_at", ""))[:10]
    for told in evidence.get("mistakes", ()):
        if told["state"] == State.FOUND and told["of"] == "segments":
            yield _passed_on(told, when)


def _passed_on(told: dict[str, Any], when: str) -> Mistake:
    severity: Severity = "info" if told.get("severity") == "info" else "warning"
    return Mistake(
        str(told["code"]),
        State.FOUND,
        f"the latest run, of {when}: {told['sentence']}",
        str(told.get("fix", "")),
        severity,
        tuple(told.get("about", ())),
        MappingProxyType(dict(told.get("figures", {}))),
        is_of_segments=True,
    )


def _age(run: RunFolder, project: Project, ready: Ready | None) -> Mistake:
    """Compare the cut of a run, or its entities, with what the sources hold now."""
    if ready is None:
        return unknown("M04", "the features could not be built, so that nothing compares with")
    then = run.release().window
    if ready.window is None or then is None:
        return _of_entities(run, project, ready)
    days = (ready.window.as_of - then.as_of).total_seconds() / 86_400
    recent = ready.window.recent_days
    figures = {"days": days, "recent_days": recent}
    said = f"the latest run looks at what happened before {then.as_of:%Y-%m-%d}"
    if days < recent:
        return absent("M04", f"{said}, {days:.0f} days before the end of the sources", **figures)
    return Mistake(
        "M04",
        State.FOUND,
        f"{said}; the sources go on for {days:.0f} days, so that nothing of what is recent now "
        f"({recent:g} days) is in it",
        "segmentry run",
        figures=MappingProxyType(figures),
    )


def _of_entities(run: RunFolder, project: Project, ready: Ready) -> Mistake:
    import pyarrow as pa
    import pyarrow.compute as pc

    if hides_ids(project):
        return unknown("M04", "no source tells a time, and the run holds pseudonyms only")
    seen = run.table("features")[ENTITY].combine_chunks().cast(pa.string())
    own = ready.table.entity_ids.cast(pa.string())
    new = 1.0 - float(np.mean(marks_of(pc.is_in(own, value_set=seen))))
    said = f"the latest run has not seen {percent(new)} of the entities in the sources"
    if new < NEW_SHARE:
        return absent("M04", said, share_of_new=new)
    figures = MappingProxyType({"share_of_new": new})
    return Mistake("M04", State.FOUND, said, "segmentry run", figures=figures)
