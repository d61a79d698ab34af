"""Values as the plain documents of a run folder. Keys that cannot be filled are absent."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

import numpy as np
from numpy.random import Generator

from segmentry import __version__
from segmentry.cluster.catalogue import Tried
from segmentry.domain.audit import Audit
from segmentry.domain.evidence import Check, Evidence
from segmentry.domain.existing import Crossing, Existing, Split
from segmentry.domain.judging import Heldout
from segmentry.domain.matrix import Matrix
from segmentry.domain.mistake import Mistake, as_data
from segmentry.domain.notes import Gaps, Notes, Validation
from segmentry.domain.partition import Candidate, Selection
from segmentry.domain.profile import Profile
from segmentry.domain.project import Project
from segmentry.domain.recipe import Recipe
from segmentry.domain.reduction import Component
from segmentry.domain.table import FeatureTable
from segmentry.judge.select import RULE
from segmentry.maths.suppression import FEWEST_TOLD
from segmentry.pipeline.maps import map_document
from segmentry.stores.documents import plain

FORMAT = 1
PARTS = (
    "stability",
    "silhouettes",
    "surrogate",
    "discriminant",
    "baseline",
    "significance",
    "micro",
    "health",
    "merging",
    "heldout_columns",
)
"""Parts of the evidence that a run may lack."""


def segments_document(profiles: tuple[Profile, ...]) -> dict[str, Any]:
    """Give ``segments.json``."""
    segments = []
    for profile in profiles:
        facts = plain(profile)
        action, reason = facts.pop("action"), facts.pop("action_reason")
        lines = facts.pop("playbook", None)
        facts = {"id": facts.pop("segment_id"), "name": profile.name, **facts}
        if not facts["business"]:
            del facts["business"]
        facts["playbook"] = {"action": action, "reason": reason}
        if lines:
            facts["playbook"]["lines"] = lines
        segments.append(facts)
    return {"format": FORMAT, "segments": segments}


def candidates_document(
    selection: Selection, methods: tuple[Tried, ...] = (), rationale: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Give ``candidates.json``."""
    found: dict[str, Any] = {
        "format": FORMAT,
        "chosen": selection.chosen.name,
        "reason": selection.reason,
        "rule": RULE,
        "n_rows": len(selection.rows),
        "candidates": [_candidate(c) for c in selection.candidates],
    }
    if methods:
        found["methods"] = [{"name": m.name, "reason": m.reason} for m in methods]
    if rationale:
        found["rationale"] = list(rationale)
    return found


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "name": candidate.name,
        "method": candidate.partition.method,
        "n_segments": candidate.n_segments,
        # An index may be infinite (identical rows in every cluster): it is then absent.
        "scores": {k: float(v) for k, v in candidate.scores.items() if np.isfinite(v)},
        "shortlisted": candidate.shortlisted,
        "kept": candidate.kept,
        "reason": candidate.reason,
    }


def evidence_document(
    evidence: Evidence,
    heldout: Heldout | None = None,
    validation: Validation | None = None,
    mistakes: tuple[Mistake, ...] = (),
) -> dict[str, Any]:
    """Give ``evidence.json``."""
    found = {
        "format": FORMAT,
        "structure": plain(evidence.structure),
        "checks": [_check(c) for c in evidence.checks],
        "warnings": list(evidence.warnings),
        "confidence": "share that keeps its segment",
    }
    for name in PARTS:
        part = getattr(evidence, name)
        if part is not None:
            found[name] = plain(part)
    if evidence.stability is not None:
        for told, segment in zip(
            found["stability"]["segments"], evidence.stability.segments, strict=True
        ):
            told["verdict"] = str(segment.verdict)
    if evidence.existing is not None:
        found["existing"] = _existing(evidence.existing)
    if heldout is not None:
        found["heldout"] = plain(heldout)
        # Of each segment it stands in segments.json.
        del found["heldout"]["business"]
    if validation is not None:
        found["validation"] = plain(validation)
    if mistakes:
        found["mistakes"] = [as_data(m) for m in mistakes]
    return found


def _existing(existing: Existing) -> dict[str, Any]:
    """Tell the cross-table by cells; one that is withheld tells neither count nor share.

    Nor does anything else tell it: indices have no more digits here than in sentences, as one with
    all of its digits is that of a single table.
    """
    found = {f.name: getattr(existing, f.name) for f in fields(existing)}
    table: Crossing = found.pop("crossing")
    if existing.n_folded < FEWEST_TOLD:
        del found["n_folded"]
    for name in ("adjusted_rand", "low", "high", "mutual_information"):
        found[name] = round(getattr(table, name), 2)
    shares = table.row_shares.tolist()
    found["rows"] = [
        {
            "name": name,
            "n": sum(own),
            "cells": [
                _cell(i, c)
                for i, c in zip(table.segment_ids, zip(*cells, strict=True), strict=True)
            ],
        }
        for name, own, *cells in zip(
            table.existing, table.counts, table.counts, shares, table.withheld, strict=True
        )
    ]
    found |= {
        "splits": [_split(s) for s in table.splits],
        "hidden": [_split(s) for s in table.hidden],
        "n_compared": table.n_compared,
        "n_without": table.n_without,
        "agreement": table.sentence,
    }
    result: dict[str, Any] = plain(found)
    return result


def _cell(segment: int, facts: tuple[int, float, bool]) -> dict[str, Any]:
    n, share, is_withheld = facts
    return {"id": segment} if is_withheld else {"id": segment, "n": n, "share": share}


def _split(split: Split) -> dict[str, Any]:
    parts = [{"segment": p, "share": s} for p, s in zip(split.parts, split.shares, strict=True)]
    found = {"whole": split.whole, "parts": parts, "differences": split.differences}
    return {**found, "sentence": split.sentence}


def _check(check: Check) -> dict[str, Any]:
    return {**plain(check), "verdict": str(check.verdict)}


def audit_document(audit: Audit, recipe: Recipe, notes: Notes | None = None) -> dict[str, Any]:
    """Give ``audit.json``."""
    found = {
        "format": FORMAT,
        "facts": plain(audit.facts),
        "findings": [plain(f) for f in audit.findings],
        "recipe": plain(recipe),
    }
    if recipe.reduction is not None:
        found["components"] = [_component(c, recipe) for c in recipe.reduction.components]
    if notes is not None:
        told = plain(notes)
        if notes.gaps is not None:
            told["gaps"] = _gaps(notes.gaps)
        found |= told
    return found


def _component(component: Component, recipe: Recipe) -> dict[str, Any]:
    return {
        "name": component.name,
        "explained": component.explained,
        "sentence": component.sentence,
        "loadings": dict(zip(recipe.prepared_names, component.loadings, strict=True)),
    }


def _gaps(gaps: Gaps) -> dict[str, Any]:
    return {
        "mean_share": gaps.mean_share,
        "columns": [{"column": c, "share": s} for c, s in gaps.columns],
        "entities": [{"share_of_features": f, "share": s} for f, s in gaps.entities],
    }


def summary_document(  # noqa: PLR0913 - the opening page draws on everything
    project: Project,
    table: FeatureTable,
    matrix: Matrix,
    evidence: Evidence,
    *,
    fingerprint: str,
    created_at: datetime,
    headline: tuple[str, ...],
    value_feature: str | None,
    segment: np.ndarray[Any, np.dtype[np.int64]],
    rng: Generator,
) -> dict[str, Any]:
    """Give ``summary.json``: what the opening page and other programs need first."""
    facts = {
        "format": FORMAT,
        "project": {
            "name": project.name,
            "entity": project.entity,
            "objective": project.objective,
            "decision": project.decision,
            "currency": project.currency,
            "time_zone": project.time_zone,
        },
        "version": __version__,
        "created_at": created_at,
        "as_of": table.as_of,
        "n_entities": table.n_entities,
        "n_features": len(set(matrix.features)),
        "fingerprint": fingerprint,
        "verdict": str(evidence.structure.verdict),
        "value_feature": value_feature,
        "headline": headline,
        "matrix_columns": matrix.names,
        "features": [plain(c) for c in table.columns],
        "map": map_document(matrix, segment, rng),
    }
    result: dict[str, Any] = plain(facts)
    return result
