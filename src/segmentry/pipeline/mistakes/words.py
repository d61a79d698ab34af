"""Words that sentences about mistakes have in common."""

from __future__ import annotations

from collections.abc import Sequence

MOST_NAMED = 6


def listed(names: Sequence[str]) -> str:
    """Name a few things as they are called, and count the others.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ("'a'", "'a', 'b' and 'c'")
    >>> listed([f"V{i}" for i in range(9)])
    "'V0', 'V1', 'V2', 'V3', 'V4', 'V5' and 3 more"
    """
    shown = [repr(n) for n in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        return f"{', '.join(shown)} and {len(names) - MOST_NAMED} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def counted(n: int, noun: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> counted(1, "feature"), counted(1200, "feature")
    ('1 feature', '1,200 features')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
