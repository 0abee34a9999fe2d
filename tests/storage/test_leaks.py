"""Canary words through everything that storage keeps: none is ever in a file, an error, a repr or a log."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from flows.values.draft import Draft, Wrote
from flows.values.ids import SiteId
from storage.deeds.readers.admit import Admit
from storage.deeds.triage import SetLabel
from storage.deeds.words import AddNote, SendReply
from storage.values import Address
from storage.values.errors import Refusal, Unavailable
from tests.raw_database import all_bytes, damage

CHAT = 4_503_599_627_370_123  # a chat id that is found again if it is kept
CANARIES = ("zebrafish", "quokka", "axolotl", "pangolin", "narwhal", "wombat")


async def live(school: Any) -> tuple[Any, Any]:
    ada = await school.join("Ada Byron", chat=500)
    draft = Draft(
        register="12_17",
        language="en",
        site=SiteId("oakfield"),
        definition="d",
        sitting=school.now,
        touched=school.now,
        answers={"tell": Wrote(("zebrafish in a draft",))},
    )
    kept = await school.store.drafts.keep(school.arrival(CHAT, CHAT + 1), draft, "[step]", None)
    bea = await school.join("Bea Potter", "deputy", chat=501)
    deed = school.concern((ada, bea), withheld=(bea.lead.id,))
    sent = await school.store.talks.send(school.arrival(CHAT), deed, kept, school.clocks)
    await school.say(sent.talk, "quokka in a message", chat=CHAT)
    await school.store.talks.notice(school.arrival(CHAT), sent.talk, on=True)
    row = (await school.store.desk.queues.page(ada)).rows[0]
    row = await school.store.desk.act(ada, school.arrival(500), row.id, row.version, AddNote(text="axolotl in a note"))
    row = await school.store.desk.act(ada, school.arrival(500), row.id, row.version, SetLabel(label="pangolin"))
    row = await school.store.desk.act(
        ada, school.arrival(500), row.id, row.version, SendReply(text="narwhal in a reply")
    )
    await school.reads(ada, row.id)
    let_in = {"to": bea.lead.id, "reason": "wombat in a reason"}
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, Admit(**let_in))
    await school.store.sent_messages.remember(Address("web", CHAT), [CHAT + 2])
    return ada, sent


async def test_nothing_of_content_chat_or_secrets_is_in_any_file(school: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, sent = await live(school)
    files = await all_bytes(school.folder, school.url)  # the write-ahead log is among them
    secrets = [word.encode() for word in (*CANARIES, sent.words, sent.token, "seven otters", str(CHAT), str(CHAT + 2))]
    secrets += [chat.to_bytes(8) for chat in (CHAT, CHAT + 1, CHAT + 2)] + [CHAT.to_bytes(8, "little")]
    secrets += [sent.talk.found.keys[1].talk, sent.talk.found.receipt.signing_seed, *school.secrets.values()]
    assert not [secret for secret in secrets if secret in files]
    await school.store.close()
    files = await all_bytes(school.folder, school.url)
    assert not [secret for secret in secrets if secret in files]
    logged = "".join(record.getMessage() for record in caplog.records)
    assert not [word for word in CANARIES if word in logged]
    assert str(CHAT) not in logged


async def test_reprs_hold_no_secrets(school: Any) -> None:
    ada, sent = await live(school)
    shown = f"{sent!r}{sent.talk!r}{ada!r}{sent.talk.found!r}{school.store!r}"
    for secret in (sent.words, sent.token, repr(sent.talk.found.keys[1].talk), "zebrafish"):
        assert secret not in shown


async def test_a_broken_database_says_nothing_but_that_it_is_not_available(school: Any) -> None:
    _, sent = await live(school)
    for connections in (school.store._core.reader, school.store._core.writer._connections):
        await connections.close()
    await damage(school.url)
    for call in (
        lambda: school.say(sent.talk, "zebrafish", chat=CHAT),
        lambda: school.store.drafts.get(Address("web", CHAT)),
        lambda: school.store.sent_messages.ids(Address("web", CHAT)),
        lambda: school.store.seen(school.arrival(CHAT)),
    ):
        with pytest.raises(Unavailable) as refused:
            await call()
        told = f"{refused.value!r}{refused.value.args}{refused.value.__cause__!r}"
        assert "zebrafish" not in told
        assert str(CHAT) not in told


def test_refusals_say_one_constant_sentence_each() -> None:
    sentences = {one.sentence for one in Refusal.__subclasses__()}
    assert len(sentences) == len(Refusal.__subclasses__())
    assert all(sentence and "{" not in sentence for sentence in sentences)
