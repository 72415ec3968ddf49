"""One request to somebody else's server, with a limit on everything the server decides."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic

import h11

from production.webhooks.addresses import Forbidden, Resolver, Target, checked, look_up, read

SECONDS = 20.0  # for everything: name, connection, handshake, answer, however it drips
SECONDS_FOR_THE_REST = 2.0  # once the status is known, what follows it is only for the log
LARGEST_ANSWER = 4_096
LARGEST_HEAD = 16_384
_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request: a status, or a word why there was none."""

    status: int | None = None
    error: str = ""
    excerpt: str = ""
    milliseconds: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


class _Failed(Exception):
    pass


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    allow_private: bool,
    ports: tuple[int, ...],
    resolver: Resolver = look_up,
    seconds: float = SECONDS,
) -> Outcome:
    """POST the bytes to the address that was checked, and to no other; never raises.

    No redirect is followed, no proxy or netrc is read, at most 4 kB of the answer are kept.
    """
    begun = monotonic()
    until = begun + seconds
    try:
        target = read(url, ports=None if allow_private else ports)
        addresses = _checked_in_time(target, resolver, allow_private, until)
        with _connected(target, addresses, until) as connection:
            status, said, excerpt = _ask(connection, target, headers, body, until)
        outcome = Outcome(status, "", excerpt, headers=said)
    except Forbidden as forbidden:
        outcome = Outcome(error=forbidden.code)
    except TimeoutError:
        outcome = Outcome(error="timeout")
    except ssl.SSLCertVerificationError:
        outcome = Outcome(error="certificate")
    except ssl.SSLError:
        outcome = Outcome(error="tls")
    except ConnectionRefusedError:
        outcome = Outcome(error="refused")
    except (h11.RemoteProtocolError, h11.LocalProtocolError, _Failed):
        outcome = Outcome(error="not_http")
    except OSError:
        outcome = Outcome(error="connection")
    took = int((monotonic() - begun) * 1000)
    return Outcome(outcome.status, outcome.error, outcome.excerpt, took, outcome.headers)


def _checked_in_time(
    target: Target, resolver: Resolver, allow_private: bool, until: float
) -> list[str]:
    """As `checked`; the system's resolver knows no time limit, so it is left behind when slow."""
    answer: Future[list[str]] = Future()

    def ask() -> None:
        try:
            found = checked(target, resolver=resolver, allow_private=allow_private)
            answer.set_result(list(found))
        except Exception as error:  # handed on to who waits
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return answer.result(_left(until))


def _connected(target: Target, addresses: list[str], until: float) -> socket.socket:
    """A connection to the first of the addresses that takes one."""
    last: OSError = OSError("no address")
    for address in addresses:
        try:
            plain = socket.create_connection((address, target.port), timeout=_left(until))
        except TimeoutError:
            raise
        except OSError as error:
            last = error
            continue
        if target.scheme == "http":
            return plain
        try:
            # The name, not the address, is what the certificate has to be for.
            plain.settimeout(_left(until))
            context = ssl.create_default_context()
            return context.wrap_socket(plain, server_hostname=target.host)
        except BaseException:
            plain.close()
            raise
    raise last


def _ask(
    connection: socket.socket,
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    until: float,
) -> tuple[int, dict[str, str], str]:
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
    fields = [
        ("Host", target.authority),
        *headers.items(),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
    ]
    request = h11.Request(method="POST", target=target.path, headers=fields)
    sent = http.send(request), http.send(h11.Data(body)), http.send(h11.EndOfMessage())
    connection.settimeout(_left(until))
    try:
        connection.sendall(b"".join(part for part in sent if part))
    except (BrokenPipeError, ConnectionResetError):
        pass  # who refuses without reading may have said why
    answer = _head(http, connection, until)
    said = {name.decode("ascii"): value.decode("latin-1") for name, value in answer.headers}
    until = min(until, monotonic() + SECONDS_FOR_THE_REST)
    return answer.status_code, said, _excerpt(http, connection, until)


def _head(http: h11.Connection, connection: socket.socket, until: float) -> h11.Response:
    """The status and the headers; what is said before them (100, 103) is passed over."""
    while True:
        event = _next(http, connection, until)
        if isinstance(event, h11.Response):
            return event
        if not isinstance(event, h11.InformationalResponse):
            raise _Failed


def _excerpt(http: h11.Connection, connection: socket.socket, until: float) -> str:
    """The first 4 kB of what follows, as far as they come in time; the status stands already."""
    found = bytearray()
    try:
        while len(found) < LARGEST_ANSWER:
            event = _next(http, connection, until)
            if not isinstance(event, h11.Data):
                break
            found += event.data
    except (OSError, h11.RemoteProtocolError):
        pass
    text = bytes(found[:LARGEST_ANSWER]).decode("utf-8", "replace")
    return text.replace("\0", "\ufffd")[:4_000]


def _next(http: h11.Connection, connection: socket.socket, until: float) -> object:
    while True:
        event = http.next_event()
        if event is not h11.NEED_DATA:
            return event
        connection.settimeout(_left(until))
        http.receive_data(connection.recv(_AT_ONCE))


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
