"""Looks are told apart by everyone, and texts can be read on every ground."""

from __future__ import annotations

import itertools
import re
from importlib.resources import files

import numpy as np
import pytest

from segmentry.render.palette import (
    SYMBOLS,
    decal,
    diverging_step,
    diverging_token,
    look_of,
    method_look,
)

TOKENS = files("segmentry.render").joinpath("static/tokens.css").read_text(encoding="utf-8")
PAIRS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", TOKENS
    )
}
THEMES = (0, 1)

# Machado, Oliveira and Fernandes (2009), full severity, on linear RGB.
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> np.ndarray:
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    """WCAG 2's ratio of two colours."""
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Ottosson (2020)."""
    lms = np.cbrt(
        np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        )
        @ np.clip(rgb, 0, 1)
    )
    return (
        np.array(
            [
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ]
        )
        @ lms
    )


def segment_colours(theme: int) -> list[str]:
    return [PAIRS[f"segment-{slot}"][theme] for slot in range(1, 9)]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHT)
def test_segment_colours_are_told_apart_by_every_kind_of_sight(theme, sight):
    seen = [oklab(SIGHT[sight] @ linear(c)) for c in segment_colours(theme)]
    # 0.02 is a just noticeable difference of OKLab; three of them are plain to see side by side.
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 0.06


@pytest.mark.parametrize("theme", THEMES)
def test_marks_stand_out_from_the_surface(theme):
    marks = [
        *segment_colours(theme),
        *(PAIRS[f"series-{number}"][theme] for number in (1, 2, 3)),
        PAIRS["accent"][theme],
        PAIRS["low-3"][theme],
        PAIRS["high-3"][theme],
    ]
    assert min(contrast(c, PAIRS["surface"][theme]) for c in marks) >= 3.0


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "grounds"),
    [
        (
            "ink",
            [
                "paper",
                "surface",
                "sunken",
                "level",
                "low-1",
                "low-2",
                "high-1",
                "high-2",
                "warn-soft",
                "bad-soft",
            ],
        ),
        ("ink-2", ["paper", "surface", "sunken", "warn-soft", "bad-soft"]),
        ("accent", ["paper", "surface"]),
        *((f"on-segment-{slot}", [f"segment-{slot}"]) for slot in range(1, 9)),
        ("on-deep", ["low-3", "low-4", "high-3", "high-4"]),
        ("good", ["surface", "good-soft"]),
        ("warn", ["surface", "warn-soft"]),
        ("bad", ["surface", "bad-soft"]),
    ],
)
def test_every_text_reaches_the_contrast_of_wcag_aa(theme, text, grounds):
    found = {g: contrast(PAIRS[text][theme], PAIRS[g][theme]) for g in grounds}
    assert {g: round(c, 2) for g, c in found.items() if c < 4.5} == {}


def test_a_look_depends_on_the_id_alone_and_repeats_with_another_symbol():
    assert look_of(3) == look_of(3)
    assert look_of(3).colour == look_of(11).colour
    assert look_of(3).symbol != look_of(11).symbol


def test_the_first_eight_segments_differ_in_colour_and_symbol():
    looks = [look_of(i) for i in range(1, 9)]
    assert len({x.colour for x in looks}) == len({x.symbol for x in looks}) == len(SYMBOLS) == 8


def test_methods_are_told_apart_without_their_colours():
    looks = [method_look(i) for i in range(25)]
    assert len({str(look) for look in looks}) == 25
    assert len({str(look[1:]) for look in looks[:5]}) == 5
    assert len({look[0] for look in looks[:5]}) == 5


def test_every_pattern_but_the_first_is_drawn():
    assert decal(0) == {"symbol": "none"}
    assert all("dashArrayY" in decal(n) for n in range(1, 8))


def test_a_tint_is_symmetric_around_zero():
    values = [0.0, 0.1, 0.4, 0.9, 1.4, 7.0]
    assert [diverging_step(-v, 1.5) for v in values] == [-diverging_step(v, 1.5) for v in values]


def test_every_tint_has_a_token_in_both_themes():
    names = [
        diverging_token(step).removeprefix("var(--").removesuffix(")") for step in range(-4, 5)
    ]
    assert [n for n in names if n not in PAIRS] == []
