"""When an attempt follows another, and when there is none any more. Pure.

The ten waits are those that Standard Webhooks 1.0.0 recommends (spec, "Deliverability and
reliability"): 75 hours and 35 minutes from the first attempt to the last.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

WAITS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2
# A receiver may ask for patience, not for silence.
MOST_PATIENCE = 2
DISABLED_AFTER = timedelta(days=5)
SLOW_DOWN = frozenset({429, 502, 503, 504})
GONE = 410
_LONGEST_HEADER = 60


def next_attempt(
    made: int, *, at: datetime, draw: float, retry_after: timedelta | None = None
) -> datetime | None:
    """When the attempt after `made` failed ones is due; None when it was the last.

    `draw` is a random number from 0 to 1 that spreads the wait by 20 % to either side.
    `retry_after` lengthens it to at most twice as long.
    """
    if made >= len(WAITS):
        return None
    wait = WAITS[made]
    spread = wait * (1 + JITTER * (2 * draw - 1))
    if retry_after is not None:
        spread = max(spread, min(retry_after, wait * MOST_PATIENCE))
    return at + spread


def read_retry_after(header: str | None, *, at: datetime) -> timedelta | None:
    """How long a receiver asks to be left alone: seconds or a date (RFC 9110, 10.2.3)."""
    text = (header or "").strip()
    if not text or len(text) > _LONGEST_HEADER or not text.isascii():
        return None
    if text.isdigit():
        return timedelta(seconds=min(int(text), 10**7))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - at, timedelta(0))
