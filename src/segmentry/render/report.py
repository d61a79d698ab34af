"""The report: one self-contained page out of a run's documents.

What lives here: putting view, figures, style and scripts into one HTML text under a content
policy that lets nothing else run or load. What does not: wording (``view``), looks
(``static``, ``echarts``) and layout (``templates``).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from segmentry.render import audit_view, echarts, figures, view
from segmentry.render import format as fmt
from segmentry.render.glossary import GLOSSARY, anchor

if TYPE_CHECKING:
    from jinja2 import Environment


CHART_SCRIPT = "vendor/echarts.min.js"
STYLES = ("static/tokens.css", "static/report.css")
EARLY_SCRIPT = 'document.documentElement.classList.add("js");'
"""Runs before the first paint, so that readers without scripts get every table open."""


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
    documents = _without_repeats(documents)
    charts = _charts(documents)
    scripts = _scripts()
    style = "\n".join(_asset(name) for name in STYLES)
    page = _environment().get_template("report.html.j2")
    return page.render(
        **_context(documents),
        figures={chart.key: chart for chart in charts},
        choice=[c for c in charts if c.key.startswith("choice-")],
        outcomes=[c for c in charts if c.key.startswith("outcome-")],
        chart_data=_json({c.key: _drawing(c) for c in charts}),
        style=style,
        scripts=scripts,
        early_script=EARLY_SCRIPT,
        policy=_policy(style, (EARLY_SCRIPT, *scripts.values())),
    )


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


def _charts(documents: Mapping[str, Any]) -> list[Any]:
    summary, segments = documents["summary"], documents["segments"]["segments"]
    _, entities = fmt.entity_nouns(str(summary["project"].get("entity") or "entity"))
    evidence, candidates = documents.get("evidence", {}), documents.get("candidates", {})
    found = (
        figures.size_and_value(segments, entities),
        figures.heatmap(segments),
        figures.snake(segments),
        figures.map_of(summary, segments),
        *figures.outcomes(segments),
        *figures.choice(candidates),
        figures.structure(evidence),
    )
    return [chart for chart in found if chart is not None]


def _context(documents: Mapping[str, Any]) -> dict[str, Any]:
    summary = documents["summary"]
    evidence, audit = documents.get("evidence", {}), documents.get("audit", {})
    return {
        "opening": view.opening(documents),
        "cards": view.cards(documents),
        "candidates": documents.get("candidates", {}),
        "candidates_table": view.candidates_table(documents.get("candidates", {})),
        "structure": evidence.get("structure", {}),
        "checks": view.checks_table(evidence),
        "facts": audit_view.facts(audit),
        "findings": audit_view.findings(audit),
        "features": audit_view.features_table(summary, audit),
        "timings": audit_view.timings_table(documents.get("timings", {})),
        "summary": summary,
        "glossary": GLOSSARY,
    }


def _drawing(chart: Any) -> dict[str, Any]:
    return {"height": echarts.height(chart), "option": echarts.option(chart)}


@cache
def _asset(name: str) -> str:
    return files("segmentry.render").joinpath(name).read_text(encoding="utf-8")


def _scripts() -> dict[str, str]:
    """Give the scripts of the page; without the fetched one, tables stand in for the charts."""
    ours = _asset("static/report.js")
    try:
        return {"charts": _asset(CHART_SCRIPT), "ours": ours}
    except FileNotFoundError:
        return {"ours": ours}


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("segmentry.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        fmt_date=fmt.date, anchor=anchor, share=fmt.share, plain=fmt.plain, sentence=fmt.sentence
    )
    environment.globals["glossary"] = GLOSSARY
    return environment


def _json(data: object) -> str:
    """Write JSON that may stand inside a script element, whatever names it holds."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _policy(style: str, scripts: tuple[str, ...]) -> str:
    """Allow exactly this style and these scripts, and no request at all."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {' '.join(_hash(s) for s in scripts)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
