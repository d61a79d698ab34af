"""PostgreSQL through Ibis: computed inside the user's database."""
