"""Whether weighing features by an outcome pays: the sentence about two partitions.

What lives here: the verdict and its words. What does not: the figures (``pipeline.guided``).
Read on in ``docs/methods/guided.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

from segmentry.domain.bounded import Bounded
from segmentry.domain.guidance import Side
from segmentry.domain.percent import percent


def pays(gain: Bounded, gains: Sequence[float]) -> bool:
    """Say whether the guided segments tell more of the outcome beyond chance and in every split."""
    return gain.low > 0.0 and min(gains) > 0.0


def guided_sentence(
    outcome: str,
    sides: tuple[Side, Side],
    gain: Bounded,
    gains: Sequence[float],
    *,
    forecast: Bounded | None,
    agreement: Bounded,
    n_held_out: int,
) -> str:
    """Say what weighing by an outcome brings, and what it takes.

    Parameters
    ----------
    outcome : str
    sides : tuple of Side
        On features as they are, and guided.
    gain : Bounded
    gains : sequence of float
        Of every split.
    forecast : Bounded or None
    agreement : Bounded
    n_held_out : int
    """
    plain, guided = sides
    if pays(gain, gains):
        verdict = "Weighing features by it pays"
    elif gain.high < 0.0 and max(gains) < 0.0:
        verdict = "Weighing features by it tells less"
    else:
        verdict = "Weighing features by it is no gain that can be told from chance"
    alone = ""
    if forecast is not None:
        alone = f" As many groups by the forecast alone explain {percent(forecast.value)}."
    return (
        f"Among {n_held_out:,} entities that made neither, segments explain "
        f"{percent(plain.explained.value)} of the variance of {outcome!r}, those on features "
        f"weighed by it {percent(guided.explained.value)}: a difference of {_points(gain.value)} "
        f"points ({_points(gain.low)} to {_points(gain.high)}), and of {_points(min(gains))} to "
        f"{_points(max(gains))} in {len(gains)} splits. {verdict}.{alone} Both partitions agree at "
        f"{agreement} (adjusted Rand index); in the space of the features as they are the guided "
        f"one has the silhouette {guided.silhouette_plain.value:.2f}, the other "
        f"{plain.silhouette_plain.value:.2f}."
    )


def _points(share: float) -> str:
    return f"{100.0 * share:+.1f}"
