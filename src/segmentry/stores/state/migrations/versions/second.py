"""The history is found by segment, and nothing in it is taken back twice."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("history_of_a_segment", "history", ["workspace", "key"])
    op.create_index("undone_once", "history", ["undoes"], unique=True)
