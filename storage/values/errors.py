"""What storage refuses, by who can act; `str()` of each is one constant sentence, without content, ids or secrets."""

from __future__ import annotations

from datetime import datetime

from storage.values import Change


class Refusal(Exception):  # noqa: N818 - these are named for what happened, as the house style has it
    """The root of everything storage refuses; nothing was kept unless the refusal says so."""

    sentence = "refused"

    def __init__(self) -> None:
        super().__init__(self.sentence)


class AlreadySeen(Refusal):
    """This update was committed before: it is a redelivery, and there is nothing left to do."""

    sentence = "this update was handled before"


class Conflict(Refusal):
    """Somebody else changed the same row first: read it again."""

    sentence = "the row was changed by somebody else"


class Unavailable(Refusal):
    """The database cannot be read or written now: for the operator; the person is shown the helplines."""

    sentence = "the database is not available"


class Undecided(Unavailable):
    """The answer to a commit was lost, and nobody can tell whether it was kept; a redelivery tells by AlreadySeen."""

    sentence = "it is not known whether this was kept"


class Damaged(Unavailable):
    """The database file is no whole database: nobody may write to it, and the operator has to restore a backup."""

    sentence = "the database file is damaged"


class UnfitDatabase(Unavailable):
    """The database cannot keep what Hark promises; `str()` of it says what to change, for the operator."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__()


class DatabaseInUse(Refusal):
    """Another process holds the lock that only one Hark may hold on this database."""

    sentence = "another process has this database"


class Tampered(Refusal):
    """What is kept is not what was kept: a MAC, a signature or a seal does not hold. Never shown, counted."""

    sentence = "what is kept is not genuine"


class NoSuchCase(Refusal):
    """There is no such case, or it is not this lead's: the same answer."""

    sentence = "no such case"


class NoReaders(Refusal):
    """Nobody remains who could open the concern, so nothing was sealed."""

    sentence = "nobody can read this concern"


class ReasonNeeded(Refusal):
    """The case is for others first: a lead who opens it says why, once a session; `reference` is what she asked for."""

    sentence = "a reason is needed"

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


class NotUnlocked(Refusal):
    """An unknown name, a disabled lead or a wrong factor: the same answer.

    `left` is the number of further tries that a curtain allows, or None.
    """

    sentence = "not unlocked"

    def __init__(self, left: int | None = None) -> None:
        super().__init__()
        self.left = left


class SessionOver(Refusal):
    """There is no open session: it ended by idleness, by its length, by `/lock`, or there never was one."""

    sentence = "the session is over"


class NotOffered(Refusal):
    """The case, or the person, is not in a state in which this can be done."""

    sentence = "this is not offered here"


class CodeMissing(Refusal):
    """What was asked for takes a code of the lead's authenticator, given just now for this and nothing else."""

    sentence = "a fresh code is missing"


class Throttled(Refusal):
    """Too many wrong tries; `until` is when the next one is taken (aware, UTC)."""

    sentence = "too many tries"

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Crowded(Refusal):
    """Too many others wait for a derivation, or for an answer at the desk: to be tried again in a moment."""

    sentence = "too many are waiting"


class UnfitPassphrase(Refusal):
    """The passphrase will not do; `reason` is a code such as `too_short`, never the passphrase."""

    sentence = "the passphrase will not do"

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class Stale(Refusal):
    """The case was changed since it was shown; `changes` tell what happened, oldest first."""

    sentence = "the case was changed meanwhile"

    def __init__(self, changes: tuple[Change, ...] = ()) -> None:
        super().__init__()
        self.changes = changes


class Unfit(Refusal):
    """A backup, a copy or another key that cannot be made or put in place; `str()` of it is one sentence of ours."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__()


class NoTransferFile(Refusal):
    """It is no transfer file for this Hark and this lead: cut, changed, for somebody else, or none; nothing changed."""

    sentence = "no transfer file for here"


class NoTransferKey(Refusal):
    """There is no transfer key, or it was made before this lead could read; somebody has to make one."""

    sentence = "no transfer key"
