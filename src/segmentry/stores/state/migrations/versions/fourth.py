"""Releases, which of them is in use, what was done to them, and how their segments descend."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "releases",
        sa.Column("key", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("run", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True)),
        sa.Column("n_entities", sa.BigInteger, nullable=False),
        sa.Column("n_segments", sa.Integer, nullable=False),
        sa.Column("parent", sa.String(64)),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.UniqueConstraint("workspace", "fingerprint", name="one_release_of_a_fingerprint"),
        sa.UniqueConstraint("workspace", "number", name="one_release_of_a_number"),
    )
    op.create_table(
        "champions",
        sa.Column("workspace", sa.String(64), primary_key=True),
        sa.Column("release", sa.String(64), nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
    )
    op.create_table(
        "steps",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("release", sa.String(64), nullable=False),
        sa.Column("before", sa.String(64)),
        sa.Column("role", sa.String(200)),
        sa.Column("reason", sa.Text),
    )
    op.create_index("steps_of_a_release", "steps", ["workspace", "release"])
    op.create_table(
        "descents",
        sa.Column("key", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("release", sa.String(64), nullable=False),
        sa.Column("segment_id", sa.Integer),
        sa.Column("descent", sa.String(32), nullable=False),
        sa.Column("from_ids", sa.JSON, nullable=False),
        sa.Column("overlap", sa.Float, nullable=False),
    )
    op.create_index("descents_of_a_release", "descents", ["workspace", "release"])
