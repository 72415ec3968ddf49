"""The bell that rings after a commit: something is new in a workspace. What, the log says.

Nobody relies on it. Open boards also look every two seconds, and every 30 seconds the task
`production.sweep` does whatever a lost wake-up would have done; so ringing never raises,
never waits long, and gives up for a moment when the broker is away.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from time import monotonic
from typing import Any

import redis
import structlog
from celery import current_app
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger("putki.doorbell")

CHANNEL = "putki:bell:"
ANSWER_WITHIN = 0.25
SECONDS_AWAY = 2.0
PATIENCE = 1.0  # a burst of commits wakes the readers once a second, not once each
WAKE_HOLDS = 60  # a wake-up whose task was lost stops hiding the later ones after this long


def after_commit(workspace_id: int, seq: int) -> None:
    """Tell the open boards and the readers of the log. For `transaction.on_commit` alone."""
    task = "production.sweep"
    bell = f"{CHANNEL}{workspace_id}"

    def ring_and_ask(broker: redis.Redis) -> bool:
        both = broker.pipeline(transaction=False)
        both.publish(bell, str(seq))
        both.set(_woken(task), 1, nx=True, ex=WAKE_HOLDS)
        return bool(both.execute()[1])

    if _breaker.call(ring_and_ask):
        _queue(task, countdown=PATIENCE)


def ring(workspace_id: int, seq: int) -> None:
    """Tell every web process that the workspace's log has reached `seq`."""
    _breaker.call(lambda broker: broker.publish(f"{CHANNEL}{workspace_id}", str(seq)))


def wake(name: str) -> None:
    """Queue the task `production.<name>` unless it is queued already and has not begun."""
    task = f"production.{name}"
    if _breaker.call(lambda broker: broker.set(_woken(task), 1, nx=True, ex=WAKE_HOLDS)):
        _queue(task)


def _queue(task: str, countdown: float | None = None) -> None:
    _breaker.call(lambda _: current_app.send_task(task, countdown=countdown, retry=False))


def awake(task: str) -> None:
    """The task has begun: a wake-up from now on is news to it."""
    _breaker.call(lambda broker: broker.delete(_woken(task)))


def _woken(task: str) -> str:
    return f"putki:woken:{task}"


class Breaker:
    """Calls the broker, but not while it was away a moment ago."""

    def __init__(self) -> None:
        self._away_until = 0.0

    def call(self, use: Callable[[redis.Redis], Any]) -> Any:
        """What `use(broker)` returns, or None when the broker is away."""
        if monotonic() < self._away_until:
            return None
        try:
            return use(_broker())
        except Exception as error:  # whatever it is, the commit has happened: nobody may fail now
            self._away_until = monotonic() + SECONDS_AWAY
            log.warning("broker is away", error=str(error))
            return None

    def forget(self) -> None:
        self._away_until = 0.0


def connect(url: str) -> redis.Redis:
    """A client that answers within a quarter of a second or fails, and tries once."""
    return redis.Redis.from_url(
        url,
        socket_timeout=ANSWER_WITHIN,
        socket_connect_timeout=ANSWER_WITHIN,
        retry=Retry(NoBackoff(), 0),
    )


def forget_broker() -> None:
    """Begin anew, with the broker that the settings name now."""
    _broker.cache_clear()
    _breaker.forget()


@cache
def _broker() -> redis.Redis:
    return connect(settings.REDIS_URL)


_breaker = Breaker()
