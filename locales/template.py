"""Everything that can be said, as a gettext template: the conversations first, then the code's own sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog

from bot.definition_files import read_definitions
from flows.bundle import Flows, assemble
from flows.every_text import every_text
from locales.extract import Found, in_code

TOP: Final = Path(__file__).resolve().parent.parent
#: Folders whose code speaks to people.
FOLDERS: Final = ("flows", "handlers")
#: The message context of sentences that only leads read; but for the menu of commands they are in English.
DESK: Final = "desk"
_HEADER: Final = """\
# Everything that Hark says. English is the message id, so a sentence that is reworded makes its translations fuzzy.
# Contexts: none for everybody; child, parent, staff by who is writing; feedback after an answer; reply for the ready
# replies; desk for leads. Made by `make messages`; do not edit."""


def template() -> Catalog:
    """The template, each sentence once in each of its contexts, in the order in which people meet it.

    Raises:
        DefinitionError: the definitions cannot be read.
    """
    made = Catalog(
        project="Hark",
        version="1",
        copyright_holder="",
        msgid_bugs_address="as SECURITY.md says",
        charset="utf-8",
        header_comment=_HEADER,
        fuzzy=False,
    )
    for found in _everything():
        msgid = (found.msgid, found.plural) if found.plural else found.msgid
        made.add(msgid, context=found.context or None, locations=[(found.path, 0)])
    return made


def _everything() -> Iterator[Found]:
    yield from _definitions(assemble(read_definitions()))
    yield from in_code(TOP, FOLDERS)


def _definitions(flows: Flows) -> Iterator[Found]:
    for text in every_text(flows):
        if text.context:
            yield Found(text.msgid, text.context, f"flows/definitions/{text.context}.toml", text.plural)
    for rule in flows.rules:
        for say in (rule.say, *(level.say for level in rule.levels if level.say)):
            yield Found(say, DESK, "flows/definitions/rules.toml")
