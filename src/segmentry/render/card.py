"""The small card that a notebook shows of a segmentation: verdict, segments, sizes.

What lives here: one self-contained piece of HTML without script, styled so that it reads on light
and dark pages alike. What does not: the report (``report``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from segmentry.domain.evidence import Evidence, StructureVerdict
from segmentry.render.format import entity_nouns, share, whole

HEADLINES = {
    StructureVerdict.CLEAR: "Clear groups",
    StructureVerdict.WEAK: "Weak groups: read borders as regions",
    StructureVerdict.NONE: "No groups found: these are convenient cuts, not kinds",
}

# Colours of the page itself: a notebook's theme is not the browser's.
_CARD = (
    "font-family:system-ui,sans-serif;max-width:44em;padding:.8em 1em;"
    "border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:.5em"
)
_CELL = "text-align:left;padding:.15em .8em .15em 0;background:none"
_NUMBER = f"{_CELL};text-align:right;font-variant-numeric:tabular-nums"
_BAR = "display:inline-block;height:.7em;background:currentColor;opacity:.55;border-radius:.2em"
_SMALL = "opacity:.75;margin:.3em 0;font-size:.9em"


def card(
    title: str,
    evidence: Evidence,
    *,
    names: Sequence[str],
    sizes: Sequence[int],
    n_anomalies: int,
) -> str:
    """Draw the card.

    Parameters
    ----------
    title : str
        What was fitted.
    evidence : Evidence
        Its verdict leads; its warnings follow.
    names : sequence of str
        One per segment.
    sizes : sequence of int
        Rows of each segment.
    n_anomalies : int
        Rows far outside their segment.

    Returns
    -------
    str
        HTML in which everything given is escaped.
    """
    structure = evidence.structure
    notes = [structure.sentence, _anomalies(n_anomalies), *evidence.warnings]
    folded = ("Parameters", title)
    return _drawn(structure.verdict, names, sizes, noun="rows", notes=notes, folded=folded)


def run_card(documents: Mapping[str, Any], folder: str) -> str:
    """Draw the card of a run out of its documents.

    Parameters
    ----------
    documents : mapping
        ``summary`` and ``segments``.
    folder : str
        Where it lies.

    Returns
    -------
    str
        HTML in which everything given is escaped.
    """
    summary, segments = documents["summary"], documents["segments"]["segments"]
    _, entities = entity_nouns(str(summary["project"].get("entity") or "entity"))
    return _drawn(
        StructureVerdict(summary["verdict"]),
        [s["name"] for s in segments],
        [int(s["size"]) for s in segments],
        noun=entities,
        notes=[str(sentence) for sentence in summary.get("headline", ())],
        folded=("Folder", folder),
    )


def _drawn(
    verdict: StructureVerdict,
    names: Sequence[str],
    sizes: Sequence[int],
    *,
    noun: str,
    notes: Sequence[str],
    folded: tuple[str, str],
) -> str:
    n_rows, segments = sum(sizes), "segment" if len(sizes) == 1 else "segments"
    rows = "".join(
        _row(name, size, n_rows, max(sizes)) for name, size in zip(names, sizes, strict=True)
    )
    told = "".join(f'<p style="{_SMALL}">{escape(note)}</p>' for note in notes)
    return (
        f'<div class="segmentry-card" style="{_CARD}">'
        f"<strong>{escape(HEADLINES[verdict])}</strong>"
        f'<p style="{_SMALL}">{len(sizes)} {segments} of {whole(n_rows)} {escape(noun)} · verdict '
        f"<em>{escape(str(verdict))}</em></p>"
        f'<table style="border-collapse:collapse;color:inherit;font:inherit"><thead><tr>'
        f'<th scope="col" style="{_CELL}">Segment</th>'
        f'<th scope="col" style="{_NUMBER}">{escape(noun.capitalize())}</th>'
        f'<th scope="col" style="{_NUMBER}">Share</th><td style="{_CELL}"></td></tr></thead>'
        f"<tbody>{rows}</tbody></table>{told}"
        f'<details><summary style="{_SMALL}">{folded[0]}</summary><code>{escape(folded[1])}</code>'
        "</details></div>"
    )


def _row(name: str, size: int, total: int, largest: int) -> str:
    width = 9.0 * size / max(largest, 1)
    return (
        f'<tr><th scope="row" style="{_CELL};font-weight:normal">{escape(name)}</th>'
        f'<td style="{_NUMBER}">{whole(size)}</td>'
        f'<td style="{_NUMBER}">{share(size / max(total, 1))}</td>'
        f'<td style="{_CELL}"><span style="{_BAR};width:{width:.2f}em"></span></td></tr>'
    )


def _anomalies(n: int) -> str:
    if not n:
        return "No row lies far outside its segment."
    return (
        "1 row lies far outside its segment."
        if n == 1
        else f"{whole(n)} rows lie far outside their segment."
    )
