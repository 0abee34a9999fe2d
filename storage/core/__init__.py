"""What every part of the store stands on: engines, keys and clock, and what must not be put back unnoticed."""
