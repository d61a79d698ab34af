"""The charts of a run, one by one: the same that its report shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from segmentry.errors import UsageError
from segmentry.render.chart import Chart
from segmentry.render.figure import Figure
from segmentry.render.report import charts_of


@dataclass(frozen=True, repr=False)
class Plots:
    """Charts of a run by name; each is drawn by a notebook, and saved by ``save``.

    ``map_by`` places the run's entities on another map, by the name of its method.
    """

    documents: Mapping[str, Any]
    map_by: Callable[[str], dict[str, Any]] | None = None

    def __repr__(self) -> str:
        return f"Plots: {', '.join(f'{name}()' for name in self.names)}"

    @property
    def names(self) -> tuple[str, ...]:
        """Name the charts that this run has."""
        found = self._found()
        return tuple(name for name in _KEYS if found.get(name))

    def sizes(self) -> Figure:
        """Draw how many entities, and how much value, each segment holds."""
        return self._figure("sizes")

    def heatmap(self) -> Figure:
        """Draw how each segment differs from everyone, feature by feature."""
        return self._figure("heatmap")

    def snake(self) -> Figure:
        """Draw the leading features as one line per segment."""
        return self._figure("snake")

    def radar(self) -> Figure:
        """Draw the few features that lead around a centre, one closed line per segment."""
        return self._figure("radar")

    def map(self, *, by: str = "pca") -> Figure:
        """Draw entities in two dimensions.

        Parameters
        ----------
        by : {"pca", "umap", "pacmap"}
            The report's map by principal components, or one that is made now by the extra
            ``maps``, with its trustworthiness and continuity beside theirs.

        Raises
        ------
        UsageError
            For a method that there is not.
        EngineError
            E3007 if its package is missing.
        DataError
            If entities or columns are too few to be placed.
        """
        if by == "pca":
            return self._figure("map")
        if self.map_by is None:
            what = "other maps are made from a run's folder, and these are documents alone"
            raise UsageError(what, hint="open_run(folder).plot.map(by=...)")
        summary = {**self.documents["summary"], "map": self.map_by(by)}
        return Plots({**self.documents, "summary": summary}).map()

    def choice(self) -> Figure:
        """Draw the criteria over methods and numbers of segments."""
        return self._figure("choice")

    def merging(self) -> Figure:
        """Draw the order in which segments would merge, and what each merge loses."""
        return self._figure("merging")

    def structure(self) -> Figure:
        """Draw how the data stands against data without groups."""
        return self._figure("structure")

    def silhouettes(self) -> Figure:
        """Draw the silhouettes of each segment, sorted."""
        return self._figure("silhouettes")

    def stability(self) -> Figure:
        """Draw how well each segment is found again in draws of the same data."""
        return self._figure("stability")

    def outcomes(self) -> Figure:
        """Draw what followed in each segment, with intervals."""
        return self._figure("outcomes")

    def held_out(self) -> Figure:
        """Draw what followed on entities that shaped nothing."""
        return self._figure("held_out")

    def retention(self) -> Figure:
        """Draw the share of each segment that was active in each period after the judging cut."""
        return self._figure("retention")

    def value(self) -> Figure:
        """Draw the value per member since the judging cut, period by period."""
        return self._figure("value")

    def _found(self) -> dict[str, tuple[Chart, ...]]:
        groups = charts_of(self.documents)
        single = {c.key: (c,) for c in groups["single"]}
        return {name: single.get(key) or groups.get(key, ()) for name, key in _KEYS.items()}

    def _figure(self, name: str) -> Figure:
        charts = self._found()[name]
        if not charts:
            what = f"this run has nothing to draw as {name!r}"
            raise UsageError(what, hint=f"it has {', '.join(self.names)}")
        return Figure(charts)


_KEYS = {
    "sizes": "sizes",
    "heatmap": "heatmap",
    "snake": "snake",
    "radar": "radar",
    "map": "map",
    "choice": "choice",
    "merging": "merging",
    "structure": "structure",
    "silhouettes": "silhouettes",
    "stability": "stability",
    "outcomes": "outcomes",
    "held_out": "heldout",
    "retention": "retention",
    "value": "value",
}
"""The key of a chart, or of a group of charts, by the name of its method."""
