"""Any partition as prototypes: the one thing that answers "which segment?", in batch and online.

Training labels are the assigner's own answers, so that batch and online cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segmentry.maths.calibration import calibrated
from segmentry.maths.directions import seen_from
from segmentry.maths.prototypes import squared_distances, two_nearest
from segmentry.maths.rounding import round_significant

NEARNESS_DIGITS = 9
"""Significant digits of confidences and anomaly scores."""


@dataclass(frozen=True)
class Answers:
    """The assigner's answers for the rows of a matrix.

    ``segment`` and ``second`` index the assigner's segments. ``confidence`` is the share of those
    as near that keep their segment when entities are drawn anew and segmented anew; of an assigner
    that did not learn it, nearness alone. ``anomaly_score`` is the distance in radii of the
    segment.
    """

    segment: NDArray[np.int64]
    second: NDArray[np.int64]
    confidence: NDArray[np.float64]
    anomaly: NDArray[np.bool_]
    anomaly_score: NDArray[np.float64]


def uncalibrated() -> NDArray[np.float64]:
    """Give the map of confidence that is nearness itself."""
    return np.array([[0.5, 1.0], [0.5, 1.0]])


@dataclass(frozen=True)
class Assigner:
    """Labelled prototypes with radii.

    ``prototypes`` has shape (n_prototypes, n_columns); ``groups`` the segment index of each;
    ``radii`` one distance per segment beyond which a row is told as an anomaly; ``kept``, of shape
    (2, n_knots), maps nearness to confidence. Nearness is the runner-up's distance over the sum of
    both: 0.5 on the border, 1 at the centre. With an ``origin``, of shape (n_columns,), prototypes
    are directions from there, with one column more (``maths.directions``), and distances those of
    directions.
    """

    prototypes: NDArray[np.float64]
    groups: NDArray[np.int64]
    radii: NDArray[np.float64]
    kept: NDArray[np.float64] = field(default_factory=uncalibrated)
    origin: NDArray[np.float64] | None = None

    @property
    def n_segments(self) -> int:
        """Count the segments."""
        return len(self.radii)

    @property
    def is_calibrated(self) -> bool:
        """Tell whether confidence was learned, and is not nearness itself."""
        return not np.array_equal(self.kept, uncalibrated())

    def answer(self, X: NDArray[np.float64]) -> Answers:
        """Assign each row; the same row always gets the same answer, alone or in a batch."""
        first, second, nearest, runner_up = two_nearest(self._squares(X), self.groups)
        if self.n_segments == 1:
            confidence = np.ones(len(X))
        else:
            confidence = calibrated(_nearness(nearest, runner_up), self.kept)
        score = round_significant(nearest / self.radii[first], digits=NEARNESS_DIGITS)
        return Answers(
            first,
            second,
            round_significant(confidence, digits=NEARNESS_DIGITS),
            score > 1.0,
            score,
        )

    def distances(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Measure rows against each segment's nearest prototype, by the rounding of answers."""
        squares = self._squares(X)
        nearest = np.full((len(X), self.n_segments), np.inf)
        for prototype, group in enumerate(self.groups):
            np.minimum(nearest[:, group], squares[:, prototype], out=nearest[:, group])
        result: NDArray[np.float64] = np.sqrt(nearest)
        return result

    def nearness(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Measure how much nearer each row is to its segment than to the next: what is mapped."""
        _, _, nearest, runner_up = two_nearest(self._squares(X), self.groups)
        return _nearness(nearest, runner_up)

    def _squares(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Measure rows against prototypes, rounded so that ties are ties: the lowest segment's."""
        squares = squared_distances(seen_from(X, self.origin), self.prototypes)
        return round_significant(squares, digits=NEARNESS_DIGITS)


def _nearness(nearest: NDArray[np.float64], runner_up: NDArray[np.float64]) -> NDArray[np.float64]:
    together = nearest + runner_up
    share: NDArray[np.float64] = np.divide(
        runner_up, together, out=np.full(len(nearest), 0.5), where=together > 0
    )
    return share
