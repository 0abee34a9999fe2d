"""What is said where a backup cannot be made, or may not be restored."""

from __future__ import annotations

from storage.refusals import Refusal


class Unfit(Refusal):
    """A backup that cannot be made or may not be restored; `str()` of it is one sentence of ours, without content."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__()
