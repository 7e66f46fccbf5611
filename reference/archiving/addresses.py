"""What may be opened: pages of the public internet, over http and https. Everything else is refused with a sentence."""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin, urlsplit

Address = IPv4Address | IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_SHOWN = 300

# IANA's special-purpose registries, where Python 3.11 does not know them yet or takes them for public.
_NOT_PUBLIC_4 = [ipaddress.IPv4Network("192.0.0.0/24")]
_GLOBAL_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = [ipaddress.IPv6Network("3fff::/20")]  # documentation
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

_HOST = re.compile(r"[a-z0-9_][a-z0-9_.-]*")
# A last label made of digits is a number in disguise (2130706433, 0177.0.0.1, 0x7f.1): resolvers read these as addresses.
_NUMBER_IN_DISGUISE = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)")


class Refused(Exception):
    """An address that is not opened; str() says why in a sentence."""


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, and so does the one it carries inside (mapped, 6to4, NAT64)."""
    if isinstance(address, IPv6Address):
        if carried := _carried(address):
            return is_public(carried)
        return address in _GLOBAL_UNICAST_6 and address.is_global and not any(address in network for network in _NOT_PUBLIC_6)
    return address.is_global and not address.is_multicast and not any(address in network for network in _NOT_PUBLIC_4)


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


@dataclass(frozen=True)
class Target:
    """An address taken apart once, so that what is checked and what is asked for cannot differ."""

    scheme: str
    host: str
    port: int
    path: str  # with the query

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


@dataclass(frozen=True)
class Rules:
    """What may be opened. The defaults are for production; tests, which have only this machine, give their own."""

    allow: Callable[[Address], bool] = is_public
    ports: Collection[int] = frozenset(DEFAULT_PORTS.values())
    resolve: Callable = socket.getaddrinfo
    tls: ssl.SSLContext | None = None  # None: the well-known authorities

    def target(self, url: str, base: str = "") -> Target:
        """The address taken apart; one without a host is read as seen from `base`.

        Raises Refused for one that is malformed, or leads off the web.
        """
        shown = _printable(url)
        try:
            parts = urlsplit(urljoin(base, url.strip()))
            if parts.scheme not in DEFAULT_PORTS:
                raise Refused(f"“{shown}” is not an address of http or https.")
            host, port = _host(parts.hostname), parts.port
        except ValueError:
            raise Refused(f"“{shown}” cannot be read as an address.") from None
        if "@" in parts.netloc:
            raise Refused(f"“{shown}” carries a user's name; addresses of public pages do not.")
        port = DEFAULT_PORTS[parts.scheme] if port is None else port
        if port not in self.ports:
            raise Refused(f"“{shown}” asks for port {port}; pages are fetched from {', '.join(map(str, sorted(self.ports)))} only.")
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~?")
        return Target(parts.scheme, host, port, f"{path}?{query}" if query else path)

    def addresses(self, host: str, port: int) -> list[Address]:
        """The addresses of a host that may be connected to, in the resolver's order.

        Raises Refused when it has none, and what the resolver raises when it
        knows no such host. How long the resolver may take is its own setting.
        """
        try:
            found = [ipaddress.ip_address(host)]
        except ValueError:
            found = list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in self.resolve(host, port, type=socket.SOCK_STREAM)))
        allowed = [address for address in found if self.allow(address)]
        if not allowed:
            raise Refused(f"{host} leads to {', '.join(map(str, found))}, which is not a public address.")
        return allowed


def _host(name: str | None) -> str:
    """A host as resolvers and certificates spell it; ValueError for what is none."""
    name = name or ""
    if ":" in name:
        if "%" in name:  # the name of one of our own network cards
            raise ValueError(name)
        return str(IPv6Address(name))
    try:
        return str(IPv4Address(name))
    except ValueError:
        host = name.encode("idna").decode("ascii").lower().rstrip(".")
    if not _HOST.fullmatch(host) or _NUMBER_IN_DISGUISE.fullmatch(host):
        raise ValueError(name)
    return host


def _printable(url: str) -> str:
    """An address as it may stand in a report: strangers write these, and terminals obey some characters."""
    return "".join(character if character.isprintable() else "�" for character in url[:LONGEST_SHOWN])
