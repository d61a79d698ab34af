"""A name tells the model that suggested it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column."""
    op.add_column("segments", sa.Column("suggested_by", sa.String(200)))
