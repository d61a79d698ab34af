"""Fits put aside are the same when they are taken up again, and nothing else is taken for them."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.cluster.aside import name_of, put_aside, taken_up
from segmentry.cluster.catalogue import CATALOGUE, method
from segmentry.cluster.method import Sample
from segmentry.cluster.search import search
from segmentry.domain.crew import Crew
from segmentry.domain.progress import Silent

RNG = np.random.default_rng(0)
X = np.vstack([RNG.normal(centre, 0.4, (60, 3)) for centre in (0.0, 3.0, 6.0, 9.0)])


class Shelf(dict):
    """A place in memory that counts."""

    def take(self, name):
        return self.get(name)

    def put(self, name, content):
        self[name] = content


def sample(X=X, **facts):
    told = {"band": (3, 4), "seed": 1, "crew": Crew(1), **facts}
    return Sample(X, **told)


def same(one, other):
    for part in ("labels", "centres", "groups", "radii", "origin"):
        a, b = getattr(one, part), getattr(other, part)
        assert (a is None) == (b is None)
        if a is not None:
            np.testing.assert_array_equal(a, b)
            assert a.dtype == b.dtype
    assert (one.method, dict(one.arguments)) == (other.method, dict(other.arguments))


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda m: m.name)
def test_fits_of_every_method_come_back_to_the_byte(one):
    shelf, rows = Shelf(), sample(np.abs(X))
    fits = one.sweep(rows)
    put_aside(shelf, "a", fits)
    found = taken_up(shelf, "a", rows, one)
    assert list(found) == list(fits)
    for k, kept in found.items():
        assert (kept.bic, kept.lost) == (fits[k].bic, fits[k].lost)
        for a, b in zip(kept.partitions, fits[k].partitions, strict=True):
            same(a, b)


def trials(aside=None, methods=("k-means", "Gaussian mixture", "ward")):
    names = [m.name for m in CATALOGUE if m.name.casefold() in {n.casefold() for n in methods}]
    assert len(names) == len(methods)
    return search(X, range(3, 5), seed=1, progress=Silent(), methods=names, aside=aside)


def test_a_search_that_was_interrupted_gives_the_same_trials():
    whole, shelf = trials(), Shelf()
    trials(shelf, methods=("k-means",))  # as far as it came
    assert len(shelf) == 1
    again = trials(shelf)
    assert len(shelf) == 3
    for finished in (again, trials(shelf)):
        for a, b in zip(whole, finished, strict=True):
            same(a.best, b.best)
            np.testing.assert_array_equal(a.own, b.own)
            np.testing.assert_array_equal(np.array(a.others), np.array(b.others))
            assert (a.bic, a.lost) == (b.bic, b.lost)


def test_whatever_fits_depend_on_is_in_their_name():
    kmeans = method("k-means")
    others = [
        sample(X + 1e-12),
        sample(X[::-1]),
        sample(X[:-1]),
        sample(band=(3, 4, 5)),
        sample(seed=2),
        sample(min_share=0.1),
        sample(max_share=0.5),
        sample(weights=np.ones(len(X))),
    ]
    names = {name_of(s, kmeans) for s in (sample(), *others)}
    assert len(names) == len(others) + 1
    assert name_of(sample(), CATALOGUE[-1]) not in names


def test_what_is_not_what_it_says_is_not_there():
    kmeans, rows, shelf = method("k-means"), sample(), Shelf()
    put_aside(shelf, "a", kmeans.sweep(rows))
    whole = shelf["a"]
    assert taken_up(shelf, "b", rows, kmeans) is None
    assert taken_up(shelf, "a", sample(X[:-1]), kmeans) is None
    assert taken_up(shelf, "a", sample(X[:, :2]), kmeans) is None
    assert taken_up(shelf, "a", sample(band=(5, 6)), kmeans) is None
    assert taken_up(shelf, "a", rows, CATALOGUE[-1]) is None
    head, cells = whole.split(b"\n", 1)
    hostile = head.replace(b'"<f8"', b'"|O"') + b"\n" + cells
    for content in (b"", b"no head", whole[:-8], whole + b"more", b"[]\n", hostile):
        shelf["a"] = content
        assert taken_up(shelf, "a", rows, kmeans) is None
