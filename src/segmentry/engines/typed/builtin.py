"""Functions of an engine that Ibis has no name for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def declared(name: str, given: tuple[str, ...], result: str) -> Callable[..., Any]:
    """Declare a function of an engine, so that Ibis writes calls of it.

    Parameters
    ----------
    name : str
        As the engine names it.
    given : tuple of str
        Ibis' names of the types that it takes, one to three.
    result : str
        And of what it gives.

    Returns
    -------
    callable
        From Ibis values to an Ibis value.
    """
    import ibis

    def one(a: Any) -> Any: ...

    def two(a: Any, b: Any) -> Any: ...

    def three(a: Any, b: Any, c: Any) -> Any: ...

    template = (one, two, three)[len(given) - 1]
    template.__name__ = name
    made: Callable[..., Any] = ibis.udf.scalar.builtin(
        template, name=name, signature=(given, result)
    )
    return made
