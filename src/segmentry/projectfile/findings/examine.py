"""All searches in order, what the project does about each finding, and the rules that are safe.

What lives here: the list of searches, and the two ways in: ``examine`` for a project that stands,
``with_findings`` for a guess that may still be changed. What does not: any search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from segmentry import clock
from segmentry.domain.project import frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import EngineError
from segmentry.projectfile.findings import (
    calendar,
    cancellations,
    codes,
    copies,
    crowd,
    dates,
    emptiness,
    impossible,
    naming,
    people,
    repeats,
    sentinels,
    shape,
    spelling,
    units,
)
from segmentry.projectfile.findings.edit import applied, holds
from segmentry.projectfile.findings.finding import KINDS, SEVERITIES, Finding
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.findings.rows import Rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from segmentry.projectfile.guessed import Guess
    from segmentry.projectfile.survey import Survey

Search = Callable[[Look], Iterator[Finding]]

SEARCHES: tuple[Search, ...] = (
    crowd.too_few_entities,
    copies.duplicate_keys,
    naming.roles,
    people.guests,
    people.placeholder_entities,
    people.own_accounts,
    crowd.crowd,
    cancellations.cancellations,
    cancellations.undone,
    cancellations.refunds,
    codes.stray_codes,
    copies.exact_duplicates,
    impossible.impossible,
    dates.impossible_dates,
    dates.stray_dates,
    impossible.zero_prices,
    sentinels.sentinels,
    sentinels.unknown_words,
    units.unit_mix,
    units.currency_mix,
    emptiness.missing,
    emptiness.constant,
    emptiness.nearly_constant,
    repeats.same_columns,
    spelling.spellings,
    calendar.calendar,
)

DEEPER: tuple[Search, ...] = (shape.correlated, shape.skewed)
"""Searches of ``check`` alone: what they find changes nothing in a project file by itself."""

_ORDER = {kind: place for place, kind in enumerate(KINDS)}


def examine(look: Look, *, deep: bool = False) -> tuple[Finding, ...]:
    """Find what is wrong or strange in a source, and say what its project does about each.

    Parameters
    ----------
    look : Look
    deep : bool
        Search also for what only a check of the data tells: long tails, correlated columns.

    Returns
    -------
    tuple of Finding
        The severest first, each with its rule.
    """
    found = [
        f for search in (*SEARCHES, *(DEEPER if deep else ())) for f in _searched(search, look)
    ]
    told = [_with_rule(replace(f, source=look.source.name), look) for f in found]
    return tuple(sorted(told, key=lambda f: (SEVERITIES.index(f.severity), _ORDER[f.kind])))


def _searched(search: Search, look: Look) -> list[Finding]:
    """Carry out a search; one that the engine refuses is told, and does not stop the others."""
    try:
        return list(search(look))
    except EngineError as error:
        name = search.__name__.replace("_", " ")
        sentence = f"the search for {name} could not be carried out: {error.what}"
        return [Finding("not_searched", "info", sentence)]


def _with_rule(found: Finding, look: Look) -> Finding:
    """Say what the project file does about a finding; what it settles is no warning any more."""
    edit = found.edit
    rule = ""
    if found.rows is not None and look.source.where and _is_left_out(found.rows, look):
        written = edit is not None and edit.what == "where" and edit.value in look.source.where
        rule = f"where: {edit.value}" if edit is not None and written else "left out by where"
    elif edit is not None and edit.what != "where" and holds(look.project, look.source, edit):
        rule = str(edit)
    if rule:
        return replace(found, rule=rule, severity="info")
    mapped = look.source.columns.get(edit.name) if edit and edit.what == "field" else None
    if edit is not None and mapped is not None and mapped not in look.survey.names:
        # An expression stands there already; writing over it would undo what it does.
        return replace(found, edit=None, advice=f"{edit}, around the expression that is there")
    return found


def _is_left_out(rows: str, look: Look) -> bool:
    """Tell whether ``where`` lets none of some rows through."""
    if look.where is None:
        return False
    try:
        return look.rows.count([f"({rows}) AND {look.where}"])[0] == 0
    except EngineError:
        # Not known, which is not the same as done.
        return False


def with_findings(guess: Guess, survey: Survey, table: ir.Table, *, deep: bool = False) -> Guess:
    """Search the data of a guess, and write those rules into it that can lose nothing.

    Parameters
    ----------
    guess : Guess
    survey : Survey
        The sample that the guess was made from.
    table : ibis table
        All rows.
    deep : bool
        Search as deep as ``check`` does.

    Returns
    -------
    Guess
        With ``findings``, and with what is safe in its project.
    """
    rows = Rows(table)
    found = examine(look_of(guess, survey, rows), deep=deep)
    safe = [f for f in found if f.is_safe and not f.rule and f.edit is not None]
    if not safe:
        return replace(guess, findings=found)
    project, reasons = guess.project, dict(guess.reasons)
    for finding in safe:
        edit = finding.edit
        if edit is not None:
            project = applied(project, edit)
            key = (
                f"sources[0].columns.{edit.name}"
                if edit.what == "field"
                else f"sources[0].{edit.what}"
            )
            reasons[key] = "; ".join(filter(None, (reasons.get(key), _briefly(finding))))
    changed = replace(guess, project=project, reasons=frozen_mapping(reasons))
    return replace(changed, findings=_settled(found, changed, survey, rows))


def _briefly(finding: Finding) -> str:
    return f"without {finding.title}: {', '.join(finding.examples[:3])}"


def _settled(
    found: Sequence[Finding], guess: Guess, survey: Survey, rows: Rows
) -> tuple[Finding, ...]:
    """Give the findings with what the project does about them now."""
    look = look_of(guess, survey, rows)
    told = [f if f.rule else _with_rule(f, look) for f in found]
    return tuple(sorted(told, key=lambda f: (SEVERITIES.index(f.severity), _ORDER[f.kind])))


def look_of(guess: Guess, survey: Survey, rows: Rows) -> Look:
    """Look at data by what was guessed of it."""
    advised, reasons = advice_of(guess)
    project = guess.project
    return Look(survey, rows, project, project.sources[0], clock.now(), advised, reasons)


def advice_of(guess: Guess) -> tuple[Mapping[str, Role], Mapping[str, str]]:
    """Give the roles that a guess advises, and why, by column."""
    start = "features.roles."
    reasons = {
        key.removeprefix(start): reason
        for key, reason in guess.reasons.items()
        if key.startswith(start)
    }
    return guess.project.features.roles, reasons
