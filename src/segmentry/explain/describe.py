"""The way in: a table, a matrix and the assigner's answers become one profile per segment.

What lives here: putting figures and words together. What does not: how either is made
(``contrast.py``, ``outcome.py``, ``name.py``, ``trait.py``, ``playbook.py``, ``lines.py``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.assigner import Answers
from segmentry.domain.matrix import Matrix
from segmentry.domain.profile import Known, Profile
from segmentry.domain.table import FeatureTable
from segmentry.explain.contrast import measure
from segmentry.explain.lines import playbook_lines
from segmentry.explain.name import name_segments
from segmentry.explain.outcome import outcome_measures, outcome_rates, overlay_shares
from segmentry.explain.playbook import choose_plays, reason_for
from segmentry.explain.reading import choose_pack, read_signals
from segmentry.explain.trait import traits
from segmentry.explain.word import plural_noun, sentence


def profile_segments(  # noqa: PLR0913 - keyword-only, each with a role of its own
    table: FeatureTable,
    matrix: Matrix,
    answers: Answers,
    *,
    segment_ids: tuple[int, ...],
    silhouettes: NDArray[np.float64],
    objective: str,
    value_feature: str | None,
    rng: np.random.Generator,
    entity: str | None = None,
    has_other_events: bool = False,
    known: Known | None = None,
) -> tuple[Profile, ...]:
    """Describe every segment: figures, name, traits, outcomes, action, playbook.

    Parameters
    ----------
    table : FeatureTable of n rows
        Unscaled features with their roles.
    matrix : Matrix of the same n rows
        The prepared features that shaped the segments.
    answers : Answers of n rows
    segment_ids : tuple of int
        Stable id of each segment, in the index order of ``answers.segment``.
    silhouettes : ndarray of shape (n_segments,)
    objective : str
        The project's objective: it leans names' words and actions.
    value_feature : str or None
        The number column whose sum is shared out among segments; one that is not in the table, or
        does not sum to more than 0, gives no value shares.
    rng : numpy.random.Generator
        For the bootstrap of outcome means.
    entity : str, optional
        The project's word for an entity, for the noun in names.
    has_other_events : bool
        Whether the events are not all purchases.
    known : Known or None
        What segments of these ids were called by the rule in an earlier release.

    Returns
    -------
    tuple of Profile
        In the order of ``segment_ids``.
    """
    n_segments, segment = len(segment_ids), answers.segment
    pack = choose_pack(
        (c.name for c in table.columns),
        objective=objective,
        entity=entity,
        has_other_events=has_other_events,
    )
    noun = plural_noun(entity) or pack.noun
    measures = measure(table, matrix, segment, n_segments)
    signals = read_signals(measures, pack)
    sizes = np.bincount(segment, minlength=n_segments)
    happened = outcome_measures(table, segment, n_segments)
    with_outcomes = read_signals(
        tuple(m + o for m, o in zip(measures, happened, strict=True)), pack
    )
    namings = name_segments(
        signals,
        pack,
        noun=noun,
        sizes=tuple(int(s) for s in sizes),
        happened=with_outcomes,
        objective=objective,
        known=() if known is None else tuple(known.namings.get(i) for i in segment_ids),
        number=0 if known is None else known.number,
    )
    plays = choose_plays(
        with_outcomes, pack, objective=objective, archetypes=tuple(n.archetype for n in namings)
    )
    rates = outcome_rates(table, segment, n_segments, rng)
    overlays = overlay_shares(table, segment, n_segments)
    values = _values(table, value_feature, segment, n_segments)
    confidences = [_mean(answers.confidence, segment == s) for s in range(n_segments)]
    everyone = max(len(segment), 1)
    return tuple(
        Profile(
            segment_id=segment_ids[s],
            naming=namings[s],
            size=int(sizes[s]),
            share=float(sizes[s] / everyone),
            value_share=values[s][0],
            value_total=values[s][1],
            mean_confidence=confidences[s],
            anomaly_share=_mean(answers.anomaly.astype(np.float64), segment == s),
            silhouette=float(silhouettes[s]),
            contrasts=tuple(m.contrast for m in measures[s]),
            traits=traits(signals[s], share=float(sizes[s] / everyone), value_share=values[s][0]),
            outcomes=rates[s],
            overlays=overlays[s],
            action=sentence(plays[s].action),
            action_reason=reason_for(plays[s], with_outcomes[s]),
            playbook=playbook_lines(
                plays[s],
                pack,
                with_outcomes[s],
                share=float(sizes[s] / everyone),
                value_share=values[s][0],
                mean_confidence=confidences[s],
            ),
        )
        for s in range(n_segments)
    )


def _mean(values: NDArray[np.float64], members: NDArray[np.bool_]) -> float:
    return float(values[members].mean()) if members.any() else 0.0


def _values(
    table: FeatureTable, feature: str | None, segment: NDArray[np.int64], n_segments: int
) -> list[tuple[float | None, float | None]]:
    """Share out the total of the value feature; nothing where there is none to share."""
    if feature is None or feature not in table.data.column_names:
        return [(None, None)] * n_segments
    amounts = np.nan_to_num(table.numbers(feature), nan=0.0)
    totals = np.bincount(segment, weights=amounts, minlength=n_segments)
    whole = float(amounts.sum())
    return [(float(t) / whole if whole > 0 else None, float(t)) for t in totals]
