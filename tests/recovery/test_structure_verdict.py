"""Planted groups are seen and single clouds are not cut; the long version is a proof script."""

from __future__ import annotations

import numpy as np
import pytest

from clouds import WITH_GROUPS, WITHOUT_GROUPS, Family
from segmentry.domain.evidence import StructureVerdict
from segmentry.domain.progress import Silent
from segmentry.judge.structure import judge_structure

SEEDS = range(1_000, 1_002)


def verdicts(family: Family) -> list[StructureVerdict]:
    return [
        judge_structure(family(s), rng=np.random.default_rng(s), progress=Silent()).verdict
        for s in SEEDS
    ]


@pytest.mark.parametrize("name", WITHOUT_GROUPS)
def test_one_cloud_is_not_called_groups(name: str) -> None:
    found = verdicts(WITHOUT_GROUPS[name])
    assert StructureVerdict.CLEAR not in found
    assert StructureVerdict.NONE in found


@pytest.mark.parametrize("name", WITH_GROUPS)
def test_planted_groups_are_clear(name: str) -> None:
    assert verdicts(WITH_GROUPS[name]) == [StructureVerdict.CLEAR] * len(SEEDS)
