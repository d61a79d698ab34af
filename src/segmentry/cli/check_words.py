"""A check of data as a page for the terminal: the findings first, then what the columns hold."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segmentry.domain.percent import percent
from segmentry.render.format import compact

MOST_COLUMNS = 40
"""Columns of one source that the terminal shows; --json and --html have them all."""

WIDEST = 110
SPARKS = "▁▂▃▄▅▆▇█"


def page(document: Mapping[str, Any]) -> Iterator[str]:
    """Give the lines of the page."""
    for source in document["sources"]:
        yield from _heading(source)
    yield ""
    counts = document["counts"]
    yield _summary(counts)
    above = ""
    for finding in document["findings"]:
        label = _label(finding, several=len(document["sources"]) > 1)
        if label != above:
            yield ""
            yield label
        above = label
        yield from _finding(finding)
    yield from _mistakes(document.get("mistakes", ()))
    for source in document["sources"]:
        yield from _coverage(source)
        yield from _columns(source)


def _width() -> int:
    return min(shutil.get_terminal_size((100, 24)).columns, WIDEST)


def _heading(source: Mapping[str, Any]) -> Iterator[str]:
    coverage = source["coverage"]
    parts = [_counted(source["n_rows"], "row"), _counted(source["n_columns"], "column")]
    if n := coverage.get("n_entities"):
        parts.append(f"{_counted(n, 'entity', 'entities')} ({source['mapping']['entity']})")
    if coverage.get("first"):
        parts.append(f"{coverage['first']} to {coverage['last']}")
    yield f"{', '.join(source['paths'])}: {', '.join(parts)}"


def _counted(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or f'{one}s'}"


def _summary(counts: Mapping[str, int]) -> str:
    if not any(counts.values()):
        return "nothing was found that is wrong or strange"
    names = {"error": "error", "warning": "warning", "info": "note"}
    told = [_counted(counts[s], names[s]) for s in names if counts.get(s)]
    return "found: " + ", ".join(told)


def _label(finding: Mapping[str, Any], *, several: bool) -> str:
    """Give the line above findings of one kind."""
    label = {"error": "ERROR", "warning": "WARNING", "info": "note"}[finding["severity"]]
    where = f" [{finding['source']}]" if several and finding.get("source") else ""
    return f"{label:<8} {finding['kind']}: {finding['title']}{where}"


def _finding(finding: Mapping[str, Any]) -> Iterator[str]:
    yield from _wrapped(_sentence(finding["sentence"], _names(finding)))
    if finding["examples"]:
        yield from _wrapped(f"for example: {', '.join(finding['examples'])}")
    yield from _wrapped(_what_to_do(finding))


def _mistakes(mistakes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Tell the mistakes that are made, and which others were looked for."""
    if not mistakes:
        return
    made = [m for m in mistakes if m["state"] == "found"]
    yield ""
    yield f"common mistakes: {len(made) or 'none'} made"
    for mistake in made:
        label = "MISTAKE" if mistake["severity"] == "warning" else "note"
        yield ""
        yield f"{label:<8} {mistake['code']}: {mistake['title']}"
        yield from _wrapped(_sentence(mistake["sentence"]))
        yield from _wrapped(f"why: {mistake['why']}")
        yield from _wrapped(f"fix: {mistake['fix']}")
    states = {"settled": "taken care of", "absent": "not made", "unknown": "not known"}
    for state, words in states.items():
        codes = [m["code"] for m in mistakes if m["state"] == state]
        if codes:
            yield f"{words}: {', '.join(codes)}"


def _names(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the names of files and columns that a sentence may begin with."""
    return (*finding.get("columns", ()), *filter(None, [finding.get("source")]))


def _sentence(text: str, names: Sequence[str] = ()) -> str:
    """Write a text as a sentence; a name at its beginning keeps its letters."""
    is_name = text.startswith(tuple(f"{name}{end}" for name in names for end in " :"))
    shown = text if is_name else text[:1].upper() + text[1:]
    return shown if not shown or shown.endswith(("?", ".")) else f"{shown}."


def _what_to_do(finding: Mapping[str, Any]) -> str:
    if finding["rule"] != "nothing; only told":
        return f"done: {finding['rule']}"
    if finding["can_be_recorded"]:
        return f"fix: --fix {finding['kind']} writes {finding['fix']}"
    return _sentence(finding.get("fix", ""), _names(finding))


def _wrapped(text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        text.replace("\n", " "),
        _width(),
        initial_indent=" " * 9,
        subsequent_indent=" " * 9,
        break_on_hyphens=False,
    )


def _coverage(source: Mapping[str, Any]) -> Iterator[str]:
    told = source["coverage"]
    quantiles = told.get("rows_per_entity")
    if not quantiles and not told.get("periods"):
        return
    yield ""
    kept = told["rows_kept"]
    are = "is" if kept == 1 else "are"
    yield f"coverage of {source['name']} ({_counted(kept, 'row')} {are} kept)"
    if quantiles:
        cells = [f"{_percentile(q['at'])} {q['rows']:,.0f}" for q in quantiles]
        yield f"  rows per entity  {', '.join(cells)}"
        share = told["one_event"] / max(told["n_entities"], 1)
        single = _counted(told["one_event"], "entity", "entities")
        yield f"  with one event   {single} ({percent(share)})"
    if told.get("periods"):
        have = "has" if told["active_days"] == 1 else "have"
        span = f"{told['active_days']:,} of {_counted(told['n_days'], 'day')} {have} events"
        unit = "day" if told["period_days"] == 1 else f"{told['period_days']} days"
        yield f"  events over time {sparks(told['periods'])}  each sign {unit}; {span}"


def _percentile(at: float) -> str:
    return {0.0: "least", 0.5: "median", 1.0: "most"}.get(at, f"{percent(at)}")


def sparks(counts: Sequence[float]) -> str:
    """Draw counts as a line of small bars.

    Examples
    --------
    >>> sparks([0, 1, 4, 8])
    '▁▁▄█'
    """
    most = max(counts, default=0)
    if most <= 0:
        return SPARKS[0] * len(counts)
    top = len(SPARKS) - 1
    return "".join(SPARKS[int(top * n / most)] for n in counts)


def _columns(source: Mapping[str, Any]) -> Iterator[str]:
    columns = source["columns"]
    if not columns:
        return
    yield ""
    yield f"columns of {source['name']}"
    rows = [("column", "use", "missing", "distinct", "", "holds")]
    rows += [_row(column) for column in columns[:MOST_COLUMNS]]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    for name, use, missing, distinct, shape, holds in rows:
        line = (
            f"  {name:<{widths[0]}}  {use:<{widths[1]}}  {missing:>{widths[2]}}"
            f"  {distinct:>{widths[3]}}  {shape:<{widths[4]}}  {holds}"
        )
        yield clipped(line.rstrip(), _width() + 20)
    left = len(columns) - MOST_COLUMNS + source.get("columns_left_out", 0)
    if left > 0:
        yield f"  and {left:,} more (--html FILE or --json shows them)"


def _row(column: Mapping[str, Any]) -> tuple[str, str, str, str, str, str]:
    sure = "" if column["distinct_is_exact"] else "≥ "
    return (
        clipped(column["name"].replace("\n", " "), 32),
        clipped(column["use"], 18),
        f"{percent(column['missing_share'])}" if column["missing"] else "",
        f"{sure}{column['distinct']:,}",
        sparks(_thinned(column.get("histogram", []))),
        _holds(column),
    )


def _thinned(counts: Sequence[int]) -> list[int]:
    """Put pairs of bins together, so that a line holds the shape."""
    return [sum(counts[i : i + 2]) for i in range(0, len(counts), 2)]


def _holds(column: Mapping[str, Any]) -> str:
    if "median" in column:
        return " .. ".join(compact(column[k]) for k in ("min", "median", "max"))
    if "first" in column:
        return f"{column['first'].replace('T', ' ')} to {column['last'].replace('T', ' ')}"
    levels = column.get("levels", [])[:3]
    # Of texts that hardly repeat, a share says nothing.
    shares = bool(levels) and levels[0]["share"] >= 0.01
    told = [f"{v['level']} {percent(v['share'])}" if shares else v["level"] for v in levels]
    return ", ".join(told).replace("\n", " ")


def clipped(text: str, most: int = 100) -> str:
    """Cut a long text, with a mark that says so."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
