"""What followed the judging cut, read once more for segments that were made by hand.

What lives here: reading an earlier run's sources again, and whether they are still what they were.
What does not: judging by what followed (``heldout``), and all that the run's folder tells
(``readback``).
"""

from __future__ import annotations

from pathlib import Path

from segmentry.domain.assigner import Answers, Assigner
from segmentry.domain.audit import Audit
from segmentry.domain.evidence import Check
from segmentry.domain.judging import Heldout, Judging
from segmentry.domain.progress import Silent
from segmentry.errors import SegmentryError
from segmentry.pipeline.assign import reached
from segmentry.pipeline.happened import outcome_called
from segmentry.pipeline.heldout import held_out
from segmentry.pipeline.readback import Material
from segmentry.pipeline.ready import make_ready
from segmentry.projectfile.load import load
from segmentry.seeds import stream


def followed_again(material: Material, home: Path, *, threads: int | None = None) -> Judging | None:
    """Read what followed the judging cut of a run, out of its sources as they are now.

    Parameters
    ----------
    material : Material
    home : Path
        The project's folder: its file may know how sources are reached.
    threads : int or None
        The result does not depend on it.

    Returns
    -------
    Judging or None
        None where the run has no such cut, where its ids are hidden, and where its sources are gone
        or give other features than those of the run: what followed would be that of other data.
    """
    window, file = material.release.window, home / "segmentry.yaml"
    if window is None or window.judging() is None:
        return None
    try:
        sources = load(file).project.sources if file.is_file() else ()
        ready = make_ready(
            reached(material.project, sources),
            audit=Audit(),
            steps=Silent(),
            as_of=window.as_of,
            allow_bad_rows=True,
            threads=threads,
        )
    except SegmentryError:
        return None
    return ready.unseen if ready.table.data.equals(material.table.data) else None


def judged_again(
    judging: Judging,
    material: Material,
    assigner: Assigner,
    answers: Answers,
    segment_ids: tuple[int, ...],
) -> tuple[Heldout, Check]:
    """Judge segments made by hand by what followed, as a run judges its own.

    Parameters
    ----------
    judging : Judging
    material : Material
    assigner : Assigner
        Of the segments as they are now.
    answers : Answers
        Everybody's, by it.
    segment_ids : tuple of int

    Returns
    -------
    heldout : Heldout
    stability : Check
    """
    project = material.project
    return held_out(
        judging,
        material.release.recipe,
        assigner,
        segment_ids,
        table=material.table,
        answers=answers,
        rng=stream(project.seed, "held out"),
        asked=outcome_called(project.segments.must_differ_in or "", project),
    )
