"""Where the bot takes no file: nobody's picture is in the server's memory, and who wanted to send one is told so."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import secrets
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from aiogram import types
from playwright.async_api import Browser
from telegram import Update

from tests.bot.webchat.kinds import Started
from tests.person import Person
from tests.programs.run import program

MIB = 1024 * 1024
LARGE = 15 * MIB
#: Sends files full of one word, all at once, as no page of ours does; prints what it was answered.
SENDER = """
import asyncio, sys, aiohttp
url, word, size, times = sys.argv[1], bytes.fromhex(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
async def send(http):
    form = aiohttp.FormData({"said": "{}"})
    form.add_field("file", word * (size // len(word)), filename="a.jpg", content_type="image/jpeg")
    async with http.post(url + "api/upload", data=form, headers={"X-Chat-Page": "1"}) as answer:
        return answer.status, (await answer.json())["said"]
async def main():
    async with aiohttp.ClientSession() as http:
        print(*set(await asyncio.gather(*(send(http) for _ in range(times)))))
asyncio.run(main())
"""
#: Lets go of a file over the page, as a mouse would.
DROP = """([name, kind, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type: kind }));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


async def send_files(url: str, word: bytes, times: int, size: int = LARGE) -> str:
    """Send files of 15 MB from a process of its own."""
    sender = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SENDER, url, word.hex(), str(size), str(times), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await sender.communicate()
    return said.decode()


def bytes_of(word: bytes, process: int) -> int:
    """How much of a process's memory, in use or free, is part of a file full of `word`: it four times over, or more."""
    sought, found = re.compile(b"(?:%b){4,}" % re.escape(word)), 0
    try:
        memory = os.open(f"/proc/{process}/mem", os.O_RDONLY)
    except PermissionError:
        pytest.skip("only root may read the memory of a Hark")
    for area in Path(f"/proc/{process}/maps").read_text("ascii").splitlines():
        limits, access, *_ = area.split()
        begin, end = (int(one, 16) for one in limits.split("-"))
        if access.startswith("rw"):
            with suppress(OSError):  # what the kernel keeps for itself
                held = os.pread(memory, end - begin, begin)
                found += sum(len(part[0]) for part in sought.finditer(held)) if 4 * word in held else 0
    os.close(memory)
    return found


def most_memory(process: int) -> int:
    """How many bytes of memory a process has had at the same time."""
    [kib] = re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("ascii"))
    return int(kib) * 1024


@pytest.mark.slow
async def test_of_a_picture_that_is_dropped_on_the_page_no_byte_reaches_a_running_hark_and_its_answer_is_kind(
    tmp_path: Path, browser: Browser
) -> None:
    word = secrets.token_bytes(16)
    async with program("run", tmp_path, {"HARK_WEB_PORT": "0"}, cold=True) as hark:
        page = await browser.new_page()
        await page.goto(hark.told("chat"))
        await page.get_by_text("Nobody here can read").first.wait_for()
        assert not await page.locator("#attach").is_visible()
        for kind, said in (("image/png", "do not look at pictures"), ("application/pdf", "cannot open files")):
            await page.evaluate(DROP, ["me.png", kind, base64.b64encode(word * 100_000).decode()])
            await page.get_by_text(said).wait_for()
        assert bytes_of(word, hark.process.pid) == 0
        await page.locator("#text").fill(word.hex() * 4)
        await page.locator("#send").click()
        await page.locator(".mine", has_text=word.hex()).wait_for()
        # What looks finds something where something is.
        assert bytes_of(word.hex().encode(), hark.process.pid) > 0


async def test_six_files_of_fifteen_megabytes_at_once_take_no_memory_of_a_running_hark_and_stay_nowhere(
    tmp_path: Path,
) -> None:
    word = secrets.token_bytes(16)
    async with program("run", tmp_path, {"HARK_WEB_PORT": "0"}, cold=True) as hark:
        await send_files(hark.told("chat"), b"small", 1, MIB)  # what is loaded with the first file is there
        before = most_memory(hark.process.pid)
        assert "415, 'No pictures or files can be taken here." in await send_files(hark.told("chat"), word, 6)
        assert most_memory(hark.process.pid) - before < 8 * MIB
        # Of 90 MB: less than a page at the ends of the pieces they came in, in memory that is free.
        assert bytes_of(word, hark.process.pid) < 128 * 1024


@pytest.mark.parametrize(
    ("kind", "field"), [("photo", "photo"), ("video", "video"), ("document",) * 2, ("x", "document")]
)
async def test_the_bot_is_told_that_a_file_was_there_and_can_fetch_nothing(
    started: Started, kind: str, field: str
) -> None:
    async with started(uploads=False) as api, await Person.arrive(api.chat.page_url, start=None) as person:
        await person.drop_file(kind)
        update = await api.next_update()
        await person.settled()
        file = update["message"][field]
        file_id = (file[-1] if field == "photo" else file)["file_id"]
        assert await api.refused("getFile", file_id=file_id) == "400 Bad Request: invalid file_id"
        assert person.messages == []
        # Both libraries read it as a message of Telegram's.
        assert types.Update.model_validate(update).message
        assert Update.de_json(update, None)


async def test_a_foreign_page_cannot_send_a_file_unasked(started: Started) -> None:
    """A form of another page's sends multipart bodies without asking; the header it cannot send."""
    async with started(uploads=True) as api, await Person.arrive(api.chat.page_url, start=None) as person:
        form = {"said": f'{{"token": "{person.token}", "id": "1"}}', "file": b"x"}
        async with api.http.post(f"{api.chat.page_url}api/upload", data=form) as answer:
            assert (answer.status, (await answer.json())["error"]) == (400, "bad")
        assert api.chat.pending == 0
        await person.upload("note.txt", b"x")
        assert api.chat.pending == 1
