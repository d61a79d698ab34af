"""What each entity of a run may take next, out of the project's own sources.

What lives here: who had what and when, segments as they were at the earlier cut, and the order of
the work. What does not: scores (``maths.cooccurrence``), which way is used (``judge.nextitem``),
what is told of segments (``explain.nextitem``). Nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of
from segmentry.domain.audit import Audit
from segmentry.domain.nextitem import NextItems
from segmentry.domain.progress import Progress, Silent
from segmentry.domain.project import ITEM_NAME, Project, Shape, Source, frozen_mapping
from segmentry.domain.release import Release
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.base import Engine, Relation
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.errors import DataError, UsageError, nearest
from segmentry.explain.nextitem import segment_items
from segmentry.features.rows import instant
from segmentry.judge.nextitem import Recipe, Taken, judge_ways
from segmentry.maths.cooccurrence import incidence
from segmentry.maths.suppression import FEWEST_TOLD
from segmentry.pipeline import events as of_events
from segmentry.pipeline.assign import reached
from segmentry.pipeline.coded import check_code
from segmentry.pipeline.opening import opened_sources
from segmentry.pipeline.prepared import settled_table
from segmentry.pipeline.privacy import protected
from segmentry.pipeline.snapshots import Definitions, snapshots
from segmentry.pipeline.texts import Texts
from segmentry.projectfile.schema import from_data
from segmentry.seeds import stream
from segmentry.stores.runfolder import RunFolder

if TYPE_CHECKING:
    import pyarrow as pa

FIELDS = ("item", "category")
"""What may be taken next, the finer first."""

MOST_ITEMS = 5_000
"""Items that are scored: those that most have had."""

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a field or a column, how many items of each, and whether those had count."""

    item: str | None = None
    top: int = 3
    again: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.top <= MOST_SHOWN:
            raise UsageError(
                f"{self.top} items cannot be asked for", hint=f"ask for 1 to {MOST_SHOWN}"
            )


def next_items(
    stored: RunFolder,
    asked: Asked,
    *,
    folder: Path,
    sources: Sequence[Source] = (),
    progress: Progress | None = None,
    threads: int | None = None,
) -> NextItems:
    """Say what each entity of a run may take next.

    Parameters
    ----------
    stored : RunFolder
    asked : Asked
    folder : Path
        The project's, at which paths of sources start.
    sources : sequence of Source
        The project file's own, for their connections: a release holds no passwords.
    progress : Progress or None
    threads : int or None
        Results do not depend on it.

    Returns
    -------
    NextItems

    Raises
    ------
    DataError
        E2007 if the sources hold no events with time and item, E2006 if too few took something.
    UsageError
        E1101 for a column that there is not.
    """
    listener, release = progress or Silent(), stored.release()
    project = reached(from_data(release.project, folder=folder), sources)
    window = release.window
    check_possible(project, window)
    if window is None or (then := window.judging()) is None:
        raise _impossible("the history is too short to judge by what followed an earlier day")
    check_code(project)
    listener.phase("read", "sources")
    engine = open_engine(url_of(project.sources), threads=threads)
    try:
        column, pairs, words, called = _pairs(project, asked, engine, window, then)
        listener.phase("features", "segments at the judging cut and now")
        cuts = (then.as_of, window.as_of)
        groups_then, groups_now = (
            _Groups.of(t, project, release) for t in _tables(project, release, engine, cuts)
        )
    finally:
        engine.close()
    listener.phase("judge", "items that were taken after the judging cut")
    rng = stream(project.seed, "next")
    before = pairs.had(groups_then, by_cut=True)
    used, judged = judge_ways(
        before.taken(pairs, groups_then, again=asked.again),
        rng,
        cut=then.as_of,
        days=then.outcome_days or 0.0,
        again=asked.again,
    )
    listener.phase("score", f"{groups_now.ids_count} entities by {used.name}")
    now = pairs.had(groups_now, by_cut=False)
    names = words.take(now.items).to_pylist() if len(now.items) else []
    rows = _rows(now, groups_now, used, names, asked.top, again=asked.again)
    rows = _with_names(rows, called)
    return NextItems(
        column,
        asked.again,
        groups_now.ids_count,
        len(names),
        now.n_left_out,
        judged,
        segment_items(now.matrix, groups_now.places, groups_now.names, names, called),
        protected(rows, project, folder, may_make=False).sort_by(_ORDER),
    )


_ORDER = [(ENTITY, "ascending"), ("rank", "ascending")]


def _impossible(why: str) -> DataError:
    return DataError(f"no next items can be told: {why}", code="E2007", hint=_HINT)


_HINT = "it takes events with a time, and a column that names what was taken"


def check_possible(project: Project, window: Window | None) -> None:
    """Refuse projects whose data cannot tell it, in one sentence.

    Raises
    ------
    DataError
        E2007.
    """
    if not any(s.shape is Shape.EVENTS for s in project.sources):
        raise _impossible("the sources are tables, without events")
    if window is None:
        raise _impossible("the events have no time")
    if project.accounts is not None:
        raise _impossible("the entities are accounts, and events tell what their users took")
    if window.outcome_days is None:
        raise _impossible("the history is too short to judge by what followed an earlier day")


@dataclass(frozen=True, eq=False)
class _Groups:
    """The entities at a cut, and the places of their segments."""

    ids: pa.Array
    places: NDArray[np.int64]
    names: dict[int, str]

    @classmethod
    def of(cls, table: FeatureTable, project: Project, release: Release) -> _Groups:
        settled, _ = settled_table(project, table, None, Audit())
        answers = release.assigner.answer(release.recipe.apply(settled).X)
        names = dict(zip(release.segment_ids, release.segment_names, strict=True))
        return cls(settled.entity_ids, answers.segment, names)

    @property
    def ids_count(self) -> int:
        """Count the entities."""
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class _Had:
    """Who had which of the items that are scored; ``items`` are their codes."""

    matrix: Any
    items: NDArray[np.int64]
    n_left_out: int

    def taken(self, pairs: _Pairs, groups: _Groups, *, again: bool) -> Taken:
        """Give what was taken after the judging cut, by those known at it."""
        rows, after = pairs.rows_of(groups), pairs.n_after > 0
        wanted = after & (rows >= 0) & (again | (pairs.n_before == 0))
        places = np.full(int(pairs.items.max(initial=0)) + 1, -1)
        places[self.items] = np.arange(len(self.items))
        own = places[pairs.items[wanted]]
        return Taken(self.matrix, groups.places, len(groups.names), rows[wanted], own)


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Each entity with each item that it has had: how often before the judging cut, and after."""

    entities: pa.Array
    items: NDArray[np.int64]
    n_before: NDArray[np.int64]
    n_after: NDArray[np.int64]

    def rows_of(self, groups: _Groups) -> NDArray[np.int64]:
        """Give the row of each pair among some entities; -1 for others."""
        import pyarrow.compute as pc

        return codes_of(pc.fill_null(pc.index_in(self.entities, value_set=groups.ids), -1))

    def had(self, groups: _Groups, *, by_cut: bool) -> _Had:
        """Give who had which of the items that enough have had, by the judging cut or by now."""
        rows = self.rows_of(groups)
        known = (rows >= 0) & ((self.n_before > 0) if by_cut else True)
        counts = np.bincount(self.items[known])
        often = np.flatnonzero(counts >= FEWEST_TOLD)
        kept = np.sort(often[np.argsort(-counts[often], kind="stable")][:MOST_ITEMS])
        places = np.full(len(counts), -1)
        places[kept] = np.arange(len(kept))
        own = np.where(known, places[np.minimum(self.items, len(counts) - 1)], -1)
        shown = own >= 0
        matrix = incidence(rows[shown], own[shown], shape=(groups.ids_count, len(kept)))
        return _Had(matrix, kept, int((counts > 0).sum()) - len(kept))


def _pairs(
    project: Project, asked: Asked, engine: Engine, window: Window, then: Window
) -> tuple[str, _Pairs, pa.Array, dict[str, str]]:
    """Read who had what: the column, the pairs, the words of items by codes, and their names."""
    column, field, relations = _opened(project, asked, engine)
    lean = [found for r in relations if (found := _lean(r, field)) is not None]
    texts = Texts.of(project, Audit(), (), ())
    events = of_events.canonical_events(lean, engine, texts)
    rows = events.table
    rows = rows.filter(rows[field].notnull(), rows["micros"] < instant(window.as_of))
    if "quantity" in rows.columns:
        # What is sent back is not taken.
        rows = rows.filter(rows["quantity"].isnull() | (rows["quantity"] > 0))
    bought = [events.codes.get("kind", {}).get(k) for k in _purchases(project)]
    if bought and "kind" in rows.columns:
        rows = rows.filter(rows["kind"].isin([k for k in bought if k is not None]))
    is_before = rows["micros"] < instant(then.as_of)
    counted = rows.group_by([ENTITY, field]).aggregate(
        n_before=rows.count(where=is_before), n_after=rows.count(where=~is_before)
    )
    data = engine.to_arrow(counted.order_by([ENTITY, field]))
    if not data.num_rows:
        raise _impossible(f"no event names {column!r}")
    names = (field, "n_before", "n_after")
    numbers = (codes_of(data[n]) for n in names)
    pairs = _Pairs(events.named(data)[ENTITY].combine_chunks(), *numbers)
    # A column that was asked for by its own name is not what the names are those of.
    is_item = field == FIELDS[0] and column in {s.columns.get(field) for s in project.sources}
    called = _item_names(lean, project, engine, window) if is_item else {}
    return column, pairs, events.words[field], called


def _purchases(project: Project) -> tuple[str, ...]:
    """Name the kinds of events by which something is taken; none where all of them may be."""
    return of_events.with_alike_kinds(project).features.kinds.get("purchase", ())


def _opened(project: Project, asked: Asked, engine: Engine) -> tuple[str, str, list[Relation]]:
    """Open the event sources such that one field names what is taken: the column, the field."""
    logs = [s for s in project.sources if _is_log(s)]
    mapped = {f: c for f in FIELDS for s in logs if (c := s.columns.get(f)) is not None}
    for field, column in mapped.items():
        if asked.item in {None, field, column}:
            return column, field, _read(project, engine)
    if asked.item is None:
        raise _impossible("no column names an item or a category")
    relations = _read(project, engine)
    named = {r.source.name for r in relations if asked.item in r.columns}
    if not named and asked.item in FIELDS:
        raise UsageError(
            f"no column of the events is mapped as their {asked.item}",
            where=f"columns.{asked.item}",
            hint=f"write {asked.item}: COLUMN below columns in the project file, or give --item "
            "the column itself",
        )
    if not named:
        columns = [c for r in relations for c in r.columns]
        raise UsageError(
            f"no column {asked.item!r} in the events", hint=nearest(asked.item, columns)
        )
    own = tuple(_naming(s, asked.item if s.name in named else None) for s in project.sources)
    return asked.item, FIELDS[0], _read(replace(project, sources=own), engine)


def _naming(source: Source, column: str | None) -> Source:
    """Let a column of events name the item, in place of what named it."""
    if not _is_log(source):
        return source
    columns = {f: c for f, c in source.columns.items() if f != FIELDS[0]}
    if column is not None:
        columns[FIELDS[0]] = column
    return replace(source, columns=frozen_mapping(columns))


def _is_log(source: Source) -> bool:
    return source.shape is Shape.EVENTS and source.use == "features"


def _read(project: Project, engine: Engine) -> list[Relation]:
    found = opened_sources(project, engine, Audit(), True, Silent(), ())  # noqa: FBT003
    return [r for r in found if _is_log(r.source)]


def _lean(relation: Relation, field: str) -> Relation | None:
    """Keep what is asked of events; None where they do not name what is taken."""
    wanted = ("entity", "time", "kind", "quantity", ITEM_NAME, field)
    columns = [n for n in wanted if n in relation.table.columns]
    if field not in columns:
        return None
    return replace(relation, table=relation.table.select(*columns))


def _tables(
    project: Project, release: Release, engine: Engine, cuts: Sequence[datetime]
) -> list[FeatureTable]:
    like = Definitions(release.columns, release.texts, release.window)
    found = snapshots(
        project, engine, cuts, audit=Audit(), progress=Silent(), allow_bad_rows=True, like=like
    )
    return list(found)


def _item_names(
    relations: Sequence[Relation], project: Project, engine: Engine, window: Window
) -> dict[str, str]:
    """Give what each item is called most: the name by which the most entities took it.

    A name that fewer than ten entities had is told of no item.
    """
    found: dict[str, tuple[int, str]] = {}
    for relation in relations:
        table = relation.table
        if ITEM_NAME not in table.columns:
            continue
        micros = of_events.in_utc(table, "time", project.time_zone, engine)
        named = table[FIELDS[0]].notnull() & table[ITEM_NAME].notnull() & table["entity"].notnull()
        rows = table.filter(named & (micros < instant(window.as_of)))
        by = {"item": rows[FIELDS[0]].cast("string"), "called": rows[ITEM_NAME].strip()}
        counted = rows.group_by(**by).aggregate(n=rows["entity"].nunique())
        data = engine.to_arrow(counted.filter(counted["n"] >= FEWEST_TOLD)).to_pydict()
        rule = project.harmonise.get(FIELDS[0])
        items = data["item"] if rule is None else rule.all_of(data["item"])
        for item, name, n in zip(items, data["called"], data["n"], strict=True):
            best = found.get(item)
            if name and (best is None or (-n, name) < (-best[0], best[1])):
                found[item] = (int(n), name)
    return {item: name for item, (_, name) in found.items()}


def _with_names(rows: pa.Table, called: Mapping[str, str]) -> pa.Table:
    """Put what items are called beside them, where a column says so."""
    import pyarrow as pa

    if not called:
        return rows
    names = pa.array([called.get(i) for i in rows["item"].to_pylist()], pa.string())
    return rows.add_column(rows.column_names.index("item") + 1, "item_name", names)


def _rows(
    now: _Had, groups: _Groups, used: Recipe, names: Sequence[str], top: int, *, again: bool
) -> pa.Table:
    """Score everybody's items: entity, rank, item, score."""
    import pyarrow as pa

    scorer = used.scorer(now.matrix, groups.places, len(groups.names))
    found = list(scorer.best(now.matrix, groups.places, top, again=again))
    items = np.concatenate([i for i, _ in found])
    scores = np.concatenate([s for _, s in found])
    row, rank = np.nonzero(items >= 0)
    return pa.table(
        {
            ENTITY: groups.ids.take(pa.array(row)),
            "rank": pa.array(rank + 1, pa.int32()),
            "item": pa.array(list(names), pa.string()).take(pa.array(items[row, rank])),
            # As many digits as any machine agrees on.
            "score": np.round(scores[row, rank], 6),
        }
    )
