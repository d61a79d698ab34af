"""Mistakes that tell from what features are about: time, people, words, outcomes.

What lives here: no view over time, who people are in place of what they do, names that say nothing,
no outcome. What does not: figures of the matrix (``features``).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from segmentry.domain.feature import FeatureSpec, aggregates_of
from segmentry.domain.mistake import Mistake, State, absent, settled
from segmentry.domain.percent import percent
from segmentry.domain.project import Project
from segmentry.domain.role import Facet, Role
from segmentry.features.catalogue import CATALOGUE
from segmentry.pipeline.mistakes.rows import some_rows
from segmentry.pipeline.mistakes.words import counted, listed
from segmentry.pipeline.ready import Ready
from segmentry.projectfile.findings.finding import agreeing
from segmentry.projectfile.idlike import is_unnamed
from segmentry.projectfile.overlays import WHO_OR_WHERE, as_demographic
from segmentry.projectfile.survey import Column, Survey, columns_of

BEFORE = frozenset(["prior", "earlier", "trend"])
"""Spans of time that are looked at only to be compared with a later one."""

CHANGE = frozenset(
    [
        *("change", "changes", "changed", "chng", "chg", "trend", "growth", "grew", "delta"),
        *("slope", "increase", "decrease", "decline", "declining", "momentum", "yoy", "qoq", "mom"),
    ]
)
"""Words of a column that tells a change by itself."""

NAMELESS = 0.5
"""Share of features with names that say nothing from which on segments cannot be read."""


def of_meaning(project: Project, ready: Ready) -> Iterator[Mistake]:
    """Look for mistakes in what the features are about.

    Parameters
    ----------
    project : Project
    ready : Ready

    Yields
    ------
    Mistake
        One of each kind that is looked for here.
    """
    columns = _attributes(ready)
    yield _over_time(project, ready, columns)
    yield _people(project, ready, columns)
    yield _names(ready, columns)
    yield _outcomes(ready)


def _used(ready: Ready) -> tuple[str, ...]:
    """Name the features that shape segments, sorted: their order tells nothing."""
    return tuple(sorted(set(ready.prepared.recipe.features)))


def _attributes(ready: Ready) -> tuple[Column, ...]:
    """Give the features that are columns of a source and not made of events."""
    table = ready.table
    names = [n for n in _used(ready) if table.column(n).facet is Facet.ATTRIBUTE]
    some = table.take(some_rows(table.n_entities)).data
    return columns_of(some.select(names)) if names else ()


def _over_time(project: Project, ready: Ready, columns: tuple[Column, ...]) -> Mistake:
    """Look for a feature that tells where somebody is going."""
    specs = {s.name: s for s in (*CATALOGUE, *project.features.define)}
    going = [n for n in _used(ready) if n in specs and _compares(specs[n])]
    going += [c.name for c in columns if set(c.words) & CHANGE]
    if going:
        verb = agreeing(len(going), "tell")
        said = f"{listed(going)} {verb} a change over time"
        return absent("M07", said, n_features=len(going))
    if ready.window is None:
        return Mistake(
            "M07",
            State.FOUND,
            "no source says when anything happened, and no column tells a change: everybody is "
            "seen at one moment only",
            "give the events behind the table (shape: events, with a time), or its earlier states "
            "(shape: changes), beside it under sources",
            "info",
        )
    out = {x.column: x.reason for x in ready.prepared.recipe.left_out if x.column in specs}
    dropped = [f"{n!r} {reason}" for n, reason in out.items() if _compares(specs[n])]
    because = f" ({'; '.join(dropped)})" if dropped else ""
    short = "windows: {recent: 7d}, where the history is short"
    return Mistake(
        "M07",
        State.FOUND,
        "events have a time, but no feature that shapes the segments compares a recent window with "
        f"an earlier one{because}",
        short if dropped else "features: {include: [auto, trend]}, and no trend under exclude",
    )


def _compares(spec: FeatureSpec) -> bool:
    """Tell whether a feature holds one span of time against another."""
    return spec.is_compiled and any(a.span in BEFORE for a in aggregates_of(spec))


def _people(project: Project, ready: Ready, columns: tuple[Column, ...]) -> Mistake:
    """Look for features that say who or where somebody is."""
    nobody = Survey((), ready.table.n_entities, None)
    who = [c.name for c in columns if _is_who(c, nobody)]
    n = len(_used(ready))
    figures = {"n_features": n, "n_of_people": len(who), "share": len(who) / n}
    if not who:
        return absent("M09", "no feature that shapes the segments says who or where somebody is")
    fix = "; ".join(f'features: {{roles: {{"{name}": overlay}}}}' for name in who)
    if len(who) == n:
        said = (
            f"all {counted(n, 'feature')} say who or where somebody is, none what was done: "
            f"{listed(who)}"
        )
        return Mistake("M09", State.FOUND, said, f"add columns or events of behaviour; {fix}",
                       about=tuple(who), figures=MappingProxyType(figures))  # fmt: skip
    unasked = [name for name in who if project.features.roles.get(name) is not Role.CLUSTER]
    say, shape = (agreeing(len(who), verb) for verb in ("say", "shape"))
    said = (
        f"{listed(who)} {say} who or where somebody is, and {shape} the segments beside "
        f"{counted(n - len(who), 'other feature')}"
    )
    if not unasked:
        return settled("M09", f"{said}, as features.roles asks", **figures)
    return Mistake("M09", State.FOUND, said, fix, about=tuple(who),
                   figures=MappingProxyType(figures))  # fmt: skip


def _is_who(column: Column, survey: Survey) -> bool:
    told = as_demographic(column, survey)
    return told is not None and told.reason == WHO_OR_WHERE


def _names(ready: Ready, columns: tuple[Column, ...]) -> Mistake:
    """Look for features whose names were only counted up."""
    nameless = [c.name for c in columns if is_unnamed(c)]
    n = len(_used(ready))
    share = len(nameless) / n
    if share <= NAMELESS:
        return absent("M11", "the features have names that say what they are", n_features=n)
    said = (
        f"{len(nameless)} of {counted(n, 'feature')} ({percent(share)}) have names that say "
        f"nothing: {listed(nameless)}"
    )
    return Mistake(
        "M11",
        State.FOUND,
        said,
        "give the columns names in the source, in words of the trade",
        about=tuple(nameless),
        figures=MappingProxyType({"share": share, "n_features": n}),
    )


def _outcomes(ready: Ready) -> Mistake:
    """Look for something that segments can be held against."""
    columns = sorted(c.name for c in ready.table.with_role(Role.OUTCOME))
    if columns:
        said = f"segments are held against {listed(columns)}, and not shaped by it"
        return absent("M13", said, n_outcomes=len(columns))
    if ready.judging is not None:
        followed = sorted(f.name for f in ready.judging.followed)
        days = (ready.judging.until - ready.judging.window.as_of).days
        said = f"an earlier cut is judged by the {days} days after it: {listed(followed)}"
        return absent("M13", said, horizon_days=days)
    fix = 'features: {roles: {"COLUMN": outcome}} for a column that tells what came of it'
    if ready.window is not None:
        fix = "windows: {outcome: auto}, or a longer history"
    said = "nothing tells what followed: no outcome column, and no time after an earlier cut"
    return Mistake("M13", State.FOUND, said, fix, "info")
