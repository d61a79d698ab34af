"""How features were prepared, as tables: what moves together, who counts how much, components.

What lives here: tables beside the list of features, and those of entities kept apart. What does
not: that list itself (``features_view``), findings in the data (``audit_view``).
"""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers, texts
from segmentry.render.feature_words import Document
from segmentry.render.palette import look_of

MOST_ROWS = 60
MOST_LOADINGS = 6


@dataclass(frozen=True, slots=True)
class Folded:
    """A table that a reader opens, under a summary that says what is in it."""

    summary: str
    table: Table


def folded_tables(audit: Document, evidence: Document) -> tuple[Folded, ...]:
    """Give the tables that there is something to tell in, in the order of reading."""
    found = (
        clusters_table(audit),
        facets_table(audit),
        balance_table(audit),
        components_table(audit),
        gaps_table(audit),
        validation_table(evidence),
    )
    return tuple(f for f in found if f is not None)


def clusters_table(audit: Document) -> Folded | None:
    """Lay out features that move together, the one that stays, and why it is this one."""
    clusters = audit.get("clusters", ())
    if not clusters:
        return None
    rows = tuple(
        (
            Cell(fmt.clip(c["representative"])),
            Cell(
                ", ".join(
                    f"{fmt.clip(m['column'], 40)} ({fmt.fixed(m['correlation'])})"
                    for m in c["members"]
                )
            ),
            Cell(fmt.sentence(c["reason"])),
        )
        for c in clusters[:MOST_ROWS]
    )
    head = texts("Stays", "Moves with it (rank correlation)", "Why this one")
    told = "1 group of features moves" if len(clusters) == 1 else f"{len(clusters)} groups move"
    return Folded(
        f"{told} together: which feature stands for the others",
        Table("Features that move together", head, rows),
    )


def facets_table(audit: Document) -> Folded | None:
    """Lay out how much each side of behaviour counts."""
    facets = audit.get("balance", {}).get("facets", ())
    if len(facets) < 2:
        return None
    rows = tuple(
        (
            Cell(fmt.sentence(str(f["facet"]))),
            *numbers(
                fmt.whole(f["n_features"]),
                fmt.fixed(f["squared_weight"]),
                fmt.share(f["variance_share"]),
            ),
        )
        for f in facets
    )
    head = (
        Cell("Side of behaviour"),
        *numbers("Features", "Squared weights", "Share of the variance"),
    )
    return Folded(
        "How much each side of behaviour counts",
        Table("Sides of behaviour and their part of the variance", head, rows),
    )


def balance_table(audit: Document) -> Folded | None:
    """Lay out how much each feature counts, most first."""
    features = audit.get("balance", {}).get("features", ())
    if not features:
        return None
    rows = tuple(
        (
            Cell(fmt.clip(f["feature"])),
            Cell(str(f["facet"])),
            *numbers(fmt.fixed(f["squared_weight"]), fmt.share(f["variance_share"])),
        )
        for f in features[:MOST_ROWS]
    )
    head = (*texts("Feature", "Side"), *numbers("Squared weight", "Share of the variance"))
    return Folded(
        "How much each feature counts", Table("Features and their part of the variance", head, rows)
    )


def components_table(audit: Document) -> Folded | None:
    """Lay out components with what they are made of."""
    components = audit.get("components", ())
    if not components:
        return None
    rows = tuple(
        (
            Cell(fmt.sentence(c["name"])),
            *numbers(fmt.share(c["explained"])),
            Cell(_loadings(c["loadings"])),
        )
        for c in components[:MOST_ROWS]
    )
    head = (Cell("Component"), *numbers("Variance"), Cell("Goes along with (correlation)"))
    return Folded(
        "What the components are made of",
        Table("Components by which entities were compared", head, rows),
    )


def _loadings(loadings: Document) -> str:
    strongest = sorted(loadings.items(), key=lambda pair: -abs(pair[1]))[:MOST_LOADINGS]
    return ", ".join(f"{fmt.clip(name, 40)} {fmt.fixed(value)}" for name, value in strongest)


def gaps_table(audit: Document) -> Folded | None:
    """Lay out how much was filled in, by column."""
    gaps = audit.get("gaps", {})
    columns = gaps.get("columns", ())
    if not columns:
        return None
    most = sorted(columns, key=lambda c: (-c["share"], c["column"]))[:MOST_ROWS]
    rows = tuple((Cell(fmt.clip(c["column"])), *numbers(fmt.share(c["share"]))) for c in most)
    told = "; ".join(
        f"{fmt.share(e['share'])} of entities miss {fmt.share(e['share_of_features'])} or more"
        for e in gaps.get("entities", ())
        if e["share"] > 0
    )
    caption = "Gaps that were filled" + (f": {told}" if told else "")
    head = (Cell("Feature"), *numbers("Entities without a value"))
    return Folded("How much was missing and filled in", Table(caption, head, rows))


def validation_table(evidence: Document) -> Folded | None:
    """Lay out segments on entities that had no part in finding them."""
    told = evidence.get("validation")
    if not told:
        return None
    rows = tuple(
        (
            Cell(f"Segment {s['id']}", slot=look_of(int(s["id"])).slot),
            *numbers(
                _with_ends(s["train"], s["train_low"], s["train_high"]),
                _with_ends(s["validation"], s["low"], s["high"]),
            ),
        )
        for s in told.get("segments", ())
    )
    head = (Cell("Segment"), *numbers("Share where it was learned", "Share where it was not"))
    return Folded(
        "Segments on entities that had no part in finding them",
        Table(fmt.sentence(told["sentence"]), head, rows),
    )


def _with_ends(share: float, low: float, high: float) -> str:
    return f"{fmt.share(share)} ({fmt.share(low)} to {fmt.share(high)})"
