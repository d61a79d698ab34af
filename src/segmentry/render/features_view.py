"""Every feature of a run: what it means, whether it is in or out, and why.

What lives here: the table of features out of the summary and the recipe. What does not: other
findings in the data (``audit_view``) and the features' figures (``cards``, ``figures``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, texts
from segmentry.render.feature_words import Document

TRANSFORMS = {
    "identity": "as it is",
    "log1p": "logarithm of 1 + x",
    "yeo-johnson": "Yeo-Johnson power",
    "quantile-normal": "by its quantiles, as a bell",
    "quantile-uniform": "by its quantiles, even from 0 to 1",
}
MOST_FEATURES = 200
MOST_LEVELS = 6

IN, OUT = "in", "out"
WHY = {
    "cluster": "counts as behaviour",
    "overlay": "says who they are and not what they do: it describes segments afterwards",
    "outcome": "the segments are judged by it, so it must not shape them",
    "treatment": "says what was done to them in an experiment, not what they do",
    "weight": "says how much they count where segments are found, not what they do",
    "id": "names them and tells nothing of what they do",
}
LEADING = re.compile(r"'((?:[^'\\]|\\.)*)'")
"""The first quoted name of a reason: the column that stands for the one left out."""


@dataclass(slots=True)
class _Levels:
    """What became of single levels of a category, and whom a feature stands for."""

    left_out: dict[str, list[str]] = field(default_factory=dict)
    stands_for: dict[str, list[str]] = field(default_factory=dict)


def features_table(summary: Document, audit: Document) -> Table:
    """Lay out every feature: meaning, in or out and why, how it was prepared."""
    recipe = audit.get("recipe", {})
    described = {f["name"]: f for f in summary.get("features", ())}
    prepared = {n["column"]: _number_words(n) for n in recipe.get("numbers", ())}
    prepared |= {c["column"]: _category_words(c) for c in recipe.get("categories", ())}
    prepared |= {s["column"]: _score_words(s) for s in recipe.get("scores", ())}
    notes = {n["name"]: n for n in audit.get("features", ())}
    marked = {g["column"] for g in recipe.get("gaps", ())}
    left_out = {x["column"]: x["reason"] for x in recipe.get("left_out", ())}
    levels = _levels(left_out, prepared)
    names = [
        n
        for n in dict.fromkeys([*prepared, *described, *left_out, *notes])
        if not _is_level(n, prepared)
    ]
    names.sort(key=lambda n: (n not in prepared, n not in left_out))
    rows = tuple(
        _with_note(
            _row(n, described.get(n, {}), prepared.get(n), left_out.get(n), levels),
            notes.get(n),
            is_marked=n in marked,
        )
        for n in names[:MOST_FEATURES]
    )
    head = texts("Feature", "In or out", "Why", "How it was prepared", "Missing values")
    caption = "Every feature, and why it is in or out"
    if len(names) > MOST_FEATURES:
        caption = f"{MOST_FEATURES} of {len(names):,} features, and why they are in or out"
    return Table(caption, head, rows)


def _with_note(
    row: tuple[Cell, ...], note: Document | None, *, is_marked: bool
) -> tuple[Cell, ...]:
    """Add what preparation told of a feature: its side, why it is in or out, what a gap means."""
    if note is None:
        return row
    name, place, why, how, missing = row
    if note.get("facet"):
        name = replace(name, note=" · ".join(t for t in (name.note, str(note["facet"])) if t))
    told = Cell(fmt.clip(fmt.sentence(str(note["reason"]))), note=why.note)
    means = str(note.get("null_means") or "")
    if place.text == OUT:
        missing = Cell(means)
    elif means and means not in missing.text:
        missing = Cell(missing.text, note=f"means: {means}")
    if is_marked:
        missing = replace(missing, text=f"{missing.text}; gaps have a column of their own")
    return name, place, told, how, missing


def _is_level(name: str, prepared: Iterable[str]) -> bool:
    return "=" in name and name.split("=", 1)[0] in prepared


def _levels(left_out: dict[str, str], prepared: Iterable[str]) -> _Levels:
    """Sort left-out columns: levels go to their category, repeats to whom they repeat."""
    found = _Levels()
    for name, reason in left_out.items():
        if _is_level(name, prepared):
            column, level = name.split("=", 1)
            found.left_out.setdefault(column, []).append(f"“{fmt.clip(level, 40)}” {reason}")
        elif leading := LEADING.search(reason):
            found.stands_for.setdefault(leading[1], []).append(name)
    return found


def _row(
    name: str,
    told: Document,
    prepared: tuple[str, str] | None,
    left_out: str | None,
    levels: _Levels,
) -> tuple[Cell, ...]:
    how, missing = prepared or ("", "")
    meaning = "" if told.get("sentence") in {name, None} else str(told["sentence"])
    unit = f" ({told['unit']})" if told.get("unit") else ""
    note = fmt.clip(f"{fmt.sentence(meaning)}{unit}".strip())
    why, remark = _why(name, told, left_out, levels, is_in=prepared is not None)
    return (
        Cell(fmt.clip(name), note=note),
        Cell(IN, tone="good") if prepared is not None else Cell(OUT),
        Cell(why, note=remark),
        Cell(how),
        Cell(missing or (str(told.get("null_means", "")) if prepared is not None else "")),
    )


def _why(
    name: str, told: Document, left_out: str | None, levels: _Levels, *, is_in: bool
) -> tuple[str, str]:
    if left_out is not None:
        return fmt.sentence(left_out), ""
    role = str(told.get("role", "cluster"))
    why = fmt.sentence(WHY.get(role, role))
    if not is_in:
        return why if role != "cluster" else "Did not reach the matrix", ""
    remarks = []
    if name in levels.stands_for:
        others = ", ".join(levels.stands_for[name][:MOST_LEVELS])
        remarks.append(f"also stands for {others}, which {_moves(levels.stands_for[name])} with it")
    if name in levels.left_out:
        shown = "; ".join(levels.left_out[name][:MOST_LEVELS])
        remarks.append(f"left out of its levels: {shown}")
    return why, fmt.sentence("; ".join(remarks))


def _moves(names: list[str]) -> str:
    return "moves" if len(names) == 1 else "move"


def _number_words(step: Document) -> tuple[str, str]:
    transform = str(step.get("transform", "identity"))
    how = TRANSFORMS.get(transform, transform)
    if transform == "yeo-johnson" and "exponent" in step:
        how += f" ({fmt.fixed(step['exponent'])})"
    how += ", then put on one scale" + _weight(step)
    reason = str(step.get("impute_reason") or "")
    if reason == "nothing was missing":
        return how, "none"
    if any(step.get(way) for way in ("by", "ridge", "neighbours")):
        return how, f"filled: {reason}"
    filled = f"filled with {fmt.plain(step.get('impute'))}"
    return how, f"{filled}: {reason}" if reason else filled


def _category_words(step: Document) -> tuple[str, str]:
    levels = [fmt.clip(str(level), 40) for level in step.get("levels", ())]
    shown = ", ".join(levels[:MOST_LEVELS])
    if len(levels) > MOST_LEVELS:
        shown += f" and {len(levels) - MOST_LEVELS} more"
    how = f"a column of zeros and ones for each of {len(levels)} levels: {shown}{_weight(step)}"
    return how, "zero in every level"


def _score_words(step: Document) -> tuple[str, str]:
    if step.get("kind") == "frequency":
        how = "one number: how common its level is"
    else:
        order = ", ".join(
            fmt.clip(str(level), 40) for level in step.get("levels", ())[:MOST_LEVELS]
        )
        how = f"one number: its place in the order {order}"
    return how + _weight(step), "the average"


def _weight(step: Document) -> str:
    weight = step.get("weight", 1.0)
    return "" if weight == 1.0 else f"; weight {fmt.plain(weight)}"
