"""The application as granian's worker processes load it (`manage.py serve`), with two manners taught first."""

import multiprocessing
import os
import signal
import threading


def end_with_the_server():
    """A server that was killed cannot end its workers, and they would keep the port from its successor."""
    multiprocessing.parent_process().join()
    os._exit(1)


# Ctrl-C goes to every process of the terminal, and the server passes it on to its workers:
# one that hears both at the same moment may hang (granian 2.8). Once is enough.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
threading.Thread(target=end_with_the_server, name="end-with-the-server", daemon=True).start()

from ots_tracker.wsgi import application  # noqa: E402, F401 - loading takes a second, in which both may be needed
