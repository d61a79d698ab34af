"""Everything that is kept on disk: run folders, releases, keys."""
