"""The listener that listens to nothing."""

from __future__ import annotations

import inspect

import pytest

from segmentry.domain.progress import Progress, Silent


@pytest.mark.parametrize("name", ["phase", "advance"])
def test_silence_can_stand_wherever_a_listener_is_asked_for(name):
    ours, asked = getattr(Silent, name), getattr(Progress, name)
    assert inspect.signature(ours) == inspect.signature(asked)


def test_silence_says_nothing(capsys):
    listener = Silent()
    listener.phase("read", "sales.csv")
    listener.advance(1, 2)
    assert capsys.readouterr() == ("", "")
