"""The demo: a school that does not exist, all phones on one page, and a conversation in the terminal."""
