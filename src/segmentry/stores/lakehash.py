"""Which partition of the lake an entity lies in: one rule for every engine and every release.

The rule is stated in words (``RULE``) and in each manifest. It is built on MD5, not because
anything has to be hidden, but because DuckDB, PostgreSQL, Spark and Python have it and agree on it.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of

RULE = "first 8 hex digits of md5(entity as text), modulo the number of partitions"


def partition_of(entity: object, n_partitions: int) -> int:
    """Give the partition of one entity.

    Parameters
    ----------
    entity : int or str
        Whole numbers count as their decimal digits, without leading zeros.
    n_partitions : int

    Returns
    -------
    int
        From 0 to ``n_partitions - 1``.

    References
    ----------
    Rivest, R. (1992). The MD5 message-digest algorithm. RFC 1321.

    Examples
    --------
    >>> partition_of("abc", 16), partition_of(12346, 16)
    (8, 3)
    """
    digest = hashlib.md5(str(entity).encode("utf-8", "surrogatepass"), usedforsecurity=False)
    return int.from_bytes(digest.digest()[:4], "big") % n_partitions


def partitions_of(entities: Any, n_partitions: int) -> NDArray[np.int64]:
    """Give the partition of each entity of a column; each distinct one is hashed once.

    Parameters
    ----------
    entities : pyarrow.Array or pyarrow.ChunkedArray
        Without nulls.
    n_partitions : int

    Returns
    -------
    ndarray of shape (n,), int64
    """
    import pyarrow as pa

    whole = entities.combine_chunks() if isinstance(entities, pa.ChunkedArray) else entities
    if n_partitions == 1:
        return np.zeros(len(whole), dtype=np.int64)
    coded = whole.dictionary_encode()
    places = [partition_of(e, n_partitions) for e in coded.dictionary.to_pylist()]
    return np.take(np.array(places, dtype=np.int64), codes_of(coded.indices))
