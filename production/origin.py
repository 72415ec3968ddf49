"""Where a change comes from. Doors say so once; the log writes it down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

PAGE, API, IMPORT, COMMAND, MIGRATION, SYSTEM = (
    "page",
    "api",
    "import",
    "command",
    "migration",
    "system",
)


@dataclass(frozen=True, slots=True)
class Origin:
    source: str = SYSTEM
    request_id: str = ""


_current: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


def current() -> Origin:
    return _current.get()


@contextmanager
def coming_from(source: str, request_id: str = "") -> Iterator[None]:
    """Everything recorded inside names this source and request."""
    token = _current.set(Origin(source, request_id))
    try:
        yield
    finally:
        _current.reset(token)
