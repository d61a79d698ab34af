"""Figures with their bounds."""

from __future__ import annotations

from segmentry.domain.bounded import Bounded


def test_a_figure_is_written_with_its_bounds_and_given_as_plain_facts():
    figure = Bounded(0.456, 0.4, 0.5)
    assert str(figure) == "0.46 (0.40 to 0.50)"
    assert figure.as_dict() == {"value": 0.456, "low": 0.4, "high": 0.5}
