"""DuckDB: files on this machine, read and computed in this process."""
