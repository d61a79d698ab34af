"""Every feature in or out of the segmentation, each with a written reason.

Looks at what was decided; deciding is the work of ``screen``, ``correlation``, ``family``, ``fit``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from segmentry.domain.feature import family_name
from segmentry.domain.notes import FeatureNote
from segmentry.domain.recipe import Recipe
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureColumn, FeatureTable

_ROLES = {
    Role.OVERLAY: "says who they are and not what they do: it describes segments afterwards",
    Role.OUTCOME: "the segments are judged by it, so it must not shape them",
    Role.TREATMENT: "says what was done to them in an experiment, not what they do",
    Role.WEIGHT: "says how much they count where segments are found, not what they do",
    Role.ID: "names them and tells nothing of what they do",
}

_CODES = (
    ("not recommended", "other_objective"),
    ("moves with", "repeated"),
    ("marks the same as", "repeated"),
    ("goes along with no other", "unrelated"),
    ("is the same for everyone", "constant"),
    ("has one value for", "constant"),
    ("is missing for", "mostly_missing"),
    ("has no values", "mostly_missing"),
)
"""Beginnings of the reasons for which preparation leaves columns out."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the project said of features."""

    objective: str = "none"
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    weighed: frozenset[str] = field(default_factory=frozenset)
    guiding: str | None = None
    """The column of the outcome that weighs features."""


def feature_notes(table: FeatureTable, recipe: Recipe, wishes: Wishes) -> tuple[FeatureNote, ...]:
    """Say of every feature whether it shapes the segments, and why.

    Parameters
    ----------
    table : FeatureTable
        One note for each of its columns, in its order.
    recipe : Recipe
    wishes : Wishes
        Names that it excludes and that were not built get a note too.

    Returns
    -------
    tuple of FeatureNote
    """
    used = set(recipe.features)
    left_out = {x.column: x.reason for x in recipe.left_out}
    notes = [_note(c, wishes, left_out.get(c.name), is_in=c.name in used) for c in table.columns]
    built = {c.name for c in table.columns} | {family_name(c.name) for c in table.columns}
    notes += [
        FeatureNote(
            name, "", "", "", "", is_in=False, code="excluded",
            reason="excluded by the project (features.exclude)",
        )
        for name in wishes.excluded
        if name not in built
    ]  # fmt: skip
    return tuple(notes)


def _note(
    column: FeatureColumn, wishes: Wishes, left_out: str | None, *, is_in: bool
) -> FeatureNote:
    if column.role is Role.OUTCOME and column.name == wishes.guiding:
        code = "guides"
        reason = "no feature: it weighs them, and judges by the entities held out"
    elif column.role is not Role.CLUSTER:
        code, reason = f"role_{column.role}", _ROLES[column.role]
    elif is_in:
        code, reason = _why_in(column, wishes)
    elif left_out is not None:
        code = next((c for start, c in _CODES if left_out.startswith(start)), "left_out")
        reason = left_out
    else:
        code, reason = "left_out", "no level of it is common enough to tell entities apart"
    return FeatureNote(
        column.name,
        str(column.facet),
        column.unit,
        column.sentence,
        column.null_means,
        is_in,
        code,
        reason,
    )


def _why_in(column: FeatureColumn, wishes: Wishes) -> tuple[str, str]:
    names = {column.name}
    if column.share is not None:
        names.add(family_name(column.name))
    if names & set(wishes.included):
        return "asked_for", "asked for by the project (features.include)"
    if names & wishes.weighed:
        return "asked_for", "asked for by the project (segments.weights)"
    if wishes.objective in column.objectives:
        return "objective", f"the objective {wishes.objective} names it"
    return "core", _core(column, wishes.objective)


def _core(column: FeatureColumn, objective: str) -> str:
    serves = " and ".join(column.objectives)
    if serves and objective != "none":
        return f"core feature: shows behaviour, though it serves {serves} first"
    if column.share is not None:
        return "core feature: what part of the events is of this kind"
    if serves:
        return f"core feature: no objective was named; serves {serves}"
    return "counts as behaviour: its role is cluster"
