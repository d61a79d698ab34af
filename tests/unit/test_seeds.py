"""Named streams of chance."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.seeds import stream


def draws(*key):
    return stream(*key).random(5)


def test_equal_seed_and_names_give_equal_numbers():
    np.testing.assert_array_equal(draws(3, "search", 4), draws(3, "search", 4))


@pytest.mark.parametrize("other", [(4, "search", 4), (3, "judge", 4), (3, "search", 5), (3,)])
def test_another_seed_or_name_gives_other_numbers(other):
    assert (draws(3, "search", 4) != draws(*other)).all()


def test_a_stream_does_not_depend_on_what_others_drew():
    stream(0, "a").random(1_000)
    np.testing.assert_array_equal(draws(0, "b"), draws(0, "b"))


def test_numbers_of_a_stream_are_the_same_on_every_machine():
    # Written down once: a change would change the results of every project.
    expected = [0.28822319039152355, 0.5627440186586101]
    np.testing.assert_allclose(draws(0, "search")[:2], expected, rtol=1e-15)


def test_streams_with_different_names_do_not_move_together():
    a, b = stream(0, "a").normal(size=4_000), stream(0, "b").normal(size=4_000)
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.06
