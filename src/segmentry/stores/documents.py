"""Values as JSON text: UTF-8, stable order, no null, no NaN."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from segmentry.errors import StoreError


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """Give the text that is stored: keys in the order given, those without a value left out.

    Raises
    ------
    StoreError
        E5001 if a number is not finite, a list holds nothing in a place, or a value has no JSON
        form; it names the key.
    """
    text = _laid_out(plain(document))
    # A name that is not valid Unicode becomes the JSON escape of its broken half.
    return text.encode("utf-8", errors="backslashreplace") + b"\n"


def _laid_out(document: dict[str, Any]) -> str:
    """Write each key, and each of its entries, on a line of its own.

    Indenting all the way down, Python's writer is twenty times as slow, which the thousand columns
    of a wide table make felt.
    """
    return _lines([f"{_written(k)}: {_entries(v)}" for k, v in document.items()], "{}", "\n ")


def _entries(value: Any) -> str:
    if isinstance(value, dict):
        return _lines([f"{_written(k)}: {_written(v)}" for k, v in value.items()], "{}", "\n  ")
    if isinstance(value, list):
        return _lines([_written(v) for v in value], "[]", "\n  ")
    return _written(value)


def _lines(entries: list[str], brackets: str, start: str) -> str:
    if not entries:
        return brackets
    return f"{brackets[0]}{start}{f',{start}'.join(entries)}{start[:-1]}{brackets[1]}"


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def plain(value: Any, key: str = "") -> Any:
    """Give a value as JSON knows it: mappings, lists, strings, finite numbers, booleans.

    Frozen values become mappings of their fields; what is None is left out, and zeros stay.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {
            str(name): plain(item, f"{key}.{name}" if key else str(name))
            for name, item in value.items()
            if item is not None
        }
    if isinstance(value, list | tuple):
        return [plain(item, f"{key}[{i}]") for i, item in enumerate(value)]
    return _scalar(value, key)


def _scalar(value: Any, key: str) -> str | int | float | bool:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return _finite(float(value), key)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    # numpy's scalars know their plain twin; arrays do too, as lists.
    for twin in ("item", "tolist"):
        if hasattr(value, twin) and (twin == "tolist" or getattr(value, "shape", None) == ()):
            return plain(getattr(value, twin)(), key)  # type: ignore[no-any-return]
    msg = f"{key} holds a {type(value).__name__}, which has no JSON form"
    raise StoreError(msg, code="E5001")


def _finite(value: float, key: str) -> float:
    if not math.isfinite(value):
        msg = f"{key} is {value}, and a document holds finite numbers only"
        raise StoreError(msg, code="E5001")
    return value
