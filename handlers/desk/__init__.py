"""The leads' desk: commands and buttons in; it renders and stores what `flows` decided, and decides nothing."""
