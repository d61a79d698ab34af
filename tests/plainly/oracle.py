"""All families together, and the logs in which they are compared with the compiled features."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from plainly import adoption, purchasing, rhythm
from plainly.base import DAY, Entity, Event, Value, known, with_known
from segmentry.domain.feature import FeatureSpec, ShareOf
from segmentry.domain.project import MEANINGS, FeatureChoice, Windows
from segmentry.domain.window import Window
from segmentry.features.arrays.compute import compute_features as over_arrays
from segmentry.features.choose import possible_features
from segmentry.features.compile import compile_features
from segmentry.features.families import share_feature

LABELS = ("kind", "channel", "category", "item", "device")
MEASURES = ("minutes", "rating")
KINDS = {m: (m,) for m in MEANINGS} | {"purchase": ("purchase", "renewal")}
CHOICE = FeatureChoice(
    kinds=KINDS,
    measures=MEASURES,
    milestones=("purchase", "never"),
    onboarding=("view", "cart", "purchase"),
    workflow=("send", "open", "click"),
)
ALSO_DAYS = (1.0, 14.5, 365.0)
SHARES = (
    ShareOf("kind", ("purchase",), is_rest=False, prior=0.75, strength=3.0),
    ShareOf("kind", ("purchase",), is_rest=True, prior=2.25, strength=3.0),
    ShareOf("channel", ("web",), is_rest=False, prior=0.0, strength=0.0),
    ShareOf("category", ("a", "b"), is_rest=True, prior=1e-3, strength=1e3),
    ShareOf("item", ("never seen",), is_rest=False, prior=0.5, strength=7.0),
    ShareOf("category", ("a",), is_rest=False, prior=0.4, strength=2.0, tells="affinity"),
    ShareOf("category", ("a", "b"), is_rest=True, prior=0.1, strength=2.0, tells="affinity"),
    ShareOf("channel", ("web",), is_rest=False, prior=1e-3, strength=1e3, tells="affinity"),
    ShareOf("item", ("never seen",), is_rest=False, prior=0.5, strength=7.0, tells="affinity"),
    ShareOf("kind", ("view", "cart"), is_rest=False, prior=0.2, strength=4.0, tells="steps"),
    ShareOf("kind", ("view", "view"), is_rest=False, prior=0.0, strength=0.0, tells="steps"),
    ShareOf("kind", ("cart", "never"), is_rest=False, prior=0.5, strength=7.0, tells="steps"),
)
"""Levels that are there, that are not, and the rest; with many pseudo-events and with none."""

_TYPES: dict[str, Any] = {
    "entity_id": pa.int64(),
    "micros": pa.int64(),
    **dict.fromkeys(("amount", "discount", "cost", "score"), pa.decimal128(20, 4)),
    **dict.fromkeys(
        ("duration_seconds", "response_seconds", "resolution_seconds"), pa.decimal128(20, 4)
    ),
    **dict.fromkeys(("quantity", "seats", "errors", "nps", "reopened", "escalated"), pa.int64()),
    **dict.fromkeys(("order_id", "session_id", "user"), pa.string()),
    **dict.fromkeys(LABELS, pa.string()),
    **{f"measure: {m}": pa.float64() for m in MEASURES},
}
FIELDS = frozenset(_TYPES) - {"entity_id", "micros"} | {"at"}
BARE = FIELDS - {"session_id", "order_id", "amount", "category", "reopened", "escalated"}
"""What is left where the fields are missing whose features have a second way."""


@dataclass(frozen=True)
class Case:
    """A cut, a zone, what is mapped, and how words are written."""

    name: str
    zone: str
    window: Window | None
    words: tuple[str, ...] | None = None
    """The kinds that have a number, in ascending order; None where words are words."""
    fields: frozenset[str] = FIELDS
    choice: FeatureChoice = CHOICE

    @cached_property
    def specs(self) -> tuple[FeatureSpec, ...]:
        """The features that can be built, shares among them."""
        w = self.window or Window(datetime(2020, 1, 1, tzinfo=UTC))
        windows = Windows(w.lookback_days, w.recent_days, also_days=ALSO_DAYS)
        fields = self.fields if self.window else self.fields - {"at"}
        found = possible_features(fields, self.choice, windows).values()
        told = [share_feature(s) for s in SHARES]
        shares = [s for s in told if fields.issuperset(s.needs)]
        # What is learned from all entities together has oracles of its own.
        return (*(s for s in found if s.family is None), *shares)

    @cached_property
    def codes(self) -> dict[str, dict[str, int]]:
        """The number of each word."""
        if self.words is None:
            return {}
        lists = {"kind": sorted(self.words), "channel": ["app", "fax", "web"]}
        lists |= {f: list("abxy") for f in ("category", "device")}
        lists["item"] = sorted({*"abxy", *(f"i{i}" for i in range(15))})
        return {f: {w: i for i, w in enumerate(words)} for f, words in lists.items()}

    def rows(self, log: Iterable[Event]) -> pa.Table:
        """Give a log as the canonical relation."""
        types = {n: t for n, t in _TYPES.items() if n in {"entity_id", "micros"} | self.fields}
        types |= {f: pa.int16() for f in self.codes if f in types}
        columns: dict[str, list[Any]] = {n: [] for n in types}
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        for event in log:
            for name, values in columns.items():
                value = getattr(event, name.removeprefix("measure: "), None)
                if name == "micros":
                    value = (event.at - epoch) // timedelta(microseconds=1)
                elif name in self.codes and value is not None:
                    value = self.codes[name][value]
                values.append(value)
        return pa.table(columns, schema=pa.schema(list(types.items())))

    def sql(self, connection: Any) -> str:
        """Compile the features over a table called ``log``."""
        table = connection.create_table("log", self.rows([]), overwrite=True)
        if self.window is None:
            table = table.drop("micros")
        found = compile_features(
            self.specs, table, self.window, time_zone=self.zone, codes=self.codes
        )
        return str(connection.compile(found))

    def computed(
        self, connection: Any, sql: str, log: Sequence[Event]
    ) -> dict[int, dict[str, Any]]:
        """Compute the features of a log."""
        connection.create_table("log", self.rows(log), overwrite=True)
        answers = connection.con.sql(sql).to_arrow_table().to_pylist()
        return {row.pop("entity_id"): row for row in answers}

    def over_arrays(self, log: Sequence[Event]) -> dict[int, dict[str, Any]]:
        """Compute the same the other way, without a statement."""
        rows = self.rows(log)
        rows = rows if self.window else rows.drop_columns(["micros"])
        found = over_arrays(self.specs, rows, self.window, time_zone=self.zone, codes=self.codes)
        return {row.pop("entity_id"): row for row in found.to_pylist()}

    def entities(self, log: Sequence[Event]) -> dict[int, Entity]:
        """Give those who are known before the cut; without time, everybody."""
        ever = Window(max((e.at for e in log), default=datetime(2020, 1, 1, tzinfo=UTC)) + DAY)
        window = self.window or ever
        by_id: dict[int, list[Event]] = {}
        for e in log:
            if e.at < window.as_of:
                by_id.setdefault(e.entity_id, []).append(e)
        return {
            i: Entity(rows, window, self.zone, self.fields, self.choice, ALSO_DAYS)
            for i, rows in by_id.items()
        }


def said(e: Entity) -> dict[str, Value]:
    """Say all features of one entity."""
    told: dict[str, Value] = {}
    for one in (*purchasing.FAMILIES, *rhythm.FAMILIES, *rhythm.CLOCK, rhythm.measured):
        told |= one(e)
    for one in (*adoption.TIMELESS, *adoption.TIMED):
        told |= one(e)
    return told | {share_feature(s).name: _share(e, s) for s in SHARES}


def _share(e: Entity, share: ShareOf) -> float | None:
    if share.tells == "steps":
        in_order = sorted(with_known(e.seen, "kind"), key=lambda x: (x.at, x.kind))
        taken = [(a.kind, b.kind) for a, b in pairwise(in_order)]
        counted, n = taken.count((share.levels[0], share.levels[1])), len(taken)
    else:
        words = known(e.seen, share.field)
        counted, n = sum((word in share.levels) != share.is_rest for word in words), len(words)
    if not n:
        return None
    drawn = (counted + share.prior) / (n + share.strength)
    return math.log2(drawn * share.strength / share.prior) if share.tells == "affinity" else drawn


def local(zone: str, *at: int) -> datetime:
    """Give a local time as an instant."""
    return datetime(*at, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]


_FEW = ("cart", "click", "login", "open", "purchase", "send", "ticket", "view", "other")
_MANY = tuple(sorted({*MEANINGS, "other", "renewal"}))
_CASES = (
    Case("leap day", "UTC", Window(datetime(2020, 2, 29, 12, tzinfo=UTC))),
    Case(
        "Berlin forward, a short look-back, few words",
        "Europe/Berlin",
        Window(datetime(2020, 3, 29, 1, tzinfo=UTC), 45.5, 1.0, 0.5),
        _FEW,
    ),
    Case(
        "Berlin back, without sessions and orders",
        "Europe/Berlin",
        Window(datetime(2020, 10, 25, 1, tzinfo=UTC), None, 30.0, 60.0, pause_minutes=60.0),
        fields=BARE,
    ),
    Case(
        "Los Angeles forward, many words",
        "America/Los_Angeles",
        Window(datetime(2020, 3, 8, 10, tzinfo=UTC), 400.0, 1.0),
        _MANY,
    ),
    Case(
        "St. John's, where a day came twice",
        "America/St_Johns",
        Window(datetime(2010, 11, 7, 12, tzinfo=UTC), 1.0, 30.0, 0.5),
        _MANY,
    ),
    Case(
        "Apia, where a day never was",
        "Pacific/Apia",
        Window(datetime(2011, 12, 31, 10, tzinfo=UTC), 45.5, 7.0),
        _MANY,
        BARE | {"amount"},
    ),
    Case(
        "before 1970",
        "America/St_Johns",
        Window(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), None, 30.0),
        _FEW,
        BARE - {"quantity"} | {"session_id", "order_id"},
    ),
)
CASES = {c.name: c for c in _CASES}
TIMELESS = {
    "words": Case("without time", "UTC", None),
    "few words": Case("without time, few words", "UTC", None, _FEW, BARE),
}
