"""The page on an old phone: the first screen, an answer on the screen, and a long talk that scrolls.

The processor is slowed down six-fold. The network is "slow 3G" as Lighthouse has it: 400 ms to and fro for each request
and 400 kbit/s both ways; what Chromium slows down is each request, not the making of a connection.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from bisect import bisect_right
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median, quantiles
from typing import Any

import aiohttp
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.webchat.base.protocol import Bounds
from bot.webchat.server import WebChat
from tests.bench.figures import Figures
from tests.bench.programs import free_port, running
from tests.bench.school import school
from tests.bot.webchat.bot_api import Api

_CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_PHONE: ViewportSize = {"width": 360, "height": 640}
_SLOWER = 6
_SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # ms, bytes/s
_TIMES = 7
_TAPS = 40
_MESSAGES = 1000
_PASSES = 3
# When the first question stood on the screen with its keys, when these were the bot's own, and how long the drawing of
# each answer took from its last byte to the frame that shows it.
_WATCH = """
window.drawn = [];
const painted = (then) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => then(performance.now());
  port2.postMessage(0);
});
const note = (name, selector) => {
  if (window[name] || !document.querySelector(selector)) return;
  window[name] = 1;
  painted((now) => { window[name] = now; });
};
const look = new MutationObserver(() => {
  note("first", ".theirs .key");
  note("live", "#log > .theirs .key");
});
look.observe(document, { childList: true, subtree: true });
const json = Response.prototype.json;
Response.prototype.json = async function () {
  const said = await json.call(this);
  const came = performance.now();
  if (said.messages && said.messages.length) painted((now) => window.drawn.push(now - came));
  return said;
};
"""
_SCROLL = """
async () => {
  const log = document.getElementById("log");
  const frames = [];
  await new Promise((done) => {
    let before = performance.now();
    const step = (now) => {
      frames.push(now - before);
      before = now;
      const at = log.scrollTop;
      log.scrollTop = at - 300;
      if (at > 0) requestAnimationFrame(step); else done();
    };
    log.dispatchEvent(new Event("wheel")); // somebody scrolls: the page follows what comes no more
    log.scrollTop = log.scrollHeight;
    const rest = (left) => (left ? requestIdleCallback(() => rest(left - 1)) : requestAnimationFrame((now) => {
      before = now;
      requestAnimationFrame(step);
    }));
    rest(20); // what drawing has left to do is no part of scrolling
  });
  return frames;
}
"""
# What of a trace tells how long the page's thread worked on what.
_TRACED = ["devtools.timeline", "disabled-by-default-devtools.timeline"]


def measure(figures: Figures) -> None:
    """All figures, against the goals of a page that a child on an old phone does not wait for."""
    print("The page on an old phone")
    port = free_port()
    with school() as settings, running("bot", "run", settings={**settings, "HARK_WEB_PORT": str(port)}):
        asyncio.run(_measure(figures, f"http://127.0.0.1:{port}/"))


async def _measure(figures: Figures, home: str) -> None:
    await _until_open(home)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        await _first_screen(figures, browser, home)
        await _answers(figures, browser, home)
        await _scrolling(figures, browser)
        await browser.close()


async def _first_screen(figures: Figures, browser: Browser, home: str) -> None:
    seen: list[float] = []
    live: list[float] = []
    for _ in range(_TIMES):
        async with _old_phone(browser, _SLOW_3G) as page:
            await page.goto(home)
            await page.wait_for_function("() => window.live > 1")
            seen.append(await page.evaluate("window.first"))
            live.append(await page.evaluate("window.live"))
    figures.add("first screen, slow 3G", _both(seen), "median / worst", max(seen) / 1000, "1000 ms")
    figures.add("the bot has answered, slow 3G", _both(live), "median / worst")


async def _answers(figures: Figures, browser: Browser, home: str) -> None:
    async with _old_phone(browser) as page:
        await page.goto(home)
        await page.wait_for_function("() => window.live > 1")
        await page.evaluate("window.drawn.length = 0")
        for number in range(_TAPS):
            language, told = (("Español", "es"), ("English", "en"))[number % 2]
            await page.get_by_role("button", name=language).last.dispatch_event("click")
            await page.wait_for_function(
                "([tag, count]) => document.documentElement.lang === tag && drawn.length > count", arg=[told, number]
            )
        drawn = await page.evaluate("window.drawn")
    late = quantiles(drawn, n=20)[-1]
    figures.add("an answer on the screen", f"{median(drawn):.0f} / {late:.0f} ms", "median / p95", late / 100, "100 ms")


async def _scrolling(figures: Figures, browser: Browser) -> None:
    chat = WebChat("Bench", "127.0.0.1", 0, bounds=Bounds(messages_per_chat=2 * _MESSAGES))
    await chat.start()
    try:
        async with aiohttp.ClientSession() as http, _old_phone(browser) as page:
            api = Api(http, chat)
            await page.goto(chat.page_url)
            person = (await api.next_update())["message"]["chat"]["id"]
            for number in range(_MESSAGES):
                await api.ok(
                    "sendMessage", chat_id=person, text=f"{number}. {'Some words of a long talk. ' * (1 + number % 9)}"
                )
            await page.wait_for_function("() => document.querySelectorAll('.theirs').length === 1000")
            frames = await page.evaluate(_SCROLL)
            work = await _work_of_frames(browser, page)
            began = time.perf_counter()
            await page.reload()
            await page.wait_for_function("() => document.querySelectorAll('.theirs').length === 1000")
            again = time.perf_counter() - began
    finally:
        await chat.close()
    figures.add(
        "work of a frame, 1,000 messages",
        _both(work),
        f"on the screen: {_both(frames)}",
        max(work) / 50,
        "50 ms",
    )
    figures.add("1,000 messages drawn at once", f"{again * 1000:.0f} ms", "reload")


async def _work_of_frames(browser: Browser, page: Page) -> list[float]:
    """Milliseconds that the page's thread works on each frame of scrolling, six-fold; what it waits for does not count.

    It is the processor's time of script, style, layout and paint, so that other programs make no frame longer but by
    what they take of the processor's caches: of each frame the least of several times is given. The page is not slowed
    down meanwhile, since what slows it down would count as its work.
    """
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    whole: list[list[float]] = []
    while len(whole) < _PASSES:
        await browser.start_tracing(page=page, categories=_TRACED)
        count = len(await page.evaluate(_SCROLL))
        work = _work_in(json.loads(await browser.stop_tracing())["traceEvents"])
        if len(work) == count + 1:  # where the machine is busy, a part of a trace is lost
            whole.append(work)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    return [_SLOWER * min(same) for same in zip(*whole, strict=True)]


def _work_in(events: list[dict[str, Any]]) -> list[float]:
    """Milliseconds of processor time for each frame of the traced page, from its callback to the next one."""
    drawn = [one for one in events if one["name"] == "FireAnimationFrame"]
    [thread] = {(one["pid"], one["tid"]) for one in drawn}
    begun = sorted(one["ts"] for one in drawn)
    work = [0.0] * (len(begun) + 1)
    for one in events:
        if one["name"] == "RunTask" and (one["pid"], one["tid"]) == thread:
            work[bisect_right(begun, one["ts"] + one["dur"])] += one.get("tdur", 0) / 1000
    return work[1:]


@asynccontextmanager
async def _old_phone(browser: Browser, network: dict[str, object] | None = None) -> AsyncIterator[Page]:
    """A tab of its own profile, slowed down."""
    context = await browser.new_context(viewport=_PHONE, locale="en-GB")
    await context.add_init_script(_WATCH)
    page = await context.new_page()
    devtools = await context.new_cdp_session(page)
    await devtools.send("Network.enable")
    if network:
        await devtools.send("Network.emulateNetworkConditions", network)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    yield page
    await context.close()


async def _until_open(home: str) -> None:
    async with aiohttp.ClientSession() as http, asyncio.timeout(60):
        while True:
            try:
                async with http.get(home + "healthz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)


def _both(took: list[float]) -> str:
    return f"{median(took):.0f} / {max(took):.0f} ms"
