"""Assignments written where a project's sources lie: into its database, or into its lake.

What lives here: which place may be asked for, and what is handed to the engine. What does not: how
an engine writes whole or not at all (its own room), and files of ours (``stores``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from segmentry import clock
from segmentry.domain.project import Project
from segmentry.engines.base import Receiving
from segmentry.engines.catalogue import DEFAULT, POSTGRES, open_engine, scheme_of, url_of
from segmentry.errors import UsageError
from segmentry.stores.runs import run_id

if TYPE_CHECKING:
    import pyarrow as pa


def check_place(project: Project, place: str) -> None:
    """Refuse a place that cannot be written to, before any work is done.

    Parameters
    ----------
    project : Project
        Its sources say which engine it is.
    place : str
        A table of the sources' database, or a folder of their lake.

    Raises
    ------
    UsageError
        E1101 if the sources are files, or the place holds something that is not ours.
    EngineError
        If the engine cannot be reached.
    """
    url = _url_of(project, place)
    # A lake needs no look: each writing has a folder of its own there.
    if scheme_of(url) in POSTGRES:
        with _opened(url, place, None) as engine:
            engine.check_place(place)


def write_back(
    rows: pa.Table,
    project: Project,
    place: str,
    *,
    fingerprint: str,
    threads: int | None = None,
) -> str:
    """Write assignments where a project's sources lie.

    Parameters
    ----------
    rows : pyarrow.Table
        As ``assignments.parquet`` holds them; ids are written as they are in it.
    project : Project
    place : str
        A table of the sources' database, whose rows they replace; or a folder of their lake, in
        which they get a folder of their own.
    fingerprint : str
        Of the release that made them.
    threads : int or None

    Returns
    -------
    str
        Where they lie now.

    Raises
    ------
    UsageError
        E1101 if the sources are files, or the place holds something that is not ours.
    EngineError
        If it cannot be written; what was there before is whole.
    """
    name = run_id(clock.now(), fingerprint)
    with _opened(_url_of(project, place), place, threads) as engine:
        return engine.put(rows, place, folder=str(project.folder), name=name)


def _url_of(project: Project, place: str) -> str:
    url = url_of(project.sources)
    if url == DEFAULT:
        raise _no_receiver(place)
    return url


@contextmanager
def _opened(url: str, place: str, threads: int | None) -> Iterator[Receiving]:
    engine = open_engine(url, threads=threads)
    try:
        if not isinstance(engine, Receiving):
            raise _no_receiver(place)
        yield engine
    finally:
        engine.close()


def _no_receiver(place: str) -> UsageError:
    return UsageError(
        "--write-to writes where the sources lie, and these are files",
        where=place,
        hint="--output writes a file; sources in PostgreSQL or on Spark have a 'connection'",
    )
