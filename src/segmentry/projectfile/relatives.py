"""How files relate: which column of one is a key of another, and whom most files lead to.

What lives here: keys, containment of distinct values, and the choice of the entity with the way to
it from each file. What does not: opening files (``kinds``), and what becomes of them (``joint``).

A column refers to a key if nearly all of its distinct values are found there (``CONTAINED``).
Values alone do not do for whole numbers, since small ones are found anywhere: their names have to
speak of the same thing too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segmentry.projectfile.candidates import entity_score
from segmentry.projectfile.findings.finding import percent
from segmentry.projectfile.idlike import has_id_word
from segmentry.projectfile.names import known, singular, words
from segmentry.projectfile.survey import Column, Survey
from segmentry.projectfile.timing import times

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

CONTAINED = 0.9
"""Share of distinct values that must be found in a key; the rest are rows of nobody known."""

FEWEST = 5
"""A column with fewer distinct values is a label, which may be found anywhere by chance."""

LONGEST_WAY = 3
"""Steps from a file to the entity."""

_LONGEST = 40.0
"""Mean length of texts up to which they may be keys: longer ones are told stories."""


@dataclass(frozen=True)
class FileKind:
    """Files of one kind of row: what they are called, all their rows, and a look at them."""

    name: str
    paths: tuple[str, ...]
    table: ir.Table
    survey: Survey


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values are keys of another file: ``found`` of ``total`` distinct ones."""

    child: int
    column: str
    parent: int
    key: str
    found: int
    total: int

    @property
    def share(self) -> float:
        """Share of the distinct values that are found."""
        return self.found / max(self.total, 1)

    def told(self, files: Sequence[FileKind]) -> str:
        """Say what was counted."""
        return (
            f"{files[self.child].name}.{self.column}: {percent(self.found, self.total)} of"
            f" {self.total:,} values found in {files[self.parent].name}.{self.key}"
        )


@dataclass(frozen=True)
class Family:
    """The entity, its own file, and the way to it from each file that has one."""

    entity: str
    home: int | None
    """The file with one row for each entity; None where no file is its own."""
    ways: Mapping[int, tuple[Reference, ...]]
    """References one after the other; empty for the home and for files that name the entity."""
    own: Mapping[int, str]
    """The column of each reached file from which its way begins, or that names the entity."""
    notes: tuple[str, ...] = ()


def references(files: Sequence[FileKind]) -> tuple[Reference, ...]:
    """Find the columns that are keys of another file, the best key for each column.

    Parameters
    ----------
    files : sequence of FileKind

    Returns
    -------
    tuple of Reference
        In the order of files and columns.
    """
    keys = [(i, c) for i, f in enumerate(files) for c in f.survey.columns if _is_key(c, f.survey)]
    values = {(i, c.name): _distinct(files[i], c.name) for i, c in keys}
    found: list[Reference] = []
    for i, file in enumerate(files):
        for column in file.survey.columns:
            if not _may_refer(column):
                continue
            own: pa.Array | None = None
            best: tuple[float, Reference] | None = None
            for j, key in keys:
                if i == j or not _alike(column, key):
                    continue
                own = _distinct(file, column.name) if own is None else own
                one = _counted(own, values[j, key.name], (i, column.name, j, key.name))
                related = _are_related(column, key, files[j].name)
                if not _is_believed(one, column, key, is_related=related):
                    continue
                rank = 2.0 * related + one.share
                if best is None or rank > best[0]:
                    best = rank, one
            if best is not None:
                found.append(best[1])
    return tuple(found)


def _is_key(column: Column, survey: Survey) -> bool:
    """Tell whether a column names each row of its file."""
    if column.kind not in {"text", "number"} or not column.is_unique:
        return False
    if column.kind == "number" and not column.is_whole:
        return False
    if column.kind == "text" and column.mean_length > _LONGEST:
        return False
    n, n_distinct = survey.count_distinct(column.name)
    return n == n_distinct == survey.n_rows


def _may_refer(column: Column) -> bool:
    if column.kind == "text":
        return column.n_distinct >= FEWEST and column.mean_length <= _LONGEST
    return column.is_whole and column.n_distinct >= FEWEST


def _alike(column: Column, key: Column) -> bool:
    return column.kind == key.kind


def _distinct(file: FileKind, name: str) -> pa.Array:
    """Give the distinct values of a column over all rows, as text."""
    import pyarrow as pa

    values = file.table[name]
    if values.type().is_floating():
        values = values.cast("int64")
    rows = file.table.select(value=values).distinct().to_pyarrow()
    found = rows["value"].cast(pa.string()).combine_chunks()
    return found.drop_null()


def _counted(own: pa.Array, key: pa.Array, place: tuple[int, str, int, str]) -> Reference:
    import pyarrow.compute as pc

    n = int(pc.sum(pc.is_in(own, value_set=key)).as_py() or 0)
    return Reference(*place, n, len(own))


def _is_believed(one: Reference, column: Column, key: Column, *, is_related: bool) -> bool:
    if one.share < CONTAINED:
        return False
    if is_related:
        return True
    # Codes are found by chance nowhere; numbers are, and so are words of a few.
    coded = column.kind == "text" and all(any(s.isdigit() for s in t) for t in column.texts[:50])
    return coded and key.kind == "text"


def _are_related(column: Column, key: Column, file: str) -> bool:
    """Tell whether the names of a column and a key speak of the same thing."""
    if has_id_word(key) or not _nouns(words(key.name)):
        theirs = _nouns(words(key.name)) or _nouns(words(file))
    else:
        theirs = _nouns(words(key.name)) | _nouns(words(file))
    return bool(_nouns(column.words) & theirs)


def _nouns(said: Sequence[str]) -> set[str]:
    """Give the things that a name speaks of, in the singular."""
    plain = known("id_words") | known("fillers")
    return {singular(w) for w in said if w not in plain and not w.isdigit()}


def family(
    files: Sequence[FileKind], found: Sequence[Reference], entity: str | None = None
) -> Family | None:
    """Choose whom the files are about: the key to which most of them lead.

    Parameters
    ----------
    files : sequence of FileKind
    found : sequence of Reference
    entity : str or None
        A column that was named; None chooses.

    Returns
    -------
    Family or None
        None where no two files lead to the same key.
    """
    hubs = list(dict.fromkeys((r.parent, r.key) for r in found))
    shared = _shared(files)
    choices = [_around(found, j, key) for j, key in hubs]
    choices += [_by_name(files, own) for own in shared.values()]
    if entity is not None:
        wanted = entity.lower()
        choices = [c for c in choices if wanted in {n.lower() for n in (c.entity, *c.own.values())}]
    choices = [c for c in choices if len(c.ways) > 1]
    if not choices:
        return None
    ranked = sorted(choices, key=lambda c: _rank(c, files), reverse=True)
    best, others = ranked[0], ranked[1:]
    names = list(dict.fromkeys(c.entity for c in others if c.entity != best.entity))
    if not names or entity is not None:
        return best
    most = " or ".join(repr(n) for n in names[:4])
    note = (
        f"{len(best.ways)} of {len(files)} files lead to {best.entity!r}, which is taken as the"
        f" entity; it might be {most} (--entity)"
    )
    return Family(best.entity, best.home, best.ways, best.own, (note,))


def _rank(one: Family, files: Sequence[FileKind]) -> tuple[float, ...]:
    dated = sum(1 for i in one.ways if any(t.is_good for t in times(files[i].survey)))
    return len(one.ways), dated, _as_entity(one, files), float(one.home is not None)


def _as_entity(one: Family, files: Sequence[FileKind]) -> float:
    """Rate how much a key's name, its file's name and its columns elsewhere say who is meant."""
    columns = [files[i].survey.get(name) for i, name in one.own.items()]
    score = max(entity_score(c) for c in columns)
    if one.home is not None:
        file = files[one.home]
        named = "_".join([*(singular(w) for w in words(file.name)), "id"])
        key = file.survey.get(one.own[one.home])
        score = max(score, entity_score(Column(named, key.kind, key.values)))
    return score


def _around(found: Sequence[Reference], home: int, key: str) -> Family:
    """Walk from a key to all files that lead to it, the nearest first."""
    ways: dict[int, tuple[Reference, ...]] = {home: ()}
    own = {home: key}
    frontier = {home}
    for _ in range(LONGEST_WAY):
        reached: dict[int, tuple[Reference, ...]] = {}
        for one in sorted(found, key=lambda r: -r.share):
            ends_here = one.parent in frontier and one.child not in {*ways, *reached}
            # The home is left by its key; any other file by the column that names each row.
            if ends_here and (one.parent != home or one.key == key):
                reached[one.child] = (one, *ways[one.parent])
        ways |= reached
        own |= {i: way[0].column for i, way in reached.items()}
        frontier = set(reached)
    return Family(key, home, ways, own)


def _shared(files: Sequence[FileKind]) -> dict[str, dict[int, str]]:
    """Find columns of one name that may be the entity in several files, where none is its own."""
    named: dict[str, dict[int, str]] = {}
    for i, file in enumerate(files):
        for column in file.survey.columns:
            if entity_score(column) > 0 and column.n_distinct >= FEWEST:
                named.setdefault("_".join(column.words), {}).setdefault(i, column.name)
    return {n: own for n, own in named.items() if len(own) > 1 and _overlap(files, own)}


def _overlap(files: Sequence[FileKind], own: Mapping[int, str]) -> bool:
    """Tell whether each file's values are found among all the others', at least half of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = {i: _distinct(files[i], name) for i, name in own.items()}
    for i, mine in values.items():
        others = pa.concat_arrays([v for j, v in values.items() if j != i])
        n = int(pc.sum(pc.is_in(mine, value_set=others)).as_py() or 0)
        m = int(pc.sum(pc.is_in(others.unique(), value_set=mine)).as_py() or 0)
        if max(n / max(len(mine), 1), m / max(len(others.unique()), 1)) < 0.5:
            return False
    return True


def _by_name(files: Sequence[FileKind], own: Mapping[int, str]) -> Family:
    first = next(iter(own.values()))
    home = next((i for i, c in own.items() if _is_key(files[i].survey.get(c), files[i].survey)),
                None)  # fmt: skip
    return Family(first, home, dict.fromkeys(own, ()), dict(own))
