"""Every method searched apart, resampled, and chosen among by the rule.

What lives here: the candidates of a comparison, what the rule takes among all and among those of
each method. What does not: further criteria and the table (``compare``), the rule
(``judge.select``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from segmentry import clock
from segmentry.cluster.catalogue import METHODS, plan_methods
from segmentry.cluster.search import search
from segmentry.domain.crew import Crew
from segmentry.domain.matrix import Matrix
from segmentry.domain.partition import Candidate, Selection, Trial
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import Project, SegmentChoice
from segmentry.errors import FitError, UsageError, nearest
from segmentry.judge.criteria import measured
from segmentry.judge.demands import DemandsOn
from segmentry.judge.select import select, shortlist
from segmentry.judge.stability import Resamples
from segmentry.pipeline.searching import Ground, asked_of, ground_of, resampled, with_jaccards

AUTO = ("auto",)


@dataclass(frozen=True)
class Asked:
    """What is compared: methods, numbers of segments, and how far it goes."""

    methods: tuple[str, ...] = ()
    """None: all that suit the data; ``auto`` alone: those that a run tries by itself."""
    band: range | None = None
    """None: the project's."""
    is_thorough: bool = False
    shows_all: bool = False
    """Every number of segments of each method, not only its choice."""

    @property
    def named(self) -> Literal["auto", "all"] | tuple[str, ...]:
        """Give the methods in the words of a search."""
        return "auto" if self.methods == AUTO else self.methods or "all"

    def within(self, project: Project) -> Project:
        """Give the project with this band."""
        if self.band is None:
            return project
        low, high = self.band.start, self.band.stop - 1
        return replace(project, segments=replace(project.segments, minimum=low, maximum=high))

    def chosen_in(self, project: Project) -> Project:
        """Give the project with this band, and with these methods to choose among, if any."""
        within, named = self.within(project), self.named
        if named == "all":
            return within
        return replace(within, segments=replace(within.segments, methods=named))


@dataclass(frozen=True, eq=False)
class Tournament:
    """All candidates of a comparison with what belongs to them, in one order."""

    ground: Ground
    candidates: tuple[Candidate, ...]
    trials: tuple[Trial, ...]
    seconds: Mapping[str, float]
    left_out: Mapping[str, str]
    resamples: Mapping[str, Resamples]
    selection: Selection
    """Of the rule among all candidates, as a run would choose."""
    choices: Mapping[str, int]
    """By method: the place of what the rule takes among its own."""

    @property
    def kept(self) -> int:
        """Give the place of what the rule takes among all."""
        return next(i for i, c in enumerate(self.selection.candidates) if c.kept)


def check_methods(names: Sequence[str]) -> None:
    """Refuse names of no method.

    Raises
    ------
    UsageError
        E1101, with the nearest names.
    """
    if tuple(names) == AUTO:
        return
    if "auto" in names:
        msg = "auto stands for the methods that a run tries by itself"
        raise UsageError(msg, hint="name it alone, or name methods")
    for name in names:
        if name not in METHODS:
            raise UsageError(f"there is no method {name!r}", hint=nearest(name, METHODS))


def hold_tournament(
    matrix: Matrix,
    choice: SegmentChoice,
    asked: Asked,
    *,
    band: range,
    seed: int,
    steps: Progress,
    crew: Crew,
    demands: DemandsOn | None = None,
) -> Tournament:
    """Search each method apart and let the rule choose.

    Parameters
    ----------
    matrix : Matrix
    choice : SegmentChoice
        Its conditions hold for every method.
    asked : Asked
    band : range
    seed : int
    steps : Progress
    crew : Crew
    demands : callable or None

    Returns
    -------
    Tournament

    Raises
    ------
    FitError
        E4003 if no method found any of the numbers asked for.
    """
    most = choice.most_searched
    ground = ground_of(matrix, asked.named, seed=seed, crew=crew, most=most)
    steps.phase(
        "search",
        f"{len(ground.tried)} methods, {band.start} to {band.stop - 1} segments, "
        f"{len(ground.rows)} rows",
    )
    left_out = {m.name: m.reason for m in ground.methods if not m.is_tried}
    trials, seconds = _searched(ground, choice, left_out, band, seed, steps, crew)
    found = measured(ground.X, trials, ground.yardstick, spread=crew.map, weights=ground.weights)
    measures = asked_of(ground, found, demands)
    least = choice.min_share
    overall = [measures[i].name for i in shortlist(measures, min_share=least)]
    own = _by_method(measures)
    listed = {measures[i].name: measures[i] for i in _listed(measures, own, least, asked)}
    steps.phase("resample", f"do {len(listed)} candidates come back when entities are drawn again?")
    resamples: dict[str, Resamples] = {}
    for i, (name, candidate) in enumerate(listed.items()):
        steps.advance(i, len(listed))
        resamples[name] = resampled(ground, (candidate,), seed=seed, crew=crew)[name]
    # What the rule sees of all methods is what a run of them would see.
    seen = with_jaccards(measures, {n: resamples[n] for n in overall})
    selection = select(seen, ground.rows, min_share=least)
    candidates = with_jaccards(measures, resamples)
    choices = {}
    for name, places in own.items():
        judged = select(tuple(candidates[i] for i in places), ground.rows, min_share=least)
        choices[name] = places[next(j for j, c in enumerate(judged.candidates) if c.kept)]
    return Tournament(ground, candidates, trials, seconds, left_out, resamples, selection, choices)


def _by_method(candidates: Sequence[Candidate]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for i, c in enumerate(candidates):
        places.setdefault(c.partition.method, []).append(i)
    return places


def _listed(
    candidates: tuple[Candidate, ...], own: Mapping[str, list[int]], least: float, asked: Asked
) -> list[int]:
    """Give the places of those that the rule looks at more closely, among all or their own."""
    if asked.is_thorough and asked.shows_all:
        return list(range(len(candidates)))
    wanted = list(shortlist(candidates, min_share=least))
    for places in own.values():
        mine = tuple(candidates[i] for i in places)
        wanted += [places[j] for j in shortlist(mine, min_share=least)]
    return wanted


def _searched(
    ground: Ground,
    choice: SegmentChoice,
    left_out: dict[str, str],
    band: range,
    seed: int,
    steps: Progress,
    crew: Crew,
) -> tuple[tuple[Trial, ...], dict[str, float]]:
    """Search each method apart, so that the seconds are its own."""
    trials: list[Trial] = []
    seconds: dict[str, float] = {}
    error: FitError | None = None
    for i, name in enumerate(ground.tried):
        steps.advance(i, len(ground.tried))
        began = clock.seconds()
        try:
            trials += search(
                ground.X,
                band,
                seed=seed,
                progress=Silent(),
                methods=(name,),
                min_share=choice.min_share,
                max_share=choice.max_share,
                crew=crew,
                weights=ground.weights,
            )
        except FitError as failed:
            if failed.code != "E4003":
                raise
            error, left_out[name] = failed, f"Tried: {failed.what}."
        seconds[name] = clock.seconds() - began
    if not trials and error is not None:
        raise error
    return tuple(trials), seconds


def plan_names(project: Project, ground: Ground) -> tuple[str, ...]:
    """Name the methods that a run of a project would search."""
    planned = plan_methods(ground.X, project.segments.methods)
    return tuple(m.name for m in planned if m.is_tried)
