"""The roles of all columns of a table together, and of columns that describe entities of events.

What lives here: rules that weigh columns against each other: whether anything shapes segments at
all, and what is left out. What does not: the rule for one column (``roles``) and for two
(``leaks``).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from segmentry.domain.role import Role
from segmentry.errors import DataError
from segmentry.projectfile.datelike import is_time_number
from segmentry.projectfile.fields import Fields
from segmentry.projectfile.leaks import doubts, second_look
from segmentry.projectfile.names import known
from segmentry.projectfile.periods import period_notes
from segmentry.projectfile.roles import role_of
from segmentry.projectfile.survey import Column, Survey, varying_share
from segmentry.projectfile.told import MOST_CATEGORIES, Told

CONSTANT_ENOUGH = 0.05
"""Share of entities in which an attribute may vary and still describe the entity."""

ONE_EACH = 0.9
"""Share of entities with a value of their own from which on a text names them."""

_NAME = Told(Role.ID, "one value for each entity, as a name has")
_BEHAVIOUR = Told(Role.CLUSTER, "behaviour")

MOSTLY_MISSING = 0.8

FEWEST_LEVELS = 4
"""A choice of fewer cannot make as many segments as are looked for."""


def describe_entities(fields: Fields) -> dict[str, Told]:
    """Give a role to the columns of events that hardly vary inside an entity: they describe it."""
    told = {}
    for column in fields.free():
        if column.is_constant or column.kind == "time" or is_time_number(column):
            continue
        if column.kind == "number" and column.missing_share > MOSTLY_MISSING:
            # With one value each there is nothing to vary.
            continue
        own = role_of(column, fields.survey)
        if own.role in {Role.ID, Role.TEXT} or fields.varying(column) > CONSTANT_ENOUGH:
            continue
        if _names_entities(column, fields):
            told[column.name] = _NAME
            continue
        if own.role is Role.CLUSTER:
            own = Told(Role.OVERLAY, "the same for all events of an entity: describes it")
        told[column.name] = own
    return told


def _names_entities(column: Column, fields: Fields) -> bool:
    """Tell whether texts stand one for each entity, as names do, so that they tell who is who."""
    n_entities = len(np.unique(fields.entities[fields.entities >= 0]))
    many = column.n_distinct > max(MOST_CATEGORIES, ONE_EACH * n_entities)
    if column.kind != "text" or not many:
        return False
    return varying_share(column.codes, fields.entities) <= 1 - ONE_EACH


def names_told(told: Mapping[str, Told]) -> list[str]:
    """Tell which columns of events name the entities, and are therefore not carried along."""
    named = [repr(n) for n, t in told.items() if t is _NAME]
    if not named:
        return []
    verb = "has" if len(named) == 1 else "have"
    return [
        f"{', '.join(named)} {verb} one value for each entity, as a name has: taken as id, so"
        " neither a feature nor told of segments (--role COLUMN=overlay)"
    ]


def table_roles(
    survey: Survey, entity: str, ids: tuple[str, ...], given: Mapping[str, Role]
) -> tuple[dict[str, Told], list[str]]:
    """Give every column of a table a role, with notes on what is not sure.

    Raises
    ------
    DataError
        If no column shows behaviour (E2009).
    """
    rest = [c for c in survey.columns if c.name != entity]
    # A constant has no role to play; where nothing else is there, the run will say so.
    varied = [c for c in rest if not c.is_constant] or rest
    told = {c.name: role_of(c, survey) for c in varied}
    told |= {n: Told(Role.ID, "names something that repeats") for n in ids if n in told}
    told |= {name: Told(role, "given") for name, role in given.items()}
    told = _beside_texts(varied, second_look(survey.columns, told))
    notes = [*_constants(rest, varied), *_nearly_constants(told), *_dates(varied, told)]
    if survey.columns[-1] in varied:
        told = _with_last(varied, told, notes)
    told = _with_behaviour(varied, told, notes)
    shaping = [c for c in varied if told[c.name].role is Role.CLUSTER]
    return told, [*notes, *period_notes(shaping), *doubts(survey.columns, told)]


def _beside_texts(rest: list[Column], told: dict[str, Told]) -> dict[str, Told]:
    """Take a lone choice of words beside texts for a label: somebody sorted the texts by it."""
    if all(t.role is not Role.TEXT for t in told.values()):
        return told
    shaping = [c for c in rest if told[c.name] == _BEHAVIOUR]
    if len(shaping) != 1 or shaping[0].kind == "number":
        return told
    why = Told(Role.OVERLAY, "the only choice beside texts: a label that somebody gave them")
    return {**told, shaping[0].name: why}


def _with_last(rest: list[Column], told: dict[str, Told], notes: list[str]) -> dict[str, Told]:
    """Doubt the last column where no other tells an outcome: tables are made for their last."""
    last, roles = rest[-1], [t.role for t in told.values()]
    known_already = Role.OUTCOME in roles or Role.TREATMENT in roles
    own = told.get(last.name)
    if known_already or own is None or own != _BEHAVIOUR or roles.count(Role.CLUSTER) < 4:
        return told
    if last.words[:1] and last.words[0] in known("owning"):
        return told
    others = (c for c in rest if c is not last and c.n_distinct == 2)
    if last.n_distinct == 2 and not any(told[c.name] == _BEHAVIOUR for c in others):
        notes.append(
            f"{last.name!r}, the last column, is yes or no, and nothing else tells an outcome: it"
            f" is taken as one (--role {last.name}=cluster if it is behaviour)"
        )
        why = "the last column, yes or no, where no other column tells an outcome"
        return {**told, last.name: Told(Role.OUTCOME, why)}
    if last.kind == "text" or last.n_distinct == 2:
        notes.append(
            f"if {last.name!r}, the last column, is a label that somebody gave, it must not shape"
            f" segments (--role {last.name}=outcome)"
        )
    return told


def _constants(rest: list[Column], varied: list[Column]) -> list[str]:
    kept = {c.name for c in varied}
    still = [repr(c.name) for c in rest if c.name not in kept]
    return [f"not used: {', '.join(still)} (always the same, or empty)"] if still else []


def _dates(varied: list[Column], told: Mapping[str, Told]) -> list[str]:
    found = [repr(c.name) for c in varied if told[c.name].reason.startswith("a date")]
    if not found:
        return []
    dates, days = ("a date", "it") if len(found) == 1 else ("dates", "them")
    return [
        f"not used: {', '.join(found)} ({dates}; a table has no day to count back from: the days"
        f" since {days}, as a column of their own, could shape segments)"
    ]


def _nearly_constants(told: Mapping[str, Told]) -> list[str]:
    still = [repr(n) for n, t in told.items() if t.reason.endswith("rows are the same")]
    return [f"hardly varies, so it shapes nothing: {', '.join(still)}"] if still else []


def _with_behaviour(rest: list[Column], told: dict[str, Told], notes: list[str]) -> dict[str, Told]:
    """See to it that something shapes segments: demographics, if there is nothing else."""
    shaping = [c for c in rest if told[c.name].role is Role.CLUSTER]
    if any(t.role is Role.TEXT for t in told.values()):
        return told
    given = any(t.role is Role.CLUSTER and t.reason == "given" for t in told.values())
    if given or (shaping and not _says_too_little(shaping)):
        notes += _alone([c.name for c in shaping])
        return told
    promoted = [c.name for c in rest if _may_shape(c, told[c.name])]
    if not promoted:
        if shaping:
            notes += _alone([c.name for c in shaping])
            return told
        raise DataError(
            "no column shows behaviour: all are ids, dates, labels, constants or free text",
            code="E2009",
            hint="give data with amounts, counts or choices, or name a column:"
            " --role COLUMN=cluster",
        )
    but = f" but {shaping[0].name!r}" if shaping else ""
    notes.append(
        f"nothing but demographics{but} is there, so they shape the segments: people will be"
        " grouped by who they are, not by what they do"
    )
    why = Told(Role.CLUSTER, "demographic, but nothing else is there")
    return {n: why if n in promoted else t for n, t in told.items()}


def _says_too_little(shaping: list[Column]) -> bool:
    only = shaping[0]
    return len(shaping) == 1 and only.kind != "number" and only.n_distinct < FEWEST_LEVELS


def _alone(shaping: list[str]) -> list[str]:
    if len(shaping) != 1:
        return []
    return [
        f"only {shaping[0]!r} shapes the segments; give another column the role cluster"
        " (--role COLUMN=cluster) if it shows behaviour"
    ]


def _may_shape(column: Column, told: Told) -> bool:
    if not told.reason.startswith(("says who", "what somebody agreed to")):
        return False
    if column.kind == "number":
        return not set(column.words) & (known("id_words") | known("postcodes"))
    return column.n_distinct <= MOST_CATEGORIES
