"""The rows of one log in another order, and again: are the features the same bits?"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from plainly.draws import some
from plainly.oracle import Case


def fixed_log(case: Case, n_events: int) -> pa.Table:
    """Give so many events of entities with up to sixty each; one in twenty stands there twice."""
    random, log, entity = Random(0), [], 0
    while len(log) < n_events:
        own = some(entity, case, random, 60)
        log += own + random.sample(own, len(own) // 20)
        entity += 1
    return case.rows(log[:n_events])


def shuffles(case: Case, log: pa.Table, n: int, *, threads: int, seed: int = 0) -> Iterator[Any]:
    """Give the features of the log as it is, then of each of ``n`` permutations of its rows."""
    connection = ibis.duckdb.connect(threads=threads)
    sql = case.sql(connection)
    connection.con.execute(f"PREPARE features AS SELECT * FROM ({sql}) ORDER BY entity_id")
    rng = np.random.default_rng(seed)
    orders = [np.arange(log.num_rows), *(rng.permutation(log.num_rows) for _ in range(n))]
    for order in orders:
        shuffled = log.take(pa.array(order))
        connection.con.register("shuffled", shuffled)
        connection.con.execute("DELETE FROM log")
        connection.con.execute("INSERT INTO log SELECT * FROM shuffled")
        yield connection.con.sql("EXECUTE features").to_arrow_table()
    connection.disconnect()
