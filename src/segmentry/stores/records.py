"""Frozen dataclasses as plain JSON objects, and back with every field checked.

What a stored file says is never believed: a field of the wrong type, an unknown one, a number
that is not finite or a word outside its list is refused. Meaning (a scale above zero, a label
that exists) is checked by whoever owns it.
"""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

RECORD_ITEMS = 1_000_000
"""No list in a stored record is longer."""


def to_plain(value: Any) -> dict[str, Any]:
    """Give a dataclass as a JSON object; fields without a value are left out."""
    pairs = ((f.name, getattr(value, f.name)) for f in fields(value))
    return {name: _plain(item) for name, item in pairs if item is not None}


def _plain(item: Any) -> Any:
    if isinstance(item, tuple):
        return [_plain(one) for one in item]
    if isinstance(item, datetime):
        return item.isoformat()
    if isinstance(item, StrEnum):
        return item.value
    return to_plain(item) if hasattr(item, "__dataclass_fields__") else item


def from_plain(cls: type[T], data: object) -> T:
    """Build a dataclass from a JSON object.

    Raises
    ------
    ValueError
        If a field is missing, unknown, or not of its type; the message names it.
    """
    if not isinstance(data, Mapping):
        raise _wrong(cls.__name__, data)
    owner: Any = cls
    hints, needed, nothing = _shape(owner)
    if unknown := set(data) - set(hints):
        msg = f"a {cls.__name__} has no field {min(map(str, unknown))!r}"
        raise ValueError(msg)
    if missing := needed - set(data):
        msg = f"a {cls.__name__} lacks {min(missing)!r}"
        raise ValueError(msg)
    values = {name: _checked(hints[name], data[name], name) for name in hints if name in data}
    return cls(**(nothing | values))


@cache
def _shape(cls: Any) -> tuple[dict[str, Any], frozenset[str], dict[str, None]]:
    """Give the fields with their types, those that must be there, and those that may be None."""
    hints = get_type_hints(cls)
    own = [f for f in fields(cls) if f.init]
    bare = {f.name for f in own if f.default is MISSING and f.default_factory is MISSING}
    nothing = {name: None for name in bare if type(None) in get_args(hints[name])}
    return {f.name: hints[f.name] for f in own}, frozenset(bare - set(nothing)), nothing


def _checked(hint: Any, item: Any, name: str) -> Any:
    origin = get_origin(hint)
    if origin in {Union, types.UnionType}:
        (inner,) = (h for h in get_args(hint) if h is not type(None))
        return _checked(inner, item, name)
    if origin is tuple:
        return _items(get_args(hint)[0], item, name)
    if origin is Literal:
        return _one_of(item, get_args(hint), name)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(_one_of(item, tuple(m.value for m in hint), name))
    return _simple(hint, item, name)


def _simple(hint: Any, item: Any, name: str) -> Any:
    if hint is str and isinstance(item, str):
        return item
    if hint is bool and isinstance(item, bool):
        return item
    if hint is int and type(item) is int:
        return item
    if hint is float and type(item) in {int, float}:
        return _finite(item, name)
    if hint is datetime and isinstance(item, str):
        return _instant(item, name)
    if hasattr(hint, "__dataclass_fields__"):
        return from_plain(hint, item)
    raise _wrong(name, item)


def _items(hint: Any, item: Any, name: str) -> tuple[Any, ...]:
    if not isinstance(item, list) or len(item) > RECORD_ITEMS:
        raise _wrong(name, item)
    return tuple(_checked(hint, one, name) for one in item)


def _one_of(item: Any, known: tuple[Any, ...], name: str) -> Any:
    if not isinstance(item, str) or item not in known:
        raise _wrong(name, item)
    return item


def _finite(item: float, name: str) -> float:
    try:
        number = float(item)
    except OverflowError:
        raise _wrong(name, item) from None
    if not math.isfinite(number):
        raise _wrong(name, item)
    return number


def _instant(item: str, name: str) -> datetime:
    instant = datetime.fromisoformat(item)
    if instant.tzinfo is None:
        raise _wrong(name, item)
    return instant


def _wrong(name: str, item: object) -> ValueError:
    return ValueError(f"{name} cannot be {str(item)[:60]!r}")
