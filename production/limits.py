"""How often one caller may call: a sliding minute, counted in the broker.

While the broker is away nobody is counted: the limit protects a neighbour's share, not the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from time import time
from typing import Any

from django.conf import settings

from production.doorbell import Breaker

MINUTE = 60
# What the minute before still weighs, plus what came in this one.
_COUNT = """
local now = tonumber(redis.call('GET', KEYS[1]) or '0')
local before = tonumber(redis.call('GET', KEYS[2]) or '0')
local used = before * tonumber(ARGV[2]) + now
if used + 1 > tonumber(ARGV[1]) then return {0, now, before} end
redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], 125)
return {1, now + 1, before}
"""
_breaker = Breaker()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left of a minute's reads or writes."""

    name: str  # reads, writes
    limit: int
    left: int
    wait: int  # seconds until there is more
    allowed: bool
    key: str

    @property
    def headers(self) -> dict[str, str]:
        headers = {
            "RateLimit-Policy": f'"{self.name}";q={self.limit};w={MINUTE}',
            "RateLimit": f'"{self.name}";r={self.left};t={self.wait}',
        }
        return headers if self.allowed else headers | {"Retry-After": str(self.wait)}


def take(caller: str, *, writes: bool, most: int | None = None) -> Allowance | None:
    """Count one call, against `most` a minute or what the settings say; None when nobody counts."""
    name = "writes" if writes else "reads"
    limit = settings.API_WRITES_PER_MINUTE if writes else settings.API_READS_PER_MINUTE
    if limit and most is not None:
        limit = most
    if not limit:
        return None
    window, into = divmod(time(), MINUTE)
    key = f"putki:calls:{caller}:{name}:{int(window)}"
    past = f"putki:calls:{caller}:{name}:{int(window) - 1}"
    weight = 1 - into / MINUTE
    answer: Any = _breaker.call(lambda broker: broker.eval(_COUNT, 2, key, past, limit, weight))
    if answer is None:
        return None
    allowed, now, before = answer
    left = max(0, int(limit - now - before * weight))
    wait = max(1, ceil(_wait(limit, now, before, into)))
    return Allowance(name, limit, left, wait, bool(allowed), key)


def give_back(allowance: Allowance) -> None:
    """The call cost nothing after all (304)."""
    _breaker.call(lambda broker: broker.decr(allowance.key))


def _wait(limit: int, now: int, before: int, into: float) -> float:
    """Seconds until one more call fits: the minute before fades, or this one becomes it."""
    if now + 1 <= limit and before:
        return MINUTE * (1 - (limit - now - 1) / before) - into
    fade = MINUTE * max(0.0, 1 - (limit - 1) / now) if now else 0.0
    return MINUTE - into + fade
