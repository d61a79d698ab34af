"""A run as it is shown: what it stored, with what people say of its segments laid over it.

What lives here: the one place at which names, locks, owners and notes meet a run. What does not:
the run's own files, which stay as they were written, and changing what is said
(``pipeline.owned``). Where a project has no state, this is the run itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentry.domain.owned import Owned
from segmentry.domain.release import Release
from segmentry.stores.runfolder import RunFolder, open_run
from segmentry.stores.state.peek import is_anything_said
from segmentry.stores.state.place import home_of

if TYPE_CHECKING:
    import pyarrow as pa

NAMED_COLUMNS = ("segment", "second_segment")
"""Columns of assignments that hold names."""

NAMING_SENTENCES = (1, 2, 4)
"""Sentences of the headline that name segments; the others may hold words of the project."""


@dataclass(frozen=True)
class SaidRun(RunFolder):
    """A run and what people say of its segments, by their ids."""

    said: Mapping[int, Owned]

    def document(self, name: str) -> dict[str, Any]:
        """Read one of the JSON documents, under the names that people gave."""
        found = super().document(name)
        if name == "segments":
            told = [_told(s, self.said.get(s["id"])) for s in found["segments"]]
            return {**found, "segments": told}
        if name == "summary" and self._renamed:
            lines = found.get("headline", [])
            told_lines = [
                self._in_words(line) if place in NAMING_SENTENCES else line
                for place, line in enumerate(lines)
            ]
            return {**found, "headline": told_lines}
        return found

    def table(self, name: str) -> pa.Table:
        """Read ``"assignments"``, under the names that people gave, or another table."""
        table = super().table(name)
        if name != "assignments" or not self._renamed:
            return table
        import pyarrow as pa

        for column in NAMED_COLUMNS:
            kind = table.schema.field(column).type
            whole = table[column].combine_chunks()
            coded = whole if pa.types.is_dictionary(kind) else whole.dictionary_encode()
            words = [self._renamed.get(str(w), str(w)) for w in coded.dictionary.to_pylist()]
            levels = pa.array(words, coded.dictionary.type)
            named = pa.DictionaryArray.from_arrays(coded.indices, levels).cast(kind)
            table = table.set_column(table.schema.get_field_index(column), column, named)
        return table

    def release(self) -> Release:
        """Read the release, under the names that people gave."""
        release = super().release()
        names = tuple(self._renamed.get(n, n) for n in release.segment_names)
        return replace(release, segment_names=names)

    @cached_property
    def _renamed(self) -> dict[str, str]:
        """Give the present name of each stored one that is another."""
        stored = super().document("segments")["segments"]
        names = {s["name"]: _name(s, self.said.get(s["id"])) for s in stored}
        return {old: new for old, new in names.items() if old != new}

    def _in_words(self, sentence: str) -> str:
        renamed = self._renamed
        longest_first = sorted(renamed, key=len, reverse=True)
        names = "|".join(re.escape(name) for name in longest_first)
        return re.sub(rf"(?<!\w)({names})(?!\w)", lambda m: renamed[m[1]], sentence)


def said_run(folder: Path, base: Path | None = None) -> RunFolder:
    """Open a run, checked, with what people say of its segments.

    Parameters
    ----------
    folder : Path
        The run's.
    base : Path or None
        The project's, for a run that lies elsewhere than in its ``runs``.

    Returns
    -------
    RunFolder
        A ``SaidRun`` where something is said.

    Raises
    ------
    StoreError
        E5002 or E5003 for the run; E5020 to E5022 for the state.
    """
    stored = open_run(folder)
    home = home_of(stored.folder, base)
    if home is None or not is_anything_said(home):
        return stored
    from segmentry.stores.state.book import Book

    with Book.of(home) as book:
        said = book.said(str(stored.document("summary")["fingerprint"]))
    return SaidRun(stored.folder, said) if said else stored


def _name(segment: Mapping[str, Any], owned: Owned | None) -> str:
    """Give the present name: what people say, else the rule's, else what was written."""
    if owned is None:
        return str(segment["name"])
    return owned.name or str(segment.get("naming", {}).get("by_rule", segment["name"]))


def _told(segment: Mapping[str, Any], owned: Owned | None) -> dict[str, Any]:
    if owned is None:
        return dict(segment)
    told = {**segment, "name": _name(segment, owned)}
    if owned.name is not None:
        naming = segment.get("naming", {})
        by_rule = naming.get("by_rule", segment["name"])
        told["naming"] = {
            **naming, "name": owned.name, "reason": owned.why, "by_rule": by_rule
        }  # fmt: skip
    facts = {
        "owner": owned.owner,
        "note": owned.note,
        "locked": owned.is_locked or None,
        "suggested_by": owned.suggested_by,
    }
    return {**told, **{name: fact for name, fact in facts.items() if fact}}
