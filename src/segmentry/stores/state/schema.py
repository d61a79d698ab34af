"""The tables of the state, the same on SQLite and PostgreSQL, each row with its workspace.

What lives here: tables as they are now. What does not: how they came about (``migrations``).
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every version of the schema, the present one last."""

LONGEST_NAME = 200


class Instant(TypeDecorator[datetime]):
    """An instant in UTC; SQLite keeps no zone, so it is put back when reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give what is stored."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the same
        """Give what was stored."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData()

SEGMENTS = Table(
    "segments",
    METADATA,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("workspace", String(64), nullable=False),
    Column("name", String(LONGEST_NAME)),
    Column("is_locked", Boolean, nullable=False),
    Column("owner", String(LONGEST_NAME)),
    Column("note", Text),
    Column("made_at", Instant, nullable=False),
    Column("suggested_by", String(LONGEST_NAME)),
)
"""One row for each segment that people have said something of."""

APPEARANCES = Table(
    "appearances",
    METADATA,
    Column("workspace", String(64), primary_key=True),
    Column("release", String(64), primary_key=True),
    Column("segment_id", Integer, primary_key=True, autoincrement=False),
    Column("key", Integer, ForeignKey("segments.key"), nullable=False),
    Column("overlap", Float, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("workspace", "release", "key", name="one_place_in_a_release"),
)
"""Which segment of a release is which of these."""

HISTORY = Table(
    "history",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("workspace", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("who", String(LONGEST_NAME), nullable=False),
    Column("what", String(32), nullable=False),
    Column("key", Integer, ForeignKey("segments.key")),
    Column("release", String(64), nullable=False),
    Column("segment_id", Integer),
    Column("called", String(LONGEST_NAME)),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("undoes", Integer, ForeignKey("history.number")),
    Index("history_of_a_segment", "workspace", "key"),
    Index("undone_once", "undoes", unique=True),
)
"""Who did what when; rows are added, never changed."""

RELEASES = Table(
    "releases",
    METADATA,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("workspace", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("run", String(LONGEST_NAME), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("as_of", Instant),
    Column("n_entities", BigInteger, nullable=False),
    Column("n_segments", Integer, nullable=False),
    Column("parent", String(64)),
    Column("facts", JSON, nullable=False),
    UniqueConstraint("workspace", "fingerprint", name="one_release_of_a_fingerprint"),
    UniqueConstraint("workspace", "number", name="one_release_of_a_number"),
)
"""Every release that a project made; rows are added, never changed."""

CHAMPIONS = Table(
    "champions",
    METADATA,
    Column("workspace", String(64), primary_key=True),
    Column("release", String(64), nullable=False),
    Column("fence", Integer, nullable=False),
)
"""Which release is in use. ``fence`` grows with every change: who saw an earlier one comes late."""

STEPS = Table(
    "steps",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("workspace", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("who", String(LONGEST_NAME), nullable=False),
    Column("what", String(32), nullable=False),
    Column("release", String(64), nullable=False),
    Column("before", String(64)),
    Column("role", String(LONGEST_NAME)),
    Column("reason", Text),
    Index("steps_of_a_release", "workspace", "release"),
)
"""Who approved, promoted or took back which release when; rows are added, never changed."""

DESCENTS = Table(
    "descents",
    METADATA,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("workspace", String(64), nullable=False),
    Column("release", String(64), nullable=False),
    Column("segment_id", Integer),
    Column("descent", String(32), nullable=False),
    Column("from_ids", JSON, nullable=False),
    Column("overlap", Float, nullable=False),
    Index("descents_of_a_release", "workspace", "release"),
)
"""How the segments of a release descend from those of its parent."""
