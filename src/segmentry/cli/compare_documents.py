"""What ``segmentry compare --json`` prints: each table as one document for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segmentry.domain.comparison import Comparison, Sensitivity
    from segmentry.domain.guidance import Guided
    from segmentry.domain.overtime import OverTime
    from segmentry.domain.preparations import Preparations


def as_document(found: Comparison) -> dict[str, Any]:
    """Give a comparison as a machine reads it; a figure that is not there is in ``missing``."""
    return {
        "format": 1,
        "n_entities": found.n_entities,
        "n_searched": found.n_searched,
        "rows": [
            {
                "method": r.method,
                "n_segments": r.n_segments,
                "choice": r.is_choice,
                "kept": r.is_kept,
                "front": r.is_on_front,
                "figures": dict(r.figures),
                "missing": dict(r.missing),
                "segments_jaccard": list(r.jaccards),
                "faults": list(r.faults),
                "reason": r.reason,
            }
            for r in found.rows
        ],
        "left_out": dict(found.left_out),
        "front_by": list(found.front_by),
        "agreement": {
            "candidates": list(found.agreeing),
            "ari": [[round(float(v), 6) for v in row] for row in found.agreement],
        },
        "outcome": found.outcome or None,
        "sentence": found.sentence,
        "notes": list(found.notes),
    }


def sensitivity_document(found: Sensitivity) -> dict[str, Any]:
    """Give variations as a machine reads them; one without figures says why in ``missing``."""
    return {
        "format": 1,
        "n_entities": found.n_entities,
        "n_searched": found.n_searched,
        "method": found.method,
        "n_segments": found.n_segments,
        "shares": list(found.shares),
        "variations": [
            {name: value for name, value in row.items() if value not in (None, "", [])}
            for row in found.table
        ],
        "sentence": found.sentence,
        "notes": list(found.notes),
    }


def over_time_document(found: OverTime) -> dict[str, Any]:
    """Give earlier cuts as a machine reads them; what could not be measured is null."""
    return {
        "format": 1,
        "n_entities": found.n_entities,
        "method": found.method,
        "n_segments": found.n_segments,
        "as_of": found.as_of.isoformat(),
        "shares": list(found.shares),
        "cuts": [s.as_dict() for s in found.slices],
        "sentence": found.sentence,
        "notes": list(found.notes),
    }


def guided_document(found: Guided) -> dict[str, Any]:
    """Give guided and plain segments as a machine reads them."""
    return {
        "format": 1,
        "outcome": found.outcome,
        "basis": found.basis,
        "method": found.method,
        "n_segments": found.n_segments,
        "n_learned": found.n_learned,
        "n_held_out": found.n_held_out,
        "correlation": found.correlation,
        "features": [g.as_dict() for g in found.guides],
        "plain": found.plain.as_dict(),
        "guided": found.guided.as_dict(),
        "gain": found.gain.as_dict(),
        "gains": list(found.gains),
        "forecast": None if found.forecast is None else found.forecast.as_dict(),
        "agreement_ari": found.agreement.as_dict(),
        "sentence": found.sentence,
        "notes": list(found.notes),
    }


def preparations_document(found: Preparations) -> dict[str, Any]:
    """Give preparations as a machine reads them; those without a row say why in ``left_out``."""
    from segmentry.judge.preparations import RULE

    return {
        "format": 1,
        "n_entities": found.n_entities,
        "n_searched": found.n_searched,
        "method": found.method,
        "n_segments": found.n_segments,
        "rows": [
            {"preferred": i == found.preferred, **row.as_dict()} for i, row in enumerate(found.rows)
        ],
        "left_out": dict(found.left_out),
        "rule": RULE,
        "sentence": found.sentence,
        "notes": list(found.notes),
    }
