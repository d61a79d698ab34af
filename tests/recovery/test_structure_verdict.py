"""Planted groups are seen and single clouds are not cut; the long version is a proof script."""

from __future__ import annotations

import numpy as np
import pytest

from clouds import WITH_GROUPS, WITHOUT_GROUPS, Family
from segmentry.domain.evidence import StructureVerdict
from segmentry.domain.progress import Silent
from segmentry.judge.structure import judge_structure

SEED = 1_000
"""Far from the seeds that the rule was set on."""


def verdict(family: Family) -> StructureVerdict:
    rng = np.random.default_rng(SEED)
    return judge_structure(family(SEED), rng=rng, progress=Silent()).verdict


@pytest.mark.parametrize("name", WITHOUT_GROUPS)
def test_one_cloud_is_not_called_groups(name: str) -> None:
    assert verdict(WITHOUT_GROUPS[name]) is StructureVerdict.NONE


@pytest.mark.parametrize("name", WITH_GROUPS)
def test_planted_groups_are_clear(name: str) -> None:
    assert verdict(WITH_GROUPS[name]) is StructureVerdict.CLEAR
