"""Which entity is in which segment, by which release, as of when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.domain.arrays import flags_of, instants_of, numbers_of, texts_of, wholes_of
from segmentry.domain.assigner import Answers
from segmentry.domain.table import ENTITY

MICRO = "micro_segment"


@dataclass(frozen=True)
class Assignments:
    """Entities with their answers; names and ids of segments come from the release."""

    entity_ids: pa.Array
    answers: Answers
    segment_ids: tuple[int, ...]
    segment_names: tuple[str, ...]
    release: str
    as_of: datetime | None
    micro: NDArray[np.str_] | None = None
    """Ids of micro-segments; None where the release has none."""

    def to_arrow(self) -> pa.Table:
        """Give the table that ``assignments.parquet`` holds."""
        a, n = self.answers, len(self.entity_ids)
        ids = np.array(self.segment_ids, dtype=np.int64)
        names = texts_of(self.segment_names)
        beneath = {} if self.micro is None else {MICRO: pa.array(self.micro, type=pa.string())}
        return pa.table(
            {
                ENTITY: self.entity_ids,
                "segment_id": wholes_of(ids[a.segment]),
                "segment": names.take(wholes_of(a.segment)),
                **beneath,
                "confidence": numbers_of(a.confidence),
                "second_segment": names.take(wholes_of(a.second)),
                "anomaly": flags_of(a.anomaly),
                "anomaly_score": numbers_of(a.anomaly_score),
                "as_of": instants_of(self.as_of, n),
            }
        )
