"""The Django database engine that starts the embedded server on the first connection.

Not at the import of the settings: commands that need no database (`help`,
`makemessages`, a check of the types) then start no server, and those that do
find or start one whichever process comes first.
"""

from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from . import CannotStart, EmbeddedServer


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, reached through the socket of the server in `OTS_DATA_DIR`.

    `HOST` in the settings is that folder.
    """

    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"host": socket_of(self.settings_dict["HOST"])}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            # It may have been killed meanwhile. If it runs, the error is a true one and comes again.
            start(self.settings_dict["HOST"])
            return super().get_new_connection(conn_params)


def start(home: str) -> EmbeddedServer:
    server = EmbeddedServer(Path(home))
    try:
        server.ensure_running()
    except CannotStart as error:
        raise psycopg.OperationalError(str(error)) from error
    return server


@cache  # asked for every request, and looking costs PostgreSQL a process
def socket_of(home: str) -> str:
    return str(start(home).socket_dir)
