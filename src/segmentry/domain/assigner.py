"""Any partition as prototypes: the one thing that answers "which segment?", in batch and online.

Training labels are the assigner's own answers, so that batch and online cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.maths.prototypes import squared_distances, two_nearest
from segmentry.maths.rounding import round_significant

NEARNESS_DIGITS = 9
"""Significant digits of confidences and anomaly scores."""


@dataclass(frozen=True)
class Answers:
    """The assigner's answers for the rows of a matrix.

    ``segment`` and ``second`` index the assigner's segments. ``confidence`` is the runner-up's
    distance over the sum of both: 0.5 on the border, 1 at the centre. It tells relative nearness
    and is no probability. ``anomaly_score`` is the distance in radii of the segment.
    """

    segment: NDArray[np.int64]
    second: NDArray[np.int64]
    confidence: NDArray[np.float64]
    anomaly: NDArray[np.bool_]
    anomaly_score: NDArray[np.float64]


@dataclass(frozen=True)
class Assigner:
    """Labelled prototypes with radii.

    ``prototypes`` has shape (n_prototypes, n_columns); ``groups`` the segment index of each;
    ``radii`` one distance per segment beyond which a row is told as an anomaly.
    """

    prototypes: NDArray[np.float64]
    groups: NDArray[np.int64]
    radii: NDArray[np.float64]

    @property
    def n_segments(self) -> int:
        """Count the segments."""
        return len(self.radii)

    def answer(self, X: NDArray[np.float64]) -> Answers:
        """Assign each row; the same row always gets the same answer, alone or in a batch."""
        # Scores are compared after rounding, so that ties are ties; they go to the lowest segment.
        distances = round_significant(squared_distances(X, self.prototypes), digits=NEARNESS_DIGITS)
        first, second, nearest, runner_up = two_nearest(distances, self.groups)
        together = nearest + runner_up
        confidence = np.divide(runner_up, together, out=np.full(len(X), 0.5), where=together > 0)
        if self.n_segments == 1:
            confidence = np.ones(len(X))
        score = round_significant(nearest / self.radii[first], digits=NEARNESS_DIGITS)
        return Answers(
            first,
            second,
            round_significant(confidence, digits=NEARNESS_DIGITS),
            score > 1.0,
            score,
        )
