"""The assigner of a release: which arrays hold it, and whether these make sense.

What lives here: the check of values whose types are right. What does not: reading and writing, and
which format has which arrays (``releases``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segmentry.domain.assigner import Assigner

if TYPE_CHECKING:
    from numpy.typing import NDArray

ASSIGNER_ARRAYS = {
    "prototypes": ("<f8", 2),
    "groups": ("<i8", 1),
    "radii": ("<f8", 1),
    "kept": ("<f8", 2),
    "origin": ("<f8", 1),
}


def wrong_assigner(assigner: Assigner, n_segments: int, n_columns: int) -> str | None:
    """Say what contradicts itself in an assigner; None where nothing does."""
    import numpy as np

    prototypes, groups, radii = assigner.prototypes, assigner.groups, assigner.radii
    origin = assigner.origin
    if origin is not None and not (origin.shape == (n_columns,) and np.isfinite(origin).all()):
        return f"an origin of shape {origin.shape} does not fit {n_columns} columns"
    width = n_columns if origin is None else n_columns + 1
    if prototypes.ndim != 2 or prototypes.shape[1] != width:
        return f"prototypes of shape {prototypes.shape} do not fit {n_columns} columns"
    if groups.shape != prototypes.shape[:1] or set(np.unique(groups)) != set(range(n_segments)):
        return "every prototype needs a segment, and every segment a prototype"
    if radii.shape != (n_segments,) or not (np.isfinite(radii) & (radii > 0)).all():
        return "every segment needs a radius above zero"
    if not np.isfinite(prototypes).all():
        return "a prototype is not finite"
    return _wrong_map(assigner.kept)


def _wrong_map(kept: NDArray[Any]) -> str | None:
    import numpy as np

    if kept.shape[0] != 2 or not kept.shape[1] or not np.isfinite(kept).all():
        return f"a map of confidence of shape {kept.shape} needs two rows of numbers"
    rises = (np.diff(kept[0]) > 0).all() and (np.diff(kept[1]) >= 0).all()
    if not rises or kept.min() < 0.0 or kept.max() > 1.0:
        return "a map of confidence rises from 0 to 1 at most"
    return None
