"""Features out of events: which are built, and their computation piece by piece.

What lives here: the choice of features, the computation for some of the entities at a time, and
columns of the source that describe an entity. What does not: specs and their compilation
(``features``), what shares are learned from (``shares``), the canonical relation (``events``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from segmentry.domain.arrays import codes_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.feature import INSTANT, Derived, FeatureSpec, aggregates_of
from segmentry.domain.formula import Measure
from segmentry.domain.project import Project
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn
from segmentry.domain.window import Window
from segmentry.engines.base import ROLE_PREFIX, Engine
from segmentry.features.choose import choose, wanted_families, wanted_shares
from segmentry.features.families import CORE, PATHS, share_feature
from segmentry.features.rows import DAY_MICROS
from segmentry.features.shares import Family
from segmentry.pipeline import shares
from segmentry.pipeline.coded import coded, joined
from segmentry.pipeline.derived import Models
from segmentry.pipeline.events import Events, exact, own_roles, stays_number
from segmentry.pipeline.figures import Figures, Way, computed, pieces_of

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


RETURNING, ENOUGH_ENTITIES = 0.005, 100
"""Share of entities seen again a day later, up to which nobody counts as coming back, and the
entities that it takes to say so."""

LEAST_PRIOR = 1.5
"""Recent windows that a log must span for a trend: the recent one, and half of the one before."""

SAMPLE_ENTITIES = 25_000
"""Entities from which levels and pseudo-counts are learned, and on which segments are judged."""

_WAYS = {Role.OUTCOME: "highest", Role.CLUSTER: "average", Role.WEIGHT: "average"}

_SPREAD = 2_654_435_761
"""Knuth's multiplier: consecutive numbers are spread evenly over 2**32."""


def sampled_entities(events: Events, before: ir.Table, engine: Engine) -> ir.Table | None:
    """Choose about so many of the entities, spread evenly; None where there are fewer.

    Entities are numbered among those with an event in ``before``: who comes later must not change
    who is looked at.
    """
    import ibis

    if events.entities is not None and len(events.entities) <= SAMPLE_ENTITIES:
        return None
    seen = before.select(ENTITY).distinct()
    n = int(engine.to_arrow(seen.aggregate(n=seen.count()))["n"][0].as_py())
    if n <= SAMPLE_ENTITIES:
        return None
    place = ibis.row_number().over(ibis.window(order_by=seen[ENTITY]))
    seen = seen.mutate(spread=(place.cast("int64") * _SPREAD) % 2**32)
    chosen = seen.filter(seen["spread"] < int(2**32 * (SAMPLE_ENTITIES / n)))
    return engine.keep(chosen.select(ENTITY))


def sample_of(table: ir.Table, chosen: ir.Table | None) -> ir.Table:
    """Keep the events of chosen entities; all where none were chosen."""
    return table if chosen is None else table.semi_join(chosen, ENTITY)


def planned(
    events: Events,
    before: ir.Table,
    project: Project,
    engine: Engine,
    audit: Audit,
    like: Iterable[FeatureColumn] | None,
    *,
    window: Window | None = None,
    first: datetime | None = None,
) -> tuple[FeatureSpec, ...]:
    """Decide which features are built; an earlier table's shares are built again as they were.

    ``first`` is the first event before the window's cut, where events have a time.
    """
    specs = choose(events.fields, project.features, project.windows)
    if like is not None:
        return (*specs, *(share_feature(c.share) for c in like if c.share is not None))
    is_auto = project.features.include == "auto"
    wanted = frozenset(wanted_families(events.fields, project.features))
    if not is_auto and not wanted:
        return (*specs, *wanted_shares([], project.features))
    sample = sample_of(before, sampled_entities(events, before, engine))
    if is_auto and INSTANT in events.fields:
        specs = _without_dates(specs, sample, engine, audit)
        if window is not None and first is not None:
            specs = _within(specs, window, first, audit)
    families: list[Family] = []
    luck: set[str] = set()
    for field in shares.with_few_words(events, before, engine):
        if not is_auto and wanted.isdisjoint((f"share_{field}", f"affinity_{field}")):
            continue
        learned = shares.learned(events, sample, field, engine)
        if learned is None:
            continue
        if is_auto and not learned.is_telling:
            luck |= {field} if learned.is_luck else set()
            counting = [s.name for s in specs if _counts_values_of(s, luck & {field})]
            audit.add(shares.not_telling(field, learned, counting))
        else:
            families.append(learned)
    if PATHS in wanted:
        steps = shares.of_steps(events, sample, project, window, engine)
        families += [steps] if steps is not None else []
    kept = [s for s in specs if not _counts_values_of(s, luck)]
    return (*kept, *_built(families, wanted, project, audit))


def _built(
    families: Sequence[Family], wanted: frozenset[str], project: Project, audit: Audit
) -> tuple[FeatureSpec, ...]:
    """Give the features that a project wants of families, and tell which of them are mere luck."""
    found = [share_feature(s) for f in families for s in f.members if s.family in wanted]
    for family in families:
        for name in {s.family: None for s in family.members if s.family in wanted}:
            if name not in CORE and not family.is_telling:
                audit.add(shares.asked_in_vain(name, family))
    return wanted_shares(found, project.features)


def _without_dates(
    specs: tuple[FeatureSpec, ...], rows: ir.Table, engine: Engine, audit: Audit
) -> tuple[FeatureSpec, ...]:
    """Leave out features of time where nobody comes back, as with sessions.

    They would cut the calendar into pieces and call those who came early lapsed.
    """
    seen = rows.group_by(ENTITY).aggregate(
        is_back=(rows["micros"].max() - rows["micros"].min() >= DAY_MICROS).cast("int64")
    )
    counted = engine.to_arrow(seen.aggregate(n=seen.count(), back=seen["is_back"].sum()))
    n, back = int(counted["n"][0].as_py()), int(counted["back"][0].as_py() or 0)
    dated = [s.name for s in specs if INSTANT in s.needs and not s.is_own]
    if n < ENOUGH_ENTITIES or not dated or back > RETURNING * n or len(dated) == len(specs):
        return specs
    audit.add(
        Finding(
            "nobody_comes_back",
            "Hardly any entity is seen on more than one day, so when it was seen tells its date, "
            "not its behaviour.",
            count=n - back,
            done=f"left out: {', '.join(dated)}; name them under features.include to take them in",
        )
    )
    return tuple(s for s in specs if s.name not in dated)


def _within(
    specs: tuple[FeatureSpec, ...], window: Window, first: datetime, audit: Audit
) -> tuple[FeatureSpec, ...]:
    """Leave out features of windows that begin before the log does: they tell its age."""
    days = (window.as_of - first) / timedelta(days=1)

    def needed(span: str) -> float:
        # Half of the window before is enough to see that somebody was there before.
        if span == "prior":
            return LEAST_PRIOR * window.recent_days
        return 0.0 if span == "lookback" else window.days_of(span) or 0.0

    short = [
        s.name
        for s in specs
        if any(needed(a.span) >= days for a in aggregates_of(s))
        and INSTANT in s.needs
        and not s.is_own
    ]
    if short:
        audit.add(
            Finding(
                "log_too_short",
                f"The log spans {days:,.0f} days, too few for features of longer windows.",
                done=f"left out: {', '.join(short)}; a shorter windows.recent brings some back",
            )
        )
    return tuple(s for s in specs if s.name not in short)


def _counts_values_of(spec: FeatureSpec, fields: set[str]) -> bool:
    """Say whether a feature tells how many of a field's values an entity has, or the top one.

    One of the project's own is asked for, whatever luck there is in it.
    """
    return not spec.is_own and any(
        a.of in fields and a.measure in {Measure.DISTINCT, Measure.TOP} for a in aggregates_of(spec)
    )


def feature_columns(
    specs: Sequence[FeatureSpec],
    project: Project,
    learned: Mapping[str, Derived] | None = None,
) -> tuple[FeatureColumn, ...]:
    """Describe built features; a role in the project file goes before *cluster*."""
    return tuple(
        FeatureColumn(
            s.name,
            project.features.roles.get(s.name, Role.CLUSTER),
            Kind.CATEGORY if s.is_category else Kind.NUMBER,
            s.facet,
            _unit(s.unit, project),
            s.sentence,
            s.null_means,
            s.null_is,
            s.share,
            (learned or {}).get(s.family or ""),
            s.aspect,
            s.refines,
            s.objectives,
        )
        for s in specs
    )


def _unit(unit: str, project: Project) -> str:
    return unit.replace("money", project.currency) if project.currency else unit


def build(  # noqa: PLR0913 - what a run knows, and what an earlier one learned
    events: Events,
    before: ir.Table,
    specs: Sequence[FeatureSpec],
    project: Project,
    window: Window | None,
    engine: Engine,
    *,
    n_events: int,
    like: Iterable[FeatureColumn] | None = None,
    audit: Audit | None = None,
    figures: Figures | None = None,
) -> tuple[pa.Table, tuple[FeatureColumn, ...]]:
    """Compute features and the sources' own columns with a role, one row per entity.

    Models of derived features are learned from these entities, or taken from an earlier table.
    ``figures`` are kept from cut to cut, where there are several.
    """
    own = [s for s in specs if s.is_compiled]
    models = Models.of(events, before, specs, project, window, engine, like)
    hidden = models.hidden(own)
    wanted = [*own, *hidden]
    if figures is not None and window is not None:
        data = figures.features(wanted, window)
    else:
        way = Way(engine, project.time_zone, events.codes)
        pieces = pieces_of(events, before, engine, n_events)
        data = computed(way, wanted, pieces, window)
    data, derived = models.applied(data, audit or Audit())
    data = data.drop_columns([s.name for s in hidden])
    columns = [*feature_columns(own, project), *feature_columns(derived, project, models.learned)]
    made = coded(specs)
    data = joined(data, made, events, before, project, window, engine, audit or Audit())
    columns += feature_columns(made, project)
    roles = own_roles(project)
    for name, type_ in events.own.items():
        shown = f"{name} (column)" if name in data.column_names else name
        # Segments that there are already are what an entity is in now, not what it was in most.
        is_state = name == project.segments.existing and "micros" in before.columns
        column = _own_column(name, shown, roles[name], type_, is_state=is_state)
        values = _own_values(events, before, name, column, engine, is_state=is_state)
        data = data.append_column(shown, _aligned(data[ENTITY], values))
        columns.append(column)
    return events.named(data), tuple(columns)


def _own_column(name: str, shown: str, role: Role, type_: Any, *, is_state: bool) -> FeatureColumn:
    """Describe a column of the events as one value per entity."""
    is_number = stays_number(type_, role)
    how = _WAYS[role] if is_number else "last known" if is_state else "most frequent"
    return FeatureColumn(
        shown,
        role,
        Kind.NUMBER if is_number else Kind.CATEGORY,
        Facet.ATTRIBUTE,
        sentence=f"{how} {name} of the entity's events",
        null_means="no event tells",
    )


def _own_values(
    events: Events,
    before: ir.Table,
    name: str,
    column: FeatureColumn,
    engine: Engine,
    *,
    is_state: bool,
) -> pa.Table:
    """Compute one value per entity out of its events."""
    field = f"{ROLE_PREFIX}{name}"
    known = before.filter(before[field].notnull())
    if is_state:
        return _last(known, field, events.words[field], engine)
    known = known.select(ENTITY, value=known[field])
    if column.kind is Kind.NUMBER:
        numbers = exact(known["value"])
        mean = numbers.sum().cast("float64") / numbers.count()
        value = numbers.max().cast("float64") if column.role is Role.OUTCOME else mean
        return engine.to_arrow(known.group_by(ENTITY).aggregate(value=value))
    return _most_frequent(known, events.words[field], engine)


def _last(known: ir.Table, field: str, words: pa.Array, engine: Engine) -> pa.Table:
    """Give each entity's word at its latest instant; ties go to the first in the alphabet."""
    import pyarrow as pa

    latest = known["micros"].max().over(group_by=known[ENTITY])
    last = known.select(ENTITY, "micros", place=known[field], latest=latest)
    last = last.filter(last["micros"] == last["latest"])
    found = engine.to_arrow(last.group_by(ENTITY).aggregate(place=last["place"].min()))
    words_told = words.take(pa.array(codes_of(found["place"])))
    return pa.table({ENTITY: found[ENTITY], "value": words_told})


def _most_frequent(known: ir.Table, words: pa.Array, engine: Engine) -> pa.Table:
    """Give each entity's most frequent word; ties go to the first in the alphabet."""
    import pyarrow as pa

    counted = known.group_by(ENTITY, "value").aggregate(n=known.count())
    # The most rows win, and of those the word that stands first: one number tells both.
    width = len(words) + 1
    best = (counted["n"] * width - counted["value"].cast("int64")).max()
    found = engine.to_arrow(counted.group_by(ENTITY).aggregate(best=best))
    places = -codes_of(found["best"]) % width
    return pa.table({ENTITY: found[ENTITY], "value": words.take(pa.array(places))})


def _aligned(entities: pa.ChunkedArray, values: pa.Table) -> pa.Array:
    """Put values of some entities beside all entities, null for the others."""
    import pyarrow.compute as pc

    found = pc.index_in(entities, value_set=values[ENTITY])
    return values["value"].combine_chunks().take(found)
