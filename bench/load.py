"""Clients that ask one thing after another, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from time import perf_counter

# One request of one client: its status.
Ask = Callable[[], int]
WARM = 3  # requests of each client that do not count


@dataclass
class Load:
    """What the clients saw. Times in milliseconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        return sum(count for status, count in self.statuses.items() if status < 400)

    @property
    def a_second(self) -> float:
        return self.done / self.seconds

    @property
    def errors(self) -> int:
        """What failed; a refusal by the rules is an answer."""
        return sum(c for status, c in self.statuses.items() if status >= 500 or status == 429)

    @property
    def refused(self) -> int:
        return self.statuses.total() - self.done - self.errors

    def at(self, share: float) -> float:
        """The time that `share` of the requests did not exceed."""
        ranked = sorted(self.times)
        return ranked[min(int(len(ranked) * share), len(ranked) - 1)]


def run(clients: Sequence[Ask], *, times: int) -> Load:
    """Let every client ask `times` times, all at once, after WARM that do not count."""
    load, start = Load(), Barrier(len(clients) + 1)

    def one(ask: Ask) -> tuple[list[float], Counter[int]]:
        for _ in range(WARM):
            ask()
        start.wait()
        taken, statuses = [], Counter[int]()
        for _ in range(times):
            began = perf_counter()
            statuses[ask()] += 1
            taken.append((perf_counter() - began) * 1000)
        return taken, statuses

    with ThreadPoolExecutor(len(clients)) as pool:
        everyone = [pool.submit(one, ask) for ask in clients]
        start.wait()
        began = perf_counter()
        for each in everyone:
            taken, statuses = each.result()
            load.times += taken
            load.statuses += statuses
        load.seconds = perf_counter() - began
    return load
