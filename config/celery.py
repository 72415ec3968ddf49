"""Jobs: the worker, and the clock that wakes it."""

import os
import socket
from time import monotonic

import redis
from celery import Celery, Task
from celery.beat import Scheduler
from celery.signals import beat_init, task_prerun, worker_init, worker_ready
from django.conf import settings

from config.processes import become
from production import doorbell

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("putki")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

LEASE = "putki:beat"
LEASE_SECONDS = 30


@worker_init.connect
def be_a_worker(**_: object) -> None:
    become("worker")


@beat_init.connect
def be_a_beat(**_: object) -> None:
    become("beat")


@worker_ready.connect
def look_around(**_: object) -> None:
    """Whatever fell due while no worker was there is found at once, not in half a minute."""
    doorbell.wake("sweep")


@task_prerun.connect
def hear_the_next_ring(task: Task, **_: object) -> None:
    """A wake-up that comes from now on must be queued: this run may have read the log already."""
    doorbell.awake(task.name)


class LeasedScheduler(Scheduler):
    """A clock that ticks only while it holds the lease, so that two of them do not double.

    The lease lives on the broker: without the broker there is nothing to tick for.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.holder = f"{socket.gethostname()}:{os.getpid()}"
        self.broker = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
        self.held_until = 0.0

    def tick(self, *args: object, **kwargs: object) -> float:
        if not self.holds_lease():
            return 5.0
        return min(super().tick(*args, **kwargs), LEASE_SECONDS / 3)

    def holds_lease(self) -> bool:
        if monotonic() < self.held_until - LEASE_SECONDS / 2:
            return True
        asked_at = monotonic()
        try:
            mine = self.broker.set(LEASE, self.holder, nx=True, ex=LEASE_SECONDS) or (
                self.broker.get(LEASE) == self.holder.encode()
                and self.broker.expire(LEASE, LEASE_SECONDS)
            )
        except redis.RedisError:
            return False
        self.held_until = asked_at + LEASE_SECONDS if mine else 0.0
        return bool(mine)

    def close(self) -> None:
        try:
            if self.broker.get(LEASE) == self.holder.encode():
                self.broker.delete(LEASE)
        except redis.RedisError:
            pass
        super().close()
