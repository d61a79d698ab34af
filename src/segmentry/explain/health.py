"""What a health score is made of and how it is told: outcomes, good ends, parts of one score.

What lives here: reading which outcome speaks of staying, which end of a feature is good, and the
parts of each entity's score. What does not: the model (``judge.health``) and the words of trades
(``packs/*.yaml``). Read on in ``docs/methods/health.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.health import MIDDLE, Basis, Health, Part, Weight
from segmentry.domain.percent import percent
from segmentry.domain.recipe import MISSING, Recipe
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.explain.pack import Concept, Pack
from segmentry.explain.reading import concept_of
from segmentry.explain.reasons import spoken
from segmentry.explain.word import phrase, tokens
from segmentry.maths.logistic import chance
from segmentry.maths.ranks import average_ranks

HIGH, LOW = "high", "low"
ACTIVE = "active_after"
"""What followed an earlier cut in every run of events: whether anything happened."""

RHYTHMS = 2.0
"""Median gaps that silence has to last before it says more than that nothing was due yet."""

FEWEST_CONCEPTS = 2
"""Fewer sides of an entity than these are no mean of anything."""

BLOCK_ROWS = 50_000
MOST_PARTS = 3
LEAST_POINTS = 0.5
UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Staying:
    """An outcome that tells who stays: its name, and its bad end."""

    name: str
    is_high_bad: bool
    bad: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Silence as an outcome: its end in words, and what is to be said of it."""

    staying: Staying
    sentence: str


def silence(staying: Staying, days: float, event: str, gaps: NDArray[np.float64]) -> Silence:
    """Say what silence after a cut is, and how long it is against how often entities come.

    Parameters
    ----------
    staying : Staying
        That of ``active_after``.
    days : float
        How long after the cut was looked.
    event : str
        What one event is called: ``event`` or ``purchase``.
    gaps : ndarray of float
        Each entity's own median days between two events; NaN where it was seen once.

    Returns
    -------
    Silence
    """
    bad = f"no {event} in {days:g} days"
    told = f" Silence for {days:g} days is what was measured: nobody is known to have left."
    known = gaps[~np.isnan(gaps)]
    if not len(known) or np.median(known) <= 0:
        return Silence(replace(staying, bad=bad), told)
    middle = float(np.median(known))
    who = f"half of those who came more than once do so every {spoken(middle)} days or less often"
    if days >= RHYTHMS * middle:
        told += f" It is {RHYTHMS:g} times as long as the usual gap between two, or more: {who}."
    else:
        told += (
            f" It is short against their rhythm: {who}, so that silence of {days:g} days is usual. "
            f"windows.outcome: {int(np.ceil(RHYTHMS * middle))}d would be {RHYTHMS:g} such gaps."
        )
    return Silence(replace(staying, bad=bad), told)


def staying_outcomes(names: Iterable[str], pack: Pack) -> Iterator[Staying]:
    """Give the outcomes that tell who stays or leaves, in the order given.

    Parameters
    ----------
    names : iterable of str
        Of outcomes, named by the project, by columns, or by what followed a cut.
    pack : Pack
        Its outcome concepts with a ``good`` end speak of staying.
    """
    for name in names:
        if name == ACTIVE:
            yield Staying(name, is_high_bad=False, bad="no event")
            continue
        concept = _outcome_concept(name, pack)
        if concept is not None and concept.good:
            is_bad = concept.good == LOW
            about = concept.label or phrase(name)
            yield Staying(name, is_bad, about if is_bad else f"no {about}")


def _outcome_concept(name: str, pack: Pack) -> Concept | None:
    text = tokens(name)
    return next(
        (c for c in pack.concepts if c.is_outcome and any(p.search(text) for p in c.match)), None
    )


def good_ends(columns: Iterable[FeatureColumn], pack: Pack) -> tuple[Weight, ...]:
    """Weigh the features whose good end the pack knows: each concept counts alike.

    Parameters
    ----------
    columns : iterable of FeatureColumn
    pack : Pack

    Returns
    -------
    tuple of Weight
        Empty where fewer than two concepts have a known good end.
    """
    found: dict[str, list[tuple[str, float]]] = {}
    for column in columns:
        if column.kind is not Kind.NUMBER or column.role is not Role.CLUSTER:
            continue
        concept, _ = concept_of(column, pack)
        if concept.good:
            is_high = (concept.good == HIGH) != concept.reverse
            found.setdefault(concept.key, []).append((column.name, 1.0 if is_high else -1.0))
    if len(found) < FEWEST_CONCEPTS:
        return ()
    return tuple(
        Weight(name, name, sign / (len(found) * len(own)), MIDDLE)
        for own in found.values()
        for name, sign in own
    )


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores of a table's entities, and what they are added up from.

    ``added`` has shape (n_rows, n_features): parts of the log odds of staying, or of the mean rank,
    against the usual entity.
    """

    health: NDArray[np.float64]
    features: tuple[str, ...]
    added: NDArray[np.float64]
    is_chance: bool

    def points(self) -> NDArray[np.float64]:
        """Give, for each row and feature, the score less that with the feature as usual."""
        if not self.is_chance:
            return self.added
        odds = _log_odds(self.health)[:, None]
        result: NDArray[np.float64] = self.health[:, None] - 100.0 * chance(odds - self.added)
        return result


def _log_odds(health: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.clip(health / 100.0, 1e-12, 1.0 - 1e-12)
    result: NDArray[np.float64] = np.log(share / (1.0 - share))
    return result


def scored(health: Health, recipe: Recipe, table: FeatureTable) -> Scores:
    """Score entities as a run's health score says.

    Parameters
    ----------
    health : Health
        With a basis.
    recipe : Recipe
        The run's.
    table : FeatureTable
        Of a score by ranks, everybody: ranks are among the rows of this table.

    Returns
    -------
    Scores
    """
    columns = _prepared(health, recipe, table) if health.basis is Basis.OUTCOME else None
    X = _ranks(health, table) if columns is None else columns
    weights = np.array([w.weight for w in health.weights])
    usual = np.array([w.usual for w in health.weights])
    sign = -1.0 if columns is not None else 1.0
    parts = sign * (X - usual) * weights
    features = tuple(dict.fromkeys(w.feature for w in health.weights))
    added = np.zeros((len(X), len(features)))
    for j, w in enumerate(health.weights):
        added[:, features.index(w.feature)] += parts[:, j]
    whole = parts.sum(axis=1)
    if columns is None:
        return Scores(MIDDLE + whole, features, added, is_chance=False)
    odds = -(health.intercept + float(usual @ weights)) + whole
    return Scores(100.0 * chance(odds), features, added, is_chance=True)


def scores_alone(health: Health, recipe: Recipe, table: FeatureTable) -> NDArray[np.float64]:
    """Score entities without telling of what: in blocks, so that many need little memory.

    Parameters
    ----------
    health, recipe, table
        As for ``scored``.

    Returns
    -------
    ndarray of shape (n_rows,), 0 to 100
    """
    if health.basis is not Basis.OUTCOME:
        return scored(health, recipe, table).health
    rows = np.arange(table.n_entities)
    blocks = (rows[start : start + BLOCK_ROWS] for start in range(0, len(rows), BLOCK_ROWS))
    return np.concatenate([scored(health, recipe, table.take(b)).health for b in blocks])


def _prepared(health: Health, recipe: Recipe, table: FeatureTable) -> NDArray[np.float64]:
    matrix = recipe.prepare(table)
    place = {name: i for i, name in enumerate(matrix.names)}
    return matrix.X[:, [place[w.column] for w in health.weights]]


def _ranks(health: Health, table: FeatureTable) -> NDArray[np.float64]:
    """Rank everybody from 0 to 100 in each feature; who lacks it stands in the middle."""
    columns = []
    for w in health.weights:
        values = table.numbers(w.column)
        known = ~np.isnan(values)
        ranks = np.full(len(values), MIDDLE)
        if known.any():
            ranks[known] = 100.0 * (average_ranks(values[known]) - 0.5) / int(known.sum())
        columns.append(ranks)
    return np.column_stack(columns)


def parts_of(scores: Scores, table: FeatureTable) -> Iterator[tuple[Part, ...]]:
    """Give each entity's strongest parts, with its own value beside the usual one.

    Parameters
    ----------
    scores : Scores
    table : FeatureTable
        The rows that were scored.

    Yields
    ------
    tuple of Part
        Three at most, the strongest first, none below half a point.
    """
    points = scores.points()
    order = np.argsort(-np.abs(np.round(points, 6)), axis=1, kind="stable")[:, :MOST_PARTS]
    told = [_told(feature, table) for feature in scores.features]
    for row, places in enumerate(order):
        yield tuple(
            _part(scores.features[j], float(points[row, j]), told[j][row])
            for j in places
            if abs(points[row, j]) >= LEAST_POINTS
        )


def _told(feature: str, table: FeatureTable) -> list[str]:
    """Write everybody's value of a feature, beside what is usual."""
    if table.column(feature).kind is Kind.CATEGORY:
        codes, levels = table.categories(feature)
        counts = np.bincount(codes + 1, minlength=len(levels) + 1)
        shares = [percent(float(c) / max(len(codes), 1)) for c in counts]
        words = [UNKNOWN, *map(spoken, levels)]
        said = [f"{w} (of everyone {share})" for w, share in zip(words, shares, strict=True)]
        return [said[code + 1] for code in codes]
    values = table.numbers(feature)
    known = values[~np.isnan(values)]
    usual = f"(median {spoken(float(np.median(known)))})" if len(known) else ""
    return [f"{UNKNOWN if np.isnan(v) else spoken(float(v))} {usual}" for v in values]


def _part(feature: str, points: float, told: str) -> Part:
    sentence = f"{phrase(feature.removesuffix(MISSING))} {told}: {points:+.0f}"
    return Part(feature, round(points, 2), sentence)
