"""A small project that is set up and run once for all tests of commands."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from commands import segmentry
from finished import Finished
from shop import customers


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("shop")
    pq.write_table(customers(), folder / "customers.parquet")
    init = segmentry("init", "customers.parquet", folder=folder)
    return Finished(folder, init, segmentry("run", folder=folder))
