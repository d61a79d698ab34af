"""What a project asks of preparation: how to fill, bend, scale, encode, balance and reduce.

The defaults are those that the house has proved; whatever differs from them was asked for. How each
of them works is ``prepare``'s affair, and what it learned is the ``Recipe``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from types import MappingProxyType
from typing import Generic, Literal, TypeVar

Filling = Literal["median", "mean", "zero", "constant", "by", "by_segment", "model"]
Model = Literal["ridge", "neighbours"]
Bending = Literal["auto", "none", "log1p", "yeo-johnson", "quantile-normal", "quantile-uniform"]
Scaling = Literal["standard", "robust", "min-max", "none"]
Encoding = Literal["indicators", "frequency"]
Balance = Literal["aspects", "facets", "none"]
Reducing = Literal["pca", "factor"]

FILLINGS: tuple[str, ...] = ("median", "mean", "zero")
MODELS: tuple[str, ...] = ("ridge", "neighbours")
BENDINGS: tuple[str, ...] = (
    *("auto", "none", "log1p", "yeo-johnson", "quantile-normal", "quantile-uniform"),
)
SCALINGS: tuple[str, ...] = ("standard", "robust", "min-max", "none")
ENCODINGS: tuple[str, ...] = ("indicators", "frequency")
BALANCES: tuple[str, ...] = ("aspects", "facets", "none")
REDUCINGS: tuple[str, ...] = ("pca", "factor")

MAX_MISSING_SHARE = 0.6
RARE_SHARE = 0.01

_T = TypeVar("_T")


def _nothing() -> Mapping[str, _T]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PerColumn(Generic[_T]):
    """One answer for all columns, and others for some."""

    default: _T
    columns: Mapping[str, _T] = field(default_factory=_nothing)

    def of(self, column: str) -> _T:
        """Give the answer for a column."""
        return self.columns.get(column, self.default)

    def asked(self, column: str) -> bool:
        """Say whether a column has an answer of its own."""
        return column in self.columns


@dataclass(frozen=True, slots=True)
class Fill:
    """What goes into the gaps of a column.

    ``constant`` is the number of ``how="constant"``, ``column`` the category of ``"by"``, ``run``
    the folder of the earlier run of ``"by_segment"``, ``model`` the kind of ``"model"``.
    """

    how: Filling = "median"
    constant: float | None = None
    column: str | None = None
    run: str | None = None
    model: Model = "ridge"

    @property
    def category(self) -> str | None:
        """Name the category column by whose levels gaps are filled; None for other rules."""
        return self.column if self.run is None else earlier_column(self.run)


def earlier_column(run: str) -> str:
    """Name the column that holds the segments of an earlier run.

    Examples
    --------
    >>> earlier_column("runs/20260301T101500-3f9a1c")
    'segment in 20260301T101500-3f9a1c'
    """
    return f"segment in {PurePath(run).name}"


@dataclass(frozen=True, slots=True)
class Reduce:
    """Fewer columns than features: so many components, or as many as keep a share of variance."""

    method: Reducing
    components: float
    """A whole number from 1 on, or a share of the variance below 1."""


@dataclass(frozen=True, slots=True)
class Split:
    """Entities to learn from, and the others, on which what was learned is judged."""

    train: float
    by: Literal["entity"] = "entity"


@dataclass(frozen=True, slots=True)
class Preparation:
    """How features become the matrix."""

    impute: PerColumn[Fill] = field(default_factory=lambda: PerColumn(Fill()))
    indicate_missing: tuple[str, ...] | Literal["all"] = ()
    """Columns whose gaps are marked by a column of the matrix."""
    max_missing: float | None = None
    """An entity that misses a larger share of its features is left out; None: nobody is."""
    max_missing_share: float = MAX_MISSING_SHARE
    """A column that misses more entities than this share is left out."""
    transform: PerColumn[Bending] = field(default_factory=lambda: PerColumn("auto"))
    scale: PerColumn[Scaling] = field(default_factory=lambda: PerColumn("standard"))
    rare_share: float = RARE_SHARE
    """A level that fewer entities have gets no column of its own."""
    fold_rare: bool = False
    """Whether such levels share the column "(other)"."""
    encode: PerColumn[Encoding] = field(default_factory=lambda: PerColumn("indicators"))
    order: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    """Levels of a category from lowest to highest: it becomes one number."""
    balance: Balance = "aspects"
    reduce: Reduce | None = None
    select: Literal["all", "objective"] = "all"
    compare_with: str | None = None
    """Folder of an earlier run that the features are compared with."""

    @property
    def earlier_runs(self) -> tuple[str, ...]:
        """Name the folders of earlier runs by whose segments gaps are filled."""
        rules = (self.impute.default, *self.impute.columns.values())
        return tuple(dict.fromkeys(r.run for r in rules if r.run is not None))
