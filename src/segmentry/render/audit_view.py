"""What the report says of the data: facts, findings, and what became of every feature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers, texts
from segmentry.render.view import Document, FindingNote

SEVERITIES = ("error", "warning", "info")
TRANSFORMS = {
    "identity": "as it is",
    "log1p": "logarithm of 1 + x",
    "yeo-johnson": "Yeo-Johnson power",
}
LONG_LIST = 6
MOST_FEATURES = 200
MOST_FINDINGS = 60


def facts(audit: Document) -> tuple[tuple[str, str], ...]:
    """Write the counts that reading the data gave."""
    return tuple(
        (fmt.words(k).capitalize(), fact_text(v)) for k, v in audit.get("facts", {}).items()
    )


def fact_text(value: Any) -> str:
    """Write a fact of any plain type.

    Examples
    --------
    >>> fact_text(541909), fact_text(["a", "b"]), fact_text(True), fact_text("2011-12-09T12:50:00")
    ('541,909', 'a, b', 'yes', '9 December 2011, 12:50')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return fmt.whole(value)
    if isinstance(value, float):
        return fmt.plain(value, 4)
    if isinstance(value, Mapping):
        return "; ".join(f"{fmt.words(str(k))}: {fact_text(v)}" for k, v in value.items())
    if isinstance(value, (list, tuple)):
        shown = ", ".join(fact_text(v) for v in value[:LONG_LIST])
        return f"{shown} and {len(value) - LONG_LIST} more" if len(value) > LONG_LIST else shown
    return fmt.date(value) if isinstance(value, str) else str(value)


def findings(audit: Document) -> tuple[FindingNote, ...]:
    """Write what was found, the gravest first."""
    told = sorted(
        audit.get("findings", ()),
        key=lambda f: (
            SEVERITIES.index(f.get("severity", "info"))
            if f.get("severity", "info") in SEVERITIES
            else len(SEVERITIES)
        ),
    )
    return tuple(_finding(f) for f in told[:MOST_FINDINGS])


def _finding(told: Document) -> FindingNote:
    where = " · ".join(str(told[k]) for k in ("source", "column") if told.get(k))
    count = ""
    if told.get("count") is not None:
        count = fmt.whole(told["count"])
        if told.get("total"):
            share = fmt.share(told["count"] / told["total"])
            count = f"{count} of {fmt.whole(told['total'])} ({share})"
    return FindingNote(
        told.get("severity", "info"),
        told.get("sentence", ""),
        where,
        count,
        tuple(fmt.clip(str(e)) for e in told.get("examples", ())),
        told.get("done", ""),
    )


def features_table(summary: Document, audit: Document) -> Table:
    """Lay out every feature: meaning, role, how it was prepared, or why it was left out."""
    recipe = audit.get("recipe", {})
    described = {f["name"]: f for f in summary.get("features", ())}
    prepared = {n["column"]: _number_words(n) for n in recipe.get("numbers", ())}
    prepared |= {c["column"]: _category_words(c) for c in recipe.get("categories", ())}
    left_out = {x["column"]: x["reason"] for x in recipe.get("left_out", ())}
    names = dict.fromkeys([*prepared, *described, *left_out])
    rows = tuple(
        _feature_row(n, described.get(n, {}), prepared.get(n), left_out.get(n))
        for n in list(names)[:MOST_FEATURES]
    )
    head = texts("Feature", "What it means", "Role", "Prepared", "Missing values")
    caption = "Every feature, and what became of it"
    if len(names) > MOST_FEATURES:
        caption = f"{MOST_FEATURES} of {len(names):,} features, and what became of them"
    return Table(caption, head, rows)


def _feature_row(
    name: str, told: Document, prepared: tuple[str, str] | None, left_out: str | None
) -> tuple[Cell, ...]:
    how, missing = prepared or ("", "")
    if left_out is not None:
        how = f"left out: {left_out}"
    elif prepared is None:
        how = "not used for finding segments"
    role = told.get("role", "")
    role = (
        "shapes segments" if role == "cluster" and prepared else ("" if role == "cluster" else role)
    )
    missing = missing or told.get("null_means", "")
    unit = told.get("unit", "")
    meaning = "" if told.get("sentence") == name else told.get("sentence", "")
    meaning += f" ({unit})" if unit else ""
    return texts(fmt.clip(name), fmt.clip(meaning.strip()), role, how, missing)


def _number_words(step: Document) -> tuple[str, str]:
    transform = str(step.get("transform", "identity"))
    how = TRANSFORMS.get(transform, transform)
    if transform == "yeo-johnson" and "exponent" in step:
        how += f" ({fmt.fixed(step['exponent'])})"
    if step.get("weight", 1.0) != 1.0:
        how += f"; weight {fmt.plain(step['weight'])}"
    filled = f"filled with {fmt.plain(step.get('impute'))}"
    reason = step.get("impute_reason") or ""
    return how, f"{filled}: {reason}" if reason else filled


def _category_words(step: Document) -> tuple[str, str]:
    levels = step.get("levels", ())
    how = f"one column for each of {len(levels)} levels: {fact_text(list(levels))}"
    if step.get("weight", 1.0) != 1.0:
        how += f"; weight {fmt.plain(step['weight'])}"
    return how, "zero in every level"


def timings_table(timings: Document) -> Table | None:
    """Lay out seconds and memory per step."""
    steps = timings.get("steps", ())
    if not steps:
        return None
    rows = [
        (
            Cell(fmt.words(s["name"])),
            *numbers(fmt.seconds(s.get("seconds")), _mib(s.get("peak_mib"))),
        )
        for s in steps
    ]
    if "total_seconds" in timings:
        total = numbers(fmt.seconds(timings["total_seconds"]), _mib(timings.get("peak_mib")))
        rows.append((Cell("In total", is_marked=True), *total))
    head = (Cell("Step"), *numbers("Time", "Peak memory"))
    return Table("Time and memory of this run", head, tuple(rows))


def _mib(value: float | None) -> str:
    return fmt.ABSENT if fmt.is_absent(value) else f"{fmt.whole(value)} MiB"
