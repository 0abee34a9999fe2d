"""Plays a conversation from its transcript and writes down what both sides see: the transcript is script and proof.

| line | means |
|---|---|
| `# …` | a remark; `# language: es` and `# door` settings are read |
| `> words` | the person types; `> {receipt}` types the words that were shown |
| `> {photo}`, `> {zip}` | the person sends a file; `# files: taken` has the school take any |
| `> [Label]` | the person taps a button, by the start of its label |
| `* 11 minutes later` | the clock moves |
| `* restart` | Hark ends and begins again on its files |
| `* lead: ready ID`, `* lead: reply words`, `* lead: reads` | what the first lead does |
| `* notices` | the watch loop empties the outbox |
| `< …`, `= …`, `- …` | Hark says, changes or deletes a message; buttons stand in brackets below |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.bot.drawing.test_photos import with_everything
from tests.handlers.web import WebWorld
from tests.person import Person, Shown

_FILES: Final = {"{photo}": with_everything(), "{zip}": b"PK\x03\x04"}
_LATER = re.compile(r"\* (\d+) minutes later")


@dataclass
class Player:
    """One person's tab and one Hark; with `restarts` Hark ends and begins anew after every line before the words."""

    web: WebWorld
    person: Person
    restarts: bool = False
    receipt: str = ""
    lines: list[str] = field(default_factory=list)
    shown: dict[int, str] = field(default_factory=dict)

    async def play(self, script: Sequence[str]) -> str:
        """Do what the script's acting lines say, and give the transcript as it came out."""
        for line in script:
            if line.startswith(("#", ">", "*")):
                self.lines += ["", line] if self.lines and not line.startswith("#") else [line]
                await self._do(line)
                self._note()
                if self.restarts and not self.receipt and line.startswith(">"):
                    await self.web.world.restart()
        return "\n".join(self.lines) + "\n"

    async def _do(self, line: str) -> None:
        if line.startswith(">"):
            await self._act(line[1:].strip())
        elif later := _LATER.match(line):
            self.web.world.clock.pass_(int(later[1]))
        elif line == "* restart":
            await self.web.world.restart()
        elif line == "* notices":
            await self.web.world.deliver_notices()
        elif line.startswith("* lead: "):
            await self._lead(line.removeprefix("* lead: "))

    async def _act(self, said: str) -> None:
        wrote: list[int] = []
        if said.startswith("[") and said.endswith("]"):
            await self.person.tap(said[1:-1])
        elif said in _FILES:
            wrote = (await self.person.upload("Ann.jpg", _FILES[said]))[1::2]
        else:
            wrote = (await self.person.type(said.replace("{receipt}", self.receipt)))[1::2]
        await self.web.take()
        await self.person.settled()
        if any(number not in {one.id for one in self.person.messages} for number in wrote):
            self.lines.append("- what the person wrote is deleted")

    async def _lead(self, said: str) -> None:
        verb, _, rest = said.partition(" ")
        if verb == "reads":
            await self.web.world.lead_reads()
        elif verb == "ready":
            await self.web.world.lead_replies(ready=rest)
        else:
            await self.web.world.lead_replies(text=rest)

    def _note(self) -> None:
        """Write down what is new, changed and gone since the last look."""
        now = {one.id: self._seen(one) for one in self.person.messages if not one.mine}
        for number, text in now.items():
            if number not in self.shown:
                self._write("<", text)
            elif self.shown[number] != text:
                self._write("=", text)
        for number in [number for number in self.shown if number not in now]:
            if self.shown.pop(number):
                self.lines.append("- a message of Hark's is deleted")
        self.shown |= now

    def _seen(self, one: Shown) -> str:
        text = one.text
        for code in one.codes:
            self.receipt = code
            text = text.replace(code, "{receipt}")
        rows = ["  " + " ".join(f"[{button.text}]" for button in row) for row in one.rows]
        return "\n".join([text, *rows])

    def _write(self, sign: str, text: str) -> None:
        for index, line in enumerate(text.split("\n")):
            shown = line if line.startswith("  [") else f"{sign if index == 0 else ' '} {line}".rstrip()
            if shown:
                self.lines.append(shown)


def setting(script: Sequence[str], name: str, default: str) -> str:
    """The setting `name` of a transcript's head."""
    head = f"# {name}: "
    return next((line.removeprefix(head) for line in script if line.startswith(head)), default)
