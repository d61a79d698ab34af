"""Steps are named in their order; how long they took is not for a test to say."""

from __future__ import annotations

from builders import Listener
from segmentry.domain.progress import Silent
from segmentry.pipeline.timing import Steps, peak_mib


def test_every_phase_is_told_to_the_listener_and_kept():
    listener = Listener()
    steps = Steps(listener)
    steps.phase("read", "sales.csv")
    steps.phase("search")
    assert listener.phases == [("read", "sales.csv"), ("search", "")]
    assert [s["name"] for s in steps.document()["steps"]] == ["read", "search"]


def test_progress_is_passed_on():
    listener = Listener()
    Steps(listener).advance(2, 5)
    assert listener.steps == [(2, 5)]


def test_the_steps_take_no_longer_than_the_whole():
    steps = Steps(Silent())
    steps.phase("read")
    steps.phase("search")
    found = steps.document()
    # Each figure is rounded to a thousandth.
    assert 0.0 <= sum(s["seconds"] for s in found["steps"]) <= found["total_seconds"] + 0.002
    assert found["format"] == 1


def test_a_run_without_phases_has_no_steps():
    assert Steps(Silent()).document()["steps"] == []


def test_the_document_can_be_asked_for_twice():
    steps = Steps(Silent())
    steps.phase("read")
    steps.document()
    assert [s["name"] for s in steps.document()["steps"]] == ["read"]


def test_a_document_does_not_change_when_work_goes_on():
    steps = Steps(Silent())
    steps.phase("read")
    early = steps.document()
    steps.phase("search")
    steps.document()
    assert len(early["steps"]) == 1


def test_peak_memory_never_falls():
    before = peak_mib()
    assert peak_mib() >= before > 1.0
