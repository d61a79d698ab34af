"""Fixtures shared by all tests: where real data lies, and what absence of it means."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def skip_or_fail(reason: str) -> None:
    """Skip on somebody's laptop, fail where everything has to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"under CI nothing may be missing: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Give the folder of real data sets."""
    default = REPOSITORY.parent / "shared" / "data"
    folder = Path(os.environ.get("SEGMENTRY_DATA", str(default)))
    if not folder.is_dir():
        skip_or_fail(f"no real data at {folder}; set SEGMENTRY_DATA to the folder that holds it")
    return folder
