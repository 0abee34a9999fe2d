"""Where a reporter's chat stands, and how it is answered."""
