"""Which of several preparations would be preferred, by what may be compared across spaces.

What lives here: the rule and its sentence. What does not: measuring (``pipeline.preparations``).
Read on in ``docs/methods/preparations.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segmentry.domain.partition import STABLE_ARI
from segmentry.domain.percent import percent
from segmentry.domain.preparations import Prepared
from segmentry.maths.intervals import mean_interval

STEP = 0.02
"""Agreement that is no merit: so much less is as good."""

AS_TELLING = 0.9
"""Part of what the project's own segments tell of the features that others must tell too:
segments that look at fewer features come back more surely."""

RULE = (
    "A preparation passes where its smallest segment is large enough, its largest is no giant, "
    f"seeds agree (adjusted Rand index of {STABLE_ARI:g}) and its segments tell at least "
    f"{AS_TELLING:.0%} of what the project's own tell of the features' ranks. Of those that pass, "
    "the one whose segments come back best leads when entities are drawn again; the project's own "
    "stands where it is as good: the paired interval reaches zero, or at most "
    f"{STEP:g} are missing. Of several as good, the one that tells most of the ranks is preferred."
)


def faults_of(
    row: Prepared, own_told: float, *, min_share: float, max_share: float
) -> tuple[str, ...]:
    """Say why a preparation cannot be preferred.

    Parameters
    ----------
    row : Prepared
    own_told : float
        Share of the ranks that the project's own segments tell.
    min_share, max_share : float
        Smallest and largest share that a segment may have.
    """
    return tuple(_faults(row, own_told, min_share, max_share))


def _faults(row: Prepared, own_told: float, least: float, most: float) -> Iterator[str]:
    if row.smallest_share < least:
        own = percent(row.smallest_share)
        yield f"its smallest segment holds {own}, less than {percent(least)}"
    if row.largest_share > most:
        own = percent(row.largest_share)
        yield f"its largest segment holds {own}, more than {percent(most)}"
    if row.seed_ari < STABLE_ARI:
        yield f"other seeds give other segments ({row.seed_ari:.2f})"
    if row.told < AS_TELLING * own_told:
        yield (
            f"its segments tell {percent(row.told)} of the features' ranks, the project's own "
            f"{percent(own_told)}"
        )


def preferred(rows: Sequence[Prepared]) -> int:
    """Give the place of the preparation that the rule takes.

    Parameters
    ----------
    rows : sequence of Prepared
        The project's own first; ``again`` of all over the same draws.

    Returns
    -------
    int
        0 where none passes.

    Notes
    -----
    Draws are the same for every preparation, so that differences are paired: what a draw makes
    hard for all cancels. Their interval speaks of the draws, not of other data.
    """
    passing = [i for i, row in enumerate(rows) if not row.faults]
    if not passing:
        return 0
    best = max(passing, key=lambda i: (round(float(rows[i].again.mean()), 9), -i))
    good = [i for i in passing if _is_as_good(rows[i], rows[best])]
    return 0 if 0 in good else max(good, key=lambda i: (round(rows[i].told, 9), -i))


def _is_as_good(row: Prepared, best: Prepared) -> bool:
    missing = best.again - row.again
    if float(missing.mean()) <= STEP:
        return True
    return mean_interval(missing)[0] <= 0.0


def preparations_sentence(rows: Sequence[Prepared], place: int) -> str:
    """Say which preparation the rule would take, and that nothing was changed."""
    own, taken = rows[0], rows[place]
    if place == 0:
        why = (
            f"it fails ({'; '.join(own.faults)}), and so does every other"
            if own.faults
            else f"its segments come back at {own.comes_back}, and none that passes comes "
            "back better by more than draws scatter"
        )
        return f"The rule would keep the project's own preparation: {why}."
    against = f", which fails: {'; '.join(own.faults)}" if own.faults else ""
    return (
        f"The rule would take prepare.{taken.name}: its segments come back at {taken.comes_back}, "
        f"the project's own at {own.comes_back}{against}; both agree at "
        f"{taken.own_ari.value:.2f} (adjusted Rand index). Nothing was changed."
    )
