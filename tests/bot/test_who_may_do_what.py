"""`docs/who-may-do-what.md` is the table of roles, and names every deed in words."""

from __future__ import annotations

import os
from pathlib import Path

from flows.cases.roles import RULES
from tests.who_may_do_what import WHAT, page

PAGE = Path("docs/who-may-do-what.md")


def test_every_rule_has_its_words() -> None:
    assert WHAT.keys() == RULES.keys()


def test_the_page_is_what_the_desk_and_storage_go_by() -> None:
    if os.environ.get("HARK_REGENERATE"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
