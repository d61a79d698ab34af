"""The report: one self-contained page out of a run's documents.

What lives here: which views and figures the report is made of. What does not: how a page is put
together (``page``), wording (``opening``, ``cards``, ``trust`` and others), looks (``static``,
``echarts``) and layout (``templates``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmentry.domain.evidence import DISSOLVED_JACCARD, STABLE_JACCARD
from segmentry.render import (
    audit_view,
    compare,
    echarts,
    existing_view,
    features_view,
    figures,
    figures_course,
    figures_evidence,
    micro_view,
    mistakes_view,
    preparing_view,
    reshaped_view,
    trust,
)
from segmentry.render import format as fmt
from segmentry.render.cards import cards
from segmentry.render.chart import Chart
from segmentry.render.doors import doors
from segmentry.render.feature_words import names
from segmentry.render.opening import opening
from segmentry.render.page import json_text, render_page
from segmentry.render.prose import entity_words, prose, rule_words

SENTENCES = {"sentence", "reason", "rationale", "warnings", "rule", "done", "traits"}
"""Keys of the documents whose texts are whole sentences."""

VIEW_OF = {"radar": "snake"}
"""Charts that the page shows as one more picture of another, whose table has their figures."""

SCRIPTS = ("static/doors.js", "static/charts.js", "static/compare.js")


def render_report(documents: Mapping[str, Any]) -> str:
    """Render a run's documents as one HTML page that needs nothing beside itself.

    Parameters
    ----------
    documents : mapping
        ``summary`` and ``segments``; further ``candidates``, ``evidence``, ``audit`` and
        ``timings``, of which any may be absent or lack keys.

    Returns
    -------
    str
        HTML of at most 2 MB, with style, scripts and data inside.
    """
    documents = _in_words(_without_repeats(documents))
    groups = _charts(documents)
    drawn = {c.key: echarts.drawings(c) for charts in groups.values() for c in charts}
    for key, shown_in in VIEW_OF.items():
        if key in drawn:
            drawn[shown_in] = (*drawn[shown_in], *drawn.pop(key))
    compared = compare.comparison(documents)
    data = {
        key: [{"height": d.height, "option": d.option} for d in pictures]
        for key, pictures in drawn.items()
    }
    context = {
        **_context(documents),
        "figures": {c.key: c for c in groups["single"]},
        "choice": groups["choice"],
        "outcomes": groups["outcomes"],
        **{
            f"{part}_charts": list(
                zip(groups[part], trust.heldout_notes(documents, part), strict=True)
            )
            for part in trust.HELD_OUT
        },
        "views": {key: [d.name for d in pictures] for key, pictures in drawn.items()},
        "compared": compared,
        "chart_data": json_text(data),
        "compare_data": json_text(compared),
    }
    return render_page("report.html.j2", context, scripts=SCRIPTS)


def charts_of(documents: Mapping[str, Any]) -> dict[str, tuple[Chart, ...]]:
    """Give the charts of a run's documents: ``single`` ones by their keys, and groups of a kind."""
    return _charts(_in_words(_without_repeats(documents)))


def _without_repeats(documents: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out category levels that preparation found to mark the same entities as another.

    Shown, they would fill the tables with one finding under many names; the audit lists them.
    """
    left_out = documents.get("audit", {}).get("recipe", {}).get("left_out", ())
    repeats = {x["column"] for x in left_out}
    segments = [
        {
            **segment,
            "contrasts": [
                c
                for c in segment.get("contrasts", ())
                if f"{c['feature']}={c.get('level')}" not in repeats
            ],
        }
        for segment in documents["segments"]["segments"]
    ]
    return {**documents, "segments": {**documents["segments"], "segments": segments}}


def _in_words(documents: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name segments and features in sentences that were written before they had names."""
    known = names(documents["segments"]["segments"])
    features = [str(f["name"]) for f in documents["summary"].get("features", ())]

    def told(value: Any, key: str, *, is_evidence: bool) -> Any:
        if key == "naming" and "reason" in value:
            return {**value, "reason": rule_words(prose(value["reason"], known), features)}
        if isinstance(value, Mapping):
            return {k: told(v, k, is_evidence=is_evidence) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [told(v, key, is_evidence=is_evidence) for v in value]
        if not isinstance(value, str):
            return value
        if key == "rule" and is_evidence:
            return rule_words(value, features)
        return prose(value, known) if key in SENTENCES else value

    shown = {
        k: told(documents[k], "", is_evidence=k == "evidence")
        for k in ("evidence", "candidates", "audit", "segments")
        if k in documents
    }
    summary = documents["summary"]
    _, entities = fmt.entity_nouns(str(summary["project"].get("entity") or "entity"))
    headline = [entity_words(s, entities) for s in summary.get("headline", ())]
    return {**documents, **shown, "summary": {**summary, "headline": headline}}


def _charts(documents: Mapping[str, Any]) -> dict[str, tuple[Chart, ...]]:
    """Give the charts: those with a place of their own, and groups of a kind."""
    summary, segments = documents["summary"], documents["segments"]["segments"]
    entity, entities = fmt.entity_nouns(str(summary["project"].get("entity") or "entity"))
    evidence = documents.get("evidence", {})
    single = (
        figures.size_and_value(segments, summary, entities),
        figures.heatmap(segments, summary),
        figures.snake(segments),
        figures.radar(segments),
        figures.map_of(summary, segments, entities),
        figures_evidence.structure(evidence),
        figures_evidence.silhouettes(evidence, segments),
        figures_evidence.stability(evidence, segments),
        figures_evidence.merging(evidence, segments),
        figures_course.retention(evidence, segments, entities),
        figures_course.value(evidence, segments, summary, entity),
    )
    return {
        "single": tuple(c for c in single if c is not None),
        "choice": figures_evidence.choice(documents.get("candidates", {})),
        "outcomes": figures_evidence.outcomes(segments),
        **{
            part: figures_evidence.heldout(evidence, segments, summary, part)
            for part in trust.HELD_OUT
        },
    }


def _context(documents: Mapping[str, Any]) -> dict[str, Any]:
    summary, segments = documents["summary"], documents["segments"]["segments"]
    evidence, audit = documents.get("evidence", {}), documents.get("audit", {})
    candidates = documents.get("candidates", {})
    return {
        "opening": opening(documents),
        "cards": cards(documents),
        "doors": doors(documents),
        "candidates": candidates,
        "candidates_table": trust.candidates_table(candidates),
        "methods": figures_evidence.methods(candidates),
        "methods_table": trust.methods_table(candidates),
        "evidence": evidence,
        "jaccard": {"stable": STABLE_JACCARD, "dissolved": DISSOLVED_JACCARD},
        "answers": trust.answers(documents),
        "segment_names": names(segments),
        "rules": trust.rules_table(evidence, segments),
        "baseline": trust.baseline_table(documents),
        "existing": existing_view.existing_view(documents),
        "micro": micro_view.micro_view(documents),
        "reshaped": reshaped_view.reshaped_view(documents),
        "checks": trust.checks_table(evidence),
        "mistakes": mistakes_view.mistakes_view(evidence.get("mistakes", ())),
        "facts": audit_view.facts(audit),
        "findings": audit_view.findings(audit),
        "features": features_view.features_table(summary, audit),
        "folded": preparing_view.folded_tables(audit, evidence),
        "timings": audit_view.timings_table(documents.get("timings", {})),
        "summary": summary,
    }
