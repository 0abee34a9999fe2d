"""The server key: a file of its own, and what it vouches for."""

import hmac
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.keys.server_key import HEADER, ServerKey, create_server_key, load_server_key
from storage.sealing.primitives.derive import Keyed
from storage.sealing.primitives.errors import KeyFileUnusable, NotGenuine

KEY = ServerKey(bytes(range(32)))


def test_a_new_key_is_written_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "server.key"
    created = create_server_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().splitlines()[0] == HEADER
    assert load_server_key(path) == created
    assert [entry.name for entry in tmp_path.iterdir()] == ["server.key"]


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "server.key"
    created = create_server_key(path)
    with pytest.raises(FileExistsError):
        create_server_key(path)
    assert load_server_key(path) == created
    assert len(list(tmp_path.iterdir())) == 1


def test_a_missing_key_is_said_with_the_setting_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(KeyFileUnusable, match="HARK_KEY_FILE"):
        load_server_key(tmp_path / "none")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "server.key"
    create_server_key(path)
    path.chmod(mode)
    with pytest.raises(KeyFileUnusable, match="0600"):
        load_server_key(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hark day key 1\n" + b"A" * 43 + b"=\n",
        HEADER.encode() + b"\nAAAA\n",
        HEADER.encode() + b"\n!\n",
        b"\0" * 60,
    ],
)
def test_a_damaged_key_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "server.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileUnusable) as caught:
        load_server_key(path)
    assert "AAAA" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


@given(st.lists(st.text(max_size=5) | st.integers() | st.binary(max_size=5) | st.none(), max_size=4))
def test_what_was_vouched_for_verifies(fields: list[str | int | bytes | None]) -> None:
    KEY.verify(KEY.mac("case/1", *fields), "case/1", *fields)


def test_a_recipient_added_left_out_or_moved_is_noticed() -> None:
    row, recipients = ("K7QM3D", "new", "soon"), ("lead-a", "lead-b")
    tag = KEY.mac("case/1", row, recipients)
    for label, *fields in [
        ("case/1", row, ("lead-a", "lead-b", "lead-c")),
        ("case/1", row, ("lead-a",)),
        ("case/1", (*row, "lead-a"), ("lead-b",)),
        ("case/1", ("K7QM3E", "new", "soon"), recipients),
        ("roster/1", row, recipients),
    ]:
        with pytest.raises(NotGenuine):
            KEY.verify(tag, label, *fields)


def test_without_the_key_nothing_can_be_vouched_for() -> None:
    with pytest.raises(NotGenuine):
        KEY.verify(ServerKey(bytes(32)).mac("case/1", "K7QM3D"), "case/1", "K7QM3D")
    for tag in (b"", KEY.mac("case/1", "K7QM3D")[:31]):
        with pytest.raises(NotGenuine):
            KEY.verify(tag, "case/1", "K7QM3D")


def test_each_purpose_has_its_own_key() -> None:
    assert len({KEY.secret, KEY.address_key(), KEY.subkey("mac"), KEY.subkey("totp")}) == 4
    assert KEY.address_key() == KEY.subkey("address")
    assert repr(KEY) == "ServerKey()"


@given(st.binary(min_size=32, max_size=32), st.lists(st.binary(max_size=200), max_size=3))
def test_a_key_whose_schedule_is_made_once_makes_the_macs_of_the_rfc(key: bytes, messages: list[bytes]) -> None:
    keyed = Keyed(key)
    assert [keyed.of(one) for one in messages] == [hmac.digest(key, one, "sha256") for one in messages]
