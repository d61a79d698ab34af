"""A release in plain formats: one JSON manifest, and numeric arrays beside it.

Nothing that is read here can carry code: the manifest is JSON whose every field is checked, the
arrays are ``.npy`` files of format 1.0 with a number type from a list of three. File names are
ours, never the manifest's; each array's type, shape and SHA-256 are declared and compared, and
sizes are bounded before anything is read.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError
from typing import TYPE_CHECKING, Any

from segmentry.domain.assigner import Assigner
from segmentry.domain.micro import MicroAssigner
from segmentry.domain.recipe import Recipe
from segmentry.domain.release import MICRO_FORMAT, PLAIN_FORMAT, RELEASE_FORMAT, Release
from segmentry.domain.table import FeatureColumn
from segmentry.domain.textmodel import TextFacts, TextModel
from segmentry.domain.window import Window
from segmentry.errors import AssignmentError, MathsError
from segmentry.stores.assignerparts import ASSIGNER_ARRAYS, wrong_assigner
from segmentry.stores.documents import json_bytes, plain
from segmentry.stores.files import damaged, durable, read_bytes, read_json, sync_folder
from segmentry.stores.microparts import MICRO_ARRAYS, wrong_micro
from segmentry.stores.recipes import wrong_recipe
from segmentry.stores.records import from_plain, to_plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANIFEST = "manifest.json"
ARRAY_BYTES = 512 * 2**20
"""5,000 prototypes of 3,000 columns take a quarter of this."""
SEGMENTS = 100_000
LONGEST_DAYS = 1_000_000.0

_ADDED = {
    1: frozenset({"kept", "origin", *MICRO_ARRAYS}),
    PLAIN_FORMAT: frozenset({"origin", *MICRO_ARRAYS}),
    MICRO_FORMAT: frozenset({"origin"}),
    RELEASE_FORMAT: frozenset[str](),
}
"""Formats that are read, and the arrays that each of them does not know yet."""

TEXTS = 100
"""Text models of a release at most."""

_TEXT_ARRAYS = {"idf": ("<f8", 1), "axes": ("<f8", 2)}
_OPTIONAL = {"window", "texts"}
_TOP = {
    "format", "digest", "fingerprint", "workspace", "project", "window", "features", "recipe",
    "segments", "arrays", "texts",
}  # fmt: skip


def save_release(release: Release, folder: Path) -> None:
    """Write a release into a new folder.

    Raises
    ------
    OSError
        If it cannot be written.
    StoreError
        E5003 if the release itself would be refused when read again.
    """
    _check_sense(release, folder / MANIFEST)
    folder.mkdir()
    assigner = release.assigner
    arrays = {
        name: _save_array(folder, name, values, dtype)
        for name, (dtype, _) in ASSIGNER_ARRAYS.items()
        if (values := getattr(assigner, name)) is not None
    }
    if release.micro is not None:
        for name, (dtype, _) in MICRO_ARRAYS.items():
            values = getattr(release.micro, name.removeprefix("micro_"))
            arrays[name] = _save_array(folder, name, values, dtype)
    texts = [_save_text(folder, i, model) for i, model in enumerate(release.texts)]
    manifest: dict[str, Any] = {
        "format": release.format,
        "fingerprint": release.fingerprint,
        "workspace": release.workspace,
        "project": release.project,
        "window": to_plain(release.window) if release.window else None,
        "features": [to_plain(c) for c in release.columns],
        "recipe": to_plain(release.recipe),
        "segments": [
            {"id": i, "name": n}
            for i, n in zip(release.segment_ids, release.segment_names, strict=True)
        ],
        "arrays": arrays,
        "texts": texts or None,
    }
    with durable(folder / MANIFEST) as file:
        file.write(json_bytes({**manifest, "digest": digest_of(plain(manifest))}))
    sync_folder(folder)


def load_release(folder: Path) -> Release:
    """Read a release and check all of it.

    Raises
    ------
    AssignmentError
        E6002 if it is of a format that this version does not read.
    StoreError
        E5003 if anything is missing, damaged, or not what a release says.
    """
    path = folder / MANIFEST
    manifest = read_json(path)
    version = manifest.get("format")
    if type(version) is int and version not in _ADDED:
        known = ", ".join(map(str, _ADDED))
        msg = f"the release is of format {version}, and this version reads {known}"
        raise AssignmentError(
            msg,
            code="E6002",
            where=str(folder),
            hint="use the version of segmentry that wrote it, or make the run again",
        )
    if set(manifest) - _OPTIONAL != _TOP - _OPTIONAL:
        raise damaged(path, "does not have the keys of a release")
    if manifest["digest"] != digest_of(manifest):
        raise damaged(path, "differs from what was written")
    try:
        release = _read(manifest, folder)
    except (ValueError, KeyError, TypeError, OverflowError, MathsError) as error:
        raise damaged(path, f"is not a release: {error}") from error
    _check_sense(release, path)
    return release


def digest_of(manifest: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a manifest without its digest: bit rot and careless edits show."""
    rest = {name: item for name, item in manifest.items() if name != "digest"}
    return hashlib.sha256(json.dumps(rest).encode()).hexdigest()


def _read(manifest: Mapping[str, Any], folder: Path) -> Release:
    if manifest["format"] not in _ADDED or not isinstance(manifest["project"], dict):
        msg = "the project is not an object"
        raise ValueError(msg)
    segments = tuple(from_plain(_Segment, s) for s in _list(manifest["segments"], SEGMENTS))
    arrays, version = manifest["arrays"], manifest["format"]
    forms = {**ASSIGNER_ARRAYS, **MICRO_ARRAYS}
    wanted = [name for name in forms if name not in _ADDED[version]]
    if version == RELEASE_FORMAT and not set(arrays) & set(MICRO_ARRAYS):
        wanted = list(ASSIGNER_ARRAYS)  # the only format that may do without micro-segments
    if not isinstance(arrays, dict) or set(arrays) != set(wanted):
        msg = f"the arrays must be {', '.join(wanted)}"
        raise ValueError(msg)
    loaded = {name: _load_array(folder, name, arrays[name], forms[name]) for name in wanted}
    micro = {n.removeprefix("micro_"): loaded.pop(n) for n in MICRO_ARRAYS if n in loaded}
    return Release(
        fingerprint=_text(manifest["fingerprint"]),
        workspace=_text(manifest["workspace"]),
        project=manifest["project"],
        window=from_plain(Window, manifest["window"]) if "window" in manifest else None,
        columns=tuple(from_plain(FeatureColumn, c) for c in _list(manifest["features"], 10**6)),
        recipe=from_plain(Recipe, manifest["recipe"]),
        assigner=Assigner(**loaded),
        segment_ids=tuple(s.id for s in segments),
        segment_names=tuple(s.name for s in segments),
        texts=tuple(
            _load_text(folder, i, said)
            for i, said in enumerate(_list(manifest.get("texts", []), TEXTS))
        ),
        micro=MicroAssigner(**micro) if micro else None,
    )


def _save_text(folder: Path, place: int, model: TextModel) -> dict[str, Any]:
    arrays = {
        n: _save_array(folder, f"text{place}_{n}", getattr(model, n), dtype)
        for n, (dtype, _) in _TEXT_ARRAYS.items()
    }
    return {"facts": to_plain(model.facts), "arrays": arrays}


def _load_text(folder: Path, place: int, said: object) -> TextModel:
    if not isinstance(said, dict) or set(said) != {"facts", "arrays"}:
        msg = "a text model needs facts and arrays"
        raise ValueError(msg)
    declared = said["arrays"]
    if not isinstance(declared, dict) or set(declared) != set(_TEXT_ARRAYS):
        msg = f"the arrays of a text model must be {', '.join(_TEXT_ARRAYS)}"
        raise ValueError(msg)
    loaded = {
        n: _load_array(folder, f"text{place}_{n}", declared[n], form)
        for n, form in _TEXT_ARRAYS.items()
    }
    return TextModel(from_plain(TextFacts, said["facts"]), **loaded)


@dataclass(frozen=True, slots=True)
class _Segment:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class _ArrayFacts:
    file: str
    dtype: str
    shape: tuple[int, ...]
    sha256: str


def _text(item: object) -> str:
    return from_plain(_Text, {"text": item}).text


@dataclass(frozen=True, slots=True)
class _Text:
    text: str


def _list(item: object, most: int) -> list[Any]:
    if not isinstance(item, list) or len(item) > most:
        msg = f"{str(item)[:60]!r} is not a list of at most {most}"
        raise ValueError(msg)
    return item


def _save_array(folder: Path, name: str, values: NDArray[Any], dtype: str) -> dict[str, Any]:
    import numpy as np

    array = np.ascontiguousarray(values, dtype=dtype)
    content = io.BytesIO()
    np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
    with durable(folder / f"{name}.npy") as file:
        file.write(content.getbuffer())
    return {
        "file": f"{name}.npy",
        "dtype": dtype,
        "shape": list(array.shape),
        "sha256": hashlib.sha256(content.getbuffer()).hexdigest(),
    }


def _load_array(folder: Path, name: str, declared: object, form: tuple[str, int]) -> NDArray[Any]:
    facts = from_plain(_ArrayFacts, declared)
    dtype, n_dimensions = form
    if facts.file != f"{name}.npy" or facts.dtype != dtype or len(facts.shape) != n_dimensions:
        msg = f"array {name!r} must be {name}.npy of type {dtype} in {n_dimensions} dimensions"
        raise ValueError(msg)
    n_bytes = math.prod(facts.shape) * 8
    if min(facts.shape) < 0 or n_bytes > ARRAY_BYTES:
        msg = f"array {name!r} cannot have the shape {facts.shape}"
        raise ValueError(msg)
    path = folder / facts.file
    content = read_bytes(path, limit=n_bytes + 2**16)
    if hashlib.sha256(content).hexdigest() != facts.sha256:
        raise damaged(path, "differs from what was written")
    return _parse_array(content, facts, path)


def _parse_array(content: bytes, facts: _ArrayFacts, path: Path) -> NDArray[Any]:
    import numpy as np

    file = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(file)
        shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(file)
    except (ValueError, SyntaxError, TypeError, EOFError, OverflowError, MemoryError,
            RecursionError, TokenError, struct.error) as error:  # fmt: skip
        raise damaged(path, "is not an array file") from error
    told = (tuple(version), tuple(shape), is_fortran, dtype.str)
    if told != ((1, 0), facts.shape, False, facts.dtype):
        raise damaged(path, "is not the array that the manifest declares")
    values = content[file.tell() :]
    if len(values) != math.prod(facts.shape) * 8:
        raise damaged(path, "is cut short")
    array: NDArray[Any] = np.frombuffer(values, dtype=dtype).reshape(facts.shape)
    return array


def _check_sense(release: Release, path: Path) -> None:
    wrong = _nonsense(release)
    if wrong:
        raise damaged(path, f"is not a release: {wrong}")


def _nonsense(release: Release) -> str | None:
    """Say what contradicts itself in a release whose types are right; None where nothing does."""
    ids, names = release.segment_ids, release.segment_names
    if not ids or len(set(ids)) != len(ids) or len(set(names)) != len(names):
        return "segments need ids and names of their own"
    return (
        wrong_assigner(release.assigner, len(ids), len(release.recipe.names))
        or wrong_micro(release.micro, len(ids), len(release.recipe.names))
        or wrong_recipe(release.recipe)
        or _wrong_columns(release)
        or _wrong_texts(release)
        or _wrong_window(release.window)
    )


def _wrong_columns(release: Release) -> str | None:
    names = [c.name for c in release.columns]
    lost = set(release.recipe.needs) - set(names)
    if len(set(names)) != len(names) or lost:
        return f"features are named twice or lack {sorted(lost)[:3]}"
    return None


def _wrong_texts(release: Release) -> str | None:
    by_column = {m.facts.column: m for m in release.texts}
    if len(by_column) != len(release.texts):
        return "two text models are of one column"
    for column in release.columns:
        told = column.text
        if told is None:
            continue
        model = by_column.get(told.column)
        if model is None:
            return f"{column.name!r} is of texts that no model reads"
        if told.what == "topic" and not 0 <= told.topic < model.n_topics:
            return f"{column.name!r} is of a topic that is not there"
    return None


def _wrong_window(window: Window | None) -> str | None:
    if window is None:
        return None
    days = (window.lookback_days, window.recent_days, window.decay_half_life_days)
    spans = [d for d in (*days, window.outcome_days) if d is not None]
    if all(0 < d <= LONGEST_DAYS for d in spans):
        return None
    return f"a window has {min(spans)} days"
