"""The Bot API methods, one family a module; the table of all of them is in ``table``."""
