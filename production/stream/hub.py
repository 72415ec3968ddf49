"""All open streams of one process: one subscription, one query per ring and workspace."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any, TypeVar

import redis.asyncio
import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from production import doorbell
from production.models import Event
from production.permissions import Seat
from production.stream import reading

log = structlog.get_logger("putki.stream")
Result = TypeVar("Result")

HEARTBEAT_SECONDS = 15.0
POLL_SECONDS = 2.0
RECHECK_SECONDS = 20.0
LONGEST_STREAM = 900.0  # then it ends and the browser comes back, signed in or not
QUEUE = 256
HEARTBEAT = b": still here\n\n"


class Listener:
    """One open stream: whose it is, and what waits to be sent."""

    def __init__(self, seat: Seat, session: str, seen: int) -> None:
        self.seat, self.session, self.seen = seat, session, seen
        self.queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE)
        self.ended = False

    @property
    def who(self) -> tuple[int, int, str]:
        return self.seat.user.pk, self.seat.workspace.pk, self.session

    def offer(self, seq: int, lines: bytes) -> None:
        """Queue it; who does not read fast enough is cut off, and resumes by number."""
        if seq <= self.seen or self.ended:
            return
        if self.queue.full():
            self.end()
            return
        self.seen = seq
        self.queue.put_nowait(lines)

    def end(self) -> None:
        self.ended = True
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(b"")

    async def next(self) -> bytes:
        """What to send now: events, or a sign of life; nothing when the stream has ended."""
        try:
            lines = await asyncio.wait_for(self.queue.get(), HEARTBEAT_SECONDS)
        except TimeoutError:
            return HEARTBEAT
        waiting = [lines]
        while not self.queue.empty():
            waiting.append(self.queue.get_nowait())
        return b"" if self.ended else b"".join(waiting)


class Feed:
    """The listeners of one workspace and the number up to which they have been told."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self.listeners: set[Listener] = set()
        self.rung = asyncio.Event()
        self.task: asyncio.Task[None] | None = None


class Hub:
    """Begins to work with its first listener; lives in the event loop of its process."""

    def __init__(self) -> None:
        self.feeds: dict[int, Feed] = {}
        self.tasks: list[asyncio.Task[None]] = []
        self.closing = False
        self._threads: ThreadPoolExecutor | None = None

    def count(self, user_id: int) -> int:
        """How many streams the person has open in this process. From any thread."""
        feeds = list(self.feeds.values())
        everyone = [listener for feed in feeds for listener in list(feed.listeners)]
        return sum(listener.seat.user.pk == user_id for listener in everyone)

    def close(self) -> None:
        """End every stream and take no new one: the process stops."""
        self.closing = True
        for listener in self._everyone():
            listener.end()
        for task in self.tasks:
            task.cancel()

    async def listen(self, seat: Seat, session: str, seen: int) -> AsyncIterator[bytes]:
        """Everything after `seen`, as it happens, until somebody ends it."""
        if self.closing:
            return
        listener = Listener(seat, session, seen)
        feed = self._join(listener)
        ends_at = monotonic() + LONGEST_STREAM * random.uniform(0.8, 1.2)  # noqa: S311
        try:
            if feed.seq > seen:
                yield await self.ask(reading.missed, seat, seen, feed.seq)
            while monotonic() < ends_at and (lines := await listener.next()):
                yield lines
        finally:
            self._leave(listener)

    async def ask(self, question: Callable[..., Result], *args: Any) -> Result:
        """Ask the database on a thread, and let go of the connection."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(2, thread_name_prefix="stream")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _ask, question, args)

    def _everyone(self) -> list[Listener]:
        return [listener for feed in self.feeds.values() for listener in feed.listeners]

    def _join(self, listener: Listener) -> Feed:
        workspace_id = listener.seat.workspace.pk
        feed = self.feeds.get(workspace_id)
        if feed is None:
            feed = self.feeds[workspace_id] = Feed(listener.seen)
            feed.task = asyncio.create_task(self._tell(workspace_id, feed))
            feed.rung.set()
        feed.listeners.add(listener)
        if not self.tasks:
            work = (self._hear_the_bell, self._look_by_itself, self._recheck)
            self.tasks = [asyncio.create_task(each()) for each in work]
        return feed

    def _leave(self, listener: Listener) -> None:
        workspace_id = listener.seat.workspace.pk
        feed = self.feeds.get(workspace_id)
        if feed is None:
            return
        feed.listeners.discard(listener)
        if not feed.listeners:
            del self.feeds[workspace_id]
            if feed.task:
                feed.task.cancel()

    async def _tell(self, workspace_id: int, feed: Feed) -> None:
        """Read on when rung, and tell every listener."""
        while True:
            await feed.rung.wait()
            feed.rung.clear()
            try:
                while events := await self.ask(reading.after, workspace_id, feed.seq):
                    await self._spread(feed, events)
            except (DatabaseError, OSError) as error:
                log.warning("log cannot be read", error=str(error))

    async def _spread(self, feed: Feed, events: list[Event]) -> None:
        lines = {event.seq: reading.as_lines(event) for event in events}
        feed.seq = events[-1].seq
        for listener in list(feed.listeners):
            seen = events
            if listener.seat.is_external:
                seen = await self.ask(reading.visible, listener.seat, events)
            for event in seen:
                listener.offer(event.seq, lines[event.seq])

    async def _hear_the_bell(self) -> None:
        pause = 0.1
        while True:
            try:
                async with (
                    redis.asyncio.from_url(settings.REDIS_URL) as broker,
                    broker.pubsub(ignore_subscribe_messages=True) as bell,
                ):
                    await bell.psubscribe(f"{doorbell.CHANNEL}*")
                    self._ring_all()  # whatever happened while nobody listened
                    pause = 0.1
                    while True:
                        self._ring(await bell.get_message(timeout=HEARTBEAT_SECONDS))
            except (redis.RedisError, OSError) as error:
                log.warning("bell is away", error=str(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, POLL_SECONDS)

    def _ring(self, message: dict[str, Any] | None) -> None:
        if message is None:
            return
        workspace = message["channel"].removeprefix(doorbell.CHANNEL.encode())
        feed = self.feeds.get(int(workspace)) if workspace.isdigit() else None
        if feed:
            feed.rung.set()

    def _ring_all(self) -> None:
        for feed in self.feeds.values():
            feed.rung.set()

    async def _look_by_itself(self) -> None:
        """The bell may be lost or away: look, for all workspaces at once."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if not self.feeds:
                continue
            try:
                heights = await self.ask(reading.heights, list(self.feeds))
            except (DatabaseError, OSError):
                continue
            for workspace_id, seq in heights.items():
                feed = self.feeds.get(workspace_id)
                if feed and seq > feed.seq:
                    feed.rung.set()

    async def _recheck(self) -> None:
        """End the streams of who has left, been removed or signed out."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            listeners = self._everyone()
            if not listeners:
                continue
            try:
                welcome = await self.ask(
                    reading.still_welcome, [listener.who for listener in listeners]
                )
            except (DatabaseError, OSError):
                continue
            for listener in listeners:
                if listener.who not in welcome:
                    listener.end()


def _ask(question: Callable[..., Result], args: tuple[Any, ...]) -> Result:
    close_old_connections()
    try:
        return question(*args)
    finally:
        close_old_connections()


hub = Hub()
