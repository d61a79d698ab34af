"""Looking for all mistakes: before a run, and from a run.

What lives here: which looks make up the two moments, and what is told where a look is not possible.
What does not: any look.
"""

from __future__ import annotations

from segmentry.domain.audit import Audit
from segmentry.domain.judging import Heldout
from segmentry.domain.mistake import Mistake, one_of_each, unknown
from segmentry.domain.profile import Profile
from segmentry.domain.progress import Progress
from segmentry.domain.project import Project
from segmentry.errors import SegmentryError
from segmentry.pipeline.find import Found
from segmentry.pipeline.mistakes.age import of_latest_run
from segmentry.pipeline.mistakes.features import of_features
from segmentry.pipeline.mistakes.intent import of_intent
from segmentry.pipeline.mistakes.meaning import of_meaning
from segmentry.pipeline.mistakes.segments import of_segments
from segmentry.pipeline.ready import Ready, make_ready

OF_FEATURES = ("M01", "M02", "M06", "M07", "M09", "M11", "M12", "M13")
"""Mistakes that cannot be told before features are built."""


def before_run(project: Project, *, progress: Progress) -> tuple[Mistake, ...]:
    """Look for mistakes in a project, in its features, and in the age of its latest run.

    Nothing is found, executed or written: features are built and prepared as a run would.

    Parameters
    ----------
    project : Project
    progress : Progress

    Returns
    -------
    tuple of Mistake
        In the order of the codes; each mistake that is looked for is told of at least once.
    """
    looked = list(of_intent(project))
    ready, reason = _features(project, progress)
    if ready is None:
        looked += [unknown(code, reason) for code in OF_FEATURES]
    else:
        looked += [*of_features(project, ready), *of_meaning(project, ready)]
    return one_of_each([*looked, *of_latest_run(project, ready)])


def after_run(
    project: Project,
    ready: Ready,
    found: Found,
    profiles: tuple[Profile, ...],
    heldout: Heldout | None,
) -> tuple[Mistake, ...]:
    """Look for mistakes in what a run was asked, in its features and in its segments.

    Parameters
    ----------
    project : Project
    ready : Ready
    found : Found
    profiles : tuple of Profile
    heldout : Heldout or None

    Returns
    -------
    tuple of Mistake
        As ``before_run`` gives them.
    """
    return one_of_each(
        [
            *of_segments(ready, found, profiles, heldout),
            *of_intent(project),
            *of_features(project, ready),
            *of_meaning(project, ready),
            unknown("M04", "a run is of its own time; segmentry check tells when it has aged"),
        ]
    )


def _features(project: Project, progress: Progress) -> tuple[Ready | None, str]:
    """Build and prepare the features; where that cannot be, say why."""
    if any(not spec.is_compiled for spec in project.features.define):
        return None, "the project has features made by code, which only a run executes"
    try:
        return make_ready(project, audit=Audit(), steps=progress, allow_bad_rows=True), ""
    except SegmentryError as error:
        return None, f"the features could not be built: {error.what}"
