"""Hands: results in order, whatever their number, and one thread inside each."""

from __future__ import annotations

import threading

import pytest
from threadpoolctl import threadpool_info

from segmentry.domain.crew import Crew, single_threaded


@pytest.mark.parametrize("hands", [1, 2, 5])
def test_results_come_in_the_order_of_the_pieces(hands):
    first_waits = threading.Event()

    def work(piece):
        if piece == 0 and hands > 1:
            first_waits.wait(5)  # the first piece ends last
        if piece == 1:
            first_waits.set()
        return piece * piece

    assert Crew(hands).map(work, range(6)) == (0, 1, 4, 9, 16, 25)


def test_several_hands_work_at_the_same_time():
    both = threading.Barrier(2, timeout=5)
    # Each piece waits for the other: one hand alone would wait for ever.
    assert len(Crew(2).map(lambda _: both.wait(), range(2))) == 2


def test_the_first_piece_that_fails_tells():
    def work(piece):
        if piece:
            raise ValueError(f"piece {piece}")
        return piece

    with pytest.raises(ValueError, match="piece 1"):
        Crew(2).map(work, range(4))


def test_libraries_work_with_one_thread_inside_a_piece():
    def most(_):
        return max(i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas")

    assert Crew(2).map(most, range(2)) == (1, 1)


def test_the_limit_ends_with_the_block():
    before = threadpool_info()
    with single_threaded():
        pass
    assert threadpool_info() == before


def test_as_many_hands_as_allowed_and_one_at_least():
    assert (Crew.of(3).hands, Crew.of(0).hands) == (3, 1)
    assert 1 <= Crew.of().hands <= 4
