"""Many browsers that listen at once, in one thread."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic, time
from typing import Any


@dataclass
class Heard:
    """What one browser was told: the events by number, and when each came."""

    seqs: list[int] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    ended: bool = False


class Listeners:
    """Streams that are open from `begin` to `end`, each one connection of its own."""

    def __init__(self, port: int, slug: str, cookies: Sequence[str], count: int) -> None:
        self.port, self.slug, self.cookies = port, slug, cookies
        self.heard = [Heard() for _ in range(count)]
        self.open = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.tasks: list[Any] = []

    def begin(self, since: int | None = None) -> Listeners:
        """Return when all of them are connected."""
        self.thread.start()
        for number, heard in enumerate(self.heard):
            cookie = self.cookies[number % len(self.cookies)]
            work = self._listen(heard, cookie, since)
            self.tasks.append(asyncio.run_coroutine_threadsafe(work, self.loop))
        self.wait(lambda: self.open == len(self.heard), 60)
        return self

    def wait(self, condition: Any, seconds: float = 30) -> None:
        until = monotonic() + seconds
        ready = threading.Event()
        while not condition():
            assert monotonic() < until, f"{self.open} of {len(self.heard)} listen"
            ready.wait(0.02)

    def wait_for(self, seq: int, seconds: float = 30) -> None:
        """Until everybody has been told of this number."""
        self.wait(
            lambda: all(heard.seqs and heard.seqs[-1] >= seq for heard in self.heard), seconds
        )

    def end(self) -> None:
        """Hang up."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    async def _hang_up(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, heard: Heard, cookie: str, since: int | None) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        query = "" if since is None else f"?since={since}"
        request = (
            f"GET /events/{self.slug}/{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: sessionid={cookie}\r\n\r\n"
        )
        try:
            writer.write(request.encode())
            status = await reader.readline()
            assert b" 200 " in status, status
            self.open += 1
            while line := await reader.readline():
                if line.startswith(b"data: ") and (seq := json.loads(line[6:]).get("seq")):
                    heard.seqs.append(seq)
                    heard.at.append(time())
        finally:
            heard.ended = True
            writer.close()
