"""Whom the public port answers: its own page under its own names, and nobody else's, also not under a rebound name."""

from __future__ import annotations

import socket
from pathlib import Path

import aiohttp
import pytest

from bot.webchat.http.origins import Origins
from tests.person import Person
from tests.programs.run import program

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens there in these tests
PUBLIC = ("https://Schüle.example/chat",)
ENCODED = "xn--schle-mva.example"


@pytest.mark.parametrize(
    "host",
    [ENCODED, f"{ENCODED}:443", f"{ENCODED.upper()}.", "127.0.0.1:8080", "127.1.2.3", "localhost", "LocalHost:9000",
     "[::1]:8080", "tab.localhost"],
)  # fmt: skip
def test_its_public_name_and_this_machines_own_are_answered_however_they_are_written(host: str) -> None:
    assert Origins(EVERYWHERE, PUBLIC).allow(host, None, reads=False)


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"{ENCODED}.evil.example", f"evil.{ENCODED}", "schule.example", "127.0.0.1.evil.example",
     "localhost.evil.example", "192.168.1.20:8080", "[fe80::1]", "school", "", "[::1", f"{ENCODED}:99999",
     f"{ENCODED}/x", f"evil.example@{ENCODED}", f"{ENCODED}@evil.example", f"{ENCODED} evil", "0.0.0.0:8080"],
)  # fmt: skip
def test_any_other_name_is_refused_also_for_reading(host: str) -> None:
    for origin in (None, "https://schüle.example"):
        assert not Origins(EVERYWHERE, PUBLIC).allow(host, origin, reads=False)
    assert not Origins(EVERYWHERE, PUBLIC).allow(host, None, reads=True)


@pytest.mark.parametrize(
    ("host", "origin", "may"),
    [
        (ENCODED, f"https://{ENCODED}", True),
        (ENCODED, f"https://{ENCODED}:443", True),
        ("127.0.0.1:8080", f"https://{ENCODED}", True),  # a server in front that says where it asks
        (ENCODED, f"http://{ENCODED}", False),
        (ENCODED, f"https://{ENCODED}:8443", False),
        (ENCODED, "null", False),
        (ENCODED, "", False),
        (ENCODED, "https://evil.example", False),
        (ENCODED, f"https://evil.{ENCODED}", False),
        (ENCODED, f"https://x@{ENCODED}", False),
        ("127.0.0.1:8080", "http://127.0.0.1:8080", True),
        ("localhost:8080", "https://localhost:8080", True),
        ("[::1]:8080", "http://[::1]:8080", True),
        ("[::1]", "http://[::1]:80", True),
        ("127.0.0.1:8080", "http://127.0.0.1:3000", False),
        ("127.0.0.1:8080", "http://localhost:8080", False),
        ("127.0.0.1:8080", "file://", False),
    ],
)
def test_only_a_page_of_its_own_may_act_and_to_read_a_name_is_enough(host: str, origin: str, *, may: bool) -> None:
    assert Origins("127.0.0.1", PUBLIC).allow(host, origin, reads=False) is may
    assert Origins("127.0.0.1", PUBLIC).allow(host, origin, reads=True)


def test_a_public_name_that_is_this_machine_is_open_by_its_other_ports_too() -> None:
    assert Origins("127.0.0.1", ["http://127.0.0.1:9000"]).allow("127.0.0.1:8080", "http://127.0.0.1:8080", reads=False)


@pytest.mark.parametrize(
    "host", ["192.168.1.20:8080", "10.0.0.7", "[fd00::7]:8080", "school:8080", "school.local", "pc.lan"]
)
def test_a_trial_in_a_network_locks_nobody_out_whatever_address_is_typed(host: str) -> None:
    assert Origins(EVERYWHERE, ()).allow(host, f"http://{host}", reads=False)
    assert Origins("::", ()).allow(host, f"http://{host}", reads=False)
    assert not Origins(EVERYWHERE, ()).allow(host, "http://192.168.1.21:8080", reads=False)
    assert not Origins("127.0.0.1", ()).allow(host, None, reads=True)


@pytest.mark.parametrize("listens_on", [EVERYWHERE, "127.0.0.1", "192.168.1.20"])
def test_without_a_public_address_a_name_from_outside_is_refused_all_the_same(listens_on: str) -> None:
    assert not Origins(listens_on, ()).allow("evil.example:8080", "http://evil.example:8080", reads=True)


def test_the_one_address_it_listens_on_and_the_machines_name_are_its_own() -> None:
    assert Origins("192.168.1.20", ()).allow("192.168.1.20:8080", "http://192.168.1.20:8080", reads=False)
    assert Origins("127.0.0.1", ()).allow(f"{socket.gethostname()}:80", None, reads=True)
    assert not Origins("192.168.1.20", ()).allow("192.168.1.21:8080", None, reads=True)


@pytest.mark.parametrize(
    "address", ["", "chat.example", "ftp://chat.example", "https://x@chat.example", "https://a:99999"]
)
def test_what_is_no_address_cannot_be_configured(address: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Origins("127.0.0.1", [address])


async def test_a_running_hark_tells_a_rebound_name_and_a_foreign_page_nothing(tmp_path: Path) -> None:
    settings = {"HARK_WEB_PORT": "0", "HARK_WEB_HOST": "127.0.0.1"}
    async with program("run", tmp_path, settings) as hark:
        url = hark.told("chat")
        async with aiohttp.ClientSession() as http, await Person.arrive(url) as child:
            await child.wait_for(lambda: child.heard)
            said = {"token": child.token, "id": "1", "text": "not the child's word", "message": 1, "data": "x"}
            for path in ("open", "events", "send", "tap", "upload", "file", "leave"):
                for foreign in (
                    {"Host": "evil.example"},
                    {"Host": "evil.example", "Origin": "http://evil.example"},
                    {"Origin": "http://evil.example"},
                    {"Origin": "null"},
                ):
                    async with http.post(f"{url}api/{path}", json=said, headers=foreign) as answer:
                        assert (answer.status, await answer.json()) == (421, {"error": "origin"})
            async with http.get(url, headers={"Host": "evil.example"}) as answer:
                assert answer.status == 421
                assert "999" in await answer.text()  # whoever mistyped still finds whom to call
            async with http.get(f"{url}healthz", headers={"Host": "10.1.2.3"}) as answer:
                assert answer.status == 200
            heard = len(child.heard)
            await child.tap("Help now")
            await child.wait_for(lambda: len(child.heard) > heard)
            assert not child.sees("not the child's word")
    assert sum("host name or origin" in line for line in hark.log) == 1
    assert not any("evil" in line for line in hark.log)
