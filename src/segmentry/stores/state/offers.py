"""The last suggestions for a run, kept until somebody takes one or asks again.

What lives here: one JSON file per release beside the state. What does not: names that were taken,
which are facts of the state like any other (``book``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from segmentry.stores.files import damaged, read_json, replacing, writing
from segmentry.stores.state.place import FOLDER

OFFERS = "suggested"


@dataclass(frozen=True, slots=True)
class Offers:
    """Names that a model suggested for segments of a release, by their ids."""

    model: str
    names: Mapping[int, str]


def keep_offers(home: Path, release: str, offers: Offers) -> None:
    """Keep what was suggested, in place of what was there.

    Raises
    ------
    StoreError
        E5001 if it cannot be written.
    """
    path = _file(home, release)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (home / FOLDER / ".gitignore").write_text("*\n")
    names = {str(segment_id): name for segment_id, name in offers.names.items()}
    with replacing(path) as file:
        file.write(json.dumps({"format": 1, "model": offers.model, "names": names}).encode())


def offers_of(home: Path, release: str) -> Offers | None:
    """Give what was suggested for a release last; None where nothing was.

    Raises
    ------
    StoreError
        E5003 if the file is not ours.
    """
    path = _file(home, release)
    if not path.exists():
        return None
    told = read_json(path)
    model, names = told.get("model"), told.get("names")
    if not isinstance(model, str) or not isinstance(names, dict):
        raise damaged(path, "holds no suggestions")
    return Offers(model, {int(i): str(n) for i, n in names.items() if str(i).isdecimal()})


def _file(home: Path, release: str) -> Path:
    return home / FOLDER / OFFERS / f"{release}.json"
