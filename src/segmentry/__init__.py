"""Segmentry: raw behaviour into living segments.

Public names only, imported when they are first used, so that ``import segmentry`` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = [
    "FeatureSpec",
    "GaussianMixture",
    "Hierarchy",
    "KMeans",
    "Project",
    "Run",
    "Segmenter",
    "SegmentryError",
    "Window",
    "assign",
    "open_project",
    "open_run",
]

if TYPE_CHECKING:
    from segmentry.api import assign, open_project, open_run
    from segmentry.domain.feature import FeatureSpec
    from segmentry.domain.project import Project
    from segmentry.domain.window import Window
    from segmentry.errors import SegmentryError
    from segmentry.estimator import Segmenter
    from segmentry.hierarchy import Hierarchy
    from segmentry.kmeans import KMeans
    from segmentry.mixture import GaussianMixture
    from segmentry.pipeline.finished import Run

_HOMES = {
    "open_project": "segmentry.api",
    "open_run": "segmentry.api",
    "assign": "segmentry.api",
    "Run": "segmentry.pipeline.finished",
    "Project": "segmentry.domain.project",
    "FeatureSpec": "segmentry.domain.feature",
    "SegmentryError": "segmentry.errors",
    "Window": "segmentry.domain.window",
    "Segmenter": "segmentry.estimator",
    "Hierarchy": "segmentry.hierarchy",
    "KMeans": "segmentry.kmeans",
    "GaussianMixture": "segmentry.mixture",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use (PEP 562)."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    msg = f"module 'segmentry' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
