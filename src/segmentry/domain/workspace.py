"""The tenant. Embedded there is one; every stored thing names it all the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Workspace:
    """Who owns what is stored: the key of every state table and of every run."""

    name: str = "default"


DEFAULT = Workspace()
