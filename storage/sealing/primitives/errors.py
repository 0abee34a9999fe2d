"""What can go wrong when something sealed is opened; no error here carries content, ids or secrets."""


class CannotOpen(Exception):  # noqa: N818 - named for what happened, as the house style has it
    """A sealed thing does not open: changed, moved, cut short, or sealed under another key.

    One error for every cause, so that nobody learns from it which cause it was.
    """

    def __init__(self) -> None:
        super().__init__("cannot be opened")


class NotGenuine(Exception):  # noqa: N818 - named for what happened, as the house style has it
    """A signature or MAC does not fit the fields that it stands beside."""

    def __init__(self) -> None:
        super().__init__("not genuine")


class WrongFactor(Exception):  # noqa: N818 - named for what happened, as the house style has it
    """The passphrase or PIN that a person gave does not open; nothing changed but the count of misses."""

    def __init__(self) -> None:
        super().__init__("wrong factor")


class FullyLocked(Exception):  # noqa: N818 - named for what happened, as the house style has it
    """A curtain was missed too often, or is already lifted: only a full unlock helps."""

    def __init__(self) -> None:
        super().__init__("fully locked")


class KeyFileUnusable(Exception):  # noqa: N818 - named for what happened, as the house style has it
    """A key file is missing, damaged or readable by others: for the operator, who gets a reason without a value."""
