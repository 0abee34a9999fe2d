"""Hosts and addresses of servers: read in one form, refused in one sentence, printed so that a browser opens them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from bot.deployment.value_checks import is_on_this_machine, read_host, split_url
from bot.webchat.base.protocol import page_address
from tests.programs.run import program
from tests.programs.start import hark


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("[::1]", "::1"), ("0:0:0:0:0:0:0:1", "::1"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1%eth0"), ("localhost", "localhost"), ("Hark.School.Example", "hark.school.example"),
        ("hark_web", "hark_web"), ("bücher.example", "xn--bcher-kva.example"), ("::", "::"),
    ],
)  # fmt: skip
def test_a_host_has_one_form(text: str, host: str) -> None:
    assert read_host(text) == host


@pytest.mark.parametrize(
    "text",
    ["", "a b", "a..b", ".", "127.0.0.1:8080", "[::1]:8080", "[::1", "::1]", "[]", "[localhost]", "http://a",
     "a/b", "a@b", "a?", "*", "a" * 64, "a." * 150, "a\0b", "::1%\n", "a,b", "\u202e.example"],
)  # fmt: skip
def test_what_is_no_host_is_none(text: str) -> None:
    assert read_host(text) is None


@pytest.mark.parametrize(
    "text",
    ["https://[::1", "https://::1", "https://", "https:///x", "https://a:b", "https://a:0", "https://a:70000", "https://a:",
     "https://a b", "https://a\\b", "https://a/?", "https://a/#", "https://a/{token}", "ftp://a", "a", "//a", "https://a..b",
     "https://[v1.x]", "https://a\n", "https://[::1]x"],
)  # fmt: skip
def test_what_is_no_address_of_a_server_is_none(text: str) -> None:
    assert split_url(text, {"https"}) is None


@pytest.mark.parametrize("text", ["https://a", "HTTPS://a:8443/x/y", "https://[::1]:8443", "https://bücher.example/é"])
def test_an_address_of_a_server_is_taken_apart(text: str) -> None:
    found = split_url(text, {"https"})
    assert found is not None
    assert (found.scheme, found.hostname) == ("https", URL(text).host)


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("::", False),
     ("localhost.example", False), ("192.0.2.1", False), (None, False)],
)  # fmt: skip
def test_what_is_on_this_machine(host: str | None, *, here: bool) -> None:
    assert is_on_this_machine(host) is here


@pytest.mark.parametrize(
    ("host", "shown"),
    [("::1", "http://[::1]:8080/"), ("::", "http://[::1]:8080/"), ("0.0.0.0", "http://127.0.0.1:8080/"),  # noqa: S104 - not bound to
     ("2001:db8::1", "http://[2001:db8::1]:8080/"), ("hark.example", "http://hark.example:8080/")],
)  # fmt: skip
def test_the_address_of_a_page_can_be_opened(host: str, shown: str) -> None:
    assert page_address(host, 8080) == shown
    assert URL(shown).port == 8080


@pytest.fixture
def ipv6() -> None:
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")


@pytest.mark.usefixtures("ipv6")
async def test_a_page_on_ipv6_is_printed_so_that_it_opens(tmp_path: Path) -> None:
    async with program("run", tmp_path, {"HARK_WEB_HOST": "[::1]", "HARK_WEB_PORT": "0"}) as running:
        page = running.told("chat")
        assert page.startswith("http://[::1]:")
        assert running.told("link").startswith(f"{page}#start=")
        async with aiohttp.ClientSession() as browser, browser.get(page) as answer:
            assert answer.status == 200
    made = hark(tmp_path, "invite", "Anna Berg", "--role", "lead", "--site", "practice", HARK_WEB_HOST="::1")
    assert "link: http://[::1]:8080/#start=" in made.stdout


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("name", ["HARK_WEB_PORT", "HARK_METRICS_PORT"])
def test_a_port_that_is_taken_is_named(tmp_path: Path, taken: int, name: str) -> None:
    refused = hark(tmp_path, "run", **{"HARK_WEB_PORT": "0", name: str(taken)})
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
    assert refused.stderr.startswith(f"hark: {name}: ")
    assert "other program listens" in refused.stderr
