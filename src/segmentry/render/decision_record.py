"""The decision record of a release as Markdown: what was decided, on what, and with what limits.

What lives here: the wording of what was kept when the release was made. What does not: what became
of it since (``segmentry releases show``). So the same record has the same bytes whenever it is
written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from segmentry.domain.lifecycle import Kinship, Registered
from segmentry.render import format as fmt

Papers = Mapping[str, Mapping[str, Any]]

HASHES = {"data": "data", "query": "features as text", "config": "project"}


def decision_record(
    release: Registered, papers: Papers, descents: Iterable[Kinship], parent: int | None
) -> str:
    """Write the record.

    Parameters
    ----------
    release : Registered
    papers : mapping
        What was kept of it.
    descents : iterable of Kinship
    parent : int or None
        Number of the release that its segments were matched to.

    Returns
    -------
    str
        Markdown.
    """
    parts = (
        _head(release, papers),
        _features(papers["audit"]),
        _candidates(papers["candidates"]),
        _segments(papers["segments"], descents, parent),
        _verdicts(papers["evidence"]),
        _limits(papers["evidence"]),
        _made_of(release),
    )
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _head(release: Registered, papers: Papers) -> list[str]:
    summary = papers["summary"]
    project = summary["project"]
    as_of = "no cut in time" if release.as_of is None else f"{release.as_of:%Y-%m-%d %H:%M} UTC"
    rows = {
        "objective": project["objective"],
        "decision it serves": project["decision"] or "not said",
        "window": f"features look before {as_of}" if release.as_of else as_of,
        "entities": f"{release.n_entities:,} (one is a {project['entity']})",
        "made": f"{release.made_at:%Y-%m-%d %H:%M:%S} UTC by run {release.run}",
    }
    return [
        f"# Release {release.number} of {_plain(project['name'])}",
        "",
        *_table(("", ""), rows.items()),
    ]


def _features(audit: Mapping[str, Any]) -> list[str]:
    rows = [
        (f["name"], "in" if f["is_in"] else "out", f["reason"]) for f in audit.get("features", ())
    ]
    return ["## Features", "", *_table(("feature", "", "why"), rows)]


def _candidates(candidates: Mapping[str, Any]) -> list[str]:
    rows = [
        (c["name"], _number(c["scores"].get("silhouette")), c["reason"])
        for c in candidates["candidates"]
    ]
    return [
        "## Candidates",
        "",
        f"{_plain(candidates['reason'])}",
        "",
        *_table(("candidate", "silhouette", "verdict"), rows),
    ]


def _segments(
    segments: Mapping[str, Any], descents: Iterable[Kinship], parent: int | None
) -> list[str]:
    lines = {kin.segment_id: kin for kin in descents}
    rows = []
    for s in segments["segments"]:
        kin = lines.get(int(s["id"]))
        told = "" if kin is None else str(kin.descent)
        if kin is not None and kin.from_ids:
            told += f" from {', '.join(map(str, kin.from_ids))} of release {parent}"
        rows.append((s["id"], s["name"], f"{s['size']:,}", fmt.share(float(s["share"])), told))
    return [
        "## Segments",
        "",
        *_table(("id", "name", "entities", "share", "descent"), rows),
    ]


def _verdicts(evidence: Mapping[str, Any]) -> list[str]:
    rows = []
    for check in evidence["checks"]:
        ends = [check.get("low"), check.get("high")]
        interval = "" if None in ends else " to ".join(_number(e) for e in ends)
        rows.append(
            (check["name"].replace("_", " "), _number(check["estimate"]), interval,
             _number(check.get("threshold")), check["verdict"])
        )  # fmt: skip
    structure = evidence["structure"]
    return [
        "## Verdicts",
        "",
        f"Structure: {structure['verdict']}. {_plain(structure['sentence'])}",
        "",
        *_table(("check", "estimate", "95 % interval", "threshold", "verdict"), rows),
    ]


def _limits(evidence: Mapping[str, Any]) -> list[str]:
    warnings = [f"- {_plain(w)}" for w in evidence.get("warnings", ())]
    found = [
        f"- {m['code']}: {_plain(m['sentence'])}"
        for m in evidence.get("mistakes", ())
        if m.get("state") == "found"
    ]
    return ["## Limits", "", *(warnings + found or ["- none was found by what was looked for"])]


def _made_of(release: Registered) -> list[str]:
    facts = release.facts
    rows = [
        ("fingerprint", release.fingerprint),
        *((called, facts.get(name, "")) for name, called in HASHES.items()),
        ("seed", facts.get("seed", "")),
        ("version of segmentry", facts.get("version", "")),
    ]
    return ["## Made of", "", *_table(("", ""), rows)]


def _table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> list[str]:
    lines = [[_plain(str(cell)) for cell in row] for row in rows]
    return [
        f"| {' | '.join(head)} |",
        f"|{' --- |' * len(head)}",
        *(f"| {' | '.join(line)} |" for line in lines),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _plain(text: str) -> str:
    """Write words of the data so that they are no Markdown."""
    flat = " ".join(str(text).split())
    return "".join(f"\\{c}" if c in "\\|`*_<>[]#" else c for c in flat)
