"""Pseudonyms are stable with the key and meaningless without it."""

from __future__ import annotations

import hashlib
import hmac
import stat
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.errors import StoreError
from segmentry.stores.keys import pseudonym, pseudonym_key


def test_a_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    key = pseudonym_key(tmp_path, may_make=True)
    path = tmp_path / ".segmentry" / "pseudonym.key"
    assert len(key) == 32
    assert pseudonym_key(tmp_path, may_make=True) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(p.name for p in path.parent.iterdir()) == [".gitignore", "pseudonym.key"]
    assert (path.parent / ".gitignore").read_text() == "*\n"


def test_two_projects_have_different_keys(tmp_path: Path) -> None:
    assert pseudonym_key(tmp_path / "a", may_make=True) != pseudonym_key(
        tmp_path / "b", may_make=True
    )


def test_all_that_ask_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(partial(pseudonym_key, may_make=True), [tmp_path] * 32))
    assert len(keys) == 1


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".segmentry").mkdir()
    (tmp_path / ".segmentry" / "pseudonym.key").write_bytes(b"short")
    with pytest.raises(StoreError, match="not a key of 32 bytes"):
        pseudonym_key(tmp_path, may_make=True)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / ".segmentry").write_text("")
    with pytest.raises(StoreError, match="cannot write") as caught:
        pseudonym_key(tmp_path, may_make=True)
    assert caught.value.code == "E5001"


def test_a_pseudonym_is_the_keyed_hash_of_the_id() -> None:
    key = bytes(range(32))
    names = pseudonym(pa.array(["Zoë", None, "b", "Zoë"]), key).to_pylist()
    expected = hmac.new(key, "Zoë".encode(), hashlib.sha256).hexdigest()[:32]
    assert names[0] == names[3] == expected
    assert names[1] is None
    assert names[2] not in {None, expected}


def test_a_number_and_its_text_have_one_pseudonym() -> None:
    key = bytes(32)
    assert pseudonym(pa.array([17]), key).equals(pseudonym(pa.array(["17"]), key))


def test_another_key_gives_other_names() -> None:
    ids = pa.array(["a"])
    assert pseudonym(ids, bytes(32)) != pseudonym(ids, bytes([1] * 32))
