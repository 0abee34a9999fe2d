"""The schema's history, by Alembic; run by the program itself when it opens the database."""
