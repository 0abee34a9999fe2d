"""One module for each command; each offers `main(arguments) -> int`, the exit code."""
