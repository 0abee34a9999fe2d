"""One conversation with aiogram: updates in, messages out; it renders and decides nothing."""
