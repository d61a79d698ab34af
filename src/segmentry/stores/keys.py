"""The key behind pseudonyms, and the pseudonyms it makes.

With ``privacy: {ids: pseudonym}`` every output names an entity by a keyed hash: the same key
gives the same name in every run, and without the key nobody can go back by trying ids.
"""

from __future__ import annotations

import hmac
import os
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.errors import StoreError
from segmentry.stores.files import damaged, read_bytes, sync_folder, writing

if TYPE_CHECKING:
    import pyarrow as pa

KEY_BYTES = 32
PSEUDONYM_HEX = 32
"""128 bits: the chance that two of a billion entities share a name is below 1e-20."""


def pseudonym_key(project_folder: Path, *, may_make: bool) -> bytes:
    """Read the project's key, readable by its owner alone.

    Parameters
    ----------
    project_folder : Path
    may_make : bool
        Whether a key that is not there yet is made. Only a run may: another key would give every
        entity another name.

    Raises
    ------
    StoreError
        E5001 if it cannot be made; E5003 if what is there is no key, or nothing is.
    """
    path = project_folder / ".segmentry" / "pseudonym.key"
    if not path.exists() and not may_make:
        raise StoreError(
            "the key of the pseudonyms is not there, and another one would rename every entity",
            code="E5003",
            where=str(path),
            hint="name the project's folder, which holds the key: segmentry assign -p FOLDER ...",
        )
    if not path.exists():
        with writing(path):
            _make(path)
    key = read_bytes(path, limit=4 * KEY_BYTES)
    if len(key) != KEY_BYTES:
        raise damaged(path, f"is not a key of {KEY_BYTES} bytes")
    return key


def pseudonym(ids: pa.Array, key: bytes) -> pa.Array:
    """Replace ids by keyed hashes; a null stays a null.

    Parameters
    ----------
    ids : pyarrow.Array of shape (n_entities,)
        Of any type that has a text form; equal texts give equal pseudonyms.
    key : bytes
        The project's key.

    Returns
    -------
    pyarrow.Array of string
        32 hexadecimal digits each.
    """
    import pyarrow as pa

    texts = ids.cast(pa.string()).to_pylist()
    return pa.array([_name(t, key) for t in texts], type=pa.string())


def _name(text: str | None, key: bytes) -> str | None:
    if text is None:
        return None
    return hmac.digest(key, text.encode(), "sha256").hex()[:PSEUDONYM_HEX]


def _make(path: Path) -> None:
    """Make a key beside its place and link it in: of two processes at once, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The file has a name of its own and is readable by its owner alone from its first moment.
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".partial", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(aside)
    except FileExistsError:
        return
    finally:
        aside.unlink(missing_ok=True)
    # Neither the key nor anything else in this folder belongs into a repository.
    (path.parent / ".gitignore").write_text("*\n")
    sync_folder(path.parent)
