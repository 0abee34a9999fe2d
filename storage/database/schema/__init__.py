"""Tables: what is kept, and under which of them a MAC or a seal lies."""
