"""Lines of descent: what is planted comes back, and ids follow."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from segmentry.domain.lifecycle import Descent
from segmentry.releases.identity import descend, first_lineage


def told(counts, earlier=None, largest_id=0):
    counts = np.asarray(counts)
    earlier = tuple(range(1, len(counts) + 1)) if earlier is None else earlier
    found = descend(counts, earlier, largest_id=largest_id)
    return found.ids, [(k.segment_id, str(k.descent), k.from_ids) for k in found.descents]


def test_the_same_segments_in_another_order_keep_their_ids():
    ids, lines = told([[0, 100, 0], [0, 0, 80], [60, 0, 0]], earlier=(4, 7, 9))
    assert ids == (9, 4, 7)
    assert {line[1] for line in lines} == {"continued"}


def test_a_segment_in_two_halves_is_split_and_neither_half_is_the_same():
    ids, lines = told([[50, 50, 0], [0, 0, 80]])
    assert ids == (3, 4, 2)
    assert lines == [(3, "split", (1,)), (4, "split", (1,)), (2, "continued", (2,))]


def test_the_larger_part_of_a_split_keeps_the_id():
    ids, lines = told([[70, 30]])
    assert ids == (1, 2)
    assert lines == [(1, "split", (1,)), (2, "split", (1,))]


def test_two_in_one_are_merged_and_the_larger_gives_its_id():
    ids, lines = told([[70, 0], [30, 0], [0, 50]])
    assert ids == (1, 3)
    assert lines[0] == (1, "merged", (1, 2))
    # Of two equals neither is the same as both together.
    assert told([[50], [50]])[0] == (3,)


def test_what_comes_from_everywhere_is_new_and_what_scatters_is_retired():
    ids, lines = told([[100, 0, 20], [0, 100, 20], [20, 20, 15]])
    assert ids == (1, 2, 4)
    assert lines[2][:2] == (4, "new")
    assert lines[3] == (None, "retired", (3,))


def test_no_id_is_given_twice_even_if_its_segment_is_gone():
    ids, _ = told([[100, 0], [0, 0]], earlier=(1, 2), largest_id=9)
    assert ids == (1, 10)


def test_a_first_release_has_new_segments_only():
    assert [k.descent for k in first_lineage(3).descents] == [Descent.NEW] * 3


tables = hnp.arrays(
    np.int64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.integers(0, 50)
)


@given(tables)
def test_ids_are_unique_and_every_earlier_segment_is_accounted_for(counts):
    earlier = tuple(range(1, len(counts) + 1))
    found = descend(counts, earlier, largest_id=len(counts))
    assert len(set(found.ids)) == counts.shape[1] == len(found.ids)
    named = {i for kin in found.descents for i in kin.from_ids}
    kept = set(found.ids) & set(earlier)
    assert set(earlier) == named | kept
    assert all(0 <= kin.overlap <= 1 for kin in found.descents)


@given(tables, st.integers(0, 1_000))
def test_the_order_of_segments_does_not_matter(counts, seed):
    order = np.random.default_rng(seed).permutation(counts.shape[1]).tolist()
    earlier = tuple(range(1, len(counts) + 1))
    one, two = descend(counts, earlier), descend(counts[:, order], earlier)
    kept_one = {p: i for p, i in enumerate(one.ids) if i <= len(counts)}
    kept_two = {order[p]: i for p, i in enumerate(two.ids) if i <= len(counts)}
    assert kept_one == kept_two
    assert [one.descents[p].descent for p in order] == [
        k.descent for k in two.descents[: len(order)]
    ]


def test_a_group_that_was_not_there_is_new_and_not_a_part_of_the_nearest():
    # A hundred of today's second segment lie far from everything; thirty strayed into the first.
    near = descend(np.array([[100, 130]]), (1,))
    assert [str(k.descent) for k in near.descents] == ["split", "split"]
    found = descend(np.array([[100, 30]]), (1,), strangers=np.array([0, 100]))
    assert [str(k.descent) for k in found.descents] == ["continued", "new"]
    assert found.ids == (1, 2)


def test_a_few_who_stray_over_a_border_make_no_merger_and_no_split():
    # Nobody is left of the third segment but four who strayed into it.
    ids, lines = told([[100, 0], [0, 100], [4, 0]])
    assert ids == (1, 2)
    assert lines == [(1, "continued", (1,)), (2, "continued", (2,)), (None, "retired", (3,))]
    assert told([[96, 4], [0, 0]])[1][0] == (1, "continued", (1,))
