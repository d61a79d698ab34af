"""The front door in Python: open a project, run it, read a run, assign new data.

Each door imports what lies behind it: a command that only opens a project starts a second sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, TypeVar, Unpack
from zoneinfo import ZoneInfo

from segmentry.domain.progress import Progress
from segmentry.domain.project import Project
from segmentry.errors import ProjectFileError
from segmentry.projectfile.load import Loaded, load, placed

if TYPE_CHECKING:
    import pyarrow as pa

    from segmentry.domain.comparison import Comparison, Sensitivity
    from segmentry.domain.guidance import Guided
    from segmentry.domain.movement import Movements
    from segmentry.domain.overtime import OverTime
    from segmentry.domain.preparations import Preparations
    from segmentry.pipeline.finished import Run
    from segmentry.pipeline.releases import Releases

PROJECT_FILE = "segmentry.yaml"


_Found = TypeVar("_Found")


class Facts(TypedDict, total=False):
    """What all tables about a run's choice are asked with."""

    numbers: range | None
    as_of: datetime | None
    allow_bad_rows: bool
    progress: Progress | None
    threads: int | None


@dataclass(frozen=True)
class OpenProject:
    """A project file that was read and checked."""

    loaded: Loaded

    @property
    def project(self) -> Project:
        """Give the project with every default filled in."""
        return self.loaded.project

    @property
    def releases(self) -> Releases:
        """Give the releases of the project: ``.list()``, ``.diff()``, ``.promote()``."""
        from segmentry.pipeline.releases import Releases

        return Releases(self.project.folder, self.project.review)

    def run(
        self,
        *,
        output: str | Path | None = None,
        as_of: datetime | None = None,
        allow_bad_rows: bool = False,
        progress: Progress | None = None,
        threads: int | None = None,
    ) -> Run:
        """Carry the project out.

        Parameters
        ----------
        output : str, Path or None
            A folder for the run; None keeps it under ``runs`` beside the project file.
        as_of : datetime or None
            The cut: features look only before it. None is just after the last event; without a
            zone it is wall time in the project's.
        allow_bad_rows : bool
            Go on where more than 1 % of the rows are bad.
        progress : Progress or None
            Who is told of phases.
        threads : int or None
            Threads of the engine; results do not depend on it.

        Returns
        -------
        Run

        Raises
        ------
        ProjectFileError
            If the file names something that the sources lack, with file and line.
        DataError
            If the data cannot carry a segmentation.
        """
        from segmentry.pipeline.run import run_project

        with self._placing_errors():
            return run_project(
                self.project,
                output=Path(output) if output else None,
                as_of=self._instant(as_of),
                allow_bad_rows=allow_bad_rows,
                progress=progress,
                threads=threads,
            )

    def compare(
        self,
        methods: Sequence[str] = (),
        *,
        numbers: range | None = None,
        thorough: bool = False,
        everything: bool = False,
        as_of: datetime | None = None,
        allow_bad_rows: bool = False,
        progress: Progress | None = None,
        threads: int | None = None,
    ) -> Comparison:
        """Hold methods beside each other on this project's own features; nothing is written.

        Parameters
        ----------
        methods : sequence of str
            Names, as in ``segments.methods``; ``auto`` alone those that a run tries by itself;
            none are all that suit the data.
        numbers : range or None
            Numbers of segments; None are the project's.
        thorough : bool
            Measure the costly criteria too.
        everything : bool
            Give every number of segments of each method, not only its choice.
        as_of : datetime or None
        allow_bad_rows : bool
        progress : Progress or None
        threads : int or None
            As for ``run``.

        Returns
        -------
        Comparison
            ``table`` holds its rows as dictionaries.

        Raises
        ------
        UsageError
            For a method that there is not.
        ProjectFileError, DataError, FitError
            As a run would.
        """
        from segmentry.pipeline.compare import compare_project
        from segmentry.pipeline.tournament import Asked

        asked = Asked(tuple(methods), numbers, is_thorough=thorough, shows_all=everything)
        with self._placing_errors():
            return compare_project(
                self.project,
                asked,
                as_of=self._instant(as_of),
                allow_bad_rows=allow_bad_rows,
                progress=progress,
                threads=threads,
            )

    def sensitivity(self, methods: Sequence[str] = (), **facts: Unpack[Facts]) -> Sensitivity:
        """Choose segments as a run does, and take each single decision otherwise.

        Parameters
        ----------
        methods : sequence of str
            Methods to choose among; none are those of a run.
        numbers, as_of, allow_bad_rows, progress, threads
            As for ``compare``.

        Returns
        -------
        Sensitivity
            ``table`` holds its variations as dictionaries, the largest effect first.

        Raises
        ------
        UsageError
            For a method that there is not.
        ProjectFileError, DataError, FitError
            As a run would.
        """
        from segmentry.pipeline.sensitivity import sensitivity_of_project

        return self._asked(sensitivity_of_project, methods, facts)

    def over_time(self, methods: Sequence[str] = (), **facts: Unpack[Facts]) -> OverTime:
        """Choose segments as a run does, and hold them against those at two earlier cuts.

        Parameters
        ----------
        methods, numbers, as_of, allow_bad_rows, progress, threads
            As for ``sensitivity``.

        Returns
        -------
        OverTime
            ``slices`` holds one for each cut, the latest first.

        Raises
        ------
        DataError
            If nothing happened at a time, or the history is too short; else as a run would.
        UsageError, ProjectFileError, FitError
            As for ``sensitivity``.
        """
        from segmentry.pipeline.overtime import over_time_of_project

        return self._asked(over_time_of_project, methods, facts)

    def guided(self, outcome: str, methods: Sequence[str] = (), **facts: Unpack[Facts]) -> Guided:
        """Weigh features by an outcome, and judge segments with and without on entities held out.

        Parameters
        ----------
        outcome : str
            Its name in the project, the column that tells it, or what is counted after the judging
            cut: ``active_after``, ``events_after``, ``value_after``.
        methods, numbers, as_of, allow_bad_rows, progress, threads
            As for ``sensitivity``.

        Returns
        -------
        Guided

        Raises
        ------
        UsageError
            For a method or an outcome that there is not.
        DataError
            If the outcome is known of too few, or the same for everyone; else as a run would.
        ProjectFileError, FitError
            As a run would.
        """
        from segmentry.pipeline.guided import guided_by_outcome

        return self._asked(partial(guided_by_outcome, outcome=outcome), methods, facts)

    def preparations(self, methods: Sequence[str] = (), **facts: Unpack[Facts]) -> Preparations:
        """Choose segments as a run does, and find as many under each other preparation.

        Parameters
        ----------
        methods, numbers, as_of, allow_bad_rows, progress, threads
            As for ``sensitivity``.

        Returns
        -------
        Preparations
            ``rows`` holds the project's own first; ``preferred`` is the place of what a rule takes.

        Raises
        ------
        UsageError, ProjectFileError, DataError, FitError
            As for ``sensitivity``.
        """
        from segmentry.pipeline.preparations import preparations_of_project

        return self._asked(preparations_of_project, methods, facts)

    def movements(
        self,
        days: Sequence[date] = (),
        *,
        run: str | Path | None = None,
        every: Literal["day", "week", "month", "quarter"] = "month",
        dwell: int = 2,
        toward: Sequence[int | str] = (),
        allow_bad_rows: bool = False,
        progress: Progress | None = None,
        threads: int | None = None,
    ) -> Movements:
        """Say who moved between the segments of a run, and why.

        Parameters
        ----------
        days : sequence of date
            Of snapshots; none are up to twelve before the run's cut, ``every`` so far apart.
        run : str, Path or None
            A run folder; None is the latest.
        every : {"day", "week", "month", "quarter"}
        dwell : int, default=2
            Snapshots in a row after which another answer is a move, however near the border.
        toward : sequence of int or str
            Segments toward which to warn; none are all.
        allow_bad_rows, progress, threads
            As for ``run``.

        Returns
        -------
        Movements
            ``to_arrow`` holds every transition once. Snapshots that are missing are built, and
            kept under ``history`` beside the project file.

        Raises
        ------
        StoreError
            If there is no run, or no two snapshots.
        UsageError
            For a segment that there is not.
        DataError
            If nothing happened at a time.
        """
        from segmentry.pipeline.movements import Asked, movements_of_project
        from segmentry.stores.runfolder import find_run
        from segmentry.stores.state.said import said_run

        folder = self.project.folder
        stored = said_run(find_run(folder, None if run is None else Path(run)), folder)
        with self._placing_errors():
            return movements_of_project(
                self.project,
                stored,
                days,
                every=every,
                asked=Asked(dwell, tuple(toward)),
                allow_bad_rows=allow_bad_rows,
                progress=progress,
                threads=threads,
            )

    def _asked(self, find: Callable[..., _Found], methods: Sequence[str], facts: Facts) -> _Found:
        """Ask for a table about what a run would choose."""
        from segmentry.pipeline.tournament import Asked

        given = {name: value for name, value in facts.items() if name not in {"numbers", "as_of"}}
        with self._placing_errors():
            return find(
                self.project,
                asked=Asked(tuple(methods), facts.get("numbers")),
                as_of=self._instant(facts.get("as_of")),
                **given,
            )

    @contextmanager
    def _placing_errors(self) -> Iterator[None]:
        """Tell of faults of the project file with file and line."""
        try:
            yield
        except ProjectFileError as error:
            raise placed(error, self.loaded.places) from error

    def _instant(self, at: datetime | None) -> datetime | None:
        if at is None or at.tzinfo is not None:
            return at
        return at.replace(tzinfo=ZoneInfo(self.project.time_zone))

    def check_place(self, place: str) -> None:
        """Refuse a place for ``write_back`` that cannot be written to, before any work is done.

        Raises
        ------
        UsageError, EngineError
            See ``write_back``.
        """
        from segmentry.pipeline.writeback import check_place

        check_place(self.project, place)

    def write_back(self, run: Run, place: str, *, threads: int | None = None) -> str:
        """Write the assignments of a run where the project's sources lie.

        Parameters
        ----------
        run : Run
        place : str
            A table of the sources' PostgreSQL, whose rows they replace; or a folder of their lake,
            in which they get a folder of their own.
        threads : int or None
            Threads of the engine.

        Returns
        -------
        str
            Where they lie now.

        Raises
        ------
        UsageError
            If the sources are files, or the place holds something that is not ours.
        EngineError
            If it cannot be written; what was there before is whole.
        """
        from segmentry.pipeline.writeback import write_back

        rows = run.assignments()
        return write_back(rows, self.project, place, fingerprint=run.fingerprint, threads=threads)


def open_project(path: str | Path = PROJECT_FILE) -> OpenProject:
    """Read a project file, or the ``segmentry.yaml`` of a folder.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    OpenProject

    Raises
    ------
    ProjectFileError
        With every problem of the file at once.

    Examples
    --------
    >>> run = open_project("shop/segmentry.yaml").run()  # doctest: +SKIP
    >>> run.verdict, [s["name"] for s in run.segments]  # doctest: +SKIP
    """
    file = Path(path)
    return OpenProject(load(file / PROJECT_FILE if file.is_dir() else file))


def open_run(
    folder: str | Path = "runs/latest", *, project_folder: str | Path | None = None
) -> Run:
    """Read a finished run, under the names that people gave its segments.

    Parameters
    ----------
    folder : str or Path
    project_folder : str, Path or None
        The project that it belongs to, for a run that lies elsewhere than in its ``runs``.

    Returns
    -------
    Run

    Raises
    ------
    StoreError
        If the folder is no run, or is damaged.
    """
    from segmentry.pipeline.finished import Run

    return Run.opened(Path(folder), Path(project_folder) if project_folder else None)


def assign(
    data: str | Path,
    *,
    run: str | Path = "runs/latest",
    project_folder: str | Path | None = None,
    as_of: datetime | None = None,
    allow_bad_rows: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> pa.Table:
    """Put the entities of a file into the segments of an earlier run.

    Parameters
    ----------
    data : str or Path
        A file shaped like the project's source.
    run : str or Path
        The run whose release decides.
    project_folder : str, Path or None
        Where the key of pseudonyms lies, for projects that hide ids.
    as_of : datetime or None
        The cut for events; None is the run's own.
    allow_bad_rows : bool
        Go on where more than 1 % of the rows are bad.
    progress : Progress or None
    threads : int or None

    Returns
    -------
    pyarrow.Table
        One row per entity: segment, confidence, runner-up, anomaly.
    """
    from segmentry.pipeline.assign import assign_file

    return assign_file(
        Path(run),
        Path(data),
        project_folder=Path(project_folder) if project_folder else None,
        as_of=as_of,
        allow_bad_rows=allow_bad_rows,
        progress=progress,
        threads=threads,
    )
