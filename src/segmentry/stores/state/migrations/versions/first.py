"""The first tables: segments that people own, where they appear, and the history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "segments",
        sa.Column("key", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200)),
        sa.Column("is_locked", sa.Boolean, nullable=False),
        sa.Column("owner", sa.String(200)),
        sa.Column("note", sa.Text),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "appearances",
        sa.Column("workspace", sa.String(64), primary_key=True),
        sa.Column("release", sa.String(64), primary_key=True),
        sa.Column("segment_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Integer, sa.ForeignKey("segments.key"), nullable=False),
        sa.Column("overlap", sa.Float, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("workspace", "release", "key", name="one_place_in_a_release"),
    )
    op.create_table(
        "history",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("key", sa.Integer, sa.ForeignKey("segments.key")),
        sa.Column("release", sa.String(64), nullable=False),
        sa.Column("segment_id", sa.Integer),
        sa.Column("called", sa.String(200)),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("undoes", sa.Integer, sa.ForeignKey("history.number")),
    )
