"""What the report's pages say, as values: documents of a run in, texts and table rows out.

What lives here: wording and formatting of facts that the run found. What does not: charts
(``figures``), layout (``templates``), and measuring of any kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers, texts
from segmentry.render.figures import SCORES, feature_label
from segmentry.render.palette import Look, look_of

Document = Mapping[str, Any]

TOP_CONTRASTS = 6
NARROWEST_SCALE = 1.0
MORE_CONTRASTS = 24
"""Further rows of a card: with thousands of features the page stays a page."""


@dataclass(frozen=True, slots=True)
class VerdictNote:
    """The verdict as people read it first: a word for style, a heading, what to make of it."""

    word: str
    heading: str
    advice: str


VERDICTS = {
    "clear": VerdictNote(
        "clear",
        "Clear segments",
        "The data holds groups that data without groups does not show. The segments can carry "
        "decisions; the figures below say how far.",
    ),
    "weak": VerdictNote(
        "weak",
        "Weak segments",
        "The data is only a little more grouped than data without groups. Use these segments as a "
        "way to talk about behaviour, and test before money depends on their borders.",
    ),
    "none": VerdictNote(
        "none",
        "No clear segments in this data",
        "Data without any groups looks just as grouped as this. What follows is the least bad way "
        "to cut it into parts: its borders are arbitrary. Do not treat people differently "
        "because of them.",
    ),
}
UNKNOWN_VERDICT = VerdictNote(
    "unknown", "Structure not tested", "This run holds no verdict on whether segments exist."
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The first page."""

    title: str
    entities: str
    entity: str
    verdict: VerdictNote
    structure_sentence: str
    headline: tuple[str, ...]
    decision: str
    objective: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A difference and its interval on an axis from 0 to 100, everyone at 50."""

    start: float
    width: float
    low: float
    high: float
    is_above: bool


@dataclass(frozen=True, slots=True)
class ContrastRow:
    """A feature of a segment against everyone's: ``measure`` tells what is not a median."""

    label: str
    measure: str
    here: str
    everyone: str
    difference: str
    interval: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome of a segment against everyone's."""

    name: str
    here: str
    interval: str
    everyone: str


@dataclass(frozen=True, slots=True)
class Card:
    """One segment."""

    anchor: str
    name: str
    look: Look
    size: str
    share: str
    share_width: float
    value_share: str | None
    value_width: float
    value_total: str | None
    traits: tuple[str, ...]
    action: str
    action_reason: str
    naming: str
    outcomes: tuple[OutcomeRow, ...]
    overlays: tuple[tuple[str, str, str], ...]
    quality: tuple[tuple[str, str, str], ...]
    """Glossary term, label, figure."""
    contrasts: tuple[ContrastRow, ...]
    more_contrasts: tuple[ContrastRow, ...]


@dataclass(frozen=True, slots=True)
class FindingNote:
    """Something found in the data."""

    severity: str
    sentence: str
    where: str
    count: str
    examples: tuple[str, ...]
    done: str


def opening(documents: Mapping[str, Document]) -> Opening:
    """Word the first page."""
    summary = documents["summary"]
    project = summary["project"]
    entity, entities = fmt.entity_nouns(str(project.get("entity") or "entity"))
    evidence = documents.get("evidence", {})
    structure = evidence.get("structure", {})
    verdict = summary.get("verdict") or structure.get("verdict")
    objective = project.get("objective") or ""
    return Opening(
        project.get("name") or "Segments",
        entities,
        entity,
        VERDICTS.get(str(verdict), UNKNOWN_VERDICT),
        structure.get("sentence", ""),
        tuple(summary.get("headline", ())),
        project.get("decision") or "",
        "" if objective == "none" else objective,
        _facts(documents, entities),
        tuple(evidence.get("warnings", ())),
    )


def _facts(documents: Mapping[str, Document], entities: str) -> tuple[tuple[str, str], ...]:
    summary, segments = documents["summary"], documents["segments"]["segments"]
    facts = [
        (entities.capitalize(), fmt.whole(summary.get("n_entities"))),
        ("Segments", fmt.whole(len(segments))),
        ("Features used", fmt.whole(summary.get("n_features"))),
    ]
    totals = [s["value_total"] for s in segments if "value_total" in s]
    if totals:
        facts.append(("Value in total", value_text(sum(totals), summary)))
    if "as_of" in summary:
        facts.append(("Behaviour up to", fmt.day(summary["as_of"])))
    return tuple(facts)


def units(summary: Document) -> dict[str, str]:
    """Give each feature's unit."""
    return {f["name"]: f.get("unit", "") for f in summary.get("features", ())}


def value_text(value: float | None, summary: Document) -> str:
    """Write a total of the value feature: money where its unit is money."""
    unit = units(summary).get(summary.get("value_feature", ""), "money")
    return fmt.quantity(value, unit, summary["project"].get("currency"))


def cards(documents: Mapping[str, Document]) -> tuple[Card, ...]:
    """Word one card per segment."""
    summary, segments = documents["summary"], documents["segments"]["segments"]
    widest = max(
        (max(s.get("share", 0.0), s.get("value_share") or 0.0) for s in segments), default=1.0
    )
    shown = [_leading_first(s.get("contrasts", ())) for s in segments]
    limit = max((abs(c["difference"]) for cs in shown for c in cs), default=NARROWEST_SCALE)
    return tuple(
        _card(s, summary, max(widest, 1e-9), tuple(_contrast(c, summary, limit) for c in cs))
        for s, cs in zip(segments, shown, strict=True)
    )


def _leading_first(contrasts: Sequence[Document]) -> list[Document]:
    """Put one level of each category first: the others mostly say the same again."""
    leading = {c["feature"]: c for c in reversed(contrasts)}
    first = [c for c in contrasts if leading[c["feature"]] is c][:TOP_CONTRASTS]
    rest = [c for c in contrasts if not any(c is f for f in first)]
    return [*first, *rest[:MORE_CONTRASTS]]


def _card(
    segment: Document, summary: Document, widest: float, rows: tuple[ContrastRow, ...]
) -> Card:
    playbook = segment.get("playbook", {})
    value_share = segment.get("value_share")
    return Card(
        f"segment-{segment['id']}",
        segment["name"],
        look_of(int(segment["id"])),
        fmt.whole(segment.get("size")),
        fmt.share(segment.get("share")),
        _width(segment.get("share"), widest),
        None if value_share is None else fmt.share(value_share),
        _width(value_share, widest),
        value_text(segment["value_total"], summary) if "value_total" in segment else None,
        tuple(fmt.sentence(t) for t in segment.get("traits", ())),
        playbook.get("action", ""),
        playbook.get("reason", ""),
        segment.get("naming", {}).get("reason", ""),
        tuple(_outcome(o) for o in segment.get("outcomes", ())),
        tuple(
            (
                feature_label(o["column"], o["level"]),
                fmt.share(o["share"]),
                fmt.share(o["overall_share"]),
            )
            for o in segment.get("overlays", ())
        ),
        _quality(segment),
        rows[:TOP_CONTRASTS],
        rows[TOP_CONTRASTS:],
    )


def _width(value: float | None, widest: float) -> float:
    """Give a bar's width; value shares below zero (more refunds than sales) have no bar."""
    return round(100 * max(value or 0.0, 0.0) / widest, 2)


def _quality(segment: Document) -> tuple[tuple[str, str, str], ...]:
    return (
        ("confidence", "Mean confidence", fmt.share(segment.get("mean_confidence"))),
        ("anomaly", "Anomalies", fmt.share(segment.get("anomaly_share"))),
        ("silhouette", "Silhouette", fmt.fixed(segment.get("silhouette"))),
    )


def _outcome(told: Document) -> OutcomeRow:
    values = [told[k] for k in ("mean", "low", "high", "overall")]
    # A yes/no column has shares; any other mean may lie anywhere.
    write = fmt.share if all(0 <= v <= 1 for v in (values[0], values[3])) else fmt.compact
    here, low, high, everyone = (write(v) for v in values)
    return OutcomeRow(
        fmt.sentence(fmt.words(told["name"])), here, fmt.interval(low, high), everyone
    )


def _contrast(told: Document, summary: Document, limit: float) -> ContrastRow:
    level = told.get("level")
    measure, here, everyone = _typical(told)
    unit = "share" if level is not None else units(summary).get(told["feature"], "")
    currency = summary["project"].get("currency")
    return ContrastRow(
        feature_label(told["feature"], level),
        measure,
        fmt.quantity(here, unit, currency),
        fmt.quantity(everyone, unit, currency),
        fmt.signed(told["difference"], 2),
        fmt.interval(fmt.signed(told.get("low"), 2), fmt.signed(told.get("high"), 2)),
        _bar(told["difference"], told.get("low"), told.get("high"), max(limit, NARROWEST_SCALE)),
    )


def _typical(told: Document) -> tuple[str, float | None, float | None]:
    """Choose the median, or the mean where both medians are equal and would tell nothing."""
    if told.get("level") is not None:
        return "", told.get("mean"), told.get("overall_mean")
    medians = told.get("median"), told.get("overall_median")
    if None in medians or medians[0] == medians[1]:
        return "mean", told.get("mean"), told.get("overall_mean")
    return "", *medians


def _bar(difference: float, low: float | None, high: float | None, limit: float) -> Bar:
    def at(value: float) -> float:
        return round(50 + 50 * max(-1.0, min(1.0, value / limit)), 2)

    end = at(difference)
    low_at, high_at = (at(difference if v is None else v) for v in (low, high))
    return Bar(min(50.0, end), round(abs(end - 50), 2), low_at, high_at, difference > 0)


def candidates_table(candidates: Document) -> Table:
    """Lay out every candidate with its scores and why it was kept or rejected."""
    found = candidates.get("candidates", ())
    keys = [s for s in SCORES if any(s[0] in c.get("scores", {}) for c in found)]
    head = (*texts("Candidate"), *numbers(*(title for _, title, _ in keys)), Cell("Why"))
    rows = tuple(
        (
            Cell(
                f"{c['name']}{' (chosen)' if c.get('kept') else ''}", is_marked=bool(c.get("kept"))
            ),
            *numbers(*(_score(c.get("scores", {}), k) for k, _, _ in keys)),
            Cell(c.get("reason", "")),
        )
        for c in found
    )
    return Table("Every candidate, its scores, and why it was kept or rejected", head, rows)


def _score(scores: Document, key: str) -> str:
    value = scores.get(key)
    if key == "smallest_share":
        return fmt.share(value)
    if key in {"inertia", "calinski_harabasz"}:
        return fmt.plain(value, 4)
    low, high = scores.get(f"{key}_low"), scores.get(f"{key}_high")
    text = fmt.fixed(value)
    if low is not None and high is not None:
        return f"{text} ({fmt.interval(fmt.fixed(low), fmt.fixed(high))})"
    return f"{text} (worst {fmt.fixed(low)})" if low is not None else text


VERDICT_WORDS = {"pass": "passes", "warn": "borderline", "fail": "fails", "info": "for information"}


def checks_table(evidence: Document) -> Table | None:
    """Lay out the checks with estimate, interval, threshold and verdict."""
    checks: Sequence[Document] = evidence.get("checks", ())
    if not checks:
        return None
    head = (
        *texts("Check"),
        *numbers("Estimate", "95 % interval", "Wanted"),
        *texts("Verdict", "What it means"),
    )
    rows = tuple(
        (
            *texts(fmt.sentence(fmt.words(c["name"]))),
            *numbers(_measure(c)(c.get("estimate")), _ends(c), _wanted(c)),
            _verdict_cell(c.get("verdict", "")),
            *texts(c.get("sentence", "")),
        )
        for c in checks
    )
    return Table("Checks of this segmentation", head, rows)


def _measure(check: Document) -> Callable[[float | None], str]:
    """Choose how a check's figures are written: shares as shares."""
    return fmt.share if check["name"].endswith("_share") else fmt.plain


def _verdict_cell(verdict: str) -> Cell:
    tone = {"pass": "good", "warn": "warn", "fail": "bad"}.get(verdict, "")
    return Cell(VERDICT_WORDS.get(verdict, ""), tone=tone)


def _ends(told: Document) -> str:
    write = _measure(told)
    low, high = told.get("low"), told.get("high")
    if low is not None and high is not None:
        return fmt.interval(write(low), write(high))
    if low is not None:
        return f"from {write(low)}"
    return fmt.ABSENT if high is None else f"up to {write(high)}"


def _wanted(check: Document) -> str:
    if check.get("threshold") is None:
        return fmt.ABSENT
    side = "at least" if check.get("larger_is_better", True) else "at most"
    return f"{side} {_measure(check)(check['threshold'])}"
