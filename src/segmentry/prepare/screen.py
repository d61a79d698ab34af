"""Which columns can carry a segmentation: the rest is left out, with the reason in the audit.

Looks at one column at a time. Columns that repeat each other are ``prepare.correlation``'s work.
"""

from __future__ import annotations

import numpy as np

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.percent import percent
from segmentry.domain.preparation import MAX_MISSING_SHARE
from segmentry.domain.recipe import LeftOut
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.prepare.proposals import leaving_out

MOST_MISSING = MAX_MISSING_SHARE
"""A column with a larger share of missing values is left out: most of it would be invented."""

MOST_ALIKE = 0.995
"""A column with a larger share of one value is left out: it speaks of too few entities."""

FEW_FEATURES, MANY_FEATURES = 10, 50
"""Fewer or more features than this are used, with a warning."""


def screen_columns(
    table: FeatureTable, audit: Audit, *, most_missing: float = MOST_MISSING
) -> tuple[tuple[FeatureColumn, ...], tuple[LeftOut, ...]]:
    """Tell the columns that may shape segments from those that cannot.

    Parameters
    ----------
    table : FeatureTable
    audit : Audit
        Gets a finding per column that is left out, and a warning on too few or too many features.
    most_missing : float, default=0.6
        Share of missing values beyond which a column is left out.

    Returns
    -------
    kept : tuple of FeatureColumn
    left_out : tuple of LeftOut
    """
    kept: list[FeatureColumn] = []
    left_out: list[LeftOut] = []
    for column in table.with_role(Role.CLUSTER):
        problem = _problem(table, column, most_missing)
        if problem is None:
            kept.append(column)
            continue
        code, reason = problem
        left_out.append(LeftOut(column.name, reason))
        audit.add(
            Finding(
                code,
                f"{column.name!r} {reason}.",
                column=column.name,
                total=table.n_entities,
                done="left out of the segmentation",
                proposal=_proposal(code, column),
            )
        )
    families = {c.family for c in kept if c.text is not None and c.family is not None}
    n_topics = sum(c.text is not None and c.family is not None for c in kept)
    # Topics of one text count together as one feature, however many columns hold them.
    _judge_count(len(kept) - n_topics + len(families), audit, n_columns=len(kept))
    return tuple(kept), tuple(left_out)


def _proposal(code: str, column: FeatureColumn) -> str:
    """Give the edit that settles it: exclude what tells nothing, or take in what is sparse."""
    if code == "mostly_missing":
        return "prepare: {max_missing_share: 0.9} takes it in"
    return leaving_out(column)


def _problem(
    table: FeatureTable, column: FeatureColumn, most_missing: float
) -> tuple[str, str] | None:
    if column.kind is Kind.NUMBER:
        values = table.numbers(column.name)
        missing = np.isnan(values)
        known, gaps = values[~missing], int(missing.sum())
        if column.null_is is not None and len(known):
            # A missing value with a meaning of its own ("never bought") is an answer, not a gap.
            known, gaps = np.where(missing, column.null_is, values), 0
    else:
        codes, _ = table.categories(column.name)
        known = codes[codes >= 0].astype(np.float64)
        gaps = len(codes) - len(known)
    if not len(known):
        return "all_missing", "has no values"
    if gaps > most_missing * table.n_entities:
        share = gaps / table.n_entities
        return (
            "mostly_missing",
            f"is missing for {percent(share)} of entities (limit {percent(most_missing)})",
        )
    _, counts = np.unique(known, return_counts=True)
    if len(counts) == 1 and (len(known) == table.n_entities or column.kind is Kind.NUMBER):
        return "constant_column", "is the same for everyone"
    alike = counts.max() / len(known)
    if alike > MOST_ALIKE:
        return (
            "nearly_constant_column",
            f"has one value for {percent(alike)} of entities",
        )
    return None


def _judge_count(n_features: int, audit: Audit, *, n_columns: int) -> None:
    if n_columns < FEW_FEATURES:
        sentence = (
            f"Only {n_features} feature{'s' if n_features != 1 else ''} can shape the segments; "
            f"{FEW_FEATURES} to {MANY_FEATURES} usually tell groups apart better."
        )
        audit.add(Finding("few_features", sentence, "warning", count=n_features))
    elif n_features > MANY_FEATURES:
        sentence = (
            f"{n_features} features shape the segments; beyond {MANY_FEATURES} the distances "
            "between entities grow alike and segments blur. Keep the 15 to 30 that matter."
        )
        audit.add(Finding("many_features", sentence, "warning", count=n_features))
