"""Which features are built: what the events allow, what the project wants.

What lives here: the choice by name, and its mistakes told all at once. What does not: the features
themselves (``catalogue``, ``families``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from segmentry.domain.feature import (
    INSTANT,
    MEANING,
    FeatureSpec,
    aggregates_of,
    family_name,
)
from segmentry.domain.formula import MEASURE
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.domain.role import Facet
from segmentry.domain.window import fixed_days
from segmentry.errors import ProjectFileError, nearest
from segmentry.features.catalogue import CATALOGUE
from segmentry.features.declared import declared_features
from segmentry.features.derived.catalogue import DERIVED
from segmentry.features.families import CORE, FAMILIES, family_of, measured_features

_IN_A_PROJECT = {INSTANT: "time", "order_id": "order", "session_id": "session"}
_CHOICES = frozenset({"auto", "all"})
"""What ``include`` may ask for beside names and facets: the core, or all that can be built."""

_WINDOWED = {"recent events", "recent value"}
"""Aspects of features that look at one window and nothing else."""


def all_features(choice: FeatureChoice, windows: Windows) -> tuple[FeatureSpec, ...]:
    """Give the features that some events would allow, in reading order."""
    return (
        *CATALOGUE,
        *DERIVED,
        *declared_features(choice, windows),
        *measured_features(choice.measures),
        *choice.define,
    )


def possible_features(
    available: Iterable[str], choice: FeatureChoice, windows: Windows | None = None
) -> dict[str, FeatureSpec]:
    """Give the features that events with these fields allow, by name in reading order."""
    told = windows or Windows()
    words = {meaning: tuple(kinds) for meaning, kinds in choice.kinds.items()}
    fields = frozenset(available) | {f"{MEANING}{m}" for m in words if "kind" in available}
    found: dict[str, FeatureSpec] = {}
    for spec in all_features(choice, told):
        if fields.issuperset(spec.needs) and not fields.intersection(spec.unless):
            found.setdefault(spec.name, spec.with_meanings(words))
    return {name: spec for name, spec in found.items() if not _is_told_already(spec, told)}


def _is_told_already(spec: FeatureSpec, windows: Windows) -> bool:
    """Say whether a fixed window repeats the recent one, or reaches beyond the look-back."""
    if spec.aspect not in _WINDOWED:
        return False
    spans = {d for a in aggregates_of(spec) if (d := fixed_days(a.span)) is not None}
    back = windows.lookback_days
    return any(d == windows.recent_days or (back is not None and d >= back) for d in spans)


def choose(
    available: Iterable[str], choice: FeatureChoice, windows: Windows | None = None
) -> tuple[FeatureSpec, ...]:
    """Choose the features that can be built and are wanted, but for families of shares.

    Parameters
    ----------
    available : iterable of str
        Canonical fields that the events have, ``at`` for their instants.
    choice : FeatureChoice
        What the project includes, excludes and measures.
    windows : Windows, optional
        Fixed windows that the recent one repeats are left out.

    Returns
    -------
    tuple of FeatureSpec
        In the catalogue's order.

    Raises
    ------
    ProjectFileError
        If a name is no feature, or is one that these events do not allow; all at once.
    """
    fields = frozenset(available)
    possible = possible_features(fields, choice, windows)
    asked = ("auto",) if choice.include == "auto" else tuple(choice.include)
    wanted = frozenset(n for one in asked for n in _meant(one, possible))
    known = {s.name: s for s in reversed(all_features(choice, windows or Windows()))}
    problems = [
        *_problems(asked, "features.include", known, fields, possible),
        *_problems(choice.exclude, "features.exclude", known, fields, None),
        *_own_problems(choice, asked, fields, possible),
    ]
    if problems:
        raise ProjectFileError.all_of(problems)
    left_out = frozenset(choice.exclude)
    return tuple(s for n, s in possible.items() if n in wanted and n not in left_out)


def _meant(asked: str, possible: Mapping[str, FeatureSpec]) -> tuple[str, ...]:
    """Give the features that a word of ``include`` asks for: itself, a facet, or a choice."""
    if asked in _CHOICES or asked in set(Facet):
        return tuple(
            name
            for name, s in possible.items()
            if asked in {"all", str(s.facet)} or (asked == "auto" and s.is_core)
        )
    return (asked,)


def wanted_shares(specs: Sequence[FeatureSpec], choice: FeatureChoice) -> tuple[FeatureSpec, ...]:
    """Keep the shares that a project wants, named one by one or as a family.

    Raises
    ------
    ProjectFileError
        If it names a share that the data does not hold; all at once.
    """
    names = {s.name for s in specs}
    included = () if choice.include == "auto" else choice.include
    problems = [
        ProjectFileError(
            f"no event gives the share {name!r}",
            code="E1002",
            where=f"features.{key}[{i}]",
            hint=nearest(name, names),
            key=f"features.{key}[{i}]",
        )
        for key, asked in (("include", included), ("exclude", choice.exclude))
        for i, name in enumerate(asked)
        if family_of(name) is not None and "=" in name and name not in names
    ]
    if problems:
        raise ProjectFileError.all_of(problems)

    def is_named(spec: FeatureSpec, asked: Sequence[str]) -> bool:
        return spec.name in asked or family_name(spec.name) in asked

    return tuple(
        s
        for s in specs
        if (_takes_whole(family_name(s.name), choice) or is_named(s, included))
        and not is_named(s, choice.exclude)
    )


def _takes_whole(family: str, choice: FeatureChoice) -> bool:
    """Say whether a project takes all members of a family without naming it."""
    asked = ("auto",) if choice.include == "auto" else choice.include
    return "all" in asked or ("auto" in asked and family in CORE)


def wanted_families(available: Iterable[str], choice: FeatureChoice) -> tuple[str, ...]:
    """Give the families of shares that a project may want, in reading order."""
    asked = () if choice.include == "auto" else {family_of(n) for n in choice.include}
    excluded = {family_of(n) for n in choice.exclude if "=" not in n}
    fields = frozenset(available)
    return tuple(
        family
        for family, needs in FAMILIES.items()
        if fields.issuperset(needs)
        and family not in excluded
        and (family in asked or _takes_whole(family, choice))
    )


def is_feature(name: str, choice: FeatureChoice, windows: Windows) -> bool:
    """Say whether a name could be a feature of some events."""
    names = {s.name for s in all_features(choice, windows)}
    return name in names or family_of(name) is not None


def _problems(
    names: Iterable[str],
    key: str,
    known: dict[str, FeatureSpec],
    fields: frozenset[str],
    possible: dict[str, FeatureSpec] | None,
) -> list[ProjectFileError]:
    problems = []
    for i, name in enumerate(names):
        at, family = f"{key}[{i}]", family_of(name)
        if family is not None and (possible is None or fields.issuperset(FAMILIES[family])):
            continue
        if possible is not None and (name in _CHOICES or name in set(Facet)):
            continue
        if name not in known and family is None:
            what, hint = f"no feature is called {name!r}", nearest(name, known)
        elif possible is not None and name not in possible:
            what, hint = _lacking(name, family, known, fields)
        else:
            continue
        problems.append(ProjectFileError(what, code="E1002", where=at, hint=hint, key=at))
    return problems


def _own_problems(
    choice: FeatureChoice,
    asked: Sequence[str],
    fields: frozenset[str],
    possible: Mapping[str, FeatureSpec],
) -> list[ProjectFileError]:
    """Refuse features of the project's own that are wanted, unnamed, and cannot be built."""
    problems = []
    for i, spec in enumerate(choice.define):
        is_wanted = not {"auto", "all", str(spec.facet)}.isdisjoint(asked)
        if not is_wanted or spec.name in (*possible, *choice.exclude, *asked):
            continue
        what, hint = _lacking(spec.name, None, {spec.name: spec}, fields)
        key = f"features.define[{i}].formula"
        problems.append(ProjectFileError(what, code="E1002", where=key, hint=hint, key=key))
    return problems


def _lacking(
    name: str, family: str | None, known: dict[str, FeatureSpec], fields: frozenset[str]
) -> tuple[str, str]:
    needs = FAMILIES[family] if family is not None else known[name].needs
    lacking = [_IN_A_PROJECT.get(n, n) for n in needs if n not in fields]
    meanings = [n.removeprefix(MEANING) for n in lacking if n.startswith(MEANING)]
    if meanings:
        words = " and ".join(repr(m) for m in meanings)
        what = f"the feature {name!r} needs kinds of events that mean {words}"
        return what, f"say which under features.kinds: {{{meanings[0]}: [...]}}"
    measures = [n.removeprefix(MEASURE) for n in lacking if n.startswith(MEASURE)]
    if measures:
        words = " and ".join(repr(m) for m in measures)
        what = f"the feature {name!r} needs {words}, which is no measured column"
        return what, f"name it under features.measures: [{', '.join(measures)}]"
    if lacking:
        what = f"the feature {name!r} needs {', '.join(lacking)}, which no source maps"
        return what, "map it in 'columns' of the source, or leave the feature out"
    return f"another feature tells already what {name!r} would", "leave it out"
