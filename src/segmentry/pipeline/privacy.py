"""Ids as the project's privacy wants them, in whatever leaves the process.

Learning works on the ids as they are, so that hiding them changes no segment; what is written is
put under pseudonyms first and sorted by these, so that no order tells the ids either.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.domain.audit import Audit
from segmentry.domain.project import Project
from segmentry.domain.table import ENTITY
from segmentry.stores.keys import pseudonym, pseudonym_key

if TYPE_CHECKING:
    import pyarrow as pa


def hides_ids(project: Project) -> bool:
    """Tell whether outputs name entities by pseudonyms."""
    return project.privacy.ids == "pseudonym"


def protected(table: pa.Table, project: Project, folder: Path, *, may_make: bool) -> pa.Table:
    """Replace ids by keyed pseudonyms where the project asks for it.

    Parameters
    ----------
    table : pyarrow.Table
        With ``entity_id`` as its first column.
    project : Project
    folder : Path
        Where the key is kept.
    may_make : bool
        Whether a missing key is made.

    Returns
    -------
    pyarrow.Table
        Sorted by the ids that it now has.
    """
    if not hides_ids(project):
        return table
    key = pseudonym_key(folder, may_make=may_make)
    ids = table[ENTITY].combine_chunks()
    return table.set_column(0, ENTITY, pseudonym(ids, key)).sort_by(ENTITY)


def without_examples(audit: Audit) -> Audit:
    """Drop the examples of findings, which quote rows and with them ids."""
    findings = [replace(f, examples=()) for f in audit.findings]
    return Audit(findings, audit.facts)
