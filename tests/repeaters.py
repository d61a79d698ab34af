"""People who buy at random until they stop, drawn as the story tells it and not by any formula."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CDNOW = (0.243, 4.414, 0.793, 2.426)
"""The published r, alpha, a and b of the CDNOW sample, in weeks."""


@dataclass(frozen=True)
class Drawn:
    """What was seen until the cut, and what followed it."""

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    is_active: np.ndarray
    bought: np.ndarray


def drawn_buyers(
    rng: np.random.Generator,
    T: np.ndarray,
    *,
    horizon: float = 0.0,
    r: float = CDNOW[0],
    alpha: float = CDNOW[1],
    a: float = CDNOW[2],
    b: float = CDNOW[3],
) -> Drawn:
    """Draw each entity's rate and chance to stop, and then purchase after purchase."""
    n = len(T)
    rate, chance = rng.gamma(r, 1.0 / alpha, n), rng.beta(a, b, n)
    x, t_x, now, bought = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    is_active, running = np.ones(n, dtype=bool), np.arange(n)
    while len(running):
        # A rate of nearly nothing waits for ever, which no number is large enough for.
        with np.errstate(divide="ignore", over="ignore"):
            now[running] += rng.exponential(size=len(running)) / rate[running]
        running = running[now[running] <= T[running] + horizon]
        before = running[now[running] <= T[running]]
        x[before] += 1
        t_x[before] = now[before]
        bought[running[now[running] > T[running]]] += 1
        stops = rng.random(len(running)) < chance[running]
        is_active[running[stops & (now[running] <= T[running])]] = False
        running = running[~stops]
    return Drawn(x, t_x, T, is_active, bought)


def drawn_means(
    rng: np.random.Generator,
    x: np.ndarray,
    *,
    p: float = 6.25,
    q: float = 3.74,
    gamma: float = 15.44,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the mean value of so many purchases of each entity, and the true mean behind it."""
    scale = rng.gamma(q, 1.0 / gamma, len(x))
    means = rng.gamma(p * x) / (scale * x)
    return means, p / scale
