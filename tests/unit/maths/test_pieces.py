"""Pieces of work: what may carry them out."""

from __future__ import annotations

import pytest

from segmentry.domain.crew import Crew
from segmentry.maths.pieces import Spread


@pytest.mark.parametrize("spread", [map, Crew(1).map, Crew(2).map])
def test_results_come_in_the_order_of_the_pieces(spread: Spread):
    assert list(spread(lambda n: n * n, range(5))) == [0, 1, 4, 9, 16]
