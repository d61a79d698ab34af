"""What playbooks are made of."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from segmentry.domain.playbook import KINDS, Effect, PlaybookLine


def test_a_line_cannot_be_changed_once_it_is_said():
    line = PlaybookLine("owner", "Sales.", "10 % of everyone.")
    with pytest.raises(FrozenInstanceError, match="cannot assign"):
        line.text = "Nobody."  # type: ignore[misc]


def test_kinds_are_told_once_each_the_owner_first_and_the_trigger_last():
    assert len(set(KINDS)) == len(KINDS)
    assert (KINDS[0], KINDS[-1]) == ("owner", "trigger")


def test_acting_costs_nothing_unless_somebody_says_so():
    assert Effect("Big Spenders", 2.0, 1.0, 3.0).cost == 0.0
