"""RFM scores: recency, frequency and monetary value in classes of equal size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.feature import INSTANT, FeatureSpec
from segmentry.domain.formula import Learned
from segmentry.domain.role import Facet
from segmentry.features.catalogue import CATALOGUE
from segmentry.features.derived.family import Known, Unfit, Values
from segmentry.maths.scores import even_borders, scored

N_SCORES = 5
NAME = "rfm"
_SOURCE = "Hughes, A. M. (1994). Strategic Database Marketing. Probus"
_OF = {"r_score": "recency_days", "f_score": "n_events", "m_score": "value_total"}
_SAID = {
    "r_score": ("how lately the entity was seen: 5 the latest fifth", Facet.LOYALTY),
    "f_score": ("how often the entity was seen: 5 the most frequent fifth", Facet.ENGAGEMENT),
    "m_score": ("how much the entity is worth: 5 the most valuable fifth", Facet.VALUE),
}
_TIES = ", ties kept together and no score left empty"


class Rfm:
    """Scores from 1 to 5, borders learned from all entities."""

    name = NAME
    meaning = None
    features = (
        *(
            FeatureSpec(
                name,
                Learned(NAME),
                facet,
                "score",
                sentence + _TIES,
                "no event has a known amount" if name == "m_score" else "never missing",
                objectives=("retention", "revenue"),
                aspect=f"{NAME} scores",
                is_core=False,
                source=_SOURCE,
                also_needs=(INSTANT, *(("amount",) if name == "m_score" else ())),
            )
            for name, (sentence, facet) in _SAID.items()
        ),
        FeatureSpec(
            "rfm_score",
            Learned(NAME),
            Facet.VALUE,
            "score",
            "sum of the recency, frequency and monetary scores",
            "no event has a known amount",
            objectives=("retention", "revenue"),
            aspect=f"{NAME} scores",
            refines=True,
            is_core=False,
            source=_SOURCE,
            also_needs=(INSTANT, "amount"),
        ),
    )

    def inputs(self, known: Known) -> tuple[FeatureSpec, ...]:
        """Give recency, frequency, and value where events have an amount."""
        wanted = set(_OF.values()) - (set() if "amount" in known.fields else {"value_total"})
        return tuple(s for s in CATALOGUE if s.name in wanted)

    def fit(self, values: Values, known: Known) -> Mapping[str, Any]:
        """Learn the borders."""
        del known
        model = {}
        for score, feature in _OF.items():
            if feature in values:
                # A short time since the last event is the good end.
                column = -values[feature] if score == "r_score" else values[feature]
                model[score] = even_borders(column, N_SCORES).tolist()
        if not any(model.values()):
            msg = "all entities are alike in recency, frequency and value"
            raise Unfit(msg)
        return model

    def inputs_of(self, model: Mapping[str, Any]) -> tuple[FeatureSpec, ...]:
        """Give the features that have borders."""
        wanted = {_OF[score] for score in _checked(model)}
        return tuple(s for s in CATALOGUE if s.name in wanted)

    def apply(self, model: Mapping[str, Any], values: Values) -> dict[str, NDArray[np.float64]]:
        """Score each entity."""
        found = {}
        for score, borders in _checked(model).items():
            column = values[_OF[score]]
            found[score] = scored(-column if score == "r_score" else column, borders)
        if len(found) == len(_OF):
            found["rfm_score"] = np.sum(list(found.values()), axis=0)
        return found

    def sentences(self, model: Mapping[str, Any]) -> Mapping[str, str]:
        """Say nothing new: the borders are in the model."""
        del model
        return {}


def _checked(model: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    if not model or not set(model) <= set(_OF):
        msg = f"borders of unknown scores: {sorted(set(model) - set(_OF))}"
        raise ValueError(msg)
    found = {name: np.array(borders, dtype=np.float64) for name, borders in model.items()}
    for name, borders in found.items():
        if borders.ndim != 1 or len(borders) >= N_SCORES or not np.isfinite(borders).all():
            msg = f"the borders of {name!r} are not at most {N_SCORES - 1} numbers"
            raise ValueError(msg)
        if (np.diff(borders) <= 0).any():
            msg = f"the borders of {name!r} do not rise"
            raise ValueError(msg)
    return found
