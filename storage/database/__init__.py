"""The database: one writer, readers, turns, the schema and its migrations."""
