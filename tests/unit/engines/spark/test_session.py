"""Sessions of Spark."""

from __future__ import annotations

import pytest

from segmentry.engines.spark.session import SETTINGS, Session, target_of
from segmentry.errors import EngineError


@pytest.mark.parametrize(
    ("url", "threads", "master"),
    [
        ("spark", None, "local[*]"),
        ("spark://", 3, "local[3]"),
        ("spark://local", 2, "local[2]"),
        ("spark://local[4]", 2, "local[4]"),
        ("spark://local-cluster[2,1,1024]", None, "local-cluster[2,1,1024]"),
        ("spark://head:7077", 2, "spark://head:7077"),
    ],
)
def test_a_url_names_a_master(url: str, threads: int | None, master: str) -> None:
    assert target_of(url, threads).master == master


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_sessions_have_our_settings_and_leave_a_running_spark_alone(spark_url: str) -> None:
    first, second = Session(spark_url, threads=None), Session(spark_url, threads=None)
    assert {n: first.spark.conf.get(n) for n in SETTINGS} == SETTINGS
    first.spark.range(3).createOrReplaceTempView("mine")
    assert not second.spark.catalog.tableExists("mine")
    first.close()
    assert second.spark.range(3).count() == 3
    second.close()
    with pytest.raises(EngineError, match="runs in this process already") as refused:
        Session("spark://elsewhere:7077", threads=None)
    assert refused.value.code == "E3004"
