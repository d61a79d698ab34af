"""The page of a data check: findings with what mends them, columns with their shape, coverage.

What lives here: turning a check's document into what the template shows. What does not: searching
(``projectfile.findings``) and putting a page together (``page``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers
from segmentry.render.mistakes_view import made_in_short, mistakes_view, n_grave
from segmentry.render.page import render_page

Document = Mapping[str, Any]

GROUPS = (
    ("error", "stops", "Stops a run", "A run ends with an error until these are mended."),
    ("warning", "bends", "Would bend the segments", "A run goes on, but with these in the data."),
    ("info", "notes", "Good to know", "Nothing has to be done about these."),
    ("done", "settled", "Taken care of", "The project file deals with these already."),
)
"""Groups of findings by their severity: anchor, heading, and what the group means."""

BY_INIT = "The project file that segmentry init writes deals with these."
"""What the last group means where there is no project file yet."""

MOST_EXAMPLES = 6
MOST_ROWS = 150
"""Columns that the page shows in its table; the document has more."""

STYLES = ("static/check.css",)

HEIGHT = 24.0
"""Units of a small drawing from its foot to its top."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a small drawing, in its own units."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A small histogram: its bars, how wide it is in bars, and what it shows in words."""

    bars: tuple[Bar, ...]
    width: int
    words: str


@dataclass(frozen=True, slots=True)
class Note:
    """A finding as the page tells it; ``count`` is empty where the sentence has it already."""

    kind: str
    title: str
    sentence: str
    where: str
    count: str
    examples: tuple[str, ...]
    rule: str
    command: str
    fix: str
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one weight."""

    weight: str
    anchor: str
    heading: str
    intro: str
    notes: tuple[Note, ...]

    @property
    def by_title(self) -> dict[str, list[Note]]:
        """Put findings of one kind together."""
        found: dict[str, list[Note]] = {}
        for note in self.notes:
            found.setdefault(note.title, []).append(note)
        return found


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column as a row of the page's table."""

    name: str
    use: str
    missing: str
    is_thin: bool
    distinct: str
    drawing: Drawing | None
    holds: str
    detail: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source: what was read, its columns, what moves together, how it covers time."""

    name: str
    anchor: str
    facts: tuple[tuple[str, str, bool], ...]
    columns: tuple[ColumnRow, ...]
    more_columns: int
    pairs: Table | None
    timeline: Drawing | None
    timeline_ends: tuple[str, str]
    crowd: Table | None
    sampled: str


def render_check(document: Document) -> str:
    """Render a check as one HTML page that needs nothing beside itself.

    Parameters
    ----------
    document : mapping
        As ``segmentry check --json`` prints it.

    Returns
    -------
    str
    """
    groups = findings(document)
    context = {
        "name": document["project"],
        "checked_at": document["checked_at"],
        "verdict": verdict(document),
        "answers": answers(groups, document.get("mistakes", ())),
        "mistakes": mistakes_view(document.get("mistakes", ())),
        "figures": key_figures(document),
        "groups": groups,
        "sources": tuple(_source(s, i) for i, s in enumerate(document["sources"], 1)),
        "paths": [p for s in document["sources"] for p in s["paths"]],
    }
    return render_page("check.html.j2", context, styles=STYLES)


def verdict(document: Document) -> tuple[str, str]:
    """Say in two words how the data is, with the tone of it."""
    counts = document["counts"]
    if counts.get("error"):
        return "none", f"{_counted(counts['error'], 'error')} to mend first"
    if counts.get("warning"):
        return "weak", f"{_counted(counts['warning'], 'warning')} to look at"
    if mistakes := n_grave(document.get("mistakes", ())):
        return "weak", f"{_counted(mistakes, 'mistake')} to look at"
    return "clear", "Ready for a run"


def _counted(n: int, noun: str) -> str:
    return f"{fmt.whole(n)} {noun}{'' if n == 1 else 's'}"


def answers(
    groups: Sequence[Group], mistakes: Sequence[Document] = ()
) -> tuple[tuple[str, str], ...]:
    """Say what somebody wants to know before a run: does it stop, is it bent, what is settled."""
    by_anchor = {g.anchor: g.notes for g in groups}
    stops, bends = by_anchor.get("stops", ()), by_anchor.get("bends", ())
    settled = by_anchor.get("settled", ())
    first = _listed(stops) if stops else "Nothing."
    second = _listed(bends) if bends else "Nothing that was found."
    third = _listed(settled) if settled else "Nothing had to be."
    return (
        ("Stops a run", first),
        ("Bends segments", second),
        ("Taken care of", third),
        *((("Common mistakes", made_in_short(mistakes)),) if mistakes else ()),
    )


def _listed(notes: Sequence[Note], most: int = 4) -> str:
    titles = list(dict.fromkeys(n.title for n in notes))
    shown = titles[:most]
    more = f" and {len(titles) - most} more" if len(titles) > most else ""
    text = ", ".join(shown) + more
    return f"{fmt.sentence(text)}."


def key_figures(document: Document) -> tuple[tuple[str, str], ...]:
    """Give the figures at the top: rows, columns, entities, and the span of time."""
    sources = document["sources"]
    found = [("rows", fmt.whole(sum(s["n_rows"] for s in sources)))]
    found.append(("columns", fmt.whole(sum(s["n_columns"] for s in sources))))
    entities = [s["coverage"]["n_entities"] for s in sources if s["coverage"].get("n_entities")]
    if entities:
        found.append(("entities", fmt.whole(max(entities))))
    days = [s["coverage"]["n_days"] for s in sources if s["coverage"].get("n_days")]
    if days:
        found.append(("from first to last event", fmt.days(max(days))))
    return tuple(found)


def findings(document: Document) -> tuple[Group, ...]:
    """Group the findings: what stops a run first, what is taken care of last."""
    several = len(document["sources"]) > 1
    told = [(_weight(f), _note(f, several=several)) for f in document["findings"]]
    groups = (
        Group(
            weight,
            anchor,
            heading,
            _intro(weight, intro, document),
            tuple(n for w, n in told if w == weight),
        )
        for weight, anchor, heading, intro in GROUPS
    )
    return tuple(g for g in groups if g.notes)


def _intro(weight: str, intro: str, document: Document) -> str:
    return BY_INIT if weight == "done" and document.get("guessed") else intro


def _weight(finding: Document) -> str:
    return "done" if _is_done(finding) else str(finding["severity"])


def _is_done(finding: Document) -> bool:
    return bool(finding["rule"] != "nothing; only told")


def _note(finding: Document, *, several: bool) -> Note:
    weight = _weight(finding)
    can = bool(finding["can_be_recorded"])
    return Note(
        finding["kind"],
        finding["title"],
        _ended(finding["sentence"]),
        finding.get("source", "") if several else "",
        _count(finding),
        tuple(fmt.clip(e, 80) for e in finding["examples"][:MOST_EXAMPLES]),
        finding["rule"] if weight == "done" else "",
        f"segmentry check --fix {finding['kind']}" if can else "",
        finding.get("fix", ""),
        bool(finding["exact"]),
    )


def _ended(text: str) -> str:
    shown = fmt.sentence(text)
    return shown if shown.endswith(("?", ".", "!")) else f"{shown}."


def _count(finding: Document) -> str:
    if finding.get("count") is None or fmt.whole(finding["count"]) in finding["sentence"]:
        return ""
    if not finding.get("total"):
        return fmt.whole(finding["count"])
    return f"{fmt.whole(finding['count'])} of {fmt.whole(finding['total'])}"


def _source(source: Document, place: int) -> SourceView:
    coverage = source["coverage"]
    columns = tuple(_column(c) for c in source["columns"][:MOST_ROWS])
    more = len(source["columns"]) - len(columns) + source.get("columns_left_out", 0)
    whole = source["n_sampled"] >= source["n_rows"]
    ends = tuple(fmt.date(coverage[k]) if coverage.get(k) else "" for k in ("first", "last"))
    return SourceView(
        source["name"],
        f"source-{place}",
        _facts(source),
        columns,
        more,
        _pairs(source),
        _timeline(coverage),
        (ends[0], ends[1]),
        _crowd(coverage),
        ""
        if whole
        else f"Shapes and distinct values are those of {fmt.whole(source['n_sampled'])} rows,"
        " spread evenly; counts of missing values and of findings are of all rows.",
    )


def _facts(source: Document) -> tuple[tuple[str, str, bool], ...]:
    """Give what the source is taken as; the third of each says whether it is code."""
    coverage, mapping = source["coverage"], source["mapping"]
    rows = "one row per event" if source["shape"] == "events" else "one row per entity"
    told = [("rows are", rows, False)]
    told += [(field, sql, True) for field, sql in mapping.items()]
    if source.get("where"):
        told.append(("where", source["where"], True))
    kept = coverage.get("rows_kept")
    if kept is not None and kept < source["n_rows"]:
        told.append(
            ("rows kept", f"{fmt.whole(kept)} ({fmt.share(kept / source['n_rows'])})", False)
        )
    return tuple(told)


def _column(column: Document) -> ColumnRow:
    sure = "" if column["distinct_is_exact"] else "at least "
    missing = column["missing_share"]
    return ColumnRow(
        column["name"],
        column["use"],
        fmt.share(missing) if column["missing"] else "none",
        missing >= 0.2,
        f"{sure}{fmt.whole(column['distinct'])}",
        drawing(column.get("histogram", ()), _words(column)),
        _holds(column),
        _detail(column),
    )


def _words(column: Document) -> str:
    return f"How the values of {column['name']} spread: {_holds(column)}"


def _holds(column: Document) -> str:
    if "median" in column:
        return (
            f"{fmt.compact(column['min'])} to {fmt.compact(column['max'])},"
            f" median {fmt.compact(column['median'])}"
        )
    if "first" in column:
        return f"{fmt.date(column['first'])} to {fmt.date(column['last'])}"
    levels = column.get("levels", [])[:3]
    # Of texts that hardly repeat, a share says nothing.
    shares = bool(levels) and levels[0]["share"] >= 0.01
    told = [fmt.clip(v["level"], 32) + (f" {fmt.share(v['share'])}" if shares else "")
            for v in levels]  # fmt: skip
    return ", ".join(told)


def _detail(column: Document) -> str:
    told = []
    if column.get("zero_share", 0) >= 0.2:
        told.append(f"{fmt.share(column['zero_share'])} zeros")
    if abs(column.get("skewness", 0)) > 3:
        told.append("long tail")
    return ", ".join(told)


def drawing(counts: Sequence[int], words: str) -> Drawing | None:
    """Lay out a small histogram; the square root of a count is drawn, so that tails show.

    Examples
    --------
    >>> drawing([0, 4, 16], "three bins").bars
    (Bar(x=1, y=12.0, height=12.0), Bar(x=2, y=0.0, height=24.0))
    >>> drawing([7], "one bin") is None
    True
    """
    if len(counts) < 2 or not any(counts):
        return None
    most = max(counts) ** 0.5
    bars = []
    for place, n in enumerate(counts):
        if n:
            # Something that is there is never too low to be seen.
            height = round(max(HEIGHT * n**0.5 / most, 1.0), 2)
            bars.append(Bar(place, round(HEIGHT - height, 2), height))
    return Drawing(tuple(bars), len(counts), words)


def _timeline(coverage: Document) -> Drawing | None:
    periods = coverage.get("periods", ())
    if not periods:
        return None
    unit = "day" if coverage["period_days"] == 1 else f"{coverage['period_days']} days"
    return drawing(
        periods,
        f"Events for each {unit}, {fmt.whole(min(periods))} to {fmt.whole(max(periods))};"
        f" {fmt.whole(coverage['active_days'])} of {fmt.whole(coverage['n_days'])} days have any",
    )


def _crowd(coverage: Document) -> Table | None:
    quantiles = coverage.get("rows_per_entity")
    if not quantiles:
        return None
    names = {0.0: "least", 0.5: "half have at most", 1.0: "most"}
    rows = [
        (
            Cell(names.get(q["at"], f"{fmt.share(q['at'])} have at most")),
            *numbers(fmt.whole(q["rows"])),
        )
        for q in quantiles
    ]
    single = coverage["one_event"]
    share = fmt.share(single / max(coverage["n_entities"], 1))
    rows.append((Cell("entities with one row"), *numbers(f"{fmt.whole(single)} ({share})")))
    return Table("Rows of an entity", (Cell("Entities"), *numbers("Rows")), tuple(rows))


def _pairs(source: Document) -> Table | None:
    pairs = source.get("correlated", ())
    if not pairs:
        return None
    rows = [(Cell(p["first"]), Cell(p["other"]), *numbers(fmt.signed(p["rho"], 2))) for p in pairs]
    head = (Cell("Column"), Cell("moves with"), *numbers("Rank correlation"))
    return Table("Pairs of columns that move together", head, tuple(rows))
