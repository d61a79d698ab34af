"""Rules of segments said: in plain words, as one statement, as a document.

What lives here: wording. What does not: finding rules (``judge.rules``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from segmentry.domain.percent import percent
from segmentry.domain.ruleset import Condition, Counted, Rule, RuleSet
from segmentry.domain.table import ENTITY
from segmentry.explain.sqltext.dialect import Dialect
from segmentry.explain.word import phrase

SPOKEN_UNITS = frozenset({"days", "hours", "minutes", "seconds", "weeks", "months", "years"})
"""Units that are said behind a figure."""

COUNTED = "number of "


def summary(found: RuleSet) -> str:
    """Say how far rules can be trusted.

    Examples
    --------
    >>> from segmentry.domain.percent import NARROW_SPACE
    >>> summary(RuleSet((), Counted(180, 200), 0.4, 4, 400, ())).replace(NARROW_SPACE, " ")
    'Rules of at most 4 questions put 90 % (85 % to 93 %) of 200 entities that they were not made \
from into the segment that the run gives them; always guessing the largest would get 40 % right.'
    """
    return (
        f"Rules of at most {found.depth} questions put {shown(found.fidelity)} of "
        f"{found.fidelity.n:,} entities that they were not made from into the segment that the run "
        f"gives them; always guessing the largest would get {percent(found.chance)} right."
    )


def mistaken(found: RuleSet) -> str:
    """Say which segment rules take for another one most often; nothing where they never do."""
    if (most := found.most_mistaken) is None:
        return ""
    own, other, count = most
    n_elsewhere = found.fidelity.n - found.fidelity.hits
    return (
        f"Of the {n_elsewhere:,} that they put elsewhere, {count:,} belong to {own.name} and pass "
        f"the rules of {other.name}."
    )


def shown(share: Counted) -> str:
    """Write a share with its interval."""
    low, high = share.interval
    if share.estimate is None:
        return "an unknown share"
    return f"{percent(share.estimate)} ({percent(low)} to {percent(high)})"


def worth(rule: Rule) -> str:
    """Say how often a rule is right, and how much of its segment it finds.

    Examples
    --------
    >>> from segmentry.domain.percent import NARROW_SPACE
    >>> worth(Rule((), Counted(80, 100), Counted(80, 160))).replace(NARROW_SPACE, " ")
    'Right for 80 % (71 % to 87 %) of the 100 that pass it; finds 50 % (42 % to 58 %) of the \
segment.'
    """
    if not rule.precision.n:
        return "None of the entities that it was tried on passes it."
    return (
        f"Right for {shown(rule.precision)} of the {rule.precision.n:,} that pass it; finds "
        f"{shown(rule.recall)} of the segment."
    )


def in_words(rule: Rule, units: Mapping[str, str]) -> str:
    """Say a rule: its conditions, joined.

    Parameters
    ----------
    rule : Rule
    units : mapping of str to str
        The unit of each feature.

    Returns
    -------
    str
    """
    return " and ".join(_said(c, units.get(c.feature, "")) for c in rule.conditions) or "everyone"


def _said(condition: Condition, unit: str) -> str:
    """Say a condition.

    Examples
    --------
    >>> _said(Condition("recency_days", upto=30.0), "days")
    'recency of at most 30 days'
    >>> _said(Condition("n_orders", over=5.0, is_whole=True), "orders")
    'at least 6 orders'
    >>> _said(Condition("weekend_share", over=0.25, upto=0.5, has_gaps=True), "share")
    'weekend share of more than 25 % up to 50 %, or unknown'
    >>> _said(Condition("plan", "pro", over=0.0), "")
    'plan is pro'
    >>> _said(Condition("is_trial", upto=0.0, is_whole=True, is_flag=True), "share")
    'is trial: no'
    """
    about = phrase(condition.feature)
    if condition.level is not None:
        return f"{about} is {'' if condition.has_level else 'not '}{condition.level}"
    unknown = ", or unknown" if condition.has_gaps and condition.keeps_gaps else ""
    if condition.is_flag:
        return f"{about}: {'yes' if condition.has_level else 'no'}{unknown}"
    about = about.removesuffix(f" {unit}") if unit in SPOKEN_UNITS else about
    bounds = _bounds(condition, unit)
    things = about.removeprefix(COUNTED)
    if things != about and condition.is_whole and not _is_one(condition):
        told = f"{bounds} {things}"
    else:
        told = f"{about} of {bounds}{f' {unit}' if unit in SPOKEN_UNITS else ''}"
    return f"{told}{unknown}"


def _is_one(condition: Condition) -> bool:
    """Tell of whole numbers whether a bound is one, which no plural goes along with."""
    return 1.0 in {condition.least, condition.most}


def _bounds(condition: Condition, unit: str) -> str:
    has_low, has_high = np.isfinite(condition.over), np.isfinite(condition.upto)
    low, high = _figure(condition.least, unit), _figure(condition.most, unit)
    if has_low and has_high and condition.is_whole:
        return f"exactly {low}" if low == high else f"{low} to {high}"
    above = f"{'at least' if condition.is_whole else 'more than'} {low}"
    if has_low and has_high:
        return f"{above} up to {high}"
    return above if has_low else f"at most {high}"


def _figure(value: float, unit: str) -> str:
    if unit == "share":
        return f"{100 * value:.12g} %"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.12g}"


def rules_statement(
    found: RuleSet,
    units: Mapping[str, str],
    *,
    dialect: Dialect,
    table: str = "features",
) -> str:
    """Write rules as one statement, what they are worth in front of it.

    Parameters
    ----------
    found : RuleSet
    units : mapping of str to str
        The unit of each feature.
    dialect : Dialect
    table : str, default="features"

    Returns
    -------
    str
        Gives ``entity_id`` and ``segment``. A row with a gap in a feature that had none where the
        rules were made may get no segment.
    """
    source = dialect.table(table)
    notes = [note for note in (summary(found), mistaken(found)) if note]
    whens = []
    for segment in found.segments:
        if not segment.rules:
            notes.append(f"{segment.name}: no short rule tells it.")
        for rule in segment.rules:
            notes.append(f"{segment.name}: {in_words(rule, units)}. {worth(rule)}")
            asked = " and ".join(_asked(c, dialect) for c in rule.conditions)
            whens.append(f"    when {asked or '1 = 1'} then {dialect.text(segment.name)}")
    head = "\n".join(f"-- {_on_one_line(note)}" for note in notes)
    cases = "\n".join(whens)
    return (
        f"{head}\nselect\n  {dialect.column(ENTITY)},\n  case\n{cases}\n  end as segment\n"
        f"from {source}\n"
    )


def _on_one_line(text: str) -> str:
    """Keep a comment a comment, whatever the words of the data hold."""
    return "".join(c if c.isprintable() else " " for c in text.replace("\u202f", " "))


def _asked(condition: Condition, dialect: Dialect) -> str:
    column = dialect.column(condition.feature)
    if condition.level is not None:
        level = dialect.text(condition.level)
        if condition.has_level:
            return f"{column} = {level}"
        return f"({column} <> {level} or {column} is null)"
    bounds = [
        f"{column} {sign} {_plain(value)}"
        for sign, value in ((">", condition.over), ("<=", condition.upto))
        if np.isfinite(value)
    ]
    told = " and ".join(bounds)
    if condition.has_gaps and condition.keeps_gaps:
        return f"({told} or {column} is null)"
    return told


def _plain(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def rules_document(found: RuleSet, units: Mapping[str, str]) -> dict[str, Any]:
    """Give rules as a machine reads them; a bound that is not asked for is absent."""
    return {
        "sentence": summary(found),
        "mistaken": mistaken(found),
        "fidelity": _share(found.fidelity),
        "chance": round(found.chance, 6),
        "depth": found.depth,
        "n_grown": found.n_grown,
        "n_tried": found.fidelity.n,
        "confusion": {
            "of": [segment.id for segment in found.segments],
            "told": [list(row) for row in found.confusion],
        },
        "segments": [
            {
                "id": segment.id,
                "name": segment.name,
                "precision": _share(segment.precision),
                "recall": _share(segment.recall),
                "rules": [
                    {
                        "rule": in_words(rule, units),
                        "conditions": [_condition(c) for c in rule.conditions],
                        "n_covered": rule.precision.n,
                        "support": round(rule.precision.n / max(found.fidelity.n, 1), 6),
                        "precision": _share(rule.precision),
                        "recall": _share(rule.recall),
                    }
                    for rule in segment.rules
                ],
            }
            for segment in found.segments
        ],
    }


def _share(share: Counted) -> dict[str, Any]:
    low, high = (round(v, 6) for v in share.interval)
    known = {} if share.estimate is None else {"estimate": round(share.estimate, 6)}
    return {**known, "low": low, "high": high, "hits": share.hits, "n": share.n}


def _condition(condition: Condition) -> dict[str, Any]:
    if condition.level is not None:
        return {
            "feature": condition.feature,
            "level": condition.level,
            "is": condition.has_level,
        }
    bounds = {"above": condition.over, "at_most": condition.upto}
    gaps = {"or_unknown": condition.keeps_gaps} if condition.has_gaps else {}
    told = {name: value for name, value in bounds.items() if np.isfinite(value)}
    return {"feature": condition.feature, **told, **gaps}
