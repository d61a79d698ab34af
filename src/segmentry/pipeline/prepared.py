"""From a table of features to a matrix, as the project asks: who is in, who is learned from.

What lives here: leaving out sparse entities, segments of an earlier run as a column, the split, and
what is told of all that. What does not: learning a recipe (``prepare``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import marks_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.judging import Judging
from segmentry.domain.matrix import Matrix
from segmentry.domain.notes import Notes
from segmentry.domain.percent import percent
from segmentry.domain.preparation import earlier_column
from segmentry.domain.project import Project
from segmentry.domain.recipe import Recipe
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn, FeatureTable
from segmentry.errors import ProjectFileError
from segmentry.pipeline.happened import happened
from segmentry.pipeline.privacy import hides_ids
from segmentry.pipeline.weighted import tell_weights, weighted
from segmentry.prepare.audit import (
    features_of,
    gaps_note,
    sparse_rows,
    tell_features,
    tell_outliers,
)
from segmentry.prepare.balance import balance_note
from segmentry.prepare.drift import tell_drift
from segmentry.prepare.fit import fit_features
from segmentry.prepare.guide import Guidance, guided_finding, guided_recipe, learn_guidance
from segmentry.prepare.leaks import tell_leaks
from segmentry.prepare.reasons import Wishes, feature_notes
from segmentry.prepare.splits import split_entities, split_note, time_note
from segmentry.projectfile.preparing import CIRCULAR
from segmentry.seeds import stream
from segmentry.stores.keys import pseudonym, pseudonym_key
from segmentry.stores.runfolder import find_run, open_run

if TYPE_CHECKING:
    import pyarrow as pa

IMPUTE = "prepare.impute"


@dataclass(frozen=True)
class Prepared:
    """The matrix of everybody, the recipe behind it, and who it was learned from."""

    recipe: Recipe
    notes: Notes
    features: Matrix
    """Prepared columns before any reduction, by which segments are described."""
    matrix: Matrix
    learned: NDArray[np.bool_] | None
    """Entities that were learned from; None is everybody."""
    guidance: Guidance | None = None
    """What an outcome told of the features; None where none weighs them."""

    def learning(self, table: FeatureTable) -> tuple[FeatureTable, Matrix]:
        """Give the table and the matrix of those that are learned from."""
        if self.learned is None:
            return table, self.matrix
        rows = np.flatnonzero(self.learned)
        return table.take(rows), self.matrix.take(rows)


def prepare_table(
    project: Project, table: FeatureTable, audit: Audit, judging: Judging | None = None
) -> Prepared:
    """Learn a recipe as the project asks and apply it to everybody.

    Parameters
    ----------
    project : Project
    table : FeatureTable
        As ``settled_table`` gave it.
    audit : Audit
    judging : Judging or None
        Is told as a split by time.

    Returns
    -------
    Prepared
    """
    tell_leaks(table, audit)
    tell_features(table, audit)
    _compare(project, table, audit)
    learned, split = None, None
    if project.split is not None:
        learned = split_entities(table, train=project.split.train, seed=project.seed)
        split = split_note(table, learned, project.split.train)
        audit.add(Finding("split", split.sentence, count=split.train.n_entities,
                          total=table.n_entities, done="learned from one side only"))  # fmt: skip
    rows = table if learned is None else table.take(np.flatnonzero(learned))
    fitted = fit_features(
        rows,
        weights=project.segments.weights,
        audit=audit,
        rng=stream(project.seed, "prepare"),
        asked=project.prepare,
        objective=project.objective,
    )
    recipe, balance = fitted.recipe, fitted.balance
    guidance = _guidance(project, table, recipe, learned, judging, audit)
    if guidance is not None:
        recipe = guided_recipe(recipe, guidance, rows, project.prepare)
        balance = balance_note(rows, recipe, recipe.prepare(rows).X, project.prepare.balance)
    tell_outliers(rows, recipe, audit)
    features = weighted(recipe.prepare(table), table)
    tell_weights(features, table, audit)
    notes = Notes(
        feature_notes(table, recipe, _wishes(project)),
        fitted.clusters,
        balance,
        gaps_note(table, recipe),
        split,
        None if judging is None else time_note(table, judging.table),
    )
    return Prepared(recipe, notes, features, recipe.reduced(features), learned, guidance)


def _guidance(
    project: Project,
    table: FeatureTable,
    recipe: Recipe,
    learned: NDArray[np.bool_] | None,
    judging: Judging | None,
    audit: Audit,
) -> Guidance | None:
    """Learn how much each feature shall count, where an outcome weighs them."""
    name = project.segments.guided_by
    if name is None or learned is None:
        return None
    what = happened(project, table, judging, name)
    train = what.learned_from(learned)
    before, rng = what.table.take(np.flatnonzero(train)), stream(project.seed, "guide")
    guidance = learn_guidance(recipe, before, what.values[train], rng=rng)
    audit.add(guided_finding(what.name, guidance, int(train.sum())))
    return guidance


def _wishes(project: Project) -> Wishes:
    include, guide = project.features.include, project.segments.guided_by
    return Wishes(
        project.objective,
        () if include == "auto" else tuple(include),
        project.features.exclude,
        frozenset(project.segments.weights),
        next((o.column for o in project.outcomes if o.name == guide and o.column), guide),
    )


def settled_table(
    project: Project,
    table: FeatureTable,
    judging: Judging | None,
    audit: Audit,
    *,
    output: Path | None = None,
) -> tuple[FeatureTable, Judging | None]:
    """Add segments of earlier runs where gaps are filled by them, and leave out sparse entities.

    Parameters
    ----------
    project : Project
    table : FeatureTable
    judging : Judging or None
        Gets the same columns, and keeps only entities of the table.
    audit : Audit
    output : Path or None
        Where this run will lie, which can be no earlier run.

    Returns
    -------
    table : FeatureTable
    judging : Judging or None

    Raises
    ------
    ProjectFileError
        E1002 if the earlier run is the one that is being made.
    """
    table = with_earlier_segments(project, table, audit, output=output)
    if judging is not None and project.prepare.earlier_runs:
        found = with_earlier_segments(project, judging.table, Audit(), output=output)
        judging = replace(judging, table=found)
    kept = without_sparse(project, table, audit)
    if judging is not None and kept is not table:
        judging = within(judging, kept)
    return kept, judging


def without_sparse(project: Project, table: FeatureTable, audit: Audit) -> FeatureTable:
    """Leave out entities that miss more of their features than the project allows."""
    limit = project.prepare.max_missing
    if limit is None:
        return table
    rows = sparse_rows(table, features_of(table), limit)
    out = table.n_entities - len(rows)
    if not out:
        return table
    audit.add(
        Finding(
            "sparse_entities",
            f"{out} of {table.n_entities} entities miss more than {percent(limit)} of their "
            "features.",
            "warning",
            count=out,
            total=table.n_entities,
            done="left out: they get no segment",
            proposal="prepare: {max_missing: null} takes them in",
        )
    )
    return table.take(rows)


def within(judging: Judging, table: FeatureTable) -> Judging:
    """Keep only entities of a table at the judging cut."""
    import pyarrow.compute as pc

    is_in = pc.is_in(judging.table.entity_ids, value_set=table.entity_ids)
    rows = np.flatnonzero(marks_of(is_in))
    followed = tuple(replace(f, values=f.values[rows]) for f in judging.followed)
    return replace(
        judging,
        table=judging.table.take(rows),
        followed=followed,
        course=None if judging.course is None else judging.course.take(rows),
        flows=None if judging.flows is None else judging.flows.take(rows),
    )


def with_earlier_segments(
    project: Project, table: FeatureTable, audit: Audit, *, output: Path | None = None
) -> FeatureTable:
    """Add a column with the segments of each earlier run that gaps are filled by.

    The column has the role *id*: it fills gaps, and neither shapes nor describes segments.
    """
    for run in project.prepare.earlier_runs:
        folder = project.folder / run
        if output is not None and folder.resolve() == output.resolve():
            raise ProjectFileError(
                f"{run!r} is where this run will lie: {CIRCULAR}",
                code="E1002",
                key=IMPUTE,
                hint="write this run elsewhere with --output, or name another run",
            )
        table = _with_segments(project, table, run, find_run(project.folder, folder), audit)
    return table


def _with_segments(
    project: Project, table: FeatureTable, run: str, folder: Path, audit: Audit
) -> FeatureTable:
    import pyarrow as pa
    import pyarrow.compute as pc

    earlier = open_run(folder).table("assignments")
    places = places_in(
        project, table.entity_ids, earlier[ENTITY].combine_chunks().cast(pa.string())
    )
    segments = earlier["segment"].combine_chunks().cast(pa.string()).take(places)
    known = len(segments) - segments.null_count
    name = earlier_column(run)
    audit.add(
        Finding(
            "earlier_segments",
            f"{known} of {table.n_entities} entities have a segment in the earlier run {run!r}.",
            "info" if known else "warning",
            column=name,
            count=known,
            total=table.n_entities,
            done="gaps are filled within these segments; the others take the median of all",
        )
    )
    told = "segment of an earlier run, by which gaps are filled"
    column = FeatureColumn(name, Role.ID, Kind.CATEGORY, sentence=told,
                           null_means="was not in that run")  # fmt: skip
    if name in table.data.column_names:
        return table
    data = table.data.append_column(name, pc.cast(segments, pa.string()))
    return FeatureTable(data, (*table.columns, column), table.as_of)


def places_in(project: Project, ids: pa.Array, earlier: pa.Array) -> pa.Array:
    """Find each entity among those of an earlier run, by its id or by its pseudonym.

    Parameters
    ----------
    project : Project
    ids : pyarrow.Array of shape (n,)
        Of entities now.
    earlier : pyarrow.Array of string
        Of entities then, as the run shows them.

    Returns
    -------
    pyarrow.Array of shape (n,)
        Places in ``earlier``; null for those that were not there.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = pc.index_in(ids.cast(pa.string()), value_set=earlier)
    if plain.null_count < len(plain) or not hides_ids(project):
        return plain
    key = pseudonym_key(project.folder, may_make=False)
    return pc.index_in(pseudonym(ids, key), value_set=earlier)


def _compare(project: Project, table: FeatureTable, audit: Audit) -> None:
    """Tell what has moved since the run that the project names."""
    asked = project.prepare.compare_with
    if asked is None:
        return
    folder = project.folder / asked
    if not folder.exists():
        sentence = f"There is no earlier run {asked!r} to compare the features with."
        audit.add(Finding("nothing_to_compare", sentence, done="not compared"))
        return
    run = open_run(find_run(project.folder, folder))
    then = FeatureTable(run.table("features").combine_chunks(), run.release().columns)
    tell_drift(table, then, audit)
