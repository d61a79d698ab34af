"""Micro-segments of a release: which arrays hold them, and whether these make sense.

What lives here: the check of values whose types are right. What does not: reading and writing
(``releases``).
"""

from __future__ import annotations

from segmentry.domain.micro import MicroAssigner

MICRO_ARRAYS = {
    "micro_prototypes": ("<f8", 2),
    "micro_groups": ("<i8", 1),
    "micro_parents": ("<i8", 1),
}


def wrong_micro(micro: MicroAssigner | None, n_segments: int, n_columns: int) -> str | None:
    """Say what contradicts itself in micro-segments; None where nothing does."""
    import numpy as np

    if micro is None:
        return None
    prototypes, groups, parents = micro.prototypes, micro.groups, micro.parents
    if prototypes.ndim != 2 or prototypes.shape[1] != n_columns:
        return f"micro-prototypes of shape {prototypes.shape} do not fit {n_columns} columns"
    if not len(parents) or (np.diff(parents) < 0).any():
        return "micro-segments stand in the order of their segments"
    if parents.min() < 0 or parents.max() >= n_segments:
        return "a micro-segment is of a segment that is not there"
    if groups.shape != prototypes.shape[:1] or set(np.unique(groups)) != set(range(len(parents))):
        return "every micro-prototype needs a micro-segment, and each of these a prototype"
    return None if np.isfinite(prototypes).all() else "a micro-prototype is not finite"
