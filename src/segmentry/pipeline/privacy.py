"""Ids as the project's privacy wants them, before anything is learned or written."""

from __future__ import annotations

from pathlib import Path

from segmentry.domain.project import Project
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.stores.keys import pseudonym, pseudonym_key


def protected(table: FeatureTable, project: Project, *, folder: Path | None = None) -> FeatureTable:
    """Replace ids by keyed pseudonyms where the project asks for it.

    Parameters
    ----------
    table : FeatureTable
    project : Project
    folder : Path or None
        Where the key is kept; None is the project's folder.

    Returns
    -------
    FeatureTable
        Sorted by the ids that it now has.
    """
    if project.privacy.ids == "raw":
        return table
    key = pseudonym_key(folder or project.folder)
    hidden = table.data.set_column(0, ENTITY, pseudonym(table.entity_ids, key))
    return FeatureTable.of(hidden, table.columns, table.as_of)
