"""How long a case is kept, and how it is handed out or destroyed."""
