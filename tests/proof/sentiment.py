"""Sentiment against sentences labelled by hand, and how often plain queries are taken for felt.

Writes ``docs/proof/sentiment.md``. Run with ``make proof``.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from real_data import DATA, DOCS

from segmentry.features.text.score import NEGATIVE
from segmentry.features.text.sentiment import lexicon, sentiment
from segmentry.maths.intervals import wilson_interval

SENTENCES = Path(__file__).parent.parent / "data" / "sentiment.csv"
LABELS = {"1": "positive", "0": "neither", "-1": "negative"}

HEAD = """# Sentiment by the lexicon

Written by `python tests/proof/sentiment.py` (part of `make proof`). {n} English sentences from
shops, software support and telephone companies, written and labelled by hand in
`tests/data/sentiment.csv` after the lexicon was written ({words:,} words), and not used to change
it. The same author wrote both, so the figures are the best that can be hoped for; sarcasm and
bad news told plainly are among them. A sentence counts as positive above {limit}, negative below
-{limit}, neither between them or where no word is known. Intervals: Wilson, 95 %.
"""

TAIL = """
No real texts with a label of how they feel lie beside the project: the churn reasons of
RavenStack are three fixed phrases without a rating. Read the figures above with that in mind, and
label a hundred texts of your own before you act on single scores.
"""


def told(text: str) -> str:
    """Give the label that the score says."""
    found = sentiment(text) or 0.0
    return "1" if found > -NEGATIVE else "-1" if found < NEGATIVE else "0"


def share(hits: Sequence[bool]) -> str:
    """Write a share with its interval."""
    low, high = wilson_interval(sum(hits), len(hits))
    return f"{sum(hits)} of {len(hits)}: {sum(hits) / len(hits):.2f} ({low:.2f} to {high:.2f})"


def tables() -> tuple[int, list[str]]:
    """Measure the sentences, by trade and by label."""
    with SENTENCES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    hits = [told(r["text"]) == r["label"] for r in rows]
    lines = ["| sentences | scored as labelled |", "|---|---|", f"| all | {share(hits)} |"]
    for field, names in (("trade", None), ("label", LABELS)):
        for value in dict.fromkeys(r[field] for r in rows):
            own = [h for h, r in zip(hits, rows, strict=True) if r[field] == value]
            lines.append(f"| {names[value] if names else value} | {share(own)} |")
    missed = [r for h, r in zip(hits, rows, strict=True) if not h]
    lines += ["", "Scored otherwise:", ""]
    lines += [f"- {LABELS[r['label']]}: {r['text']} ({sentiment(r['text'])})" for r in missed]
    return len(rows), lines


def queries() -> list[str]:
    """Count support queries, nearly all of which ask without praise or blame, that seem felt."""
    parts = [pd.read_csv(DATA / "banking77" / f"{n}.csv.gz") for n in ("train", "test")]
    found = [told(text) for part in parts for text in part["text"]]
    lines = ["", "| support queries (BANKING77) that seem | of all |", "|---|---|"]
    lines += [f"| {name} | {share([f == k for f in found])} |" for k, name in LABELS.items()]
    return lines


def main() -> None:
    """Write the page."""
    n, lines = tables()
    head = HEAD.format(n=n, words=len(lexicon().strength), limit=-NEGATIVE)
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / "sentiment.md").write_text("\n".join([head, *lines, *queries(), TAIL]))


if __name__ == "__main__":
    main()
