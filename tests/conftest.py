"""Fixtures shared by all tests: where real data lies, and what absence of it means."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from groups import pytest_collection_modifyitems
from places import Place
from servers import java_is_there, postgres, postgres_binaries

__all__ = ["pytest_collection_modifyitems"]

REPOSITORY = Path(__file__).resolve().parent.parent

_BEGINNINGS: dict[str, Any] = {}


def skip_or_fail(reason: str) -> None:
    """Skip on somebody's laptop, fail where everything has to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"under CI nothing may be missing: {reason}")
    pytest.skip(reason)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Remember where each file's own draws begin."""
    for module in {getattr(item, "module", None) for item in session.items}:
        rng = getattr(module, "RNG", None)
        if isinstance(rng, np.random.Generator):
            _BEGINNINGS[module.__name__] = rng.bit_generator.state


@pytest.fixture(autouse=True)
def _same_chance_for_every_test(request: pytest.FixtureRequest) -> None:
    """Begin a file's own draws anew, so that no test hangs on which ones ran before it."""
    begun = _BEGINNINGS.get(getattr(request.module, "__name__", ""))
    if begun is not None:
        request.module.RNG.bit_generator.state = begun


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Give the folder of real data sets."""
    default = REPOSITORY.parent / "shared" / "data"
    folder = Path(os.environ.get("SEGMENTRY_DATA", str(default)))
    if not folder.is_dir():
        skip_or_fail(f"no real data at {folder}; set SEGMENTRY_DATA to the folder that holds it")
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give a PostgreSQL: one of our own, or that of SEGMENTRY_TEST_POSTGRES."""
    given = os.environ.get("SEGMENTRY_TEST_POSTGRES")
    if given:
        yield given
        return
    binaries = postgres_binaries()
    if binaries is None:
        skip_or_fail("no PostgreSQL server; install postgresql, or set SEGMENTRY_TEST_POSTGRES")
    else:
        with postgres(binaries) as url:
            yield url


SPARK_URL = "spark://local-cluster[2,1,1024]"
"""A cluster on this machine: a master and two workers, each a process of its own."""


@pytest.fixture(scope="session")
def spark_url() -> Iterator[str]:
    """Give a running Spark; sessions of tests lie beside it."""
    if not java_is_there():
        skip_or_fail("no Java runtime of version 17 or later, which Spark needs")
    from segmentry.engines.spark import session

    # Compiling Java for each statement costs more than small tables do.
    quick = {
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    with session.quiet():
        running = session.started(session.target_of(SPARK_URL, None), quick)
    try:
        yield SPARK_URL
    finally:
        running.stop()


@pytest.fixture(
    params=[
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.xdist_group("spark")]),
    ]
)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Give each place beside DuckDB where rows can lie."""
    name = str(request.param)
    return Place(name, request.getfixturevalue(f"{name}_url"), tmp_path)
