"""Charts of the evidence that a report has: documents of a run in, chart specs out.

What lives here: picking and ordering figures of trust. What does not: charts of what the
segments are like (``figures``), measuring (the documents hold it), and drawing (``echarts``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from segmentry.render import format as fmt
from segmentry.render.cards import STABILITY, has_shares
from segmentry.render.chart_evidence import (
    Band,
    Estimate,
    Intervals,
    LineWithBand,
    Shape,
    Silhouettes,
    Strip,
)
from segmentry.render.chart_tree import Fork, Tree
from segmentry.render.feature_words import Document, method_name, names
from segmentry.render.palette import look_of
from segmentry.render.trust import AS_SHARES, SCORES, Score

Writer = Callable[[float | None], str]


def choice(candidates: Document) -> tuple[LineWithBand, ...]:
    """Draw each score over the number of segments; scores that nobody has are left out."""
    found = candidates.get("candidates", ())
    return tuple(
        _panel(score, found)
        for score in SCORES
        if score.has_panel and any(score.key in c.get("scores", {}) for c in found)
    )


def _panel(score: Score, found: Sequence[Document]) -> LineWithBand:
    xs = tuple(sorted({int(c["n_segments"]) for c in found}))
    kept = next((c for c in found if c.get("kept")), None)
    known = [c for c in found if score.key in c.get("scores", {})]
    every = dict.fromkeys(str(c.get("method", "")) for c in found)
    has_it = {str(c.get("method", "")) for c in known}
    return LineWithBand(
        f"choice-{score.key.replace('_', '-')}",
        score.title,
        xs,
        # Every method keeps its place, so that its line looks the same in every panel.
        tuple(
            _band(m, score.key, xs, found)
            if m in has_it
            else Band(method_name(m), (None,) * len(xs))
            for m in every
        ),
        None if kept is None else int(kept["n_segments"]),
        score.better,
        score.key in AS_SHARES,
        "" if kept is None else method_name(str(kept.get("method", ""))),
        score.term,
    )


def methods(candidates: Document) -> tuple[str, ...]:
    """Name the methods of the candidates, in the order of their lines."""
    found = dict.fromkeys(str(c.get("method", "")) for c in candidates.get("candidates", ()))
    return tuple(method_name(m) for m in found)


def _band(method: str, key: str, xs: tuple[int, ...], found: Sequence[Document]) -> Band:
    scores = {
        int(c["n_segments"]): c.get("scores", {}) for c in found if c.get("method", "") == method
    }

    def column(name: str) -> tuple[float | None, ...]:
        return tuple(scores.get(x, {}).get(name) for x in xs)

    has_interval = any(f"{key}_low" in s and f"{key}_high" in s for s in scores.values())
    if not has_interval:
        return Band(method_name(method), column(key))
    return Band(method_name(method), column(key), column(f"{key}_low"), column(f"{key}_high"))


def structure(evidence: Document) -> Strip | None:
    """Draw the structureless draws against the data at hand."""
    told = evidence.get("structure")
    if not told or not told.get("null_silhouettes"):
        return None
    return Strip(
        "structure",
        "Your data against data without groups",
        "best silhouette",
        tuple(float(d) for d in told["null_silhouettes"]),
        float(told["silhouette"]),
        told.get("p_value"),
    )


def merging(evidence: Document, segments: Sequence[Document]) -> Tree | None:
    """Draw the order in which segments would merge."""
    told = evidence.get("merging")
    if not told:
        return None
    known = names(segments)
    ids = sorted({i for m in told["merges"] for i in (*m["first"], *m["second"])})
    return Tree(
        "merging",
        "If fewer segments were wanted",
        {i: known.get(i, str(i)) for i in ids},
        {i: look_of(i) for i in ids},
        float(told["explained"]),
        tuple(
            Fork(
                tuple(m["first"]),
                tuple(m["second"]),
                float(m["explained"]),
                _ends(m.get("within")),
                _lost(m.get("lost")),
            )
            for m in told["merges"]
        ),
        _ends(told.get("within")),
    )


def _ends(told: Document | None) -> str:
    """Write the interval of a share; runs of earlier versions have none."""
    return "" if told is None else fmt.interval(fmt.share(told["low"]), fmt.share(told["high"]))


def _lost(told: Document | None) -> str:
    return "" if told is None else f"{fmt.share(told['value'])} ({_ends(told)})"


def silhouettes(evidence: Document, segments: Sequence[Document]) -> Silhouettes | None:
    """Draw each segment's silhouettes, sorted."""
    told = evidence.get("silhouettes")
    if not told or not told.get("segments"):
        return None
    known, shares = names(segments), {int(s["id"]): s.get("share", 0.0) for s in segments}
    shapes = tuple(
        Shape(
            known.get(int(s["id"]), str(s["id"])),
            look_of(int(s["id"])),
            shares.get(int(s["id"]), 0.0),
            tuple(float(v) for v in s.get("values", ())),
            s.get("mean"),
            s.get("low"),
            s.get("high"),
            s.get("below_zero"),
        )
        for s in told["segments"]
    )
    return Silhouettes("silhouettes", "The outline of each segment", shapes, told.get("n_rows"))


def stability(evidence: Document, segments: Sequence[Document]) -> Intervals | None:
    """Draw how well each segment comes back when entities are drawn anew."""
    told = evidence.get("stability")
    if not told or not told.get("segments"):
        return None
    known = names(segments)
    estimates = tuple(
        Estimate(
            known.get(int(s["id"]), str(s["id"])),
            look_of(int(s["id"])),
            s["jaccard"],
            s["low"],
            s["high"],
            None,
            fmt.fixed(s["jaccard"]),
            fmt.interval(fmt.fixed(s["low"]), fmt.fixed(s["high"])),
            *STABILITY.get(s.get("verdict", ""), ("", "")),
        )
        for s in told["segments"]
    )
    return Intervals(
        "stability",
        "How much of each segment comes back",
        estimates,
        None,
        "",
        as_share=False,
        limits=(0.0, 1.0),
        column="Overlap (Jaccard)",
        term="Jaccard",
        spread="Range of nine in ten resamples",
    )


def outcomes(segments: Sequence[Document]) -> tuple[Intervals, ...]:
    """Draw each outcome by segment, with intervals."""
    found = dict.fromkeys(o["name"] for s in segments for o in s.get("outcomes", ()))
    return tuple(_outcome(n, i, segments) for i, n in enumerate(found))


def _outcome(name: str, number: int, segments: Sequence[Document]) -> Intervals:
    told = [
        {**o, "id": s["id"]} for s in segments for o in s.get("outcomes", ()) if o["name"] == name
    ]
    return _forest(
        f"outcome-{number}",
        fmt.sentence(fmt.words(name)),
        told,
        float(told[0]["overall"]),
        names(segments),
        fmt.share if all(has_shares(o) for o in told) else fmt.compact,
    )


def heldout(
    evidence: Document, segments: Sequence[Document], summary: Document, part: str = "heldout"
) -> tuple[Intervals, ...]:
    """Draw outcomes of segments on entities that these were not made of.

    What they did after the cut at which they were assigned, or with ``heldout_columns`` what
    tables say of those that had no part in making segments.
    """
    found = evidence.get(part, {}).get("outcomes", ())
    currency = summary["project"].get("currency")
    return tuple(
        _forest(
            f"{part.replace('_', '-')}-{i}",
            fmt.sentence(fmt.words(o["name"])),
            o["segments"],
            float(o["overall"]),
            names(segments),
            _writer(o, currency),
        )
        for i, o in enumerate(found)
        if o.get("segments")
    )


def _writer(outcome: Document, currency: str | None) -> Writer:
    """Choose how what followed is written: by its unit; without one, as shares where all may be."""
    unit = outcome.get("unit", "")
    if unit in {"share", "fraction"}:
        return fmt.share
    if unit:
        return lambda value: fmt.quantity(value, unit, currency)
    means = (outcome["overall"], *(o["mean"] for o in outcome["segments"]))
    return fmt.share if all(0 <= v <= 1 for v in means) else fmt.compact


def _forest(
    key: str,
    title: str,
    told: Sequence[Document],
    overall: float,
    known: dict[int, str],
    write: Writer,
) -> Intervals:
    estimates = tuple(
        Estimate(
            known.get(int(o["id"]), str(o["id"])),
            look_of(int(o["id"])),
            o["mean"],
            o["low"],
            o["high"],
            o.get("n"),
            write(o["mean"]),
            fmt.interval(write(o["low"]), write(o["high"])),
        )
        for o in told
    )
    return Intervals(
        key, title, estimates, overall, write(overall), as_share=write is fmt.share, column="Mean"
    )
