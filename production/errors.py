"""What a verb says when it will not do as asked. Doors turn these into pages and problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from production.rules import Refusal


class Refused(Exception):
    """The rules say no; every reason is in `refusals`."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(refusal.code for refusal in self.refusals))


class Stale(Exception):
    """Somebody was faster: `current` is the version now, `values` what the asked-for fields say."""

    def __init__(self, current: int, values: dict[str, Any] | None = None) -> None:
        self.current = current
        self.values = values or {}
        super().__init__(f"the current version is {current}")


class Invalid(Exception):
    """The input cannot be used: field → list of (code, sentence)."""

    def __init__(self, errors: dict[str, list[tuple[str, str]]]) -> None:
        self.errors = errors
        super().__init__(", ".join(errors))


class NotAllowed(Exception):
    """The person may see this, but not do that."""

    def __init__(self, operation: str) -> None:
        self.operation = operation
        super().__init__(operation)
