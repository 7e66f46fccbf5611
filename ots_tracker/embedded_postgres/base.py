"""The Django database engine that starts the embedded server on the first connection.

Not at the import of the settings: commands that need no database (`help`,
`makemessages`, a check of the types) then start no server, and those that do
find or start one whichever process comes first.
"""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import OperationalError

from ots_tracker.embedded_postgres import CannotStart, EmbeddedServer


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, reached through the socket of the server in `OTS_DATA_DIR`.

    `HOST` in the settings is that folder; a pool asks here once per process.
    """

    def get_connection_params(self) -> dict[str, Any]:
        server = EmbeddedServer(Path(self.settings_dict["HOST"]))
        try:
            server.ensure_running()
        except CannotStart as error:
            raise OperationalError(str(error)) from error
        return super().get_connection_params() | {"host": str(server.socket_dir)}
