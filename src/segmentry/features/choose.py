"""Which features are built: what the events allow, what the project wants.

What lives here: the choice by name, and its mistakes told all at once. What does not: the features
themselves (``catalogue``, ``families``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segmentry.domain.feature import INSTANT, LABELS, FeatureSpec, aggregates_of, family_name
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.errors import ProjectFileError, nearest
from segmentry.features.catalogue import CATALOGUE
from segmentry.features.families import family_of, measured_features

FIXED_DAYS = {"30d": 30.0, "90d": 90.0}
_IN_A_PROJECT = {INSTANT: "time", "order_id": "order", "session_id": "session"}


def possible_features(
    available: Iterable[str], choice: FeatureChoice, windows: Windows | None = None
) -> dict[str, FeatureSpec]:
    """Give the features that events with these fields allow, by name in reading order."""
    fields = frozenset(available)
    found: dict[str, FeatureSpec] = {}
    for spec in (*CATALOGUE, *measured_features(choice.measures)):
        if fields.issuperset(spec.needs) and not fields.intersection(spec.unless):
            found.setdefault(spec.name, spec)
    told = windows or Windows()
    return {name: spec for name, spec in found.items() if not _is_told_already(spec, told)}


def _is_told_already(spec: FeatureSpec, windows: Windows) -> bool:
    """Say whether a fixed window repeats the recent one, or reaches beyond the look-back."""
    spans = {FIXED_DAYS[a.span] for a in aggregates_of(spec) if a.span in FIXED_DAYS}
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
    wanted = tuple(possible) if choice.include == "auto" else tuple(choice.include)
    known = {s.name: s for s in (*reversed(CATALOGUE), *measured_features(choice.measures))}
    problems = [
        *_problems(wanted, "features.include", known, fields, possible),
        *_problems(choice.exclude, "features.exclude", known, fields, None),
    ]
    if problems:
        raise ProjectFileError.all_of(problems)
    left_out = frozenset(choice.exclude)
    return tuple(s for n, s in possible.items() if n in wanted and n not in left_out)


def wanted_shares(specs: Sequence[FeatureSpec], choice: FeatureChoice) -> tuple[FeatureSpec, ...]:
    """Keep the shares that a project wants, named one by one or as a family.

    Raises
    ------
    ProjectFileError
        If it names a share that the data does not hold; all at once.
    """
    names = {s.name for s in specs}
    included = None if choice.include == "auto" else choice.include
    problems = [
        ProjectFileError(
            f"no event gives the share {name!r}",
            code="E1002",
            where=f"features.{key}[{i}]",
            hint=nearest(name, names),
            key=f"features.{key}[{i}]",
        )
        for key, asked in (("include", included or ()), ("exclude", choice.exclude))
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
        if (included is None or is_named(s, included)) and not is_named(s, choice.exclude)
    )


def wanted_fields(available: Iterable[str], choice: FeatureChoice) -> tuple[str, ...]:
    """Give the label fields whose shares a project may want."""
    asked = None if choice.include == "auto" else {family_of(n) for n in choice.include}
    excluded = {family_of(n) for n in choice.exclude if "=" not in n}
    fields = frozenset(available)
    return tuple(
        f for f in LABELS if f in fields and f not in excluded and (asked is None or f in asked)
    )


def is_feature(name: str, choice: FeatureChoice) -> bool:
    """Say whether a name could be a feature of some events."""
    names = {s.name for s in (*CATALOGUE, *measured_features(choice.measures))}
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
        if family is not None and (possible is None or family in fields):
            continue
        if name not in known and family is None:
            what, hint = f"no feature is called {name!r}", nearest(name, known)
        elif possible is not None and name not in possible:
            what, hint = _lacking(name, family, known, fields)
        else:
            continue
        problems.append(ProjectFileError(what, code="E1002", where=at, hint=hint, key=at))
    return problems


def _lacking(
    name: str, family: str | None, known: dict[str, FeatureSpec], fields: frozenset[str]
) -> tuple[str, str]:
    needs = (family,) if family is not None else known[name].needs
    lacking = [_IN_A_PROJECT.get(n, n) for n in needs if n not in fields]
    if lacking:
        what = f"the feature {name!r} needs {', '.join(lacking)}, which no source maps"
        return what, "map it in 'columns' of the source, or leave the feature out"
    return f"another feature tells already what {name!r} would", "leave it out"
