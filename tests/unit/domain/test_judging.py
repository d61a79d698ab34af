"""What followed after a cut, as values."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from segmentry.domain.judging import Heldout, HeldoutColumns, OutcomeAfter, SegmentAfter


def test_what_followed_cannot_be_changed():
    segment = SegmentAfter(1, 10, 0.5, 0.2, 0.8)
    with pytest.raises(FrozenInstanceError, match="mean"):
        segment.mean = 1.0


def test_a_baseline_is_told_only_where_there_is_one():
    defaults = {f.name: f.default for f in fields(OutcomeAfter)}
    assert defaults["baseline_explained"] is None
    assert {f.name: f.default for f in fields(Heldout)}["baseline"] is None


def test_entities_that_needed_no_fit_anew_tell_none():
    defaults = {f.name: f.default for f in fields(HeldoutColumns)}
    assert (defaults["n_fitted"], defaults["agreement"]) == (None, None)
