"""Features against those of an earlier run: columns, types, levels, gaps and medians that moved."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.percent import percent
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureTable

MOVED_GAPS = 0.05
"""Shares of missing values that differ by less are alike, however sure the difference is."""

MOVED_MEDIAN = 0.5
"""A median has moved where it did so by half a robust standard deviation of the earlier values."""

SURE = 4.0
"""Standard errors beyond which chance is no explanation, many columns being compared."""

NEW_LEVELS = 0.01
"""Share of entities in levels that the earlier run had not, from which on they are told."""

IQR_OF_NORMAL = 1.3489795003921634
MEDIAN_ERROR = 1.2533141373155001
"""Standard error of a median of normal values, in deviations over the root of their number."""


def tell_drift(now: FeatureTable, then: FeatureTable, audit: Audit) -> None:
    """Tell what has moved since an earlier run.

    Parameters
    ----------
    now : FeatureTable
    then : FeatureTable
        The features of the earlier run.
    audit : Audit
        Gets one finding per column that is gone, new, or has moved.
    """
    new = {c.name: c for c in now.with_role(Role.CLUSTER, Role.OVERLAY)}
    old = {c.name: c for c in then.with_role(Role.CLUSTER, Role.OVERLAY)}
    _tell_names("gone_columns", "that the earlier run had are gone", sorted(set(old) - set(new)),
                "check the source; segments of the two runs do not compare", audit)  # fmt: skip
    _tell_names("new_columns", "are new since the earlier run", sorted(set(new) - set(old)),
                "features: {exclude: [...]} keeps to the earlier features", audit)  # fmt: skip
    for name in [n for n in new if n in old]:
        if new[name].kind is not old[name].kind:
            _add(audit, "type_changed", name, f"was a {old[name].kind} and is a {new[name].kind}",
                 "sources: types settles how the column is read")  # fmt: skip
            continue
        _tell_gaps(name, now, then, audit)
        if new[name].kind is Kind.NUMBER:
            _tell_median(name, now.numbers(name), then.numbers(name), audit)
        else:
            _tell_levels(name, now, then, audit)


def _tell_names(code: str, what: str, names: list[str], proposal: str, audit: Audit) -> None:
    if names:
        audit.add(
            Finding(
                code,
                f"{len(names)} column{'s' if len(names) > 1 else ''} {what}.",
                "warning",
                count=len(names),
                examples=tuple(names[:5]),
                done="told only",
                proposal=proposal,
            )
        )


def _add(audit: Audit, code: str, name: str, what: str, proposal: str) -> None:
    audit.add(
        Finding(
            code,
            f"{name!r} {what}, compared with the earlier run.",
            "warning",
            column=name,
            done="told only",
            proposal=proposal,
        )
    )


def _tell_gaps(name: str, now: FeatureTable, then: FeatureTable, audit: Audit) -> None:
    n, m = max(now.n_entities, 1), max(then.n_entities, 1)
    here, there = now.data[name].null_count / n, then.data[name].null_count / m
    both = (here * n + there * m) / (n + m)
    error = float(np.sqrt(both * (1.0 - both) * (1.0 / n + 1.0 / m)))
    if abs(here - there) > max(MOVED_GAPS, SURE * error):
        what = f"is missing for {percent(here)} of entities, not {percent(there)}"
        _add(audit, "gaps_moved", name, what,
             f"check the source; prepare: {{indicate_missing: [{json.dumps(name)}]}}")  # fmt: skip


def _tell_median(
    name: str, now: NDArray[np.float64], then: NDArray[np.float64], audit: Audit
) -> None:
    here, there = now[~np.isnan(now)], then[~np.isnan(then)]
    if not len(here) or not len(there):
        return
    low, middle, high = np.quantile(there, [0.25, 0.5, 0.75])
    spread = float(high - low) / IQR_OF_NORMAL
    # Where half of the values are one, the deviation has to do.
    spread = spread if spread > 0 else float(there.std())
    moved = float(np.median(here)) - float(middle)
    error = MEDIAN_ERROR * spread * float(np.sqrt(1.0 / len(here) + 1.0 / len(there)))
    if spread > 0 and abs(moved) > max(MOVED_MEDIAN * spread, SURE * error):
        what = (
            f"has the median {float(np.median(here)):.4g}, not {float(middle):.4g} "
            f"({abs(moved) / spread:.1f} robust standard deviations)"
        )
        _add(audit, "median_moved", name, what,
             "check units and windows; else make the segments anew")  # fmt: skip


def _tell_levels(name: str, now: FeatureTable, then: FeatureTable, audit: Audit) -> None:
    codes, levels = now.categories(name)
    _, known = then.categories(name)
    unseen = [i for i, level in enumerate(levels) if level not in set(known)]
    share = float(np.isin(codes, unseen).mean()) if len(codes) else 0.0
    if share >= NEW_LEVELS:
        named = ", ".join(repr(levels[i]) for i in unseen[:3])
        _add(audit, "new_levels", name, f"has levels that were not there ({named}), "
             f"{percent(share)} of entities",
             "prepare: {fold_rare: true} gives such levels a column of their own")  # fmt: skip
