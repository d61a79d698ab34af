"""From users to accounts: features are built per user and rolled up.

What lives here: whose account a user belongs to at a cut, and the numbers of an account's users.
What does not: the features of users (``behaviour``).

A user seen in several accounts counts for one: with dated rows for that of the latest row before
the cut, else for the one with the most rows; then for the smallest id. Sums and means are taken of
exact decimals with nine places, so they do not depend on the order of the users.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.domain.arrays import marks_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Aggregate, Function, Measure
from segmentry.domain.project import Accounts, Project, Shape, Source
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn
from segmentry.domain.window import Window
from segmentry.engines.base import ENTITY_ID, Engine
from segmentry.errors import DataError, ProjectFileError
from segmentry.features.rows import instant
from segmentry.pipeline.events import Events, in_utc

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

PLACES = 9
"""Decimal places that sums keep."""

N_EXAMPLES = 3

USERS, ACTIVE, SHARE = "n_users", "n_active_users", "active_share"

_SAID = {
    "mean": "average over the account's users",
    "sum": "sum over the account's users",
    "max": "highest of the account's users",
}


@dataclass(frozen=True)
class RollUp:
    """What leads from users to accounts: memberships, the specs, and where to tell of doubts."""

    accounts: Accounts
    members: ir.Table
    """``user`` and ``account`` as text, one row per row of the source, ``micros`` where dated."""
    events: Events
    specs: tuple[FeatureSpec, ...]
    engine: Engine
    audit: Audit

    def table(
        self,
        data: pa.Table,
        columns: Sequence[FeatureColumn],
        before: ir.Table,
        window: Window | None,
        *,
        tell: bool = True,
    ) -> tuple[pa.Table, tuple[FeatureColumn, ...]]:
        """Roll a table of users up to accounts.

        Parameters
        ----------
        data : pyarrow.Table
            ``entity_id`` (the user) and ``columns``.
        columns : sequence of FeatureColumn
        before : ibis table
            Events before the cut.
        window : Window or None
            None where events have no time: then nobody can be said to be active lately.
        tell : bool
            Tell of users with no account or several, and refuse a cut at which none has one.

        Returns
        -------
        data : pyarrow.Table
            One row for each account with a user who has an event before the cut.
        columns : tuple of FeatureColumn
        """
        account = self._account_of(data[ENTITY], window, tell=tell)
        grouped = _Grouped.of(account)
        made: dict[str, Any] = {ENTITY: grouped.accounts}
        told: list[FeatureColumn] = []
        summed = {s.name for s in self.specs if _adds_up(s)}
        for column in columns:
            for way, values in _ways(column, data[column.name], grouped, self.accounts, summed):
                described = _described(column, way)
                made[described.name] = values
                told.append(described)
        for column, values in self._of_users(grouped, before, window, data[ENTITY]):
            made[column.name] = values
            told.append(column)
        import pyarrow as pa

        return pa.table(made), tuple(told)

    def counts(self, counted: pa.Table, window: Window) -> pa.Table:
        """Add up what users did after a cut, by account; counts and money, all exact."""
        import pyarrow as pa

        grouped = _Grouped.of(self._account_of(counted[ENTITY], window, tell=False))
        values = {n: grouped.sums(counted[n]) for n in counted.column_names if n != ENTITY}
        return pa.table({ENTITY: grouped.accounts, **values})

    def _account_of(self, users: pa.ChunkedArray, window: Window | None, *, tell: bool) -> pa.Array:
        """Give the account of each user at the cut; null where none is known."""
        import pyarrow as pa
        import pyarrow.compute as pc

        members, is_dated = self.members, "micros" in self.members.columns
        if is_dated and window is not None:
            members = members.filter(members["micros"] < instant(window.as_of))
        values = {"n": members.count()}
        values |= {"last": members["micros"].max()} if is_dated else {}
        pairs = self.engine.to_arrow(members.group_by("user", "account").aggregate(**values))
        best = "last" if is_dated else "n"
        keys = [("user", "ascending"), (best, "descending"), ("account", "ascending")]
        ordered = pairs.sort_by(keys)
        user = ordered["user"].combine_chunks()
        is_first = np.ones(len(user), dtype=bool)
        if len(user) > 1:
            differs = pc.not_equal(user.slice(1), user.slice(0, len(user) - 1))
            is_first[1:] = marks_of(differs)
        chosen = ordered.filter(pa.array(is_first))
        known = chosen["user"].combine_chunks()
        places = pc.index_in(users.cast(pa.string()).combine_chunks(), value_set=known)
        account = chosen["account"].combine_chunks().take(places)
        if tell:
            self._tell(user.filter(pa.array(~is_first)).unique(), account, best)
        if tell and account.null_count == len(account):
            raise DataError(
                "no user has an account",
                code="E2009",
                where="accounts",
                hint="check accounts.key, and the source that tells the accounts of users",
            )
        return account

    def _tell(self, several: pa.Array, account: pa.Array, best: str) -> None:
        if len(several):
            rule = "the latest row before the cut" if best == "last" else "the most rows"
            n, verb = len(several), "is" if len(several) == 1 else "are"
            self.audit.add(
                Finding(
                    "several_accounts",
                    f"{n} {'user' if n == 1 else 'users'} {verb} in more than one account",
                    severity="warning",
                    column=self.accounts.key,
                    count=n,
                    examples=tuple(map(str, several.slice(0, N_EXAMPLES).to_pylist())),
                    done=f"counted for the account with {rule}, then the smallest id",
                )
            )
        n = account.null_count
        if n:
            self.audit.add(
                Finding(
                    "no_account",
                    f"{n} of {len(account)} users have no account",
                    severity="warning" if n > 0.01 * len(account) else "info",
                    column=self.accounts.key,
                    count=n,
                    total=len(account),
                    done="left out",
                )
            )

    def _of_users(
        self,
        grouped: _Grouped,
        before: ir.Table,
        window: Window | None,
        users: pa.ChunkedArray,
    ) -> list[tuple[FeatureColumn, Any]]:
        """Count an account's users, and those active in the recent window."""
        import pyarrow as pa
        import pyarrow.compute as pc

        found: list[tuple[FeatureColumn, Any]] = []
        n_users = grouped.sums(pa.array(np.ones(len(users))))
        if "n_users" in self.accounts.roll_up:
            sentence = "users of the account with an event before the cut"
            found.append((_own(USERS, "users", sentence), n_users))
        if window is None or "micros" not in before.columns:
            return found
        since = instant(window.as_of - timedelta(days=window.recent_days))
        recent = before.filter(before["micros"] >= since).select(ENTITY).distinct()
        seen = self.events.named(self.engine.to_arrow(recent))[ENTITY]
        is_active = pc.is_in(users.combine_chunks(), value_set=seen.combine_chunks())
        n_active = grouped.sums(is_active.cast(pa.float64()))
        days = f"the last {window.recent_days:g} days before the cut"
        if "n_users" in self.accounts.roll_up:
            sentence = f"users of the account with an event in {days}"
            found.append((_own(ACTIVE, "users", sentence), n_active))
        if "active_share" in self.accounts.roll_up:
            sentence = f"share of the account's users with an event in {days}"
            found.append((_own(SHARE, "share", sentence), pc.divide(n_active, n_users)))
        return found


@dataclass(frozen=True)
class _Grouped:
    """Users by account: the accounts in ascending order, and the place of each user's."""

    accounts: pa.Array
    places: pa.Array

    @classmethod
    def of(cls, account: pa.Array) -> _Grouped:
        import pyarrow.compute as pc

        known = account.drop_null().unique()
        known = known.take(pc.sort_indices(known))
        return cls(known, pc.index_in(account, value_set=known))

    def _folded(self, values: Any, how: str) -> pa.Array:
        """Aggregate values by account; null for accounts of whose users none is known."""
        import pyarrow as pa
        import pyarrow.compute as pc

        table = pa.table({"place": self.places, "value": values})
        kept = table.filter(pc.and_(pc.is_valid(table["place"]), pc.is_valid(table["value"])))
        found = kept.group_by("place", use_threads=False).aggregate([("value", how)])
        order = pc.index_in(
            pa.array(np.arange(len(self.accounts)), self.places.type),
            value_set=found["place"].combine_chunks(),
        )
        return found[f"value_{how}"].combine_chunks().take(order)

    def sums(self, values: Any) -> pa.Array:
        """Add up exactly."""
        import pyarrow as pa

        # By way of text, which is read as the nearest float; the direct cast may miss it by one.
        return self._folded(_decimal(values), "sum").cast(pa.string()).cast(pa.float64())

    def means(self, values: Any) -> pa.Array:
        """Average exactly over the users of whom the value is known."""
        import pyarrow as pa
        import pyarrow.compute as pc

        counts = self._folded(values, "count").cast(pa.float64())
        return pc.divide(self.sums(values), counts)

    def highest(self, values: Any) -> pa.Array:
        """Give the highest value."""
        return self._folded(values, "max")

    def usual(self, values: Any) -> pa.Array:
        """Give the most frequent word; ties go to the first in the alphabet."""
        import pyarrow as pa
        import pyarrow.compute as pc

        table = pa.table({"place": self.places, "value": values})
        kept = table.filter(pc.and_(pc.is_valid(table["place"]), pc.is_valid(table["value"])))
        counted = kept.group_by(["place", "value"], use_threads=False).aggregate(
            [([], "count_all")]
        )
        keys = [("place", "ascending"), ("count_all", "descending"), ("value", "ascending")]
        ordered = counted.sort_by(keys)
        wanted = pa.array(np.arange(len(self.accounts)), self.places.type)
        # The first row of each place: index_in finds the first.
        rows = pc.index_in(wanted, value_set=ordered["place"].combine_chunks())
        return ordered["value"].combine_chunks().take(rows)


def _decimal(values: Any) -> Any:
    """Write numbers as decimals, so that the order in which they are added does not matter."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.round(values.cast(pa.float64()), PLACES).cast(pa.decimal128(38, PLACES), safe=False)


def _adds_up(spec: FeatureSpec) -> bool:
    """Say whether the sum over users means something: counts of events and sums of amounts do."""
    formula = spec.formula
    if isinstance(formula, Function) and formula.name == "or zero":
        formula = formula.a
    return isinstance(formula, Aggregate) and formula.measure in {Measure.COUNT, Measure.SUM}


def _ways(
    column: FeatureColumn,
    values: Any,
    grouped: _Grouped,
    accounts: Accounts,
    summed: set[str],
) -> list[tuple[str, Any]]:
    """Roll one column up in the ways that mean something for it."""
    if column.kind is Kind.CATEGORY:
        return [("usual", grouped.usual(values))]
    if column.role is Role.OUTCOME:
        return [("max", grouped.highest(values))]
    found = []
    if "mean" in accounts.roll_up or column.role is not Role.CLUSTER:
        found.append(("mean", grouped.means(values)))
    if column.share is not None or column.role is not Role.CLUSTER:
        return found
    if "sum" in accounts.roll_up and column.name in summed:
        found.append(("sum", grouped.sums(values)))
    if "max" in accounts.roll_up:
        found.append(("max", grouped.highest(values)))
    return found


def _described(column: FeatureColumn, way: str) -> FeatureColumn:
    """Describe a rolled column by what it was per user."""
    if way == "usual":
        return replace(
            column,
            sentence=f"most frequent among the account's users: {column.sentence}",
            null_means="known of no user of the account",
        )
    name = column.name if column.role is Role.OUTCOME else f"user_{way}_{column.name}"
    sentence = column.sentence[:1].lower() + column.sentence[1:]
    return replace(
        column,
        name=name,
        sentence=f"{_SAID[way]}: {sentence}",
        null_means=f"so for every user of the account: {column.null_means}",
        # Mean, sum and highest of one thing are one side of an account, not three.
        aspect=column.aspect or column.name,
    )


def _own(name: str, unit: str, sentence: str) -> FeatureColumn:
    return FeatureColumn(
        name, Role.CLUSTER, Kind.NUMBER, Facet.ENGAGEMENT, unit, sentence, "no user was seen"
    )


def roll_up_of(
    project: Project,
    events: Events,
    specs: tuple[FeatureSpec, ...],
    engine: Engine,
    audit: Audit,
) -> RollUp | None:
    """Open what tells the account of each user; None where a project has no accounts.

    Raises
    ------
    ProjectFileError
        If a source lacks the column of the account.
    """
    accounts = project.accounts
    if accounts is None:
        return None
    named = [s for s in project.sources if s.name == accounts.source]
    sources = named or [
        s for s in project.sources if s.shape is Shape.EVENTS and s.use == "features"
    ]
    members = [_members(s, accounts, project, engine) for s in sources]
    dated = all("micros" in m.columns for m in members)
    names = ["user", "account", *(["micros"] if dated else [])]
    parts = [m.select(*names) for m in members]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.union(part)
    known = whole.filter(whole["user"].notnull() & whole["account"].notnull())
    return RollUp(accounts, engine.keep(known), events, specs, engine, audit)


def _members(source: Source, accounts: Accounts, project: Project, engine: Engine) -> ir.Table:
    place = project.sources.index(source)
    columns = {"entity": accounts.key, ENTITY_ID: source.columns["entity"]}
    if "time" in source.columns:
        columns["time"] = source.columns["time"]
    try:
        opened = engine.open(
            source.plain(Shape.EVENTS, columns),
            folder=str(project.folder),
            audit=Audit(),
            allow_bad_rows=True,
            roles={},
            key=f"sources[{place}]",
        )
    except ProjectFileError as error:
        found = [
            ProjectFileError(p.what, code=p.code, hint=p.hint, key="accounts.key")
            if p.key == f"sources[{place}].columns.entity"
            else p
            for p in error.problems or (error,)
        ]
        raise ProjectFileError.all_of(found) from error
    table = opened.table
    values: dict[str, Any] = {
        "user": table[ENTITY_ID].cast("string"),
        "account": table["entity"].cast("string"),
    }
    if "time" in columns:
        values["micros"] = in_utc(table, "time", project.time_zone, engine)
    return table.select(**values)
