"""The tables, split by subject. All are STRICT on SQLite and hold whole numbers, texts and bytes only."""
