"""One finding: what was seen in the data, how often, and what follows from it.

What lives here: the value, its kinds and their titles. What does not: looking (one module per
idea), and the edits of a project file that act on a finding (``edit``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from segmentry.projectfile.findings.edit import Edit

Severity = Literal["error", "warning", "info"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""From what stops a run to what is merely good to know."""

KINDS = {
    "too_few_entities": "few entities",
    "duplicate_keys": "keys that repeat",
    "leaks": "outcomes among the columns",
    "bad_values": "values that cannot be read",
    "reading": "how the file was read",
    "guests": "rows of nobody",
    "placeholder_entities": "stand-ins instead of entities",
    "test_accounts": "test and internal accounts",
    "busy_entities": "entities as busy as machines",
    "dominant_entities": "entities that dominate",
    "cancellations": "cancellations",
    "undone": "orders that were undone",
    "refunds": "negative amounts",
    "service_codes": "codes that are no products",
    "odd_codes": "codes of another form",
    "exact_duplicates": "rows that are equal",
    "impossible": "impossible values",
    "future_dates": "dates in the future",
    "early_dates": "dates before 1990",
    "stray_dates": "dates far from all others",
    "zero_prices": "prices of zero",
    "sentinels": "numbers that stand for nothing",
    "unknown_words": "words that stand for nothing",
    "unit_mix": "two units in one column",
    "currency_mix": "several currencies",
    "numeric_ids": "identifiers that look like numbers",
    "numeric_codes": "codes that look like amounts",
    "free_text": "texts that hardly repeat",
    "missing": "missing values",
    "constant": "columns with one value",
    "nearly_constant": "columns with nearly one value",
    "same_columns": "columns that say the same",
    "correlated": "columns that move together",
    "skewed": "long tails",
    "spellings": "spellings of one level",
    "day_resolution": "days without a time",
    "silence": "time without events",
    "burst": "a day with too many events",
    "partial_days": "half days at the ends",
    "one_event": "entities with one event",
    "not_searched": "what could not be searched",
}
"""Every kind of finding by its stable word, with a title, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in the data: counted, with examples, and with what follows from it.

    ``count`` of ``total`` rows (or entities, where the sentence says so). ``rows`` is the SQL
    condition of the rows meant, by which one can tell whether a ``where`` leaves them out already.
    ``edit`` would act on it; ``is_safe`` says that ``init`` may write it unasked, because nothing
    can be lost by it on clean data. ``rule`` is what the project file does about it; where it is
    empty, the finding is only told.
    """

    kind: str
    severity: Severity
    sentence: str
    columns: tuple[str, ...] = ()
    count: int | None = None
    total: int | None = None
    examples: tuple[str, ...] = ()
    rows: str | None = None
    edit: Edit | None = None
    advice: str = ""
    is_safe: bool = False
    is_exact: bool = True
    rule: str = ""
    source: str = ""

    @property
    def share(self) -> float | None:
        """Share of the rows (or entities), where both counts are known."""
        return None if self.count is None or not self.total else self.count / self.total

    @property
    def title(self) -> str:
        """Name its kind in words."""
        return KINDS[self.kind]

    @property
    def fix(self) -> str:
        """Say the edit of the project file that would act on it, or the advice where none can."""
        return str(self.edit) if self.edit is not None else self.advice

    @property
    def outcome(self) -> str:
        """Say what is done about it: the rule, or that it is only told and what would help."""
        if self.rule:
            return self.rule
        if self.edit is not None:
            return f"only told; to act on it: {self.edit}"
        return f"only told; {self.advice}" if self.advice else "only told"


def percent(count: int, total: int) -> str:
    """Write a share of rows as people read it.

    Examples
    --------
    >>> percent(135_080, 541_909), percent(1, 541_909), percent(541_909, 541_909)
    ('24.9 %', '<0.1 %', '100 %')
    """
    if not total or not count:
        return "0 %"
    share = 100 * count / total
    if share < 0.05:
        return "<0.1 %"
    # Never rounded up to all: a hundred means every row.
    return "100 %" if count == total else f"{min(share, 99.9):.1f} %"


def of_rows(count: int, total: int, noun: str = "row") -> str:
    """Write a count with its share: ``12 rows (0.3 %)``."""
    nouns = noun if count == 1 else f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {nouns} ({percent(count, total)})"


_SINGULAR = {"have": "has", "are": "is", "were": "was"}


def agreeing(count: int, verb: str) -> str:
    """Give a verb as it goes with a count.

    Examples
    --------
    >>> agreeing(1, "have"), agreeing(1, "repeat"), agreeing(2, "have")
    ('has', 'repeats', 'have')
    """
    return verb if count != 1 else _SINGULAR.get(verb, f"{verb}s")


def rows_do(count: int, total: int, verb: str, noun: str = "row") -> str:
    """Write a count with its share as the subject of a verb: ``1 row (0.3 %) has``."""
    return f"{of_rows(count, total, noun)} {agreeing(count, verb)}"


def plain(value: float) -> str:
    """Write a number as people read it.

    Examples
    --------
    >>> plain(76406.2), plain(312.34), plain(0.01234)
    ('76,406', '312.3', '0.01234')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def as_data(finding: Finding) -> dict[str, Any]:
    """Give a finding as plain data; what it does not know is absent."""
    share = finding.share
    data = {
        "kind": finding.kind,
        "title": finding.title,
        "severity": finding.severity,
        "source": finding.source or None,
        "columns": list(finding.columns),
        "count": finding.count,
        "total": finding.total,
        "share": None if share is None else round(share, 6),
        "examples": list(finding.examples),
        "sentence": finding.sentence,
        "rule": finding.rule or "nothing; only told",
        "fix": finding.fix or None,
        "can_be_recorded": finding.edit is not None and not finding.rule,
        "exact": finding.is_exact,
    }
    return {k: v for k, v in data.items() if v is not None}
