"""``segmentry doctor``: whether everything a run needs is there, each with what to do."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import Annotated

import typer

OLDEST_PYTHON = (3, 11)
FEW_MIB = 1024
"""Below this much free memory or disk a warning: a million events fit into it."""

PACKAGES = (
    "duckdb", "ibis-framework", "sqlglot", "numpy", "pyarrow", "scipy", "scikit-learn",
    "threadpoolctl", "python-calamine", "pyyaml", "typer", "rich", "jinja2",
    "sqlalchemy", "alembic",
)  # fmt: skip
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ``ok``, ``warning`` or ``missing`` (then a run fails)."""

    name: str
    state: str
    told: str
    hint: str = ""


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check that everything a run needs is there.

    Ends with 1 where something needed is missing.
    """
    findings = list(examine(Path.cwd()))
    is_well = all(f.state != "missing" for f in findings)
    if as_json:
        found = [{k: v for k, v in asdict(f).items() if v} for f in findings]
        typer.echo(json.dumps({"format": 1, "is_well": is_well, "findings": found}, indent=1))
    else:
        for f in findings:
            hint = f"\n{'':25}try: {f.hint}" if f.hint else ""
            typer.echo(f"{f.state:<8} {f.name:<15} {f.told}{hint}")
    if not is_well:
        raise typer.Exit(1)


def examine(folder: Path) -> Iterator[Finding]:
    """Look at everything, with ``folder`` as the place to work in."""
    yield _python()
    yield from map(_package, PACKAGES)
    yield _computing()
    yield _charts()
    yield _memory()
    yield _disk(folder)
    yield _writing(folder)
    yield _browser()


def _python() -> Finding:
    version = platform.python_version()
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("python", "ok", version)
    return Finding("python", "missing", version, "install Python 3.11 or later")


def _package(name: str) -> Finding:
    try:
        return Finding(name, "ok", metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, "missing", "not installed", "install segmentry again with pip")


def _tried(name: str, attempt: Callable[[], str], hint: str) -> Finding:
    try:
        return Finding(name, "ok", attempt())
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return Finding(name, "missing", f"{type(error).__name__}: {error}", hint)


def _computing() -> Finding:
    def attempt() -> str:
        import duckdb

        with duckdb.connect() as connection:
            row = connection.execute("select sum(i) from range(1000) as t(i)").fetchone()
        if row != (499_500,):
            msg = f"the sum of 0 to 999 came out as {row}"
            raise ArithmeticError(msg)
        return "DuckDB computes"

    return _tried("engine", attempt, "install duckdb again with pip")


def _charts() -> Finding:
    place = resources.files("segmentry.render") / "vendor" / "echarts.min.js"
    if place.is_file():
        return Finding("charts", "ok", "ECharts is in the package")
    return Finding(
        "charts",
        "warning",
        "ECharts is not in the package: reports show tables without charts",
        "install segmentry again where the npm registry can be reached",
    )


def _memory() -> Finding:
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _MIB
    except (AttributeError, ValueError, OSError):
        return Finding("memory", "ok", "this system does not tell")
    return _enough("memory", free, "close other programs, or run on a sample of the data")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free // _MIB
    return _enough("disk", free, "free some space, or write elsewhere with --output")


def _enough(name: str, free_mib: int, hint: str) -> Finding:
    told = f"{free_mib:,} MiB free"
    return (
        Finding(name, "ok", told) if free_mib >= FEW_MIB else Finding(name, "warning", told, hint)
    )


def _writing(folder: Path) -> Finding:
    def attempt() -> str:
        with tempfile.TemporaryDirectory(dir=folder):
            return f"{folder} can be written"

    return _tried("folder", attempt, "work in a folder that you may write to")


def _browser() -> Finding:
    from segmentry.stores.printing import find_browser

    what = "only report --pdf and tests of pages need one"
    return Finding("browser", "ok", f"{find_browser() or 'no Chromium'} ({what})")
