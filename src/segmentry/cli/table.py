"""A run's segments as a compact table, under the verdict."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from segmentry.cli.failures import printable
from segmentry.domain.percent import percent

if TYPE_CHECKING:
    from rich.console import Console

    from segmentry.domain.allocation import Share
    from segmentry.domain.lifecycle import Registered
    from segmentry.domain.reshaping import Figure

LEFT: Mapping[str, Any] = {"no_wrap": True}
RIGHT: Mapping[str, Any] = {"justify": "right", "no_wrap": True}
FOLDED: Mapping[str, Any] = {"overflow": "fold"}
"""Forms of a column."""

PIPE_COLUMNS = 120
"""Width of a table that goes into a file or a pipe."""


def print_run(documents: Mapping[str, Mapping[str, Any]]) -> None:
    """Print verdict and segments of a run to standard output."""
    console = _console()
    for line in verdict_lines(documents["evidence"]["structure"]):
        console.print(printable(line), markup=False, highlight=False)
    numbers = ("entities", "share", "value", "silhouette")
    columns = {"segment": LEFT, **dict.fromkeys(numbers, RIGHT), "top trait": FOLDED}
    console.print(_table(columns, map(cells, documents["segments"]["segments"])))
    for part in ("micro", "existing"):
        if part in documents["evidence"]:
            told = f"{part}: {documents['evidence'][part]['sentence']}"
            console.print(printable(told), markup=False, highlight=False)
    for finding in documents.get("audit", {}).get("findings", ()):
        if finding["code"] == "weighted":
            told = f"weights: {finding['sentence']}"
            console.print(printable(told), markup=False, highlight=False)


def print_owned(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print segments with what people say of them to standard output."""
    columns = {"id": RIGHT, "segment": LEFT, "entities": RIGHT, "share": RIGHT}
    columns |= dict.fromkeys(("named by", "locked", "owner", "note"), FOLDED)
    _console().print(_table(columns, map(owned_cells, rows)))


def print_suggestions(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print names by a model beside those that stand to standard output."""
    told = ("segment", "suggested by a model", "what it says, or why it is refused")
    columns = {"id": RIGHT} | dict.fromkeys(told, FOLDED)
    _console().print(_table(columns, map(suggested_cells, rows)))


def suggested_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the texts of a suggestion's row."""
    refused = f"refused: {row['refused']}" if "refused" in row else row["sentence"]
    return str(row["id"]), row["name"].replace("\n", " "), row["suggested"], refused


def print_releases(releases: Sequence[Registered]) -> None:
    """Print releases to standard output."""
    columns = {"no.": RIGHT, "stage": LEFT, "fingerprint": LEFT, "made (UTC)": LEFT}
    columns |= dict.fromkeys(("segments", "entities"), RIGHT)
    columns |= {"structure": LEFT, "silhouette": RIGHT}
    _console().print(_table(columns, map(release_cells, releases)))


def release_cells(release: Registered) -> tuple[str, ...]:
    """Give the texts of a release's row."""
    return (
        str(release.number),
        str(release.stage),
        release.fingerprint[:6],
        f"{release.made_at:%Y-%m-%d %H:%M}",
        str(release.n_segments),
        f"{release.n_entities:,}",
        str(release.facts.get("verdict", "")),
        silhouette_of(release),
    )


def silhouette_of(release: Registered) -> str:
    """Write the silhouette of a release with its interval; empty where none is known."""
    told = release.facts.get("silhouette")
    return "" if not told else _with_interval(told["estimate"], told.get("low"), told.get("high"))


def print_price(figures: Sequence[Figure]) -> None:
    """Print figures of quality before and after to standard output."""
    columns = {"figure": FOLDED, "before": RIGHT, "after": RIGHT}
    _console().print(_table(columns, map(price_cells, figures)))


def print_allocation(shares: Sequence[Share]) -> None:
    """Print what each segment gets to standard output."""
    numbers = ("members", "act on", "expected value", "money", "hours")
    columns = {"segment": LEFT, **dict.fromkeys(numbers, RIGHT), "because": FOLDED}
    _console().print(_table(columns, map(allocation_cells, shares)))


def allocation_cells(share: Share) -> tuple[str, ...]:
    """Give the texts of what a segment gets; without an effect there is no value."""
    from segmentry.explain.word import figure

    value = ""
    if share.treated and share.value is not None:
        ends = [figure(end or 0.0) for end in (share.low, share.high)]
        value = f"{figure(share.value)} ({ends[0]} to {ends[1]})"
    needs = [figure(n) if n else "" for n in (share.money, share.hours)]
    counts = f"{share.size:,}", f"{share.treated:,}"
    return (share.segment.replace("\n", " "), *counts, value, *needs, share.reason)


def price_cells(figure: Figure) -> tuple[str, str, str]:
    """Give the texts of a figure's row; what there was not stays empty."""
    before = (figure.before, figure.before_low, figure.before_high)
    after = (figure.after, figure.after_low, figure.after_high)
    return figure.name, _with_interval(*before), _with_interval(*after)


def _with_interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return ""
    interval = "" if low is None or high is None else f" ({low:.2f} to {high:.2f})"
    return f"{value:.2f}{interval}"


def owned_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the texts of a segment's row, with what people say of it."""
    return (
        str(row["id"]),
        row["name"].replace("\n", " "),
        f"{row['size']:,}",
        percent(row["share"]),
        row["named_by"],
        "yes" if row.get("locked") else "",
        row.get("owner", ""),
        row.get("note", "").replace("\n", " "),
    )


def verdict_lines(structure: Mapping[str, Any]) -> list[str]:
    """Say whether the data holds groups, a warning first where it does not."""
    told = [f"structure: {structure['verdict']}. {structure['sentence']}"]
    if structure["verdict"] == "none":
        told.insert(0, "WARNING: no clear segments. The ones below are the least bad partition.")
    return told


def _console() -> Console:
    from rich.console import Console

    width = None if sys.stdout.isatty() else PIPE_COLUMNS
    return Console(file=sys.stdout, width=width, soft_wrap=False)


def _table(columns: Mapping[str, Mapping[str, Any]], rows: Iterable[Iterable[str]]) -> Any:
    """Lay texts out under the names of their columns."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name, form in columns.items():
        table.add_column(name, **form)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def cells(segment: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the texts of a segment's row; what a run does not know stays empty."""
    value = segment.get("value_share")
    return (
        segment["name"].replace("\n", " "),
        f"{segment['size']:,}",
        percent(segment["share"]),
        "" if value is None else percent(value),
        f"{segment['silhouette']:.2f}",
        next(iter(segment["traits"]), "").replace("\n", " "),
    )
