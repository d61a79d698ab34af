"""A finished run as its user holds it: its folder, its documents, and what can be asked of it.

What lives here: reading, and one line for each question. What does not: the answers (``why``,
``sql``, ``rules``, ``owned`` and others) and the run itself (``run``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentry.domain.playbook import Effect
from segmentry.domain.release import Release
from segmentry.domain.why import Why
from segmentry.errors import UsageError, nearest
from segmentry.pipeline.owned import report_of
from segmentry.pipeline.owning import OwnedSegments
from segmentry.pipeline.why import why
from segmentry.stores.runfolder import RunFolder
from segmentry.stores.state.place import home_of
from segmentry.stores.state.said import said_run

if TYPE_CHECKING:
    import pyarrow as pa

    from segmentry.domain.allocation import Allocation
    from segmentry.domain.movement import Movements
    from segmentry.domain.nextitem import NextItems
    from segmentry.domain.ruleset import RuleSet
    from segmentry.pipeline.owned import Changed
    from segmentry.pipeline.suggest.suggesting import Suggestion
    from segmentry.render.plots import Plots

TABLES = ("assignments", "features")
"""Of a run, with one row per entity."""


@dataclass(frozen=True)
class Run(OwnedSegments):
    """A finished run: its folder, and the documents in it."""

    stored: RunFolder
    documents: dict[str, dict[str, Any]]

    @classmethod
    def opened(cls, folder: Path, project_folder: Path | None = None) -> Run:
        """Open a run folder, checked against its own inventory, under the present names."""
        stored = said_run(folder, project_folder)
        return cls(stored, stored.documents())

    @property
    def folder(self) -> Path:
        """Say where the run lies."""
        return self.stored.folder

    @property
    def report(self) -> Path:
        """Say where the report lies, drawn anew where people have said something since."""
        return report_of(self.stored, home_of(self.folder))

    @property
    def segments(self) -> list[dict[str, Any]]:
        """Give the segments, largest first; by weight, where entities have weights."""
        segments: list[dict[str, Any]] = self.documents["segments"]["segments"]
        return segments

    @property
    def verdict(self) -> str:
        """Say whether the data holds groups: ``clear``, ``weak`` or ``none``."""
        return str(self.documents["summary"]["verdict"])

    @property
    def fingerprint(self) -> str:
        """Give the digest of inputs, specs and results."""
        return str(self.documents["summary"]["fingerprint"])

    def assignments(self) -> pa.Table:
        """Read the assignments, one row per entity."""
        return self.stored.table("assignments")

    def features(self) -> pa.Table:
        """Read the features, one row per entity, unscaled."""
        return self.stored.table("features")

    def to_arrow(self, table: str = "assignments") -> pa.Table:
        """Read ``"assignments"`` or ``"features"``.

        Raises
        ------
        UsageError
            For a table that a run has not.
        """
        if table not in TABLES:
            raise UsageError(f"a run has no table {table!r}", hint=nearest(table, TABLES))
        return self.stored.table(table)

    def to_pandas(self, table: str = "assignments") -> Any:
        """Read a table as a pandas data frame."""
        return self.to_arrow(table).to_pandas()

    def to_polars(self, table: str = "assignments") -> Any:
        """Read a table as a Polars data frame."""
        import polars as pl

        return pl.from_arrow(self.to_arrow(table))

    @property
    def plot(self) -> Plots:
        """Give the report's charts one by one: ``run.plot.snake()``."""
        from segmentry.pipeline.embeddings import map_by
        from segmentry.render.plots import Plots

        return Plots(self.documents, lambda by: map_by(self.stored, by))

    def _repr_html_(self) -> str:
        from segmentry.render.card import run_card

        return run_card(self.documents, str(self.folder))

    def release(self) -> Release:
        """Read what assignment needs."""
        return self.stored.release()

    def sql(self, *, dialect: str = "duckdb", table: str = "features") -> str:
        """Write the statement that gives raw features the segments of this run.

        Parameters
        ----------
        dialect : {"duckdb", "postgres", "spark", "bigquery", "snowflake"}
        table : str, default="features"
            With the columns of ``features.parquet``.

        Returns
        -------
        str
            Gives ``entity_id``, ``segment_id`` and ``segment``.

        Raises
        ------
        UsageError
            For a dialect that there is not, or what is no name of a table.
        AssignmentError
            E6004 for what cannot be written as SQL, with the reason.
        """
        from segmentry.explain.sqltext.dialect import dialect_of
        from segmentry.pipeline.sql import statement_of

        return statement_of(self.stored, dialect=dialect_of(dialect), table=table)

    def why(
        self, entity: object, *, to: int | str | None = None, project_folder: Path | None = None
    ) -> Why:
        """Say why an entity is in its segment, and what would move it to another.

        Parameters
        ----------
        entity : object
            Its id.
        to : int, str or None
            The segment to move to; None is the runner-up.
        project_folder : Path or None
            Where the key of pseudonyms lies, for runs that hide ids.

        Returns
        -------
        Why

        Raises
        ------
        UsageError
            If the run holds no such entity, or no such segment.
        """
        return why(self.stored, str(entity), to=to, folder=project_folder)

    def health(self) -> pa.Table:
        """Give everybody's health score, from 0 to 100, and what raises and lowers it most.

        How the score was made and judged stands in ``documents["evidence"]["health"]``.

        Returns
        -------
        pyarrow.Table
            ``entity_id``, ``segment_id``, ``segment``, ``health``, ``gone`` where a column tells
            who has left already, and ``parts``: feature, points and sentence.

        Raises
        ------
        StoreError
            E5040 if the run has no health score, with the reason.
        """
        from segmentry.pipeline.healthtold import Told

        return Told.of(self.stored).table()

    def code(self, *, name: str = "segments.py") -> str:
        """Write the pipeline of this run as a Python script that needs nothing of this package.

        Parameters
        ----------
        name : str, default="segments.py"
            What the script will be called, for its own words.

        Returns
        -------
        str
            Needs numpy, pyarrow and scikit-learn, and fits nothing.
        """
        from segmentry.explain.script import script_of

        return script_of(self.release(), name=name)

    def next_items(
        self,
        item: str | None = None,
        *,
        top: int = 3,
        again: bool = False,
        project_folder: Path | None = None,
        threads: int | None = None,
    ) -> NextItems:
        """Say what each entity may take next, what segments have more of, and how far to trust it.

        Parameters
        ----------
        item : str or None
            ``"item"``, ``"category"`` or a column of the events; None is the item, else the
            category.
        top : int, default=3
            Items of each entity, at most 100.
        again : bool, default=False
            Whether what an entity had already may come next.
        project_folder : Path or None
            At which paths of sources start; None is where the run belongs.
        threads : int or None
            Threads of the engine; results do not depend on it.

        Returns
        -------
        NextItems
            ``rows`` holds the items of everybody, ``judged`` the hit rates on entities held out,
            ``segments`` what segments have more often than everyone.

        Raises
        ------
        DataError
            E2007 where the data cannot tell, E2006 where too few took something to judge by.
        UsageError
            E1101 for a column that there is not.
        """
        from segmentry.pipeline.nextitems import Asked, next_items

        folder = project_folder or home_of(self.folder) or Path()
        return next_items(self.stored, Asked(item, top, again), folder=folder, threads=threads)

    def next(self, item: str | None = None, *, top: int = 3, again: bool = False) -> pa.Table:
        """Give the next items of everybody: ``entity_id``, ``rank``, ``item``, ``score``.

        Parameters
        ----------
        item, top, again
            As for ``next_items``, which also tells how far to trust them.

        Returns
        -------
        pyarrow.Table
            Ascending by entity and rank; scores order the items of one entity.
        """
        return self.next_items(item, top=top, again=again).rows

    def movements(
        self,
        snapshots: str | Path,
        *,
        dwell: int = 2,
        toward: Sequence[int | str] = (),
        before: tuple[Run, str | Path] | None = None,
        project_folder: Path | None = None,
    ) -> Movements:
        """Say who moved between segments in a folder of snapshots, and why.

        Parameters
        ----------
        snapshots : str or Path
            As ``segmentry backfill --run`` of this run wrote them.
        dwell : int, default=2
            Snapshots in a row after which another answer is a move, however near the border.
        toward : sequence of int or str
            Segments toward which to warn; none are all.
        before : (Run, str or Path) or None
            The run whose release answered before this one's, and its snapshots, the last of which
            has the day of the first here: what changed on that day by the release alone is told as
            a refit.
        project_folder : Path or None

        Returns
        -------
        Movements

        Raises
        ------
        StoreError
            E5120 for snapshots of another run, E5121 where there are no two or days do not meet.
        """
        from segmentry.pipeline.movements import Asked, Era, movements

        earlier = [] if before is None else [Era(before[0].stored, Path(before[1]))]
        eras = [*earlier, Era(self.stored, Path(snapshots))]
        return movements(eras, Asked(dwell, tuple(toward)), project_folder=project_folder)

    def playbook(self, effects: Sequence[Effect] = (), capacity: int | None = None) -> str:
        """Write what to do with each segment as Markdown, every line beside its figure.

        Parameters
        ----------
        effects : sequence of Effect
            What acting on one member brings, as you measured it; they order the segments.
        capacity : int or None
            Members that one owner can look after; who owns more is named.

        Raises
        ------
        UsageError
            For an effect on a segment that there is not.
        """
        from segmentry.render.paper import markdown
        from segmentry.render.playbook import playbook_paper

        return markdown(playbook_paper(self.documents, effects, capacity))

    def allocate(
        self,
        effects: Sequence[Effect],
        *,
        budget: float | None = None,
        hours: float | None = None,
        explore: bool = False,
        robust: bool = False,
    ) -> Allocation:
        """Share out money and hours over segments, so that what is expected of it is most.

        Parameters
        ----------
        effects : sequence of Effect
            What acting on one member brings and needs, as you measured it.
        budget, hours : float or None
            What there is; at least one.
        explore : bool
            Let a segment have something though the interval of its effect includes 0.
        robust : bool
            Go by the lower ends of the effects.

        Returns
        -------
        Allocation

        Raises
        ------
        UsageError
            For an effect on a segment that there is not, or without anything to share out.
        """
        from segmentry.explain.allocation import allocated

        return allocated(
            self.segments, effects, budget=budget, hours=hours, explore=explore, robust=robust
        )

    def suggest(
        self,
        *,
        endpoint: str | None = None,
        model: str | None = None,
        project_folder: Path | None = None,
    ) -> tuple[Suggestion, ...]:
        """Ask a model for names, from aggregates alone; nothing changes until one is accepted.

        Parameters
        ----------
        endpoint, model : str or None
            Base of an API of chat completions, and whom to ask there; else the environment's, else
            the project file's. The key comes from the environment alone.
        project_folder : Path or None
            None is where the run belongs.

        Returns
        -------
        tuple of Suggestion
            One per segment that was told of, refused ones with the reason.

        Raises
        ------
        NamerError
            E5060 to E5066 if nobody can be asked, or there was no answer that can be read; E5068
            if there is nothing to ask.
        """
        from segmentry.domain.project import Namer
        from segmentry.endpoints.address import address_of
        from segmentry.endpoints.chat import Chat
        from segmentry.pipeline.owned import settled_home
        from segmentry.pipeline.suggest.settings import settled_by_file
        from segmentry.pipeline.suggest.suggesting import suggest

        home = settled_home(self.folder, project_folder)
        asked = settled_by_file(home / "segmentry.yaml", Namer(endpoint, model), is_sent=True)
        chat = Chat(address_of(asked.endpoint or ""), asked.key)
        return suggest(said_run(self.folder, home), home, asked.model, chat)

    def accept_suggested(
        self, segments: Sequence[int | str], *, project_folder: Path | None = None
    ) -> tuple[Changed, ...]:
        """Take the names that were suggested last for some segments; nobody is asked.

        Parameters
        ----------
        segments : sequence of int or str
            By id or name.
        project_folder : Path or None

        Returns
        -------
        tuple of Changed

        Raises
        ------
        NamerError
            E5067 if no suggestion stands for a segment.
        UsageError
            If there is no such segment, it is locked, or another has the name by now.
        """
        from segmentry.pipeline.owned import settled_home
        from segmentry.pipeline.suggest.suggesting import accept

        home = settled_home(self.folder, project_folder)
        return accept(said_run(self.folder, home), [str(s) for s in segments], home)

    def rules(self, *, depth: int | None = None) -> RuleSet:
        """Find short rules for the segments, tried on entities that they were not made from.

        Parameters
        ----------
        depth : int or None
            Questions on the longest way to a rule; None for as few of four to six as tell nine in
            ten.

        Returns
        -------
        RuleSet
            Its fidelity says how often they are right.

        Raises
        ------
        DataError
            E2006 if there are too few entities to try rules on, or one segment.
        """
        from segmentry.pipeline.rules import rules_of

        return rules_of(self.stored, depth=depth)
