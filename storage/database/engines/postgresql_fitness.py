"""What a PostgreSQL server must be like to keep what Hark promises; the sentences are read by the operator."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.values.errors import UnfitDatabase

_OLDEST: Final = 15
_ASKED: Final = text(
    """
    SELECT current_setting('server_version_num')::int / 10000 AS version,
           current_setting('server_encoding') AS encoding,
           current_setting('fsync') AS fsync,
           current_setting('synchronous_commit') AS synchronous_commit,
           pg_is_in_recovery() AS standby,
           to_regclass('alembic_version') IS NULL AS new,
           coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates
    """
)


async def refuse_unfit(connection: AsyncConnection) -> None:
    """Return quietly if the server that is connected to may be used.

    Raises:
        UnfitDatabase: It is too old, stores other than Unicode, may lose what was committed, only follows another
            server, or does not let this role create its tables on the first start.
    """
    found = (await connection.execute(_ASKED)).one()
    if found.version < _OLDEST:
        raise UnfitDatabase(f"the server is PostgreSQL {found.version}; Hark needs {_OLDEST} or newer")
    if found.encoding != "UTF8":
        raise UnfitDatabase("the database is not in UTF8: create it with ENCODING 'UTF8' TEMPLATE template0")
    if found.fsync == "off":
        raise UnfitDatabase("fsync is off on the server: what Hark has said is kept could be lost; turn it on")
    if found.synchronous_commit == "off":
        raise UnfitDatabase(
            "synchronous_commit is off for this role or server: what Hark has said is kept could be lost; turn it on"
        )
    if found.standby:
        raise UnfitDatabase("the server is a standby, which takes no changes: name the primary")
    if found.new and not found.creates:
        raise UnfitDatabase("the role may not create tables there: make it the owner of the database")
