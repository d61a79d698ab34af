"""How the tables of the state came about, one step per version; Alembic carries them out."""
