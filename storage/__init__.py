"""What is kept and how it is sealed: SQLAlchemy, migrations and all cryptography."""
