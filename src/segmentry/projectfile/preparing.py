"""The keys ``prepare`` and ``split`` of the project file: what they may be, and both directions.

What lives here: the two records, their values as ``Preparation`` and ``Split`` and back, and checks
inside them. What does not: the other keys (``keys``), and whether a column exists (the data knows).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from segmentry.domain.preparation import (
    BALANCES,
    BENDINGS,
    ENCODINGS,
    FILLINGS,
    MAX_MISSING_SHARE,
    MODELS,
    RARE_SHARE,
    REDUCINGS,
    SCALINGS,
    Fill,
    PerColumn,
    Preparation,
    Reduce,
    Split,
)
from segmentry.domain.project import frozen_mapping
from segmentry.projectfile.terms import (
    BAD,
    AllOr,
    Key,
    ListOf,
    MapOf,
    Maybe,
    Number,
    Problems,
    Record,
    Switch,
    Term,
    Text,
    Word,
    join,
)

CIRCULAR = (
    "gaps filled by the segments that are being found would make these segments confirm themselves"
)
NO_UMAP = (
    "UMAP places all rows together and has no formula for one more, so new entities could not be "
    "assigned: use pca or factor"
)

_FILLS = ("by", "by_segment", "model", "constant")


@dataclass(frozen=True, slots=True)
class FillRule:
    """What goes into gaps: a word, a number, or a mapping with one key."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept a rule."""
        if isinstance(value, str) and value in FILLINGS:
            return Fill(value)  # type: ignore[arg-type]
        if value == "model":
            return Fill("model")
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._constant(value, at, problems)
        if not isinstance(value, Mapping) or len(value) != 1 or next(iter(value)) not in _FILLS:
            return problems.refuse(value, self, at=at)
        ((name, inner),) = value.items()
        return self._one(name, inner, join(at, name), problems)

    def _one(self, name: str, inner: object, at: str, problems: Problems) -> Any:
        if name == "constant":
            return self._constant(inner, at, problems)
        if name == "model":
            model = Word(MODELS).read(inner, at, problems)
            return BAD if model is BAD else Fill("model", model=model)
        told = Text("a column" if name == "by" else "a run's folder").read(inner, at, problems)
        if told is BAD:
            return BAD
        if name == "by":
            return Fill("by", column=told)
        if PurePath(told).name in {"latest", "self", "this", "current"}:
            return problems.add(
                f"{told!r} is the segmentation that this run replaces: {CIRCULAR}",
                at=at,
                hint="name the folder of an earlier run, such as runs/20260301T101500-3f9a1c",
            )
        return Fill("by_segment", run=told)

    def _constant(self, value: object, at: str, problems: Problems) -> Any:
        number = Number(-1e100, 1e100).read(value, at, problems)
        return BAD if number is BAD else Fill("constant", constant=number)

    def describe(self) -> str:
        """List what it may be."""
        return (
            "median, mean, zero, model, a number, {by: COLUMN}, {by_segment: FOLDER OF A RUN} or "
            "{model: ridge or neighbours}"
        )


@dataclass(frozen=True, slots=True)
class ByColumn:
    """One answer for all columns, or a default and the answers for some."""

    term: Term
    default: Any

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept an answer, or a mapping with ``default`` and ``columns``."""
        if isinstance(value, Mapping) and value and set(value) <= {"default", "columns"}:
            default = self._default(value.get("default"), join(at, "default"), problems)
            columns = MapOf(self.term, "columns to answers").read(
                value.get("columns") or {}, join(at, "columns"), problems
            )
            if default is BAD or columns is BAD or BAD in columns.values():
                return BAD
            return PerColumn(default, frozen_mapping(columns))
        answer = self.term.read(value, at, problems)
        return BAD if answer is BAD else PerColumn(answer)

    def _default(self, value: object, at: str, problems: Problems) -> Any:
        return self.default if value is None else self.term.read(value, at, problems)

    def describe(self) -> str:
        """Say both."""
        return f"{self.term.describe()}; or {{default: ..., columns: {{COLUMN: ...}}}}"


@dataclass(frozen=True, slots=True)
class Method:
    """A way of reducing columns."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept a method, and say why one that people ask for is none."""
        if value == "umap":
            return problems.refuse(value, self, at=at, hint=NO_UMAP)
        return Word(REDUCINGS).read(value, at, problems)

    def describe(self) -> str:
        """List the methods."""
        return Word(REDUCINGS).describe()


@dataclass(frozen=True, slots=True)
class Components:
    """A number of components, or the share of the variance that they shall keep."""

    def read(self, value: object, at: str, problems: Problems) -> Any:
        """Accept a whole number from 1 on, or a share between 0 and 1."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return problems.refuse(value, self, at=at)
        is_share = isinstance(value, float) and 0.0 < value < 1.0
        is_count = 1 <= value <= 1_000 and float(value).is_integer()
        return float(value) if is_share or is_count else problems.refuse(value, self, at=at)

    def describe(self) -> str:
        """Say both."""
        return "a whole number of 1 or more, or a share of the variance below 1"


REDUCE = Record(
    "a mapping",
    (
        Key("method", Method(), "pca: directions of most variance. factor: what columns share."),
        Key("components", Components(), "How many, or the share of the variance to keep.", 0.9),
    ),
)

PREPARE = Record(
    "a mapping",
    (
        Key(
            "impute",
            ByColumn(FillRule(), Fill()),
            "What goes into gaps that mean nothing by themselves.",
            PerColumn(Fill()),
        ),
        Key(
            "indicate_missing",
            AllOr(ListOf(Text(), "columns")),
            "Columns whose gaps count as a fact of their own.",
            (),
        ),
        Key(
            "max_missing",
            Number(0, 1),
            "Leave out entities that miss a larger share of their features.",
            None,
        ),
        Key(
            "max_missing_share",
            Number(0, 1),
            "Leave out columns that more entities than this share miss.",
            MAX_MISSING_SHARE,
        ),
        Key(
            "transform",
            ByColumn(Word(BENDINGS), "auto"),
            "How skewed columns are bent; auto bends only where it helps.",
            PerColumn("auto"),
        ),
        Key(
            "scale",
            ByColumn(Word(SCALINGS), "standard"),
            "How columns are put on one scale; robust goes by median and quartiles.",
            PerColumn("standard"),
        ),
        Key("rare_share", Number(0, 1), "Levels that fewer entities have are rare.", RARE_SHARE),
        Key(
            "fold_rare", Switch(), "Whether rare levels share the column '(other)'.", default=False
        ),
        Key(
            "encode",
            ByColumn(Word(ENCODINGS), "indicators"),
            "How categories become numbers; frequency scores a level by how common it is.",
            PerColumn("indicators"),
        ),
        Key(
            "order",
            MapOf(ListOf(Text("a level"), "levels", may_be_empty=False), "columns to levels"),
            "Categories with an order, such as plan: [free, pro, enterprise]: one number each.",
            {},
        ),
        Key(
            "balance",
            Word(BALANCES),
            "aspects: refinements share a weight. facets: every side counts alike. none: neither.",
            "aspects",
        ),
        Key("reduce", Maybe(REDUCE), "Components instead of columns.", None),
        Key(
            "select",
            Word(("all", "objective")),
            "objective: features that serve other objectives only describe the segments.",
            "all",
        ),
        Key(
            "compare_with",
            Text("a run's folder"),
            "An earlier run, to tell how its features have drifted.",
            None,
        ),
    ),
    elsewhere={
        "method": "did you mean 'prepare.reduce.method'?",
        "components": "did you mean 'prepare.reduce.components'?",
        "weights": "did you mean 'segments.weights'?",
        "exclude": "did you mean 'features.exclude'?",
    },
)

SPLIT = Record(
    "a mapping",
    (
        Key("train", Number(0, 0.99), "Share of the entities to learn from.", 0.8),
        Key("by", Word(("entity",)), "entity: the same entity is always on the same side.",
            "entity"),
    ),
)  # fmt: skip


def preparation_of(read: Mapping[str, Any]) -> Preparation:
    """Build the value out of what ``PREPARE`` read."""
    reduce = read["reduce"]
    indicate = read["indicate_missing"]
    return Preparation(
        impute=read["impute"],
        indicate_missing=indicate if indicate == "all" else tuple(indicate),
        max_missing=read["max_missing"],
        max_missing_share=read["max_missing_share"],
        transform=read["transform"],
        scale=read["scale"],
        rare_share=read["rare_share"],
        fold_rare=read["fold_rare"],
        encode=read["encode"],
        order=frozen_mapping({c: tuple(levels) for c, levels in read["order"].items()}),
        balance=read["balance"],
        reduce=None if reduce is None else Reduce(reduce["method"], reduce["components"]),
        select=read["select"],
        compare_with=read["compare_with"],
    )


def split_of(read: Mapping[str, Any] | None) -> Split | None:
    """Build the value out of what ``SPLIT`` read."""
    return None if read is None else Split(read["train"], read["by"])


def preparation_data(asked: Preparation) -> dict[str, Any]:
    """Give the whole value as plain data; keys that hold nothing are absent."""
    data = {
        "impute": _by_column(asked.impute, fill_data),
        "indicate_missing": _list(asked.indicate_missing),
        "max_missing": asked.max_missing,
        "max_missing_share": asked.max_missing_share,
        "transform": _by_column(asked.transform, str),
        "scale": _by_column(asked.scale, str),
        "rare_share": asked.rare_share,
        "fold_rare": asked.fold_rare,
        "encode": _by_column(asked.encode, str),
        "order": {c: list(levels) for c, levels in asked.order.items()},
        "balance": asked.balance,
        "reduce": None if asked.reduce is None else reduce_data(asked.reduce),
        "select": asked.select,
        "compare_with": asked.compare_with,
    }
    return {name: value for name, value in data.items() if value is not None}


def split_data(split: Split) -> dict[str, Any]:
    """Give a split as plain data."""
    return {"train": split.train, "by": split.by}


def reduce_data(reduce: Reduce) -> dict[str, Any]:
    """Give a reduction as plain data."""
    is_share = reduce.components < 1.0
    count = reduce.components if is_share else int(reduce.components)
    return {"method": reduce.method, "components": count}


def fill_data(fill: Fill) -> Any:
    """Give a rule as plain data."""
    if fill.how in FILLINGS:
        return fill.how
    told = {
        "constant": fill.constant,
        "by": fill.column,
        "by_segment": fill.run,
        "model": fill.model,
    }
    return {fill.how: told[fill.how]}


def _by_column(answers: PerColumn[Any], told: Callable[[Any], Any]) -> Any:
    if not answers.columns:
        return told(answers.default)
    columns = {c: told(a) for c, a in answers.columns.items()}
    return {"default": told(answers.default), "columns": columns}


def _list(names: tuple[str, ...] | str) -> list[str] | str:
    return names if isinstance(names, str) else list(names)


def check_prepare(read: Any, problems: Problems) -> None:
    """Refuse what two keys say differently; a value that was refused is not judged again."""
    if read is BAD:
        return
    encode, order = read["encode"], read["order"]
    if BAD in (encode, order):
        return
    for column, levels in order.items():
        at = f"prepare.order.{column}"
        if levels is BAD or BAD in levels:
            continue
        if len(set(levels)) != len(levels):
            problems.add("a level stands in the order twice", at=at, hint="keep one of them")
        if encode.asked(column):
            problems.add(
                f"{column!r} has an order and an encoding",
                at=at,
                hint="keep the order, or the encoding under prepare.encode",
            )
