"""The sentence about guided segments."""

from __future__ import annotations

from segmentry.domain.bounded import Bounded
from segmentry.domain.guidance import Side
from segmentry.judge.guidance import guided_sentence, pays

SIL = Bounded(0.25, 0.2, 0.3)


def side(explained: float) -> Side:
    return Side(Bounded(explained, 0.1, 0.3), SIL, SIL, 0.9, 0.1, "weak", (), ())


def sentence(gain: Bounded, gains: list[float], forecast: Bounded | None = None) -> str:
    told = guided_sentence(
        "churn",
        (side(0.14), side(0.22)),
        gain,
        gains,
        forecast=forecast,
        agreement=Bounded(0.6, 0.5, 0.7),
        n_held_out=2_113,
    )
    return told.replace("\u202f", " ")


def test_it_pays_only_beyond_chance_and_in_every_split():
    assert pays(Bounded(0.08, 0.05, 0.11), [0.08, 0.05])
    assert not pays(Bounded(0.08, 0.05, 0.11), [0.08, -0.01])
    assert not pays(Bounded(0.02, -0.01, 0.05), [0.02, 0.03])


def test_the_verdict_has_its_figures_beside_it():
    told = sentence(Bounded(0.08, 0.05, 0.11), [0.08, 0.05], Bounded(0.27, 0.2, 0.3))
    assert told.startswith("Among 2,113 entities that made neither, segments explain 14 % of")
    assert "weighed by it 22 %: a difference of +8.0 points (+5.0 to +11.0)" in told
    assert "of +5.0 to +8.0 in 2 splits. Weighing features by it pays." in told
    assert "As many groups by the forecast alone explain 27 %." in told
    assert "agree at 0.60 (0.50 to 0.70)" in told


def test_what_is_lost_and_what_is_chance_are_told_as_such():
    assert "by it tells less." in sentence(Bounded(-0.03, -0.05, -0.01), [-0.03, -0.02])
    assert "is no gain that can be told from chance." in sentence(
        Bounded(0.01, -0.01, 0.03), [0.01, -0.02]
    )
    assert "forecast alone" not in sentence(Bounded(0.01, -0.01, 0.03), [0.01])
