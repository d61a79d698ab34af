"""The CDNOW purchases as histories: everybody, and the published sample among them."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CUT = np.datetime64("1997-09-30")
END = np.datetime64("1998-06-30")
"""Weeks 1 to 39, and the 39 that follow."""


@dataclass(frozen=True)
class Purchases:
    """Histories in days at the cut, and the purchase days and value that followed."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    m: np.ndarray
    bought: np.ndarray
    spent: np.ndarray

    def rows(self, kept: np.ndarray) -> Purchases:
        return Purchases(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


def all_purchases(folder: Path) -> Purchases:
    """Read everybody, in order of the first purchase and then of the number in the file."""
    with gzip.open(folder / "cdnow" / "cdnow.csv.gz", "rt") as file:
        lines = [line.rstrip("\n").split(",") for line in file][1:]
    people = np.array([int(line[0]) for line in lines])
    days = np.array([line[1][:10] for line in lines], dtype="datetime64[D]")
    values = np.array([float(line[3]) for line in lines])
    # One occasion is one day: what is bought on the same day is one purchase.
    pairs, back = np.unique(
        np.column_stack([people, days.astype(np.int64)]), axis=0, return_inverse=True
    )
    worth = np.bincount(back.ravel(), weights=values)
    person, day = pairs[:, 0] - 1, pairs[:, 1]
    first = np.full(person.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, person, day)
    cut, end = int(CUT.astype(np.int64)), int(END.astype(np.int64))
    is_repeat = (day > first[person]) & (day <= cut)
    follows = (day > cut) & (day <= end)
    n = len(first)
    last = first.copy()
    np.maximum.at(last, person[is_repeat], day[is_repeat])
    x = np.bincount(person[is_repeat], minlength=n).astype(float)
    spent = np.bincount(person[is_repeat], weights=worth[is_repeat], minlength=n)
    with np.errstate(invalid="ignore"):
        m = spent / x
    found = Purchases(
        x,
        (last - first).astype(float),
        (cut - first).astype(float),
        m,
        np.bincount(person[follows], minlength=n).astype(float),
        np.bincount(person[follows], weights=worth[follows], minlength=n),
    )
    return found.rows(np.argsort(first, kind="stable"))


def sample_histories(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read the published sample: x, and t_x and T in weeks."""
    with gzip.open(folder / "cdnow" / "cdnow_sample_summary.csv.gz", "rt") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    return table[:, 1], table[:, 2], table[:, 3]


def sample_members(folder: Path, everybody: Purchases) -> np.ndarray:
    """Give the index of each of the sample in everybody, and -1 where it cannot be told.

    The sample has numbers of its own but keeps the order. A member is certain where the first way
    to find all of the sample in order, and the last way, take the same person.
    """
    x, t_x, T = sample_histories(folder)
    wanted = list(zip(x, np.rint(t_x * 7), np.rint(T * 7), strict=True))
    people = list(zip(everybody.x, everybody.t_x, everybody.T, strict=True))
    earliest = _in_order(wanted, people)
    latest = len(people) - 1 - _in_order(wanted[::-1], people[::-1])[::-1]
    return np.where(earliest == latest, earliest, -1)


def _in_order(wanted: list, people: list) -> np.ndarray:
    found, at = [], 0
    for history in wanted:
        at = people.index(history, at)
        found.append(at)
        at += 1
    return np.array(found)
