"""Taking all tables over to another database."""
