"""A web server on this machine that does whatever a test tells it to, mostly wrong. Everything it says is made up."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address

from reference.archiving.addresses import Rules
from reference.archiving.fetch import Limits

# Enough for a server on this machine, little enough to be waited for.
PATIENCE = Limits(connect=5, read=5, total=10, size=100_000)
HURRY = Limits(connect=0.3, read=0.3, total=0.3, size=100_000)


@dataclass
class Misbehaving:
    """Answers each path with what `on` was given: bytes to send, or a function that is handed the connection."""

    port: int
    answers: dict[str, bytes | Callable] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def on(self, path: str, *answers: bytes | Callable) -> str:
        """Answer the path with each of these in turn, the last one again and again; return the address."""
        self.answers[path] = list(answers)
        return self.url(path)

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def rules(self, **more) -> Rules:
        """Only this server, under whatever name: anything else is refused as it would be in production."""
        return Rules(**{"allow": lambda address: address == ip_address("127.0.0.1"), "ports": {self.port}, "resolve": at_home} | more)

    def answer(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            if not (more := connection.recv(65536)):
                return
            request += more
        self.requests.append(request.decode())
        answers = self.answers.get(request.split(b" ")[1].decode(), [page(status="404 Not Found")])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)

    def drip(self, start: bytes, drop: bytes) -> Callable:
        """Send the start, then drop after drop until nobody listens."""

        def answer(connection):
            connection.sendall(start)
            while not self.closing.wait(0.01):
                connection.sendall(drop)

        return answer

    def pour(self, start: bytes, more: bytes) -> Callable:
        """The same without a pause."""

        def answer(connection):
            connection.sendall(start)
            while not self.closing.is_set():
                connection.sendall(more)

        return answer

    def say_nothing(self, connection) -> None:
        self.closing.wait()


def page(body: bytes = b"<p>Made-up news.</p>", *, status: str = "200 OK", **headers) -> bytes:
    """A whole and well-behaved answer; a header given as None is left out."""
    told = {"Content-Type": "text/html; charset=utf-8", "Content-Length": len(body)}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items() if value is not None)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(to: str, status: str = "301 Moved Permanently") -> bytes:
    return page(b"", status=status, Location=to)


def reset(connection: socket.socket) -> None:
    """Hang up without a goodbye."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def at_home(host, port, **_how):
    """A resolver for which every made-up name under .example is this machine."""
    if not host.endswith(".example"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@contextmanager
def listening(tls: ssl.SSLContext | None = None):
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = Misbehaving(port=door.getsockname()[1])
        guests: list[threading.Thread] = []

        def welcome(connection):
            # Visitors hang up in the middle of things: that is what these tests are about.
            with suppress(OSError), tls.wrap_socket(connection, server_side=True) if tls else connection as line:
                server.answer(line)

        def wait_for_guests():
            with suppress(OSError):
                while True:
                    connection, _address = door.accept()
                    connection.settimeout(10)
                    guests.append(threading.Thread(target=welcome, args=(connection,), daemon=True))
                    guests[-1].start()

        host = threading.Thread(target=wait_for_guests, daemon=True)
        host.start()
        try:
            yield server
        finally:
            server.closing.set()
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            for thread in [host, *guests]:
                thread.join(timeout=10)
