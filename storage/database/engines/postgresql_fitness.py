"""What a PostgreSQL server must be like to keep what Hark promises, and should be; operators read the sentences."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.engines.engine import Warned
from storage.values.errors import UnfitDatabase

OLDEST: Final = 15
_ASKED: Final = text(
    """
    SELECT current_setting('server_version_num')::int / 10000 AS version,
           current_setting('server_encoding') AS encoding,
           current_setting('fsync') AS fsync,
           current_setting('synchronous_commit') AS synchronous_commit,
           pg_is_in_recovery() AS standby,
           current_setting('default_transaction_read_only') AS read_only,
           to_regclass('alembic_version') IS NULL AS new,
           coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates
    """
)

_LOGGED: Final = text(
    """
    SELECT current_setting('log_statement') IN ('mod', 'all')
           OR EXISTS (SELECT FROM pg_settings WHERE setting <> '-1'
                      AND name IN ('log_min_duration_statement', 'log_min_duration_sample')) AS statements,
           current_setting('log_parameter_max_length') <> '0' AS parameters,
           current_setting('log_parameter_max_length_on_error') <> '0' AS on_error,
           current_setting('log_error_verbosity') <> 'terse' AS details,
           current_setting('data_checksums') = 'off' AS unchecked,
           current_setting('autovacuum') = 'off' AS unvacuumed
    """
)


async def refuse_unfit(connection: AsyncConnection) -> None:
    """Return quietly if the server that is connected to may be used.

    Raises:
        UnfitDatabase: It is too old, stores other than Unicode, may lose what was committed, only follows another
            server, takes no changes, or does not let this role create its tables on the first start.
    """
    found = (await connection.execute(_ASKED)).one()
    if found.version < OLDEST:
        raise UnfitDatabase(f"the server is PostgreSQL {found.version}; Hark needs {OLDEST} or newer")
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
    if found.read_only == "on":
        raise UnfitDatabase("default_transaction_read_only is on for this role, database or server: turn it off")
    if found.new and not found.creates:
        raise UnfitDatabase("the role may not create tables there: make it the owner of the database")


async def find_warnings(connection: AsyncConnection) -> tuple[Warned, ...]:
    """Give what the operator of the server should know: values in its log, and what would go unnoticed or stay.

    It works all the same. It raises what the driver raises (`PostgresqlEngine.errors`) where the server does not
    answer.
    """
    found = (await connection.execute(_LOGGED)).one()
    told = {
        Warned(
            "the database server writes statements with their values into its log",
            "set log_parameter_max_length = 0 there, or log_statement = none and log_min_duration_statement = -1",
        ): found.statements and found.parameters,
        Warned(
            "the database server writes the values of statements that fail into its log",
            "set log_parameter_max_length_on_error = 0 there",
        ): found.on_error,
        Warned(
            "the database server writes keys of rows that are there already into its log",
            "set log_error_verbosity = terse there",
        ): found.details,
        Warned(
            "the database server does not notice damage to its files",
            "turn on checksums there, with pg_checksums --enable while it is stopped",
        ): found.unchecked,
        Warned("the database server does not clear away deleted rows by itself", "set autovacuum = on there"): (
            found.unvacuumed
        ),
    }
    return tuple(warned for warned, holds in told.items() if holds)
