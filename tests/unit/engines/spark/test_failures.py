"""Failures of Spark by their condition: code, hint, and no token."""

from __future__ import annotations

import pytest

from segmentry.engines.spark.failures import Failures
from segmentry.errors import SegmentryError

errors = pytest.importorskip("pyspark.errors")
FAILURES = Failures("sc://host/;token=***", ("hush",))


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("TABLE_OR_VIEW_NOT_FOUND", "E3005"),
        ("PATH_NOT_FOUND", "E2001"),
        ("UNABLE_TO_INFER_SCHEMA", "E2003"),
        ("ARITHMETIC_OVERFLOW", "E3003"),
        ("SOMETHING_ELSE", "E3001"),
    ],
)
def test_each_condition_has_its_code(condition: str, code: str) -> None:
    error = errors.AnalysisException(message=f"[{condition}] it said hush\nat java.lang")
    with pytest.raises(SegmentryError, match="it said") as failed, FAILURES.translated():
        raise error
    assert failed.value.code == code
    assert "hush" not in str(failed.value)
    assert "java" not in str(failed.value)


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError, match="mine"), FAILURES.translated():
        raise KeyError("mine")
