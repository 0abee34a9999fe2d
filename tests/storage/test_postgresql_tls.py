"""A server of the machine's own PostgreSQL, with TLS: Hark and the system's programs have it prove who it is."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import make_url

from bot.deployment.data_directory.open_store import open_store
from bot.deployment.settings import load
from storage.core.destruction_ledger import LEDGER
from storage.database.engines.postgresql_fitness import OLDEST
from storage.sealing.keys.server_key import load_server_key
from storage.upkeep.backup.create_backup import make_backup
from storage.upkeep.backup.restore_backup import Place, restore
from storage.values.errors import Unavailable, Unfit
from tests.certificates import authority
from tests.postgres import own_server

#: Where Debian has PostgreSQL's programs, by version: those that the other tests use know no TLS.
_VERSIONS: Final = Path("/usr/lib/postgresql")
#: Servers of a version that Hark takes, the oldest first; a folder of clients alone is none.
_SERVERS: Final = sorted(
    (version, program.parent)
    for program in _VERSIONS.glob("*/bin/initdb")
    if (version := int(program.parents[1].name.partition(".")[0])) >= OLDEST
)
_ONLY_TLS: Final = b"local all postgres trust\nhostssl all hark 127.0.0.1/32 scram-sha-256\n"

pytestmark = pytest.mark.skipif(not _SERVERS, reason="no PostgreSQL server of the system on this machine")


async def test_a_backup_is_made_over_tls_and_only_from_the_server_that_proves_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, programs = _SERVERS[0]
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    (certificate, key), (other, _) = authority("localhost"), authority("localhost")
    for name, content in (("right", certificate), ("wrong", other)):
        (tmp_path / name).write_bytes(content)
    async with own_server(programs=programs) as server:
        server.put("pg_hba.conf", _ONLY_TLS)
        server.put("server.crt", certificate)
        server.put("server.key", key)
        with socket.create_server(("127.0.0.1", 0)) as free:
            server.port = free.getsockname()[1]
        server.start(listen_addresses="127.0.0.1", ssl="on")
        await server.execute("CREATE ROLE hark LOGIN PASSWORD 'canary'", "CREATE DATABASE hark OWNER hark")
        plain = f"postgresql+asyncpg://hark:canary@localhost:{server.port}/hark"
        urls = {name: f"{plain}?sslmode=verify-full&sslrootcert={tmp_path / name}" for name in ("right", "wrong")}
        settings = load({"HARK_DATA_DIR": str(tmp_path / "data"), "HARK_DATABASE_URL": urls["right"]})
        await (await open_store(settings)).close()
        server_key = load_server_key(settings.key_file)

        async def backed_up(url: str) -> Path:
            ledger = settings.key_file.with_name(LEDGER)
            of, now = make_url(url), datetime.now(UTC)
            return (await make_backup(of, ledger, tmp_path / "backups", server_key, lambda: now))[0]

        (tmp_path / "elsewhere").mkdir()
        place = Place(tmp_path / "elsewhere" / "hark.db", tmp_path / "elsewhere" / "roster.version", server_key)
        restored = await restore(await backed_up(urls["right"]), place, lambda: datetime.now(UTC))
        assert restored.manifest.engine == "postgresql"
        for refused in (urls["wrong"], plain):
            with pytest.raises((Unavailable, Unfit)):
                await backed_up(refused)
