"""The place where sockets open: to allowed addresses only, and never for longer than the whole visit may take.

httpcore calls a network backend for every connection it needs
(https://www.encode.io/httpcore/network-backends/). Checking there, and
connecting to the very address that was checked, leaves a name server no moment
in which to answer differently the second time.
"""

from __future__ import annotations

import ssl
import time

import httpcore

from .addresses import Rules


class TimeIsUp(httpcore.TimeoutException):
    """The visit took as long as a visit may take, however busily the server kept sending."""


class Deadline:
    """The moment at which a visit ends."""

    def __init__(self, seconds: float):
        self.end = time.monotonic() + seconds

    def left(self, timeout: float | None) -> float:
        """How long one step may still take."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeIsUp
        return left if timeout is None else min(left, timeout)


class Guard(httpcore.NetworkBackend):
    """Connects to public addresses, or whatever the rules say, and to no other."""

    def __init__(self, rules: Rules, deadline: Deadline):
        self.rules = rules
        self.deadline = deadline
        self.plain = httpcore.SyncBackend()

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self.rules.addresses(host, port):
            try:
                stream = self.plain.connect_tcp(str(address), port, self.deadline.left(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return TimedStream(stream, self.deadline)
        raise failure


class TimedStream(httpcore.NetworkStream):
    """A connection on which the timeout of each step is cut to what is left of the visit."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline):
        self.stream = stream
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.deadline.left(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None):
        stream = self.stream.start_tls(ssl_context, server_hostname, self.deadline.left(timeout))
        return TimedStream(stream, self.deadline)

    def get_extra_info(self, info: str):
        return self.stream.get_extra_info(info)
