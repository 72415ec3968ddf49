"""Figures of the past, kept until anything happens.

They follow from the log and the local day alone. So they are kept under the number of the last
event: whatever happens next, the settings of the clock included, asks for them under another one.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache

from production import flow
from production.flowview.ask import Ask

SECONDS = 600
T = TypeVar("T")


class Kept:
    """What is kept for one question at one state of the log; nothing where `seq` is None."""

    def __init__(self, ask: Ask, seq: int | None) -> None:
        asked = f"{ask.query} {ask.user.pk if ask.user else ''} {flow.local_day(ask.now, ask.zone)}"
        self.key = f"flow:{ask.workspace.pk}:{seq}:{sha256(asked.encode()).hexdigest()}"
        self.seq = seq

    def get(self, name: str, make: Callable[[], T], *, small: Callable[[T], bool]) -> T:
        """What was kept under the name, else what `make` gives, kept where it is `small`."""
        if self.seq is None:
            return make()
        key = f"{self.key}:{name}"
        found = cache.get(key)
        if found is None:
            found = (make(),)
            if small(found[0]):
                cache.set(key, found, SECONDS)
        value: T = found[0]
        return value
