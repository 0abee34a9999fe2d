"""What axe finds on a screen: no rule broken, and none that it could not decide."""

from __future__ import annotations

from typing import Final

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Page

_AXE: Final = AXE_FILE_PATH.read_text("utf-8")
#: Its rules as they are shipped, advice among them; and the size of what is tapped, which it leaves out (WCAG 2.5.8).
_HOW: Final = {
    "resultTypes": ["violations", "incomplete"],
    "elementRef": False,
    "preload": False,  # of sound and film, of which there is none; a rule that lacks it says that it could not decide
    "rules": {"target-size": {"enabled": True}},
}
_RUN: Final = """async (how) => {
  if (!("axe" in window)) return null;
  const { violations, incomplete } = await axe.run(document, how);
  const why = (node) => [...node.any, ...node.all, ...node.none].map((one) => one.message).join("; ");
  const line = (kind, id, node) => `${kind} ${id}: ${node.html.slice(0, 200)} · ${why(node)}`;
  const found = (kind, rules) => rules.flatMap(({ id, nodes }) => nodes.map((node) => line(kind, id, node)));
  return [...found("violation", violations), ...found("undecided", incomplete)];
}"""
#: Everything visible, by what decides how it looks and what it is: its tag, classes and role.
_COMPONENTS: Final = """() => {
  const kind = (one) => [one.tagName, one.getAttribute("class") || "", one.getAttribute("role") || ""].join(".");
  const all = [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility());
  return [...new Set(all.map(kind))];
}"""


async def faults(page: Page) -> list[str]:
    """Every rule that is broken or undecided on what the tab shows now, one line an element."""
    found: list[str] | None = await page.evaluate(_RUN, _HOW)
    if found is not None:
        return found
    await page.evaluate(_AXE)
    return await faults(page)


async def components(page: Page) -> frozenset[str]:
    """What the tab shows now is made of, without its words."""
    return frozenset(await page.evaluate(_COMPONENTS))
