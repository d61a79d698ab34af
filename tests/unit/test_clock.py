"""The two clocks."""

from __future__ import annotations

from datetime import UTC

from segmentry import clock


def test_the_wall_clock_is_in_utc():
    assert clock.now().tzinfo is UTC


def test_the_duration_clock_never_runs_backwards():
    first = clock.seconds()
    assert clock.seconds() >= first
