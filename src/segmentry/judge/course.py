"""Retention and value of segments in the periods after the judging cut.

What lives here: shares and means with intervals, and what is withheld. What does not: what entities
did (``pipeline.courses``), and drawing (``render.chart_course``). Read on in
``docs/methods/retention.md``.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.course import Course, Courses, Reached, SegmentCourse
from segmentry.maths.intervals import bootstrap_mean_interval, mean_interval, wilson_interval
from segmentry.maths.suppression import FEWEST_TOLD, small_groups, told_beside_total

BOOTSTRAP_ROWS = 500
"""Members beyond which Student's interval serves: there are many means, and they are drawn."""


def courses_of(
    course: Course, segment: NDArray[np.int64], segment_ids: tuple[int, ...], rng: Generator
) -> Courses:
    """Measure how segments went on.

    Parameters
    ----------
    course : Course
    segment : ndarray of int, shape (n_entities,)
        Places in ``segment_ids``, by what entities had done before the cut.
    segment_ids : tuple of int
    rng : numpy.random.Generator

    Returns
    -------
    Courses
        Segments without any member at the cut are left out.
    """
    members = [np.flatnonzero(segment == i) for i in range(len(segment_ids))]
    every = [np.arange(len(segment))]
    active, active_all = (_tellable(course.active, groups) for groups in (members, every))
    spent = None if course.value is None else np.cumsum(course.value, axis=1)
    counted = None if spent is None else _tellable_sums(spent, members)
    told = []
    for place, segment_id in enumerate(segment_ids):
        own = members[place]
        if not len(own):
            continue
        value = () if spent is None or counted is None else _means(spent[own], counted[place], rng)
        shares = _shares(course.active[own], active[place])
        told.append(SegmentCourse(segment_id, len(own), shares, value))
    value = () if spent is None else _means(spent, _tellable_sums(spent, every)[0], rng)
    everyone = SegmentCourse(0, len(segment), _shares(course.active, active_all[0]), value)
    return Courses(course.days, everyone, tuple(told))


def _tellable(did: NDArray[np.float64], members: list[NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Say for each segment and period whether its count may be told, everyone's being told."""
    counts = np.array([did[m].sum(axis=0) for m in members]).round().astype(np.int64)
    others = np.array([len(m) for m in members])[:, None] - counts
    small = small_groups(counts) | small_groups(others)
    found = np.zeros(counts.shape, dtype=bool)
    for period in range(counts.shape[1]):
        open_ = set(np.flatnonzero(~small[:, period]).tolist())
        told = told_beside_total(counts[:, period], small[:, period], open_, least=FEWEST_TOLD)
        found[sorted(told), period] = True
    return found


def _tellable_sums(
    spent: NDArray[np.float64], members: list[NDArray[np.int64]]
) -> NDArray[np.bool_]:
    """Say for each segment and period whether what was spent up to its end may be told.

    Of few, a mean would tell what one of them spent; so would two means between which few spent.
    """
    known = np.zeros(len(spent))
    found = np.zeros((len(members), spent.shape[1]), dtype=bool)
    for period, now in enumerate(spent.T):
        did = np.column_stack([now != 0.0, now != known]).astype(np.float64)
        found[:, period] = _tellable(did, members).all(axis=1)
        for own in (m for m, is_told in zip(members, found[:, period], strict=True) if is_told):
            known[own] = now[own]
    return found


def _shares(active: NDArray[np.float64], told: NDArray[np.bool_]) -> tuple[Reached, ...]:
    n = len(active)
    found = []
    for period in range(active.shape[1]):
        count = int(active[:, period].sum())
        low, high = wilson_interval(count, n)
        found.append(Reached(count / n, low, high) if told[period] else Reached())
    return tuple(found)


def _means(
    spent: NDArray[np.float64], told: NDArray[np.bool_], rng: Generator
) -> tuple[Reached, ...]:
    found = []
    for period in range(spent.shape[1]):
        values = spent[:, period]
        if not told[period]:
            found.append(Reached())
            continue
        if len(values) > BOOTSTRAP_ROWS:
            low, high = mean_interval(values)
        else:
            low, high = bootstrap_mean_interval(values, rng)
        found.append(Reached(float(values.mean()), low, high))
    return tuple(found)
