"""The play of each segment: an action, with the figure that justifies it.

What lives here: choosing among a pack's plays for all segments at once, so that actions differ
where they can. What does not: the plays themselves (``packs/*.yaml``) and what is said beside the
action (``lines.py``). A play never promises an uplift: what an action does is known after an
experiment.
"""

from __future__ import annotations

import numpy as np

from segmentry.explain.archetype import score
from segmentry.explain.pack import Pack, Play
from segmentry.explain.reading import Signals
from segmentry.explain.trait import strongest, trait
from segmentry.explain.word import sentence
from segmentry.maths.matching import best_matching

REPEATED = 0.6
"""What a play loses each time it is used again in the same run."""

OBJECTIVE = 0.25
"""What a play gains by serving the project's objective."""

WRITTEN_FOR = 2.0
"""What a play is worth to a segment that is called by an archetype it was written for."""


def choose_plays(
    signals: tuple[Signals, ...],
    pack: Pack,
    *,
    objective: str,
    archetypes: tuple[str | None, ...] | None = None,
) -> tuple[Play, ...]:
    """Choose a play for each segment.

    Parameters
    ----------
    signals : tuple of mapping
        One entry per segment; outcomes may be among them.
    pack : Pack
    objective : str
    archetypes : tuple of str or None, optional
        The archetype that each segment is called by, where it is.

    Returns
    -------
    tuple of Play
    """
    n = len(signals)
    called = archetypes or (None,) * n
    fits = np.array(
        [
            [_fit(play, own, objective, archetype) for play in pack.plays]
            for own, archetype in zip(signals, called, strict=True)
        ]
    )
    # Each play stands once per segment, at a falling worth, so that repeats are possible but dear.
    repeated = np.concatenate([fits - REPEATED * use for use in range(n)], axis=1)
    columns = best_matching(np.round(repeated, 6))
    return tuple(pack.plays[int(j) % len(pack.plays)] for j in columns)


def _fit(play: Play, signals: Signals, objective: str, archetype: str | None) -> float:
    serves = OBJECTIVE if objective in play.objectives else 0.0
    if archetype is not None and archetype in play.archetypes:
        return WRITTEN_FOR + serves
    if play.archetypes and not play.pattern.terms:
        return -100.0
    fitted = score(play.pattern, signals)
    if fitted is None:
        return -100.0
    named = [signals[t.concept] for t in play.pattern.terms if t.concept in signals]
    ahead = float(np.mean([min(s.ahead, 1.0) for s in named])) if named else 0.0
    return fitted * (1.0 + 0.15 * len(named)) + serves * bool(named) + 0.3 * ahead


def reason_for(play: Play, signals: Signals) -> str:
    """Say the figure that calls for a play, as a whole sentence."""
    cited = [signals[key] for key in play.cite if key in signals and signals[key].is_certain]
    chosen = cited or strongest(signals)[:1]
    if not chosen:
        return "No feature tells this segment from everyone, so nothing calls for a special effort."
    return sentence(trait(chosen[0]))
