"""The data directory: opened once, by one Hark, and what is kept in it beside the database."""
