"""The segments that there were already, beside the new ones: an answer, and the tables behind it.

What lives here: wording of the comparison. What does not: any measuring, and the simple grouping
(``trust``), whose row stands in the same table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, named, numbers
from segmentry.render.feature_words import Document, feature_label, feature_words, names
from segmentry.render.palette import look_of

MOST_TOLD = 3
"""Features that are told of each segment that is taken apart."""

ANSWERS = {
    "same": ("no: both say the same", "warn"),
    "more": ("yes", "good"),
    "in part": ("in part", "warn"),
    "nothing": ("no difference was shown", "warn"),
    "less": ("no", "bad"),
}


def answer(evidence: Document) -> tuple[str, str] | None:
    """Say whether a change is worth it, and in which tone; nothing where there is no comparison."""
    told = evidence.get("existing")
    if not told:
        return None
    word, tone = ANSWERS[told["worth"]]
    gains = told.get("outcomes", ())
    features = told["features"]
    text = (
        f"{word}: they explain {fmt.share(features['chosen'])} of the variety of their features, "
        f"{told['column']} {fmt.share(features['existing'])}"
    )
    if gains:
        more = sum(g["low"] > 0 for g in gains)
        less = sum(g["high"] < 0 for g in gains)
        text += f"; of {_count(len(gains), 'outcome')} more in {more}, less in {less}"
    elif told["worth"] == "more":
        tone, text = "warn", f"perhaps{text.removeprefix(word)}; no outcome was measured"
    return text, tone


def existing_view(documents: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give what the report shows of the comparison; None where a run made none."""
    told = documents.get("evidence", {}).get("existing")
    if not told:
        return None
    known = names(documents["segments"]["segments"])
    features = {str(f["name"]) for f in documents["summary"].get("features", ())}
    return {
        "column": told["column"],
        "sentence": told.get("sentence", ""),
        "agreement": told.get("agreement", ""),
        "explained": _explained(told, documents.get("evidence", {}), len(known)),
        "crossed": _crossed(told, known),
        "splits": _splits(
            told.get("splits", ()), known, features,
            "What the new segments see in the existing ones", told["column"],
        ),
        "hidden": _splits(
            told.get("hidden", ()), known, features,
            "What the existing segments see in the new ones", "Segment",
        ),
    }  # fmt: skip


def _explained(told: Document, evidence: Document, n_segments: int) -> Table:
    """Lay out what each segmentation explains; the simple grouping knows no outcomes here."""
    gains = told.get("outcomes", ())
    every: tuple[Document, ...] = (told["features"], *gains)
    baseline = evidence.get("baseline", {})
    head = (
        Cell("Segmentation"),
        *numbers("Segments"),
        named("Silhouette", "silhouette"),
        named("Variance explained", "variance explained"),
        *numbers(*(f"Of {fmt.words(g['name'])}" for g in gains)),
    )
    rows = [
        (
            Cell("These segments", is_marked=True),
            *numbers(fmt.whole(n_segments)),
            _with_ends(told, "chosen_silhouette"),
            *numbers(*(fmt.share(g["chosen"]) for g in every)),
        ),
        (
            Cell(str(told["column"])),
            *numbers(fmt.whole(len(told["rows"]))),
            _with_ends(told, "silhouette"),
            *numbers(*(fmt.share(g["existing"]) for g in every)),
        ),
    ]
    if baseline:
        everyone = "of everyone" if told["n_without"] else ""
        rows.append(
            (
                Cell(str(baseline["name"]), note=everyone),
                *numbers(fmt.whole(baseline.get("n_segments"))),
                _with_ends(baseline, "silhouette"),
                *numbers(fmt.share(baseline.get("explained_share")), *[fmt.ABSENT] * len(gains)),
            )
        )
    corrected = "corrected for the numbers of segments"
    if len(gains) > 1:
        corrected += f"; intervals of all {len(gains)} outcomes hold at 95 % together"
    rows += [
        (
            Cell(f"Difference to {told['column']}", note=corrected),
            *numbers(fmt.ABSENT, fmt.ABSENT),
            *(_gain(g) for g in every),
        ),
        (
            Cell("Entities compared"),
            *numbers(fmt.ABSENT, fmt.whole(told["n_compared"])),
            *numbers(*(fmt.whole(g["n"]) for g in every)),
        ),
    ]
    return Table("What each segmentation explains", head, tuple(rows))


def _with_ends(told: Document, name: str) -> Cell:
    value, low, high = (told.get(f"{name}{end}") for end in ("", "_low", "_high"))
    note = "" if low is None or high is None else fmt.interval(fmt.fixed(low), fmt.fixed(high))
    return Cell(fmt.fixed(value), is_number=True, note=note)


def _gain(gain: Document) -> Cell:
    """Write a difference of shares in percentage points, with its interval."""
    digits = 0 if abs(gain["gain"]) >= 0.1 else 1
    value, low, high = (fmt.signed(100 * gain[k], digits) for k in ("gain", "low", "high"))
    tone = "good" if gain["low"] > 0 else "bad" if gain["high"] < 0 else ""
    return Cell(f"{value} points", is_number=True, note=fmt.interval(low, high), tone=tone)


def _crossed(told: Document, known: Mapping[int, str]) -> Table:
    """Lay out where each existing segment's entities are; what is withheld is not told."""
    head = (
        Cell(str(told["column"])),
        *numbers("Size"),
        *(Cell(known.get(int(c["id"]), str(c["id"])), is_number=True, slot=_slot(c["id"]))
          for c in told["rows"][0]["cells"]),
    )  # fmt: skip
    rows = tuple(
        (Cell(row["name"]), *numbers(fmt.whole(row["n"])), *(_cell(c) for c in row["cells"]))
        for row in told["rows"]
    )
    return Table("Where the existing segments went", head, rows)


def _slot(segment: Any) -> int | None:
    return look_of(int(segment)).slot


def _cell(cell: Document) -> Cell:
    if "n" not in cell:
        return Cell("withheld", is_number=True)
    return Cell(fmt.share(cell["share"]), is_number=True, note=fmt.whole(cell["n"]))


def _splits(
    splits: Sequence[Document],
    known: Mapping[int, str],
    features: set[str],
    caption: str,
    whole: str,
) -> Table | None:
    if not splits:
        return None

    def called(label: int | str) -> str:
        return known.get(label, str(label)) if isinstance(label, int) else label

    rows = tuple(
        (
            Cell(called(s["whole"])),
            Cell("; ".join(_part(called(p["segment"]), p.get("share")) for p in s["parts"])),
            Cell("; ".join(_told(d, features, called) for d in _strongest(s, features))),
        )
        for s in splits
    )
    return Table(caption, (Cell(whole), Cell("Falls into"), Cell("The parts differ most in")), rows)


def _part(name: str, share: float | None) -> str:
    return name if share is None else f"{name} {fmt.share(share)}"


def _strongest(split: Document, features: set[str]) -> list[Document]:
    """Give one difference for each feature: levels of one category repeat each other."""
    first: dict[str, Document] = {}
    for difference in split["differences"]:
        first.setdefault(_feature(difference["feature"], features)[0], difference)
    return list(first.values())[:MOST_TOLD]


def _feature(column: str, features: set[str]) -> tuple[str, str | None]:
    """Take a prepared column for a feature, or for a level of one."""
    feature, sign, level = column.rpartition("=")
    return (feature, level) if sign and column not in features else (column, None)


def _told(difference: Document, features: set[str], called: Any) -> str:
    feature, level = _feature(difference["feature"], features)
    words = feature_words(feature) if level is None else feature_label(feature, level)
    return (
        f"{words} ({fmt.fixed(difference['effect'], 1)} sd, higher in "
        f"{called(difference['highest'])} than in {called(difference['lowest'])})"
    )


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
