"""A role with the reason for it, and how many levels are few."""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.domain.role import Role

MOST_CATEGORIES = 20
"""Levels up to which a category can shape segments; with more, each is too rare to compare."""

MOST_CODES = 50
"""Levels up to which whole numbers may be codes of a category."""

MOST_ARMS = 10
"""Levels up to which a label, or the arm of an experiment, is believed."""


@dataclass(frozen=True, slots=True)
class Told:
    """A role, and why."""

    role: Role
    reason: str
