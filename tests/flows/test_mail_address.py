"""E-mail addresses: what is taken can be written into a letter; what cannot is refused before anybody tries."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.values.email_address import is_mail_address

#: Each is refused, here, at `/pager` and by the sender.
MALFORMED = [
    "", "hark", "@school.example", "a@", "a@b", "a@b..c", "a..b@school.example", ".a@school.example",
    "a.@school.example", "a@school.example.", "a@.school.example", "jürgen@school.example", "a@schöl.example",
    "a b@school.example", "a@b@school.example", '"a b"@school.example', "<a@school.example>", "A <a@school.example>",
    "a@school.example\n", "a@school.example\r\nBcc: b@school.example", "a@[127.0.0.1]", "a@10.0.0.1",
    "a@-school.example", "a@school-.example", "a@sch_ool.example", "a@school.example,b@school.example",
    f"{'a' * 300}@school.example", f"{'a' * 65}@school.example", f"a@{'b' * 64}.example",
    f"a@{'b.' * 130}example", "a\u200b@school.example", "a@school\uff0eexample", "a(x)@school.example",
]  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_malformed_is_no_address(text: str) -> None:
    assert not is_mail_address(text)


@pytest.mark.parametrize(
    "text",
    ["hark@school.example", "a.b+c@x-y.school.example", "o'brien@school.example", "A_1@xn--schl-7qa.example",
     f"{'a' * 64}@school.example", "a@1.school.example"],
)  # fmt: skip
def test_what_schools_use_is_an_address(text: str) -> None:
    assert is_mail_address(text)


ODD = re.compile(r"[!-~]{1,20}@([a-z0-9-]{1,9}\.){1,3}[a-z]{1,9}", re.ASCII)


@given(st.emails() | st.from_regex(ODD, fullmatch=True))
def test_a_letter_can_be_written_to_whatever_is_taken(text: str) -> None:
    if not is_mail_address(text):
        return
    assert Address(addr_spec=text).addr_spec == text
    letter = EmailMessage()
    letter["To"] = text
    assert text in letter.as_bytes().decode("ascii").replace("\n ", "")
