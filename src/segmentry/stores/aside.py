"""A folder for finished pieces of work, until all of it is finished."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from segmentry.errors import StoreError
from segmentry.stores.files import read_bytes, replacing, writing

DIGEST = 32
"""Bytes of the SHA-256 before each piece."""

LARGEST = 4 * 2**30


@dataclass
class AsideFolder:
    """Pieces of work below a folder, each a file with its SHA-256 in front.

    ``taken`` counts the pieces that were there.
    """

    folder: Path
    taken: int = field(default=0, init=False)

    def take(self, name: str) -> bytes | None:
        """Give a piece; None where it is not there, damaged or cut short."""
        try:
            content = read_bytes(self._path(name), limit=LARGEST)
        except StoreError:
            return None
        digest, piece = content[:DIGEST], content[DIGEST:]
        if hashlib.sha256(piece).digest() != digest:
            return None
        self.taken += 1
        return piece

    def put(self, name: str, content: bytes) -> None:
        """Keep a piece, whole or not at all.

        Raises
        ------
        StoreError
            E5001 if it cannot be written.
        """
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.folder / ".gitignore").write_text("*\n")
        with replacing(self._path(name)) as file:
            file.write(hashlib.sha256(content).digest())
            file.write(content)

    def clear(self) -> None:
        """Sweep everything up: the work is finished."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.fits"
