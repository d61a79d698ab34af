"""The pipeline of a release as a Python script that needs nothing of this package.

What lives here: the script's text and the constants that are written into it. The script fits
nothing: scikit-learn's classes are given what the run learned. Steps that a release does not have
are not written. Read on in ``docs/methods/sql.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from segmentry.domain.filling import INPUT_LIMIT, Input, Neighbours, Ridge
from segmentry.domain.recipe import NumberStep, Recipe
from segmentry.domain.release import Release
from segmentry.errors import AssignmentError

NAME = re.compile(r"[\w.-]+")

HEAD = '''\
"""Segments of release {release}: raw features in, a segment for each entity out.

    python {name} features.parquet labels.csv

reads raw features as a run's features.parquet holds them, prints how many entities each segment
has, and writes entity_id, segment_id and segment (to .csv or .parquet). Needs numpy, pyarrow and
scikit-learn. Nothing is fitted here: what the run learned is written below.
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
{imports}
'''

READ = '''
def numbers(table, name):
    """Give a column of numbers, NaN where it is missing."""
    return table[name].cast("float64").to_numpy()


def words(table, name):
    """Give a column of words, None where it is missing."""
    return np.array(table[name].to_pylist(), dtype=object)


def fitted(estimator, **learned):
    """Give an estimator what the run learned, in place of fitting it."""
    for name, values in learned.items():
        setattr(estimator, name, np.array(values))
    return estimator
'''

PREPARE = '''
def filled(table, name, fill):
    """Fill the gaps of a column: with a number, or with that of a level of another column."""
    values = numbers(table, name)
    if isinstance(fill, tuple):
        by, known, otherwise = fill
        fill = np.array([known.get(level, otherwise) for level in words(table, by)])
    return np.where(np.isnan(values), fill, values)


def prepared(table, told, models=None):
    """Fill gaps, bend, scale, pull in and weigh columns of numbers."""
    names, fills, units, hows, powers, centres, scales, limits, weights = zip(*told)
    X = np.column_stack([filled(table, *one) for one in zip(names, fills)]) / np.array(units)
{bending}
    # A value too large for its transform is pulled in to the limit all the same.
    X = np.clip(X, -1e300, 1e300)
{models}    X = fitted(StandardScaler(), mean_=centres, scale_=scales).transform(X)
    return np.clip(X, -np.array(limits), np.array(limits)) * np.array(weights)
'''

POWER = """\
    is_log = np.array([how == "log1p" for how in hows])
    X[:, is_log] = np.maximum(X[:, is_log], 0.0)
    bent = [j for j, how in enumerate(hows) if how in ("log1p", "yeo-johnson")]
    if bent:
        power = fitted(PowerTransformer(standardize=False), lambdas_=[powers[j] for j in bent])
        with np.errstate(over="ignore"):
            X[:, bent] = power.transform(X[:, bent])
"""

BY_QUANTILES = """\
    for j, how in enumerate(hows):
        if how.startswith("quantile"):
            X[:, j] = below(X[:, j], np.array(powers[j]), how)
"""

QUANTILES = '''
def below(values, marks, how):
    """Give the share of the run's entities below each value, or the bell's value for it."""
    shares = np.linspace(0.0, 1.0, len(marks))
    found = np.interp(values, marks, shares) - np.interp(-values, -marks[::-1], -shares[::-1])
    found /= 2
    found[values <= marks[0]] = 0.0
    found[values >= marks[-1]] = 1.0
    if how == "quantile-uniform":
        return found
    edge = 1e-7 - np.spacing(1.0)
    return np.clip(ndtri(found), ndtri(edge), ndtri(1.0 - edge))
'''

BY_MODELS = """\
    for j, name in enumerate(names):
        gaps = np.isnan(numbers(table, name))
        if models and name in models and gaps.any():
            X[gaps, j] = foretold(table.filter(pa.array(gaps)), *models[name])
"""

MODELS = '''
def foretold(table, inputs, *model):
    """Foretell a bent value from other columns: by a line, or by the nearest entities."""
    X = prepared(table, inputs)
    if len(model) == 4:
        coefficients, intercept, least, most = model
        return np.clip(X @ np.array(coefficients) + intercept, least, most)
    n_neighbours, donors, values = model
    apart = pairwise_distances(X, np.array(donors), metric="sqeuclidean")
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :n_neighbours]
    return np.array(values)[nearest].mean(axis=1)
'''

CATEGORIES = '''
def indicators(table, name, levels, factor, folds):
    """Mark levels, and all others where they are folded."""
    column = words(table, name)
    marks = [column == level for level in levels]
    if folds:
        is_known = np.array([word is not None for word in column])
        marks.append(is_known & ~np.any([np.zeros(len(column), bool), *marks], axis=0))
    return [mark * factor for mark in marks]
'''

SCORES = '''
def scored(table, name, known, unseen, missing):
    """Give each level its number."""
    known = {**known, None: missing}
    return np.array([known.get(word, unseen) for word in words(table, name)])
'''

MATRIX = '''
def matrix(table):
    """Turn raw features into the columns in which distances are measured."""
    columns = []
{columns}    return {stacked}
'''

ASSIGN = '''
def nearest(distances, start):
    """Give the segment of the nearest prototype; within a billionth is a tie, for the first."""
    least = distances.min(axis=1, keepdims=True)
    return OWNERS[np.argmax(distances <= least * (1 + 1e-9), axis=1)]


def assigned(table):
    """Give each row the id of its segment."""
    found = pairwise_distances_chunked(
        matrix(table), PROTOTYPES, reduce_func=nearest, metric="sqeuclidean"
    )
    return np.concatenate(list(found))


def main(source, target="labels.csv"):
    table = pyarrow.parquet.read_table(source)
    ids = assigned(table)
    for number, name in SEGMENTS.items():
        print(f"{name}: {np.count_nonzero(ids == number):,}")
    labels = pa.table(
        {
            "entity_id": table["entity_id"],
            "segment_id": ids,
            "segment": [SEGMENTS[number] for number in ids.tolist()],
        }
    )
    if target.endswith(".parquet"):
        pyarrow.parquet.write_table(labels, target)
    else:
        pyarrow.csv.write_csv(labels, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
'''


def script_of(release: Release, *, name: str = "segments.py") -> str:
    """Write the pipeline of a release as a Python script.

    Parameters
    ----------
    release : Release
    name : str, default="segments.py"
        What the script will be called, for its own words.

    Returns
    -------
    str
        Needs numpy, pyarrow and scikit-learn.

    Raises
    ------
    AssignmentError
        E6004 for segments that are told by direction.
    """
    recipe = release.recipe
    if release.assigner.origin is not None:
        raise AssignmentError(
            "the segments cannot be written as a script: they are told by direction, and no script"
            " for that is written yet",
            code="E6004",
            hint="use `segmentry assign`, or another method than spherical k-means",
        )
    has = _Needs(recipe)
    parts = [
        HEAD.format(
            release=release.fingerprint[:16],
            # Into the script's own words goes no name that could end them.
            name=name if NAME.fullmatch(name) else "segments.py",
            imports=has.imports,
        ),
        *_constants(release),
        READ,
        _prepare(has) if recipe.numbers else "",
        QUANTILES if has.quantiles else "",
        MODELS if has.models else "",
        CATEGORIES if recipe.categories else "",
        SCORES if recipe.scores else "",
        _matrix(recipe, has),
        ASSIGN,
    ]
    return "\n".join(part for part in parts if part)


class _Needs:
    """What of the script a recipe makes use of."""

    def __init__(self, recipe: Recipe) -> None:
        models = [m for s in recipe.numbers for m in (s.ridge, s.neighbours) if m is not None]
        hows = {s.transform for s in recipe.numbers}
        hows |= {i.transform for m in models for i in m.inputs}
        self.numbers = bool(recipe.numbers)
        self.models = bool(models)
        self.donors = any(isinstance(m, Neighbours) for m in models)
        self.powers = bool(hows & {"log1p", "yeo-johnson"})
        self.quantiles = any(how.startswith("quantile") for how in hows)

    @property
    def imports(self) -> str:
        measured = ["pairwise_distances"] if self.models else []
        scaled = ["PowerTransformer"] if self.powers else []
        lines = [
            "from scipy.special import ndtri" if self.quantiles else "",
            f"from sklearn.metrics import {', '.join([*measured, 'pairwise_distances_chunked'])}",
            f"from sklearn.preprocessing import {', '.join([*scaled, 'StandardScaler'])}"
            if self.numbers
            else "",
        ]
        return "\n".join(line for line in lines if line)


def _prepare(has: _Needs) -> str:
    bending = (POWER if has.powers else "") + (BY_QUANTILES if has.quantiles else "")
    return PREPARE.format(
        bending=bending.rstrip("\n"), models=BY_MODELS if has.models else ""
    ).replace("\n\n    # A value", "\n    # A value")


def _constants(release: Release) -> list[str]:
    """Write what the run learned."""
    recipe, assigner = release.recipe, release.assigner
    names = dict(zip(release.segment_ids, release.segment_names, strict=True))
    # Sorted by segment, so that the first of equals is of the first segment.
    order = np.argsort(assigner.groups, kind="stable")
    owners = [release.segment_ids[g] for g in assigner.groups[order].tolist()]
    models = {s.column: _model(s.ridge or s.neighbours) for s in recipe.numbers}
    models = {column: model for column, model in models.items() if model is not None}
    parts = [
        f"SEGMENTS = {names!r}\n",
        _listed(
            "NUMBERS",
            (_number(s) for s in recipe.numbers),
            "column, fill, unit, how it is bent, power or quantiles, centre, scale, limit, weight",
        ),
        f"MODELS = {models!r}\n" if models else "",
        _listed(
            "CATEGORIES",
            (
                (s.column, s.levels[:-1] if s.folds else s.levels, s.scale * s.weight, s.folds)
                for s in recipe.categories
            ),
            "column, levels, factor, whether other levels count together",
        ),
        _listed("SCORES", map(_score, recipe.scores), "column, levels, unseen, missing"),
        _listed(
            "GAPS",
            (
                (s.column, *((mark - s.centre) / s.scale * s.weight for mark in (1.0, 0.0)))
                for s in recipe.gaps
            ),
            "column, number of a gap, number of a value",
        ),
    ]
    if recipe.reduction is not None:
        axes = np.array([c.weights for c in recipe.reduction.components]).T
        parts += [
            f"MIDDLE = np.array({list(recipe.reduction.centre)!r})\n",
            _array("AXES", axes.tolist()),
        ]
    parts += [
        f"OWNERS = np.array({owners!r})\n",
        _array("PROTOTYPES", assigner.prototypes[order].tolist()),
    ]
    return [part for part in parts if part]


def _number(step: NumberStep | Input) -> tuple[Any, ...]:
    fill: Any = step.impute
    limit, weight = INPUT_LIMIT, 1.0
    if isinstance(step, NumberStep):
        limit, weight = step.limit, step.weight
        if step.by is not None:
            known = dict(zip(step.by.levels, step.by.values, strict=True))
            fill = (step.by.column, known, step.impute)
    powers = {"identity": None, "log1p": 0.0, "yeo-johnson": step.exponent}
    return (
        step.column, fill, step.unit, step.transform, powers.get(step.transform, step.quantiles),
        step.centre, step.scale, min(limit, 1e300), weight,
    )  # fmt: skip


def _model(model: Ridge | Neighbours | None) -> tuple[Any, ...] | None:
    if model is None:
        return None
    inputs = [_number(i) for i in model.inputs]
    if isinstance(model, Ridge):
        return inputs, model.coefficients, model.intercept, model.least, model.most
    return inputs, model.n_neighbours, model.donors, model.values


def _score(step: Any) -> tuple[Any, ...]:
    def scaled(value: float) -> float:
        return float((value - step.centre) / step.scale * step.weight)

    known = {level: scaled(v) for level, v in zip(step.levels, step.scores, strict=True)}
    return step.column, known, scaled(step.unseen), scaled(step.missing)


def _listed(name: str, rows: Iterable[Sequence[Any]], note: str) -> str:
    lines = "".join(f"    {tuple(row)!r},\n" for row in rows)
    return f"{name} = [  # {note}\n{lines}]\n" if lines else ""


def _array(name: str, rows: Iterable[Sequence[float]]) -> str:
    lines = "".join(f"        {list(row)!r},\n" for row in rows)
    return f"{name} = np.array(\n    [\n{lines}    ]\n)\n"


def _matrix(recipe: Recipe, has: _Needs) -> str:
    models = ", MODELS" if has.models else ""
    marks = "for told in CATEGORIES:\n        columns += indicators(table, *told)"
    gaps = (
        "for name, gap, value in GAPS:\n"
        "        columns.append(np.where(table[name].is_null().to_numpy(), gap, value))"
    )
    lines = (
        (recipe.numbers, f"columns += list(prepared(table, NUMBERS{models}).T)"),
        (recipe.categories, marks),
        (recipe.scores, "columns += [scored(table, *told) for told in SCORES]"),
        (recipe.gaps, gaps),
    )
    stacked = "np.column_stack(columns)"
    stacked = f"({stacked} - MIDDLE) @ AXES" if recipe.reduction else stacked
    told = "".join(f"    {line}\n" for steps, line in lines if steps)
    return MATRIX.format(columns=told, stacked=stacked)
