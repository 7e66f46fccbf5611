"""`python -m ots_tracker.embedded_postgres start|stop|status`, for when the server itself is meant."""

import sys

from ots_tracker import settings
from ots_tracker.embedded_postgres import CannotStart, EmbeddedServer


def main(words: list[str]) -> str | None:
    """Do what the word says; what is returned is the complaint."""
    server = EmbeddedServer(settings.OTS_DATA_DIR)
    try:
        match words:
            case ["start"]:
                server.ensure_running()
            case ["stop"]:
                server.stop()
            case ["status"]:
                pass
            case _:
                return __doc__
    except CannotStart as error:
        return str(error)
    print(f"{server.cluster}: {'running' if server.is_ready() else 'not running'}")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
