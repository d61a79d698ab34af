"""Releases kept beside the state."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from builders import feature_table
from releases import release_of
from segmentry.domain.release import Release
from segmentry.stores.state.keeping import (
    keep_papers,
    keep_release,
    kept_papers,
    kept_release,
)
from segmentry.stores.state.place import kept_papers_file, kept_releases


@pytest.fixture
def release() -> Release:
    rng = np.random.default_rng(0)
    return release_of(feature_table({"a": rng.normal(size=40), "b": rng.normal(size=40)}))


def test_a_kept_release_answers_as_the_one_that_was_kept(tmp_path: Path, release: Release) -> None:
    keep_release(tmp_path, release)
    keep_release(tmp_path, release)
    again = kept_release(tmp_path, release.fingerprint)
    assert again is not None
    X = np.random.default_rng(1).normal(size=(50, release.assigner.prototypes.shape[1]))
    assert (again.assigner.answer(X).segment == release.assigner.answer(X).segment).all()
    assert [p.name for p in kept_releases(tmp_path).iterdir()] == [release.fingerprint]


def test_one_that_is_not_there_or_not_whole_is_none(tmp_path: Path, release: Release) -> None:
    assert kept_release(tmp_path, release.fingerprint) is None
    keep_release(tmp_path, release)
    (kept_releases(tmp_path) / release.fingerprint / "prototypes.npy").write_bytes(b"x")
    assert kept_release(tmp_path, release.fingerprint) is None


def test_kept_papers_are_given_back_unless_they_were_changed(tmp_path: Path) -> None:
    papers = {"segments": {"format": 1, "segments": [{"id": 3, "name": "Größe"}]}}
    digest = keep_papers(tmp_path, papers)
    assert keep_papers(tmp_path, papers) == digest
    assert kept_papers(tmp_path, digest) == papers
    path = kept_papers_file(tmp_path, digest)
    path.write_text(path.read_text().replace("3", "4"))
    assert kept_papers(tmp_path, digest) is None
    path.unlink()
    assert kept_papers(tmp_path, digest) is None
