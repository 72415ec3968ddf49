"""Which addresses nothing is ever sent to: whatever is not plainly out on the public internet.

Asked when an address is saved and again, of the very address that is then connected to, each time
something is sent: names can lead elsewhere by then.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Resolver = Callable[[str, int], Sequence[str]]

# The registry of special purposes (IANA; RFC 6890 and later) and what answers inside one large
# cloud. Written out: what Python calls global differs from version to version.
_V4_INSIDE = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # relays from 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
_V6_PUBLIC = ipaddress.IPv6Network("2000::/3")
_V6_DOORS = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # Teredo, ORCHID and other protocols
            "2001:db8::/32",
            "2002::/16",  # 6to4: an IPv4 address in disguise
            "3fff::/20",
        ),
    )
)
_ISATAP = (0x00005EFE, 0x02005EFE)
LONGEST = 500
_SCHEMES = {"http": 80, "https": 443}


class Forbidden(Exception):
    """Nothing is sent there; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Target:
    """An address, taken apart."""

    scheme: str
    host: str  # as names are resolved: without brackets, in ASCII
    port: int
    path: str

    @property
    def authority(self) -> str:
        """As the header Host says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _SCHEMES[self.scheme] else f"{host}:{self.port}"


def read(url: str, *, ports: Sequence[int] | None) -> Target:
    """The address taken apart. Raises Forbidden; `ports` None: any port."""
    if (
        len(url) > LONGEST
        or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url)
        or "\\" in url
    ):
        raise Forbidden("invalid")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        ascii_host = host if ":" in host else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise Forbidden("invalid") from None
    if parts.scheme not in _SCHEMES or not ascii_host:
        raise Forbidden("invalid")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("credentials")
    port = _SCHEMES[parts.scheme] if port is None else port
    if ports is not None and port not in ports:
        raise Forbidden("port")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise Forbidden("invalid")
    return Target(parts.scheme, ascii_host, port, path)


def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of a name, as the system resolves it. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def checked(target: Target, *, resolver: Resolver, allow_private: bool) -> Sequence[str]:
    """The addresses to connect to, asked for once; one bad one spoils them all.

    Raises Forbidden.
    """
    try:
        found = resolver(target.host, target.port)
    except (OSError, UnicodeError):
        found = ()
    if not found:
        raise Forbidden("unresolvable")
    if not allow_private and not all(is_public(each) and not is_ours(each) for each in found):
        raise Forbidden("private")
    return found


def is_public(address: str) -> bool:
    """Whether the address, as text, lies plainly on the public internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in each for each in _V4_INSIDE)
    # What lies outside 2000::/3 is mapped, translated (NAT64), local, multicast or not given out.
    if ip not in _V6_PUBLIC or any(ip in each for each in _V6_DOORS):
        return False
    return (int(ip) >> 32) & 0xFFFFFFFF not in _ISATAP


def is_ours(address: str) -> bool:
    """Whether this machine itself has the address: only then can it be bound to."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
