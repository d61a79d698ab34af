"""Edits of a project file in words, so that whoever reads a finding can act on it."""

from __future__ import annotations

import json

from segmentry.domain.role import Facet
from segmentry.domain.table import FeatureColumn


def leaving_out(column: FeatureColumn) -> str:
    """Give the edit that leaves a column out: a feature is excluded, a column of a table unused.

    Examples
    --------
    >>> from segmentry.domain.role import Role
    >>> leaving_out(FeatureColumn("age", Role.CLUSTER))
    'features: {roles: {"age": id}}'
    """
    name = json.dumps(column.name, ensure_ascii=False)
    if column.facet is Facet.ATTRIBUTE:
        return f"features: {{roles: {{{name}: id}}}}"
    return f"features: {{exclude: [{name}]}}"


def for_column(key: str, column: str, answer: str) -> str:
    """Give the edit that answers a key of ``prepare`` for one column.

    Examples
    --------
    >>> for_column("scale", "spend", "robust")
    'prepare: {scale: {columns: {"spend": robust}}}'
    """
    name = json.dumps(column, ensure_ascii=False)
    return f"prepare: {{{key}: {{columns: {{{name}: {answer}}}}}}}"
