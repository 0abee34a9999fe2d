"""What time and operators do to what is kept: deletion, verification, counts."""
