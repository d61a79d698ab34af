"""Failures by SQL state: code, hint, and no password."""

from __future__ import annotations

import pytest

from segmentry.engines.postgres.failures import Failures
from segmentry.errors import EngineError

psycopg = pytest.importorskip("psycopg")
FAILURES = Failures("postgresql://ann:***@host/shop", ("hush",))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("NumericValueOutOfRange", "E3003"),
        ("UndefinedTable", "E3005"),
        ("InsufficientPrivilege", "E3006"),
        ("AdminShutdown", "E3004"),
        ("ConnectionFailure", "E3004"),
        ("QueryCanceled", "E3001"),
        ("SyntaxError", "E3001"),
        ("DiskFull", "E3001"),
    ],
)
def test_each_state_has_its_code(error: str, code: str) -> None:
    with (
        pytest.raises(EngineError, match="it said") as failed,
        FAILURES.translated("SELECT 1"),
    ):
        raise getattr(psycopg.errors, error)("it said hush\nand more")
    assert failed.value.code == code
    assert failed.value.sql == "SELECT 1"
    assert "hush" not in str(failed.value)
    assert failed.value.where == FAILURES.where


def test_a_lost_connection_has_no_state() -> None:
    with pytest.raises(EngineError, match="connection was lost") as failed, FAILURES.translated():
        raise psycopg.OperationalError("server closed the connection unexpectedly")
    assert failed.value.code == "E3004"


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError, match="mine"), FAILURES.translated():
        raise KeyError("mine")
