"""Fits of a method put aside as they end, and taken up again by a search that was interrupted.

What lives here: what a method's fits depend on, as a name, and their bytes: one JSON line and plain
arrays. What does not: where bytes are kept (``stores.aside``). What is read back is checked like
anything that comes from outside: whatever is not what it says it is counts as not there.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster.method import Fits, Method, Sample
from segmentry.domain.aside import Aside
from segmentry.domain.partition import Partition

FORMAT = 1
NUMBERS = frozenset(["|i1", "<i2", "<i4", "<i8", "<f8"])
"""Types of arrays that are read."""

_POINTS = ("centres", "groups", "radii", "origin")


def name_of(sample: Sample, one: Method) -> str:
    """Name the fits of a method by all that they depend on, but for this program's version.

    Parameters
    ----------
    sample : Sample
    one : Method

    Returns
    -------
    str
        Letters of a SHA-256.
    """
    told = [
        FORMAT, np.__version__, version("scikit-learn"), one.name, sample.band, sample.seed,
        sample.min_share, sample.max_share, sample.X.shape,
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(told).encode())
    digest.update(np.ascontiguousarray(sample.X).data)
    if sample.weights is not None:
        digest.update(np.ascontiguousarray(sample.weights).data)
    return digest.hexdigest()


def taken_up(aside: Aside, name: str, sample: Sample, one: Method) -> dict[int, Fits] | None:
    """Give fits that were put aside under a name; None where there are none that hold."""
    content = aside.take(name)
    if content is None:
        return None
    try:
        return _read(content, sample, one)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def put_aside(aside: Aside, name: str, fits: Mapping[int, Fits]) -> None:
    """Keep the fits of a method under a name."""
    arrays: dict[str, NDArray[Any]] = {}
    told = []
    for k, found in fits.items():
        partitions = []
        for i, p in enumerate(found.partitions):
            # Labels are few numbers of many rows: the smallest type that holds them.
            arrays[f"{k}.{i}.labels"] = p.labels.astype(np.min_scalar_type(-max(p.n_clusters, 1)))
            for part in _POINTS:
                values = getattr(p, part)
                if values is not None:
                    arrays[f"{k}.{i}.{part}"] = values
            partitions.append({"method": p.method, "arguments": dict(p.arguments)})
        told.append({"k": k, "bic": found.bic, "lost": found.lost, "partitions": partitions})
    forms = [(name, values.dtype.str, values.shape) for name, values in arrays.items()]
    head = json.dumps({"fits": told, "arrays": forms}).encode()
    cells = (np.ascontiguousarray(values).tobytes() for values in arrays.values())
    aside.put(name, b"".join((head, b"\n", *cells)))


def _read(content: bytes, sample: Sample, one: Method) -> dict[int, Fits]:
    end = content.index(b"\n")
    told = json.loads(content[:end])
    arrays = _arrays(told["arrays"], content[end + 1 :])
    found = {}
    for line in told["fits"]:
        k = int(line["k"])
        partitions = tuple(
            _partition(arrays, f"{k}.{i}", said, sample)
            for i, said in enumerate(line["partitions"])
        )
        if k not in sample.band or not partitions or partitions[0].method != one.name:
            msg = "these are other fits"
            raise ValueError(msg)
        found[k] = Fits(partitions, float(line["bic"]), int(line["lost"]))
    return found


def _arrays(forms: list[tuple[str, str, list[int]]], cells: bytes) -> dict[str, NDArray[Any]]:
    found, place = {}, 0
    for name, dtype, shape in forms:
        if dtype not in NUMBERS or min(shape) < 0:
            msg = "these are no arrays of numbers"
            raise ValueError(msg)
        count = math.prod(shape)
        values = np.frombuffer(cells, dtype, count, place)
        found[name] = values.reshape(shape)
        place += values.nbytes
    if place != len(cells):
        msg = "there is more than was said"
        raise ValueError(msg)
    return found


def _partition(
    arrays: Mapping[str, NDArray[Any]], place: str, said: Mapping[str, Any], sample: Sample
) -> Partition:
    points = {part: arrays[f"{place}.{part}"] for part in _POINTS if f"{place}.{part}" in arrays}
    labels = arrays[f"{place}.labels"].astype(np.int64)
    partition = Partition(labels, method=str(said["method"]), arguments=said["arguments"], **points)
    # A direction has a place of its own for what lies at the origin (``maths.directions``).
    width = sample.X.shape[1] + (partition.origin is not None)
    fits = (
        labels.shape == (len(sample.X),)
        and partition.centres.shape[1:] == (width,)
        and -1 <= labels.min() <= labels.max() < partition.n_clusters
    )
    if not fits:
        msg = "these are fits of other rows"
        raise ValueError(msg)
    return partition
