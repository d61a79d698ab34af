"""Sessions of Spark: one that runs already, one of our own, or one behind Spark Connect.

What lives here: what a URL asks for, settings that make results equal to other engines, and
quietness. What does not: statements (``engine``).
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segmentry.engines.connecting import filled, secrets_of, without_secrets
from segmentry.engines.machine import memory_bytes
from segmentry.engines.spark.failures import Failures
from segmentry.errors import EngineError

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    # Overflow and bad casts are errors, as on the other engines, not null.
    "spark.sql.ansi.enabled": "true",
    # Decimals keep their digits after the point.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    # Instants are written as such, and not in the form of old, which has no zone.
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}
"""What makes results equal; set for our session alone."""

QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.maxResultSize": "0",
    "spark.log.level": "ERROR",
}
ON_THIS_MACHINE = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}

DRIVER_SHARE = 0.4
"""Share of the machine's memory for a Spark that runs in this process."""


@dataclass(frozen=True)
class Target:
    """What a URL asks for: a master, or the address of a Spark Connect server."""

    master: str | None
    remote: str | None = None

    @property
    def is_local(self) -> bool:
        """Say whether Spark runs on this machine alone."""
        return self.master is not None and self.master.startswith("local")


def target_of(url: str, threads: int | None) -> Target:
    """Read a URL.

    Examples
    --------
    >>> target_of("spark://local[2]", None).master
    'local[2]'
    >>> target_of("spark", 4).master
    'local[4]'
    >>> target_of("spark://head:7077", None).master
    'spark://head:7077'
    >>> target_of("sc://host:15002", None).remote
    'sc://host:15002'
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sc":
        return Target(None, url)
    if not rest or rest == "local":
        return Target(f"local[{threads or '*'}]")
    return Target(rest if rest.startswith("local") else url)


class Session:
    """A session with our settings, and what has to be ended with it."""

    def __init__(
        self, url: str, *, threads: int | None, environment: Mapping[str, str] | None = None
    ) -> None:
        whole = filled(url, os.environ if environment is None else environment)
        self.failures = Failures(without_secrets(url), secrets_of(whole))
        self._is_ours = False
        target = target_of(whole, threads)
        try:
            import pyspark
        except ImportError as error:
            raise self._missing("pyspark") from error
        del pyspark
        # What failed is told once, as an error of the house.
        logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
        with self._starting():
            self.spark: Any = self._remote(target) if target.remote else self._classic(target)
        with self.failures.translated(), quiet():
            for name, value in SETTINGS.items():
                self.spark.conf.set(name, value)
            if target.is_local:
                self.spark.conf.set("spark.sql.shuffle.partitions", str(_cores(target)))

    def _missing(self, package: str) -> EngineError:
        return EngineError(
            f"reading with Spark needs the package {package}",
            code="E3007",
            where=self.failures.where,
            hint="pip install 'segmentry[spark]'; for Spark Connect also 'pyspark[connect]'",
        )

    @contextmanager
    def _starting(self) -> Iterator[None]:
        try:
            with quiet():
                yield
        except EngineError:
            raise
        except ImportError as error:
            raise self._missing(str(error.name or "grpcio")) from error
        except Exception as error:  # noqa: BLE001 - Java's failures have no class in common
            if "ImportError" in type(error).__name__:
                raise self._missing("grpcio") from None
            raise self.failures.not_connected(error) from None

    def _remote(self, target: Target) -> Any:
        from pyspark.sql.connect.session import SparkSession

        return SparkSession.builder.remote(target.remote).create()

    def _classic(self, target: Target) -> Any:
        from pyspark import SparkContext
        from pyspark.sql import SparkSession

        running = SparkContext._active_spark_context  # noqa: SLF001 - it has no public name
        if running is None:
            running, self._is_ours = started(target), True
        elif target.is_local != str(running.master).startswith("local") or (
            not target.is_local and running.master != target.master
        ):
            raise EngineError(
                f"a Spark session with the master {running.master!r} runs in this process already",
                code="E3004",
                where=self.failures.where,
                hint="stop it first, or name its master in 'connection'",
            )
        # A session beside the running one: its settings and views are its own.
        return SparkSession(running).newSession()

    def close(self) -> None:
        """End what was started here; a session that ran before goes on."""
        if self._is_ours or not hasattr(self.spark, "sparkContext"):
            with quiet():
                self.spark.stop()


def _cores(target: Target) -> int:
    digits = "".join(c for c in (target.master or "").split(",")[0] if c.isdigit())
    return int(digits or os.cpu_count() or 2)


def started(target: Target, more: Mapping[str, str] | None = None) -> Any:
    """Start Spark in this process, with Java's words going to a file.

    Parameters
    ----------
    target : Target
        Which master.
    more : mapping of str to str, optional
        Settings of Spark.

    Returns
    -------
    pyspark.SparkContext
        Whoever starts it stops it.
    """
    from pyspark import SparkConf, SparkContext

    settings = {**QUIET, **(ON_THIS_MACHINE if target.is_local else {})}
    if (target.master or "").startswith("local["):
        settings["spark.driver.memory"] = f"{_memory_megabytes()}m"
    conf = SparkConf(loadDefaults=False).setAppName("segmentry").setMaster(target.master or "local")
    for name, value in {**settings, **(more or {})}.items():
        conf.set(name, value)
    if SparkContext._gateway is not None:  # noqa: SLF001 - Java runs already
        return SparkContext(conf=conf)
    return SparkContext(conf=conf, gateway=_launched(conf, is_local=target.is_local))


def _launched(conf: Any, *, is_local: bool) -> Any:
    from pyspark.java_gateway import launch_gateway

    if is_local:
        # Workers on this machine listen where only this machine reaches them.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    folder = tempfile.mkdtemp(prefix="segmentry-spark-")
    weakref.finalize(conf, shutil.rmtree, folder, ignore_errors=True)
    with (Path(folder) / "log").open("wb") as log:
        return launch_gateway(conf, popen_kwargs={"stderr": log, "stdout": log})


def _memory_megabytes() -> int:
    return max(1024, int(memory_bytes() * DRIVER_SHARE / 2**20))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep PySpark from warning of a pandas that nothing here uses."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning, module=r"pyspark.*")
        warnings.filterwarnings("ignore", category=UserWarning, module=r"pyspark.*")
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"pyspark.*")
        yield
